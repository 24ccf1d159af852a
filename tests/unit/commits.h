/* SPDX-License-Identifier: MIT */
/*
 * Helpers that commit a text in blocks: it is cut anywhere, the blocks are
 * mapped in any spans, and their reports are committed in any order. The totals
 * or the error are compared with those of a naive count (unit/naive_count.h).
 */
#ifndef NG_TESTS_UNIT_COMMITS_H
#define NG_TESTS_UNIT_COMMITS_H

#include <zlib.h>

#include "scan/commit.h"
#include "scan/map.h"
#include "unit/bytes.h"
#include "unit/check_totals.h"
#include "unit/mapper.h"
#include "unit/naive_count.h"
#include "unit/rows_make.h"
#include "unit/test.h"

/* Give a block its member ends: those in text [from, to) of the input, from
 *index next on. One at the edge of two blocks goes to either. */
static inline void give_ends(struct ng_block *block,
                             const struct naive_input *input, size_t *next,
                             size_t from, size_t to, bool last)
{
  while (*next < input->end_count && block->in.end_count < NG_MEMBER_ENDS_MAX) {
    const struct ng_member_end *end = &input->ends[*next];

    if (end->text_end > to ||
        (end->text_end == to && !last && random_once_in(2)))
      break;
    block->in.ends[block->in.end_count] = *end;
    block->in.ends[block->in.end_count++].text_end = end->text_end - from;
    ++*next;
  }
}

/* Map the block in spans of whole lines, and add the results in any order. */
static inline void map_in_spans(struct mapper *mapper, struct ng_block *block)
{
  struct ng_mapped results[8];
  struct ng_span span = {.block = block};
  size_t count = 0;
  size_t first;

  do {
    const char *newline = NULL;
    size_t after = random_below(block->in.size - span.to + 1) + span.to;

    span.from = span.to;
    if (count < COUNT(results) - 1)
      newline = memchr(block->text + after, '\n', block->in.size - after);
    span.to = newline ? (size_t)(newline - block->text) + 1 : block->in.size;
    CHECK(ng_map_span(&mapper->worker, &span, &results[count++]));
    for (size_t i = span.from; i < span.to; i++)
      span.lines_before += block->text[i] == '\n';
  } while (span.to < block->in.size);
  first = random_below(count);
  for (size_t i = 0; i < count; i++)
    ng_block_add_mapped(&block->mapped, &results[(first + i) % count]);
}

/* Returns the report of text [from, to), mapped. */
static inline struct ng_report *make_report(struct mapper *mapper,
                                            const struct naive_input *input,
                                            uint64_t number, size_t from,
                                            size_t to, size_t *next_end)
{
  struct ng_block *block = ng_block_new(
      &mapper->budget, to - from + random_below(100), mapper->pass.plan.tokens);
  struct ng_report *report;
  bool last = to == input->size;

  memcpy(block->text, input->text + from, to - from);
  block->in.size = to - from;
  block->in.last = last;
  if (last)
    block->in.fault = input->fault;
  give_ends(block, input, next_end, from, to, last);
  ng_block_begin(block, number);
  if (mapper->queues_rows)
    CHECK(ng_map_span(&mapper->worker,
                      &(struct ng_span){block, 0, block->in.size, 0, 0},
                      &block->mapped));
  else
    map_in_spans(mapper, block);
  report = ng_block_report(block, input->ends != NULL);
  if (mapper->queues_rows)
    report->block = block;
  else
    ng_block_free(block, &mapper->budget);
  return report;
}

/* Make the reports of the text, cut into pieces of about `piece` bytes, some of
   them empty. Returns their number, `reports_max` at most. */
static inline size_t make_reports(struct mapper *mapper,
                                  const struct naive_input *input, size_t piece,
                                  struct ng_report **reports,
                                  size_t reports_max)
{
  size_t next_end = 0;
  size_t count = 0;
  size_t from = 0;
  size_t to;

  do {
    to = from + random_below(2 * piece);
    if (to > input->size || count + 1 == reports_max)
      to = input->size;
    reports[count] = make_report(mapper, input, count, from, to, &next_end);
    count++;
    from = to;
  } while (to < input->size);
  return count;
}

static inline void shuffle_reports(struct ng_report **reports, size_t count)
{
  for (size_t i = count; i > 1; i--) {
    size_t other = random_below(i);
    struct ng_report *report = reports[i - 1];

    reports[i - 1] = reports[other];
    reports[other] = report;
  }
}

/* The result of the commit is the wanted one. */
static inline void check_commit(const struct mapper *mapper,
                                const struct naive_input *input,
                                struct naive_count *wanted)
{
  const struct ng_commit *commit = &mapper->pass.commit;
  bool overflow =
      wanted->status == NGRAM_OVERFLOW; /* the commit does not see it */

  CHECK_EQ(commit->complete, wanted->status == NGRAM_OK || overflow);
  if (!commit->complete) {
    CHECK_EQ(commit->status, wanted->status);
    CHECK_STR(mapper->error.message, wanted->error.message);
    return;
  }
  CHECK_EQ(commit->status, NGRAM_OK);
  CHECK_EQ(commit->lines, wanted->lines);
  CHECK_EQ(commit->skipped, wanted->skipped);
  CHECK_EQ(commit->rows, wanted->rows);
  CHECK_EQ(commit->text_bytes, input->size);
  check_totals(&mapper->table, &wanted->map);
}

#define REPORTS_MAX 4000

/* Commit the text in pieces of about `piece` bytes, in order or in any. */
static inline void commit_pieces(struct mapper *mapper,
                                 const struct naive_input *input, size_t piece)
{
  static struct ng_report *reports[REPORTS_MAX];
  size_t count = make_reports(mapper, input, piece, reports, COUNT(reports));
  bool failed = false;

  if (random_once_in(2))
    shuffle_reports(reports, count);
  for (size_t i = 0; i < count; i++)
    if (!ng_commit_add(&mapper->pass.commit, reports[i], 0))
      failed = true;
  CHECK_EQ(failed, mapper->pass.commit.status != NGRAM_OK);
}

/* Returns a random size for the pieces of a text of `size` bytes. */
static inline size_t any_piece(size_t size)
{
  static const size_t pieces[] = {1, 2, 5, 20, 100, 1000, 100000};
  size_t piece = pieces[random_below(COUNT(pieces))];

  return piece < size / (REPORTS_MAX / 2) ? size : piece;
}

/* Make a list of members of random size that cover the text. One in eight lists
   has a member whose CRC or length is wrong. */
static inline void make_ends(struct bytes *ends, const struct bytes *text,
                             size_t size)
{
  size_t start = 0;

  ends->size = 0;
  do {
    struct ng_member_end end = {.file_offset = 1000 + 7 * ends->size,
                                .length_offset = 1004 + 7 * ends->size};

    end.text_end = start + random_below(random_once_in(3) ? 10 : 400);
    if (end.text_end >= size || ends->size > 100 * sizeof end)
      end.text_end = size;
    end.length = (uint32_t)(end.text_end - start);
    end.crc = (uint32_t)crc32(0, text->data + start, end.length);
    if (random_once_in(40))
      end.crc ^= 1u << random_below(32);
    if (random_once_in(40))
      end.length ^= 1u << random_below(32);
    bytes_add(ends, &end, sizeof end);
    start = end.text_end;
  } while (start < size);
}

#endif
