/* SPDX-License-Identifier: MIT */
/*
 * Tests of blocks, reports and the fold, for test_engine.c: a text is cut
 * into blocks anywhere, they are mapped in spans, and their reports are folded
 * in any order.
 */
#ifndef NG_TESTS_UNIT_FOLD_TESTS_H
#define NG_TESTS_UNIT_FOLD_TESTS_H

#include <zlib.h>

#include "engine/fold.h"
#include "engine/job.h"
#include "engine/map.h"
#include "unit/bytes.h"
#include "unit/check_totals.h"
#include "unit/mapper.h"
#include "unit/naive_count.h"
#include "unit/rows_make.h"
#include "unit/test.h"

/* --------------------------------------------------------------- reports -- */

/* Member ends that lie in text [from, to) go to that block; one at an edge may
   go to either side. */
static void give_ends(struct ng_block *block, const struct naive_input *input,
                      size_t *next, size_t from, size_t to, bool last)
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

/* Map the block in spans of whole lines, the results added in any order. */
static void map_in_spans(struct mapper *mapper, struct ng_block *block)
{
  struct ng_mapped results[8];
  struct ng_span span = {.block = block};
  size_t count = 0;
  size_t first;

  do {
    const char *newline = NULL;
    size_t behind = random_below(block->in.size - span.to + 1) + span.to;

    span.from = span.to;
    if (count < COUNT(results) - 1)
      newline = memchr(block->text + behind, '\n', block->in.size - behind);
    span.to = newline ? (size_t)(newline - block->text) + 1 : block->in.size;
    CHECK(ng_map_span(&mapper->worker, &span, &results[count++]));
    for (size_t i = span.from; i < span.to; i++)
      span.lines_before += block->text[i] == '\n';
  } while (span.to < block->in.size);
  first = random_below(count);
  for (size_t i = 0; i < count; i++)
    ng_mapped_add(&block->mapped, &results[(first + i) % count]);
}

/* The report of text [from, to). */
static struct ng_report *make_report(struct mapper *mapper,
                                     const struct naive_input *input,
                                     uint64_t number, size_t from, size_t to,
                                     size_t *next_end)
{
  struct ng_block *block = ng_block_new(
      &mapper->budget, to - from + random_below(100), mapper->job.plan.tokens);
  struct ng_report *report;
  bool last = to == input->size;

  memcpy(block->text, input->text + from, to - from);
  block->in.size = to - from;
  block->in.last = last;
  if (last)
    block->in.fault = input->fault;
  give_ends(block, input, next_end, from, to, last);
  ng_block_begin(block, number);
  if (mapper->job.feed)
    CHECK(ng_map_span(&mapper->worker,
                      &(struct ng_span){block, 0, block->in.size, 0, 0},
                      &block->mapped));
  else
    map_in_spans(mapper, block);
  report = ng_block_report(block, input->ends != NULL);
  if (mapper->job.feed)
    report->block = block;
  else
    ng_block_free(block, &mapper->budget);
  return report;
}

/* Cut the text into pieces of about `piece` bytes, some of them empty. Returns
   how many there are. */
static size_t make_reports(struct mapper *mapper,
                           const struct naive_input *input, size_t piece,
                           struct ng_report **reports, size_t reports_max)
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

static void shuffle_reports(struct ng_report **reports, size_t count)
{
  for (size_t i = count; i > 1; i--) {
    size_t other = random_below(i);
    struct ng_report *report = reports[i - 1];

    reports[i - 1] = reports[other];
    reports[other] = report;
  }
}

/* ------------------------------------------------------------------ fold -- */

static void check_fold(const struct mapper *mapper,
                       const struct naive_input *input,
                       struct naive_count *wanted)
{
  const struct ng_fold *fold = &mapper->job.fold;
  bool overflow = wanted->status == NGRAM_OVERFLOW; /* not the fold's affair */

  CHECK_EQ(fold->complete, wanted->status == NGRAM_OK || overflow);
  if (!fold->complete) {
    CHECK_EQ(fold->status, wanted->status);
    CHECK_STR(mapper->error.message, wanted->error.message);
    return;
  }
  CHECK_EQ(fold->status, NGRAM_OK);
  CHECK_EQ(fold->lines, wanted->lines);
  CHECK_EQ(fold->skipped, wanted->skipped);
  CHECK_EQ(fold->rows, wanted->rows);
  CHECK_EQ(fold->text_bytes, input->size);
  check_totals(&mapper->worker.table, &wanted->map);
}

/* The batch has the rows of the list from *at on. */
static void check_batch(const struct ng_batch *batch,
                        const struct naive_rows *list, size_t *at)
{
  const struct ng_rows *rows = &batch->rows;

  for (size_t i = 0; i < rows->count && !test_state.failed; i++, ++*at) {
    const struct naive_row *wanted;

    if (!CHECK(*at < naive_rows_count(list)))
      return;
    wanted = naive_rows_at(list, *at);
    CHECK_BYTES(rows->text + rows->word_at[i], rows->word_length[i],
                wanted->row.word, wanted->row.word_length);
    CHECK_EQ(rows->year[i], wanted->row.year);
    CHECK_EQ(rows->match_count[i], wanted->row.match_count);
    CHECK_EQ(rows->volume_count[i], wanted->row.volume_count);
    CHECK_EQ(batch->first + rows->number[i], wanted->number);
  }
}

#define REPORTS_MAX 4000

/* Fold the text in pieces of about `piece` bytes, in any order. */
static void fold_pieces(struct mapper *mapper, const struct naive_input *input,
                        size_t piece)
{
  static struct ng_report *reports[REPORTS_MAX];
  size_t count = make_reports(mapper, input, piece, reports, COUNT(reports));
  bool failed = false;

  if (random_once_in(2))
    shuffle_reports(reports, count);
  for (size_t i = 0; i < count; i++)
    if (!ng_fold_add(&mapper->job.fold, reports[i],
                     &mapper->worker.seam_scanner))
      failed = true;
  CHECK_EQ(failed, mapper->job.fold.status != NGRAM_OK);
}

/* The rows that are handed on are those before an error, in their order. */
static void check_served_pieces(const struct naive_input *input, size_t piece,
                                bool skip)
{
  struct naive_rows list = {.list = {.data = NULL}};
  struct naive_count wanted;
  struct ng_batch *batch;
  struct mapper mapper;
  size_t at = 0;

  mapper_init(&mapper, naive_layout(input->text, input->size), skip);
  mapper_feed(&mapper);
  naive_count_or_list(input, &mapper.options, &wanted, &list);
  fold_pieces(&mapper, input, piece);
  CHECK_EQ(mapper.job.fold.status, wanted.status);
  CHECK_EQ(mapper.job.fold.complete, wanted.status == NGRAM_OK);
  if (wanted.status != NGRAM_OK)
    CHECK_STR(mapper.error.message, wanted.error.message);
  while ((batch = ng_feed_take(&mapper.feed))) {
    check_batch(batch, &list, &at);
    ng_feed_free_batch(&mapper.feed, batch);
  }
  CHECK_EQ(at, naive_rows_count(&list));
  mapper_free(&mapper);
  naive_count_free(&wanted);
  naive_rows_free(&list);
}

static void check_pieces(const struct naive_input *input, size_t piece,
                         bool skip)
{
  struct naive_count wanted;
  struct mapper mapper;

  mapper_init(&mapper, naive_layout(input->text, input->size), skip);
  naive_count(input, &mapper.options, &wanted);
  fold_pieces(&mapper, input, piece);
  check_fold(&mapper, input, &wanted);
  mapper_free(&mapper);
  naive_count_free(&wanted);
  check_served_pieces(input, piece, skip);
}

static size_t any_piece(size_t size)
{
  static const size_t pieces[] = {1, 2, 5, 20, 100, 1000, 100000};
  size_t piece = pieces[random_below(COUNT(pieces))];

  return piece < size / (REPORTS_MAX / 2) ? size : piece;
}

/* The size of the text, perhaps without its last bytes. */
static size_t without_end(const struct bytes *text, size_t limit)
{
  size_t less = random_below(limit);

  return less < text->size ? text->size - less : text->size;
}

static void seams_anywhere_change_nothing(void)
{
  struct bytes text = {.data = NULL};

  for (unsigned round = 0; round < test_rounds(1500); round++) {
    struct rows_taste taste = {.layout = (enum ng_layout)random_below(3),
                               .new_word = 1 + random_below(5),
                               .crlf = random_below(4),
                               .mutated = random_once_in(2) ? 0 : 20,
                               .odd_number = random_below(3) * 10,
                               .junk = random_once_in(2) ? 0 : 30};
    struct naive_input input = {.path = "a.gz"};

    text.size = 0;
    rows_add(&text, random_below(random_once_in(9) ? 5000 : 300), &taste);
    input.text = (char *)text.data;
    input.size = without_end(&text, 4);
    NOTE("round %u, %zu bytes", round, input.size);
    check_pieces(&input, any_piece(input.size), random_once_in(2));
    if (test_state.failed)
      break;
  }
  bytes_free(&text);
}

/* --------------------------------------------------------------- members -- */

/* Members of any size over the text, the last one up to its end; one in eight
   lists has a member whose CRC or length is wrong. */
static void make_ends(struct bytes *ends, const struct bytes *text, size_t size)
{
  size_t start = 0;

  ends->size = 0;
  do {
    struct ng_member_end end = {.file_offset = 1000 + 7 * ends->size};

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

static void earliest_error_is_told_however_blocks_fall(void)
{
  static const struct ng_gzip_fault faults[] = {
      {NG_GZIP_OK, 0, 0},
      {NG_GZIP_TRUNCATED, 77777, 0},
      {NG_GZIP_BAD_DEFLATE, 88888, 0},
      {NG_GZIP_READ_FAILED, 99999, 5}};
  struct bytes text = {.data = NULL};
  struct bytes ends = {.data = NULL};

  for (unsigned round = 0; round < test_rounds(2500); round++) {
    struct rows_taste taste = {.layout = (enum ng_layout)random_below(3),
                               .new_word = 2,
                               .crlf = 3,
                               .mutated = random_once_in(2) ? 0 : 30};
    struct naive_input input = {.path = "a.gz"};

    text.size = 0;
    rows_add(&text, random_below(2000), &taste);
    input.size = without_end(&text, 3);
    make_ends(&ends, &text, input.size);
    input.text = (char *)text.data;
    input.ends = (struct ng_member_end *)(void *)ends.data;
    input.end_count = ends.size / sizeof *input.ends;
    input.fault = faults[random_once_in(2) ? 0 : random_below(COUNT(faults))];
    if (input.fault.kind != NG_GZIP_OK)
      input.end_count = random_below(input.end_count + 1);
    NOTE("round %u, %zu bytes", round, input.size);
    check_pieces(&input, any_piece(input.size), random_once_in(3));
    if (test_state.failed)
      break;
  }
  bytes_free(&text);
  bytes_free(&ends);
}

/* A bad row and a bad member end at one place: which is told. */
static void row_goes_before_a_member_that_ends_with_it(void)
{
  static const struct {
    const char *text;
    size_t member_end;
    const char *message;
  } cases[] = {
      {"good\t1\t1\t1\nbad\n", 15, "a.gz: line 2: expected 4 columns, found 1"},
      {"good\t1\t1\t1\nbad\n", 14, "a.gz: byte 50: CRC-32 does not match"},
      {"bad\n", 4, "a.gz: line 1: expected 4 columns, found 1"},
      {"bad\n", 0, "a.gz: byte 50: CRC-32 does not match"},
      {"bad", 3, "a.gz: byte 50: CRC-32 does not match"},
      {"good\t1\t1\t1", 10, "a.gz: byte 50: CRC-32 does not match"},
  };

  for (size_t i = 0; i < COUNT(cases); i++)
    for (size_t piece = 1; piece < 30; piece++) {
      struct ng_member_end end = {cases[i].member_end, 0xBAD, 0, 50};
      struct naive_input input = {
          "a.gz", cases[i].text,     strlen(cases[i].text), &end,
          1,      {NG_GZIP_OK, 0, 0}};
      struct naive_count wanted;
      struct ngram_count_options options;

      NOTE("case %zu, piece %zu", i, piece);
      ngram_count_options_init(&options);
      naive_count(&input, &options, &wanted);
      CHECK_STR(wanted.error.message, cases[i].message);
      naive_count_free(&wanted);
      check_pieces(&input, piece, false);
    }
}

static void wrong_length_is_told_when_the_crc_agrees(void)
{
  const char *text = "good\t1\t1\t1\n";
  struct ng_member_end end = {11, (uint32_t)crc32(0, (const Bytef *)text, 11),
                              12, 50};
  struct naive_input input = {"a.gz", text, 11, &end, 1, {NG_GZIP_OK, 0, 0}};
  struct ng_report *reports[20];
  struct mapper mapper;
  size_t count;

  mapper_init(&mapper, NG_LAYOUT_2012, false);
  count = make_reports(&mapper, &input, 3, reports, COUNT(reports));
  for (size_t i = 0; i < count; i++)
    ng_fold_add(&mapper.job.fold, reports[i], &mapper.worker.seam_scanner);
  CHECK_EQ(mapper.job.fold.status, NGRAM_BAD_INPUT);
  CHECK_STR(mapper.error.message, "a.gz: byte 54: length does not match");
  mapper_free(&mapper);
}

/* ------------------------------------------------------------ long lines -- */

/* A line of `size` bytes, the fields at its end included, and what ends it,
   among good lines; in blocks of some sizes, with a member end somewhere. A
   block is shorter than the longest line. */
static void check_long_line(size_t size, const char *end)
{
  static const size_t pieces[] = {NG_LINE_MAX / 2, 100000};
  struct bytes text = {.data = NULL};
  struct ng_member_end member = {.file_offset = 50, .crc = 0xBAD};
  struct naive_input input = {.path = "a.gz"};

  bytes_add_text(&text, "abc\t1900\t1\t1\n");
  bytes_fill(&text, 'w', size - 6);
  bytes_print(&text, "\t1\t2\t3%s", end);
  if (text.data[text.size - 1] == '\n')
    bytes_add_text(&text, "abc\t1901\t2\t2\n");
  input.text = (char *)text.data;
  input.size = text.size;
  for (int checked = 0; checked < 2; checked++) {
    size_t piece = pieces[random_below(COUNT(pieces))];
    bool skip = random_once_in(3);

    NOTE("%zu bytes, end %s, piece %zu, skip %d, checked %d", size,
         end[0] == '\r' ? "CR" : end, piece, skip, checked);
    if (checked) {
      member.text_end = 13 + NG_LINE_MAX + random_below(6);
      if (member.text_end > input.size)
        member.text_end = input.size;
      input.ends = &member;
      input.end_count = 1;
    }
    check_pieces(&input, piece, skip);
  }
  bytes_free(&text);
}

static void lines_of_a_mebibyte_are_judged_across_blocks(void)
{
  static const char *const ends[] = {"\n", "\r\n", "", "\r", "\r\r\n"};
  unsigned step = TEST_SANITIZED ? 3 : 1;

  for (size_t extra = 0; extra < 6; extra += step)
    for (size_t e = 0; e < COUNT(ends); e++)
      check_long_line(NG_LINE_MAX - 2 + extra, ends[e]);
}

/* Only its beginning is kept, and it is one bad line. */
static void endless_line_takes_little_memory(void)
{
  size_t size = (size_t)8 << 20;
  struct bytes text = {.data = NULL};
  struct naive_input input = {.path = "a.gz"};
  struct ng_report *reports[100];
  struct mapper mapper;
  size_t count;

  bytes_fill(&text, 'x', size);
  input.text = (char *)text.data;
  input.size = size;
  mapper_init(&mapper, NG_LAYOUT_2012, true);
  count = make_reports(&mapper, &input, 300000, reports, COUNT(reports));
  for (size_t i = 0; i < count; i++)
    CHECK(
        ng_fold_add(&mapper.job.fold, reports[i], &mapper.worker.seam_scanner));
  CHECK_EQ(mapper.job.fold.lines, 1);
  CHECK_EQ(mapper.job.fold.skipped, 1);
  CHECK(mapper.job.fold.line_capacity <= (size_t)4 << 20);
  mapper_free(&mapper);
  bytes_free(&text);
}

#define FOLD_TESTS                                                             \
  TEST(seams_anywhere_change_nothing),                                         \
      TEST(earliest_error_is_told_however_blocks_fall),                        \
      TEST(row_goes_before_a_member_that_ends_with_it),                        \
      TEST(wrong_length_is_told_when_the_crc_agrees),                          \
      TEST(lines_of_a_mebibyte_are_judged_across_blocks),                      \
      TEST(endless_line_takes_little_memory)

#endif
