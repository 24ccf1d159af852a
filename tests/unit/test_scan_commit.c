/* SPDX-License-Identifier: MIT */
/*
 * Tests of blocks, reports and the commit: a text is cut into blocks anywhere,
 * they are mapped in spans, and their reports are committed in any order.
 */
#include <zlib.h>

#include "scan/commit.h"
#include "scan/map.h"
#include "scan/pass.h"
#include "unit/bytes.h"
#include "unit/check_totals.h"
#include "unit/commits.h"
#include "unit/mapper.h"
#include "unit/naive_count.h"
#include "unit/rows_make.h"
#include "unit/test.h"

/* ---------------------------------------------------------------- commit -- */

/* The batch has the rows of the list from index *at on. */
static void check_batch(const struct ng_batch *batch,
                        const struct naive_rows *list, size_t *at)
{
  const struct ng_row_columns *rows = &batch->rows;

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

/* The rows in the queue are those before an error, in the order of the file. */
static void check_queued_pieces(const struct naive_input *input, size_t piece,
                                bool skip)
{
  struct naive_rows list = {.list = {.data = NULL}};
  struct naive_count wanted;
  struct ng_batch *batch;
  struct mapper mapper;
  size_t at = 0;

  mapper_init(&mapper, naive_layout(input->text, input->size), skip);
  mapper_queue_rows(&mapper);
  naive_count_or_list(input, &mapper.options, &wanted, &list);
  commit_pieces(&mapper, input, piece);
  CHECK_EQ(mapper.pass.commit.status, wanted.status);
  CHECK_EQ(mapper.pass.commit.complete, wanted.status == NGRAM_OK);
  if (wanted.status != NGRAM_OK)
    CHECK_STR(mapper.error.message, wanted.error.message);
  while ((batch = ng_row_queue_take(&mapper.queue))) {
    check_batch(batch, &list, &at);
    ng_row_queue_free_batch(&mapper.queue, batch);
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
  commit_pieces(&mapper, input, piece);
  check_commit(&mapper, input, &wanted);
  mapper_free(&mapper);
  naive_count_free(&wanted);
  check_queued_pieces(input, piece, skip);
}

/* Returns the size of the text, less a random number below `limit`. */
static size_t without_end(const struct bytes *text, size_t limit)
{
  size_t less = random_below(limit);

  return less < text->size ? text->size - less : text->size;
}

static void block_edges_anywhere_change_nothing(void)
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

/* Which one is reported if a bad row and a bad member end at one position. */
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
      struct ng_member_end end = {cases[i].member_end, 0xBAD, 0, 50, 54};
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
  struct ng_member_end end = {.text_end = 11,
                              .crc =
                                  (uint32_t)crc32(0, (const Bytef *)text, 11),
                              .length = 12,
                              .file_offset = 50,
                              .length_offset = 54};
  struct naive_input input = {"a.gz", text, 11, &end, 1, {NG_GZIP_OK, 0, 0}};
  struct ng_report *reports[20];
  struct mapper mapper;
  size_t count;

  mapper_init(&mapper, NG_LAYOUT_2012, false);
  count = make_reports(&mapper, &input, 3, reports, COUNT(reports));
  for (size_t i = 0; i < count; i++)
    ng_commit_add(&mapper.pass.commit, reports[i], 0);
  CHECK_EQ(mapper.pass.commit.status, NGRAM_BAD_INPUT);
  CHECK_STR(mapper.error.message, "a.gz: byte 54: length does not match");
  mapper_free(&mapper);
}

/* ------------------------------------------------------------ long lines -- */

/* A line of `size` bytes that ends in `end`, among good lines; in blocks of
   some sizes, all shorter than the longest line, and with a member end
   somewhere. */
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

/* It is one bad line, of which only the beginning is kept. */
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
    CHECK(ng_commit_add(&mapper.pass.commit, reports[i], 0));
  CHECK_EQ(mapper.pass.commit.lines, 1);
  CHECK_EQ(mapper.pass.commit.skipped, 1);
  CHECK(mapper.pass.commit.line.capacity <= (size_t)4 << 20);
  mapper_free(&mapper);
  bytes_free(&text);
}

/* Blocks with long heads and tails wait for the first block. */
static void reports_that_wait_are_in_the_budget(void)
{
  enum {
    PIECE = 200000,
    PIECES = 20
  };
  struct bytes text = {.data = NULL};
  struct mapper mapper;
  struct naive_input input = {.path = "a.gz"};
  size_t next_end = 0;
  uint64_t before;

  while (text.size < (size_t)PIECE * PIECES) {
    bytes_fill(&text, 'w', PIECE - 7);
    bytes_add_text(&text, "\t1\t1\t1\n");
  }
  input.text = (const char *)text.data;
  input.size = (size_t)PIECE * PIECES;
  mapper_prepare(&mapper, NG_LAYOUT_2012, true);
  mapper.pass.commit.room_bytes = 10 * (PIECE + 1000);
  mapper_start(&mapper);
  before = mapper.budget.peak_bytes;
  for (size_t i = 1; i < PIECES; i++) {
    struct ng_report *report =
        make_report(&mapper, &input, i, i * PIECE, (i + 1) * PIECE, &next_end);

    CHECK(ng_commit_add(&mapper.pass.commit, report, 0));
    CHECK_EQ(ng_commit_is_full(&mapper.pass.commit), i > 10);
    CHECK_EQ(ng_map_may_begin(&mapper.pass, i + 1), i <= 10);
    CHECK(ng_map_may_begin(&mapper.pass, 0));
  }
  CHECK(mapper.budget.peak_bytes >= before + (PIECES - 2) * PIECE);
  CHECK(ng_commit_add(&mapper.pass.commit,
                      make_report(&mapper, &input, 0, 0, PIECE, &next_end), 0));
  CHECK(!ng_commit_is_full(&mapper.pass.commit));
  CHECK_EQ(mapper.pass.commit.waiting_bytes, 0);
  CHECK_EQ(mapper.budget.noted_bytes, mapper.pass.commit.line.capacity);
  CHECK_EQ(mapper.pass.commit.lines, PIECES);
  mapper_free(&mapper);
  bytes_free(&text);
}

/* A line of several blocks, while it grows and while it is in the queue. */
static void joined_lines_are_in_the_budget(void)
{
  const size_t size = 900000;
  struct bytes text = {.data = NULL};
  struct naive_input input = {.path = "a.gz"};
  struct ng_batch *batch;
  struct mapper mapper;
  uint64_t held;

  bytes_fill(&text, 'w', size);
  bytes_add_text(&text, "\t1\t1\t1\n");
  input.text = (const char *)text.data;
  input.size = text.size;
  mapper_init(&mapper, NG_LAYOUT_2012, false);
  mapper_queue_rows(&mapper);
  commit_pieces(&mapper, &input, 100000);
  CHECK(mapper.budget.noted_bytes >= size);
  CHECK(mapper.budget.noted_bytes <= NG_LINE_MAX + 4096);
  CHECK(mapper.budget.peak_bytes >= size);
  batch = ng_row_queue_take(&mapper.queue);
  held = mapper.budget.held_bytes;
  if (CHECK(batch && !batch->block))
    ng_row_queue_free_batch(&mapper.queue, batch);
  CHECK(held - mapper.budget.held_bytes >= size);
  mapper_free(&mapper);
  CHECK_EQ(mapper.budget.noted_bytes, 0);
  bytes_free(&text);
}

/* A worker commits all reports that waited for its block, unless it is told to
   stop. */
static void reports_that_waited_are_left_after_a_stop(void)
{
  static struct ng_report *reports[REPORTS_MAX];
  struct bytes text = {.data = NULL};
  struct naive_input input = {.path = "a.gz"};
  struct mapper mapper;
  size_t count;

  for (int i = 0; i < 3000; i++)
    bytes_add_text(&text, "word\t1\t1\t1\n");
  input.text = (const char *)text.data;
  input.size = text.size;
  mapper_init(&mapper, NG_LAYOUT_2012, false);
  mapper.pass.commit.stop = &mapper.pass.control.stop;
  count = make_reports(&mapper, &input, 100, reports, COUNT(reports));
  for (size_t i = 1; i < count; i++)
    ng_commit_add(&mapper.pass.commit, reports[i], 0);
  atomic_store(&mapper.pass.control.stop, true);
  ng_commit_add(&mapper.pass.commit, reports[0], 0);
  CHECK(mapper.pass.commit.waiting_bytes > 0);
  CHECK_EQ(mapper.pass.commit.lines, 0);
  CHECK(!mapper.pass.commit.complete);
  mapper_free(&mapper);
  CHECK_EQ(mapper.budget.noted_bytes, 0);
  bytes_free(&text);
}

int main(int argc, char **argv)
{
  static const struct test tests[] = {
      TEST(block_edges_anywhere_change_nothing),
      TEST(earliest_error_is_told_however_blocks_fall),
      TEST(row_goes_before_a_member_that_ends_with_it),
      TEST(wrong_length_is_told_when_the_crc_agrees),
      TEST(lines_of_a_mebibyte_are_judged_across_blocks),
      TEST(endless_line_takes_little_memory),
      TEST(reports_that_wait_are_in_the_budget),
      TEST(joined_lines_are_in_the_budget),
      TEST(reports_that_waited_are_left_after_a_stop),
  };

  return test_main(tests, COUNT(tests), argc, argv);
}
