/* SPDX-License-Identifier: MIT */
#include "scan/stream_speculation.h"

#include "base/clock.h"

/* What comes after the guess counts from its end on. */
static void account_guess(struct ng_stream *stream,
                          const struct ng_speculative_chunk *guess)
{
  unsigned char window[NG_WINDOW_BYTES];

  stream->text += guess->size;
  for (size_t i = 0; i < guess->slice_count; i++)
    stream->members += guess->slices[i].in.end_count;
  if (stream->collects && ng_seek_points_wants(&stream->points, stream->text))
    ng_seek_points_add(&stream->points,
                       &(struct ng_seek_point){
                           guess->end, stream->text, stream->members,
                           ng_reader_window(stream->reader, window), window});
}

void ng_stream_speculation_take(struct ng_stream *stream,
                                struct ng_worker *worker)
{
  struct ng_speculation_slot *slot = ng_speculation_next(&stream->ahead);
  const struct ng_speculative_chunk *guess = &slot->guess;
  bool ok;

  stream->decoding = true;
  ng_monitor_unlock(&stream->monitor);
  ok = !worker->pass->plan.refuses_speculation &&
       ng_speculative_accept(&slot->guess, stream->reader);
  if (ok)
    account_guess(stream, guess);
  ng_monitor_lock(&stream->monitor);
  stream->decoding = false;
  if (ok) {
    stream->place = guess->end;
    stream->front = guess->end / 8;
    ng_speculation_take(&stream->ahead, slot, stream->next_number);
    stream->next_number += guess->slice_count;
  } else {
    ng_speculation_drop(&stream->ahead, slot);
  }
  ng_monitor_notify_all(&stream->monitor);
}

void ng_stream_speculation_replace(struct ng_worker *worker,
                                   struct ng_block *block,
                                   const struct ng_speculation_slot *slot,
                                   size_t index)
{
  const struct ng_speculative_slice *slice = &slot->guess.slices[index];
  double began = ng_clock_seconds();

  block->in = slice->in;
  ng_speculative_replace_markers(&slot->guess, slice, block->text);
  ng_block_begin(block, slot->number + index);
  worker->decode_seconds += ng_clock_seconds() - began;
}

void ng_stream_speculation_decode(struct ng_stream *stream,
                                  struct ng_worker *worker)
{
  struct ng_speculation_slot *slot =
      ng_speculation_begin(&stream->ahead, stream->front);
  double began;
  double seconds;

  ng_monitor_unlock(&stream->monitor);
  began = ng_clock_seconds();
  ng_speculation_make(&stream->ahead, slot, &worker->guesser,
                      worker->pass->source);
  seconds = ng_clock_seconds() - began;
  worker->decode_seconds += seconds;
  ng_monitor_lock(&stream->monitor);
  ng_speculation_end(&stream->ahead, slot, seconds);
  ng_monitor_notify_all(&stream->monitor);
}
