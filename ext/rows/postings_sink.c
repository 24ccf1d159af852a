/* SPDX-License-Identifier: MIT */
/*
 * The sink of postings.
 *
 * A worker that scans a block lists the fingerprints of its words in the block
 * itself, and computes the CRC-32 of the text after the block's head. The
 * commit appends the lists to the postings in the order of the file. A part
 * begins after the head of a block and ends with the head of a later one, so it
 * is the body of a block and the line that follows it, which the commit joins.
 *
 * Blocks go with their reports, because the commit reads the lists in them. The
 * sink owns the scanners of its workers; rows_file.c owns the sink and the
 * postings.
 */
#include "rows/postings_sink.h"

#include <stdint.h>
#include <stdlib.h>

#include "base/crc32.h"
#include "base/hash.h"
#include "inflate/member.h"
#include "scan/commit.h"

/* Read and written only by its worker while the pass runs. */
struct ng_postings_worker {
  struct ng_scanner scanner;
  struct ng_fingerprints *fingerprints; /* borrowed: the list to append to */
};

static bool put_group(void *context, const struct ng_word_group *group)
{
  struct ng_postings_worker *worker = context;

  ng_fingerprints_add(worker->fingerprints,
                      ng_hash_word(group->word, group->length));
  return true;
}

static struct ng_postings_sink *postings_of(struct ng_sink *sink)
{
  return (struct ng_postings_sink *)(void *)sink;
}

static bool begin(struct ng_sink *base, struct ng_pass *pass)
{
  struct ng_postings_sink *sink = postings_of(base);
  struct ng_scanner_options options = ng_pass_scanner_options(pass);
  unsigned count = pass->plan.workers;

  options.wide = false; /* so that years are not filtered */
  sink->pass = pass;
  sink->workers = calloc(count, sizeof *sink->workers);
  for (unsigned i = 0; sink->workers && i < count; i++)
    if (!ng_scanner_init(&sink->workers[i].scanner, &options, put_group,
                         &sink->workers[i]))
      return false;
  return sink->workers != NULL;
}

void ng_postings_sink_free(struct ng_postings_sink *sink)
{
  for (unsigned i = 0; sink->workers && i < sink->pass->plan.workers; i++)
    ng_scanner_free(&sink->workers[i].scanner);
  free(sink->workers);
  sink->workers = NULL;
}

static void scan_text(struct ng_sink *sink, unsigned number,
                      struct ng_block *block, size_t from, size_t to,
                      struct ng_scanner_result *result)
{
  struct ng_postings_worker *worker = &postings_of(sink)->workers[number];

  worker->fingerprints = &block->fingerprints;
  ng_scanner_scan(&worker->scanner, block->text + from, to - from, result);
}

static void scanned(struct ng_sink *sink, unsigned worker,
                    struct ng_block *block)
{
  (void)sink;
  (void)worker;
  block->body_crc = ng_crc32(0, block->text + block->head_size,
                             block->in.size - block->head_size);
}

/* The line ends the part that an earlier block began. */
static void scan_line(struct ng_sink *base, unsigned number,
                      const struct ng_commit *commit, const char *text,
                      size_t size, struct ng_scanner_result *result)
{
  struct ng_postings_sink *sink = postings_of(base);
  struct ng_postings_worker *worker = &sink->workers[number];

  (void)commit;
  worker->fingerprints = &sink->postings->fingerprints;
  ng_scanner_scan(&worker->scanner, text, size, result);
}

/* End the part before the block's head, and begin one after it. The last member
   that begins in the block is a start for the parts that follow. */
static void commit(struct ng_sink *sink, unsigned worker,
                   const struct ng_commit *commit, struct ng_report *report,
                   size_t good_size)
{
  struct ng_postings *postings = postings_of(sink)->postings;
  const struct ng_block *block = report->block;

  (void)worker;
  (void)good_size; /* postings of a file with an error are dropped */
  ng_postings_add_text(postings, report->head, report->head_size);
  if (report->has_split_point)
    ng_postings_begin_part(postings, commit->text_bytes + report->head_size,
                           commit->rows);
  ng_postings_add(postings, &block->fingerprints, block->body_crc,
                  report->size - report->head_size);
  if (report->end_count > 0) {
    const struct ng_member_end *end = &report->ends[report->end_count - 1];

    ng_postings_begin_member(postings, commit->text_bytes + end->text_end,
                             end->file_offset + NG_GZIP_TRAILER_BYTES);
  }
}

static const struct ng_sink_ops ops = {
    .keeps_blocks = true,
    .begin = begin,
    .text = scan_text,
    .scanned = scanned,
    .line = scan_line,
    .commit = commit,
};

void ng_postings_sink_init(struct ng_postings_sink *sink,
                           struct ng_postings *postings)
{
  *sink = (struct ng_postings_sink){.sink = {&ops}, .postings = postings};
}
