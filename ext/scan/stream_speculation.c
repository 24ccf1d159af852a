/* SPDX-License-Identifier: MIT */
/*
 * A chunk is decoded and accepted without the lock. Its slot's state, RUNNING
 * or READY with `decoding` set, keeps other workers from it meanwhile.
 */
#include "scan/stream_speculation.h"

#include "base/clock.h"

/* Add an accepted chunk to what is known of the text before the front. */
static void account_chunk(struct ng_stream *stream,
                          const struct ng_speculative_chunk *chunk)
{
  unsigned char window[NG_WINDOW_BYTES];

  stream->text += chunk->size;
  for (size_t i = 0; i < chunk->slice_count; i++)
    stream->members += chunk->slices[i].in.end_count;
  if (stream->collects && ng_seek_points_wants(&stream->points, stream->text))
    ng_seek_points_add(&stream->points,
                       &(struct ng_seek_point){
                           chunk->end, stream->text, stream->members,
                           ng_reader_window(stream->reader, window), window});
}

void ng_stream_speculation_accept(struct ng_stream *stream,
                                  struct ng_worker *worker)
{
  struct ng_speculation_slot *slot = ng_speculation_next(&stream->speculation);
  const struct ng_speculative_chunk *chunk = &slot->chunk;
  bool ok;

  stream->decoding = true;
  ng_monitor_unlock(&stream->monitor);
  ok = !worker->pass->plan.refuses_speculation &&
       ng_speculative_accept(&slot->chunk, stream->reader);
  if (ok)
    account_chunk(stream, chunk);
  ng_monitor_lock(&stream->monitor);
  stream->decoding = false;
  if (ok) {
    stream->position = chunk->end;
    stream->front = chunk->end / 8;
    ng_speculation_accept(&stream->speculation, slot, stream->next_number);
    stream->next_number += chunk->slice_count;
  } else {
    ng_speculation_drop(&stream->speculation, slot);
  }
  ng_monitor_notify_all(&stream->monitor);
}

void ng_stream_speculation_replace(struct ng_worker *worker,
                                   struct ng_block *block,
                                   const struct ng_speculation_slot *slot,
                                   size_t index)
{
  const struct ng_speculative_slice *slice = &slot->chunk.slices[index];
  double began = ng_clock_seconds();

  block->in = slice->in;
  ng_speculative_replace_markers(&slot->chunk, slice, block->text);
  ng_block_begin(block, slot->number + index);
  worker->decode_seconds += ng_clock_seconds() - began;
}

void ng_stream_speculation_decode(struct ng_stream *stream,
                                  struct ng_worker *worker)
{
  struct ng_speculation_slot *slot =
      ng_speculation_begin(&stream->speculation, stream->front);
  double began;
  double seconds;

  ng_monitor_unlock(&stream->monitor);
  began = ng_clock_seconds();
  ng_speculation_make(&stream->speculation, slot, &worker->speculative,
                      worker->pass->source);
  seconds = ng_clock_seconds() - began;
  worker->decode_seconds += seconds;
  ng_monitor_lock(&stream->monitor);
  ng_speculation_end(&stream->speculation, slot, seconds);
  ng_monitor_notify_all(&stream->monitor);
}
