/* SPDX-License-Identifier: MIT */
/*
 * The room text: kernels against the scalar one, the scanner against a naive
 * one, rows and words against what they are defined to be.
 */
#include "base/cpu.h"
#include "text/line.h"
#include "text/scanner.h"
#include "text/text_kernel.h"
#include "text/word.h"
#include "unit/bytes.h"
#include "unit/guarded.h"
#include "unit/naive_scan.h"
#include "unit/naive_tokens.h"
#include "unit/rows_make.h"
#include "unit/scan_rows_check.h"
#include "unit/test.h"

/* --------------------------------------------------------------- kernels -- */

static bool is_here(const struct ng_text_kernel *kernel)
{
  return (kernel->features & ng_cpu_features()) == kernel->features;
}

/* A kernel of this machine. */
static const struct ng_text_kernel *any_kernel(void)
{
  const struct ng_text_kernel *kernel;
  size_t count = 0;

  while (ng_text_kernel_at(count))
    count++;
  do
    kernel = ng_text_kernel_at(random_below(count));
  while (!is_here(kernel));
  return kernel;
}

/* Delimiters, their neighbours, and the same with the top bit. */
static void fill_dense(unsigned char *memory, size_t size)
{
  static const unsigned char bytes[] = {'\t', '\n', '\t', '\n', 8,   11,
                                        0x89, 0x8A, 0,    'a',  '0', '9',
                                        '/',  ':',  0xB0, '\r'};
  size_t kinds = 1 + random_below(sizeof bytes);

  for (size_t i = 0; i < size; i++)
    memory[i] = bytes[random_below(kinds)];
}

/* Positions and odd bytes of the text, found one by one; CANARY after what may
   be written. */
#define CANARY 0xC0FFEE00u

static void check_kernel(const struct ng_text_kernel *kernel, const char *text,
                         size_t size)
{
  static uint32_t got[2000];
  static unsigned char odd[2000 / 8];
  uint32_t base = (uint32_t)random_below(UINT32_MAX - 2000);
  size_t wanted = 0;
  size_t count;

  for (size_t i = 0; i < COUNT(got); i++)
    got[i] = CANARY;
  NOTE("%s, size %zu at %zu", kernel->name, size, (uintptr_t)text % 64);
  count = kernel->find_delimiters(text, size, base, got, odd);
  for (size_t i = 0; i < size; i++)
    if (text[i] == '\t' || text[i] == '\n') {
      if (wanted < count)
        CHECK_EQ(got[wanted], base + i);
      wanted++;
    }
  CHECK_EQ(count, wanted);
  for (size_t i = 0; i < size; i++)
    CHECK_EQ(odd[i / 8] >> (i % 8) & 1,
             text[i] != '\t' && (text[i] < '0' || text[i] > '9'));
  for (size_t i = size + 64; i < size + 200; i++)
    CHECK_EQ(got[i], CANARY);
}

static void kernels_find_every_delimiter_and_read_no_further(void)
{
  struct guarded guarded = guarded_make(4096);
  const struct ng_text_kernel *kernel;

  for (size_t k = 0; (kernel = ng_text_kernel_at(k)); k++) {
    if (!is_here(kernel)) {
      printf("     no %s on this machine\n", kernel->name);
      continue;
    }
    for (size_t size = 0; size <= 300; size++)
      for (size_t shift = 0; shift < 64; shift += TEST_SANITIZED ? 5 : 1) {
        unsigned char *end = guarded.end - NG_TEXT_PAD - shift;

        fill_dense(end - size, size + NG_TEXT_PAD);
        check_kernel(kernel, (char *)end - size, size);
        if (test_state.failed)
          return;
      }
  }
  guarded_free(&guarded);
}

static void kernels_have_names_and_the_first_runs_everywhere(void)
{
  CHECK_STR(ng_text_kernel_at(0)->name, "scalar");
  CHECK_EQ(ng_text_kernel_at(0)->features, 0);
  CHECK(ng_text_kernel_at(1000) == NULL);
}

static void newlines_are_counted_and_nothing_else_is_read(void)
{
  struct guarded guarded = guarded_make(20000);

  for (size_t size = 0; size < 3000; size += size < 300 ? 1 : 97)
    for (size_t shift = 0; shift < 9; shift++) {
      unsigned char *text =
          shift < 8 ? guarded.end - size - shift : guarded.start;
      size_t wanted = 0;

      fill_dense(text, size);
      for (size_t i = 0; i < size; i++)
        wanted += text[i] == '\n';
      CHECK_EQ(ng_delimiters_count_newlines((char *)text, size), wanted);
    }
  memset(guarded.start, '\n', 20000);
  for (size_t size = 0; size <= 20000; size += 13)
    CHECK_EQ(ng_delimiters_count_newlines((char *)guarded.start, size), size);
  guarded_free(&guarded);
}

/* --------------------------------------------------------------- scanner -- */

static void check_group(const struct ng_word_group *got,
                        const struct ng_word_group *wanted, bool wide)
{
  CHECK_BYTES(got->word, got->length, wanted->word, wanted->length);
  CHECK_EQ(got->total, wanted->total);
  if (!wide)
    return;
  CHECK_EQ(got->volumes, wanted->volumes);
  CHECK_EQ(got->row_count, wanted->row_count);
  CHECK_EQ(got->first_year, wanted->first_year);
  CHECK_EQ(got->last_year, wanted->last_year);
}

static void check_result(const struct ng_scanner_result *got,
                         const struct ng_scanner_result *wanted)
{
  CHECK_EQ(got->lines, wanted->lines);
  CHECK_EQ(got->skipped, wanted->skipped);
  CHECK_EQ(got->rows, wanted->rows);
  CHECK(!got->stopped);
  CHECK_EQ(got->fault.kind, wanted->fault.kind);
  CHECK_EQ(got->fault.number, wanted->fault.number);
  CHECK_EQ(got->fault.column, wanted->fault.column);
  CHECK_EQ(got->fault.found, wanted->fault.found);
  CHECK_EQ(got->fault_start, wanted->fault_start);
  CHECK_EQ(got->fault_end, wanted->fault_end);
}

/* Join neighbouring groups of one word: a bad line of 2020 may stand between.
 */
static void join_groups(struct group_list *list)
{
  size_t kept = 0;

  for (size_t i = 0; i < group_count(list); i++) {
    struct ng_word_group *group = group_at(list, i);
    struct ng_word_group *last = kept > 0 ? group_at(list, kept - 1) : NULL;

    if (!last || last->length != group->length ||
        memcmp(last->word, group->word, group->length) != 0) {
      *group_at(list, kept++) = *group;
      continue;
    }
    last->total = naive_sum(last->total, group->total);
    last->volumes = naive_sum(last->volumes, group->volumes);
    last->row_count += group->row_count;
    if (group->first_year < last->first_year)
      last->first_year = group->first_year;
    if (group->last_year > last->last_year)
      last->last_year = group->last_year;
  }
  list->groups.size = kept * sizeof(struct ng_word_group);
}

/* Scan the text where it stands, and by the naive scanner. */
static void check_scan(const struct ng_scanner_options *options,
                       const char *text, size_t size)
{
  struct group_list wanted_groups = {.groups = {.data = NULL}};
  struct group_list groups = {.groups = {.data = NULL}};
  struct ng_scanner_result wanted;
  struct ng_scanner_result result;
  struct ng_scanner scanner;

  naive_scan(options, text, size, &wanted, &wanted_groups);
  CHECK(ng_scanner_init(&scanner, options, group_append, &groups));
  ng_scanner_scan(&scanner, text, size, &result);
  check_result(&result, &wanted);
  if (options->layout == NG_LAYOUT_2020) {
    join_groups(&groups);
    join_groups(&wanted_groups);
  }
  if (wanted.fault.kind == NG_ROW_OK &&
      CHECK_EQ(group_count(&groups), group_count(&wanted_groups)))
    for (size_t i = 0; i < group_count(&groups) && !test_state.failed; i++)
      check_group(group_at(&groups, i), group_at(&wanted_groups, i),
                  options->wide);
  ng_scanner_free(&scanner);
  check_scanned_rows(options, text, size, &result);
  check_result(&result, &wanted);
  bytes_free(&groups.groups);
  bytes_free(&wanted_groups.groups);
}

/* The same with the text so near to guarded pages as it may be, and digits,
   TABs and newlines in its pads. */
static void check_guarded_scan(const struct ng_scanner_options *options,
                               const struct bytes *text)
{
  struct guarded guarded = guarded_make(text->size + 2 * NG_TEXT_PAD);

  for (int at_end = 0; at_end < 2; at_end++) {
    unsigned char *place = at_end ? guarded.end - NG_TEXT_PAD - text->size
                                  : guarded.start + NG_TEXT_PAD;

    for (size_t i = 0; i < NG_TEXT_PAD; i++)
      place[text->size + i] = place[-1 - (int)i] =
          (unsigned char)"123\t\n\r"[random_below(6)];
    memcpy(place, text->data, text->size);
    check_scan(options, (char *)place, text->size);
  }
  guarded_free(&guarded);
}

static struct ng_scanner_options any_options(void)
{
  struct ng_scanner_options options = {
      .kernel = any_kernel(),
      .layout = (enum ng_layout)random_below(3),
      .skip_bad_rows = random_once_in(2),
      .wide = random_once_in(2),
      .year_from = INT32_MIN,
      .year_to = INT32_MAX,
  };

  if (random_once_in(2)) {
    options.year_from = 1400 + (int32_t)random_below(600);
    options.year_to = 1500 + (int32_t)random_below(600);
  }
  return options;
}

static size_t any_of(const size_t *values, size_t count)
{
  return values[random_below(count)];
}

static void scanner_reads_as_a_naive_one_does(void)
{
  static const size_t often[] = {0, 1, 2, 3, 10, 60};
  static const size_t seldom[] = {0, 0, 3, 30, 300, 3000};
  struct bytes text = {.data = NULL};

  for (unsigned round = 0; round < test_rounds(800); round++) {
    struct rows_taste taste = {.new_word = any_of(often, 6),
                               .crlf = any_of(often, 6),
                               .mutated = any_of(seldom, 6),
                               .odd_number = any_of(seldom, 6),
                               .long_word = any_of(seldom, 4),
                               .junk = any_of(seldom, 6)};
    struct ng_scanner_options options = any_options();

    taste.layout = random_once_in(20) ? NG_LAYOUT_2012 : options.layout;
    text.size = 0;
    rows_add(&text, random_below(random_once_in(3) ? 100000 : 600), &taste);
    NOTE("round %u, %s, %zu bytes", round, options.kernel->name, text.size);
    check_guarded_scan(&options, &text);
    if (test_state.failed)
      break;
  }
  bytes_free(&text);
}

/* One row among good ones, read by every kernel, narrow and wide. */
static void check_line(struct bytes *text, enum ng_layout layout,
                       const char *line, size_t length)
{
  static const char *const good[] = {[NG_LAYOUT_2012] = "abc\t1900\t7\t7\n",
                                     [NG_LAYOUT_2009] = "abc\t1900\t7\t7\t7\n",
                                     [NG_LAYOUT_2020] =
                                         "abc\t1900,7,7\t1901,8,8\n"};
  const struct ng_text_kernel *kernel;

  text->size = 0;
  bytes_fill(text, 0, NG_TEXT_PAD);
  bytes_add_text(text, good[layout]);
  bytes_add(text, line, length);
  bytes_add_text(text, "\n");
  bytes_add_text(text, good[layout]);
  bytes_fill(text, 0, NG_TEXT_PAD);
  for (size_t k = 0; (kernel = ng_text_kernel_at(k)); k++)
    for (int wide = 0; wide < 2; wide++) {
      struct ng_scanner_options options = {.kernel = kernel,
                                           .layout = layout,
                                           .skip_bad_rows = true,
                                           .wide = wide,
                                           .year_to = INT32_MAX};

      if (is_here(kernel))
        check_scan(&options, (char *)text->data + NG_TEXT_PAD,
                   text->size - 2 * NG_TEXT_PAD);
    }
}

/* Numbers of 1 to 21 digits in every column: the short ones are read eight
   digits at a time, the long ones with care. */
static void numbers_of_every_length_are_read(void)
{
  static const char *const formats[] = {
      [NG_LAYOUT_2012] = "abc\t%.*s\t%.*s\t%.*s",
      [NG_LAYOUT_2009] = "abc\t%.*s\t%.*s\t7\t%.*s",
      [NG_LAYOUT_2020] = "abc\t1,2,3\t%.*s,%.*s,%.*s\t4,5,6"};
  static const char digits[] = "123456789098765432123";
  struct bytes text = {.data = NULL};
  char line[100];

  for (size_t layout = 0; layout < COUNT(formats); layout++)
    for (int length = 0; length <= 21; length++)
      for (int column = 1; column < 4; column++)
        for (int start = 0; start <= 21 - length; start++) {
          int size = snprintf(line, sizeof line, formats[layout],
                              column == 1 ? length : 4, digits + start,
                              column == 2 ? length : 3, digits + start,
                              column == 3 ? length : 2, digits + start);

          NOTE("'%s'", line);
          check_line(&text, (enum ng_layout)layout, line, (size_t)size);
        }
  bytes_free(&text);
}

static void every_byte_at_every_place_of_a_row_is_judged(void)
{
  static const char *const good[] = {
      [NG_LAYOUT_2012] = "abc\t1876\t12345678\t987",
      [NG_LAYOUT_2009] = "abc\t1876\t1234567\t9\t98",
      [NG_LAYOUT_2020] = "abc\t1876,12345678,9\t1877,2,3"};
  struct bytes text = {.data = NULL};
  char line[100];

  for (size_t layout = 0; layout < COUNT(good); layout++)
    for (size_t at = 0; at < strlen(good[layout]); at++)
      for (int byte = 0; byte < 256; byte += TEST_SANITIZED ? 7 : 1) {
        snprintf(line, sizeof line, "%s", good[layout]);
        line[at] = (char)byte;
        NOTE("layout %zu, byte %d at %zu", layout, byte, at);
        check_line(&text, (enum ng_layout)layout, line, strlen(good[layout]));
      }
  bytes_free(&text);
}

/* A single difference at every place, for words of up to 40 bytes: none is
   taken for its neighbour. */
static void words_that_differ_in_one_byte_are_different(void)
{
  struct ng_scanner_options options = {.year_to = INT32_MAX};
  struct bytes text = {.data = NULL};

  for (size_t length = 1; length <= 40; length++) {
    options.kernel = any_kernel();
    text.size = 0;
    for (size_t at = 0; at < 2 * length; at++) {
      bytes_fill(&text, 'a', length);
      if (at % 2)
        text.data[text.size - length + at / 2] = 'b';
      bytes_add_text(&text, "\t1\t2\t3\n");
    }
    NOTE("length %zu", length);
    check_guarded_scan(&options, &text);
  }
  bytes_free(&text);
}

/* Text is looked at in tiles of 16 KiB; a line that is read with care may end
   after its tile, where the next line begins with a delimiter. */
static void lines_across_the_end_of_a_tile_are_read(void)
{
  static const char *const careful[] = {
      "word\t1900\t1234567890\t1234567890123456789\n", "a bad line of words\n",
      "bad\tx\t1\t1\n", "too\t1\t1\t1\tmany columns in this one\n"};
  static const char *const next[] = {"\n", "\t1\t1\t1\n", "\n\n\n",
                                     "word\t1900\t2\t2\n", "\r\n"};
  const size_t tile = (size_t)16 << 10;
  struct bytes text = {.data = NULL};

  for (size_t before = 0; before < 50; before++)
    for (size_t i = 0; i < COUNT(careful) * COUNT(next); i++) {
      struct ng_scanner_options options = any_options();

      options.layout = NG_LAYOUT_2012;
      options.skip_bad_rows = true;
      text.size = 0;
      bytes_fill(&text, 'w', tile - before - 7);
      bytes_add_text(&text, "\t1\t1\t1\n");
      bytes_add_text(&text, careful[i % COUNT(careful)]);
      bytes_add_text(&text, next[i / COUNT(careful)]);
      bytes_add_text(&text, "abc\t1900\t1\t1\nabc\t1900\t1\t1\n");
      NOTE("%zu before the end, case %zu", before, i);
      check_guarded_scan(&options, &text);
    }
  bytes_free(&text);
}

static void lines_of_a_mebibyte_are_judged_to_the_byte(void)
{
  static const char *const ends[] = {"\n", "\r\n", "\r\r\n", "x\n"};
  struct bytes text = {.data = NULL};

  for (size_t extra = 0; extra < 6; extra++)
    for (size_t e = 0; e < COUNT(ends); e++) {
      struct ng_scanner_options options = any_options();

      options.layout = NG_LAYOUT_2012;
      text.size = 0;
      bytes_add_text(&text, "abc\t1900\t1\t1\n");
      bytes_fill(&text, 'w', NG_LINE_MAX - 9 + extra);
      bytes_print(&text, "\t1\t2\t3%s", ends[e]);
      bytes_add_text(&text, "abc\t1900\t1\t1\n");
      NOTE("extra %zu, end %zu, skip %d", extra, e, options.skip_bad_rows);
      check_guarded_scan(&options, &text);
    }
  bytes_free(&text);
}

static void sums_stay_at_the_overflow_mark(void)
{
  static const char *const max = "9223372036854775807";
  struct bytes text = {.data = NULL};

  for (unsigned round = 0; round < 200; round++) {
    struct ng_scanner_options options = any_options();

    options.layout = NG_LAYOUT_2012;
    text.size = 0;
    for (size_t i = 0; i < 40; i++)
      bytes_print(&text, "a\t1900\t%s\t%s\n", random_once_in(8) ? max : "1",
                  random_once_in(8) ? max : "12345678");
    check_guarded_scan(&options, &text);
  }
  bytes_free(&text);
}

/* Takes so many groups and no more. */
static bool take_some(void *context, const struct ng_word_group *group)
{
  size_t *left = context;

  CHECK(*left > 0);
  (void)group;
  return --*left > 0;
}

static void scan_stops_when_the_taker_says_so(void)
{
  static const char text[] = "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
                             "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
                             "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
                             "a\t1\t1\t1\nb\t1\t1\t1\nb\t1\t1\t1\nbad\n"
                             "c\t1\t123456789\t1\nd\t1\t1\t1\n"
                             "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
                             "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
                             "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0";
  size_t size = sizeof text - 1 - 2 * NG_TEXT_PAD;

  for (size_t count = 1; count <= 5; count++)
    for (int wide = 0; wide < 2; wide++) {
      struct ng_scanner_options options = {.kernel = any_kernel(),
                                           .skip_bad_rows = true,
                                           .wide = wide,
                                           .year_to = INT32_MAX};
      struct ng_scanner_result result;
      struct ng_scanner scanner;
      size_t left = count;

      ng_scanner_init(&scanner, &options, take_some, &left);
      ng_scanner_scan(&scanner, text + NG_TEXT_PAD, size, &result);
      CHECK_EQ(result.stopped, count <= 4);
      CHECK_EQ(left, count <= 4 ? 0 : 1);
      ng_scanner_free(&scanner);
    }
}

int main(int argc, char **argv)
{
  static const struct test tests[] = {
      TEST(kernels_find_every_delimiter_and_read_no_further),
      TEST(kernels_have_names_and_the_first_runs_everywhere),
      TEST(newlines_are_counted_and_nothing_else_is_read),
      TEST(scanner_reads_as_a_naive_one_does),
      TEST(numbers_of_every_length_are_read),
      TEST(every_byte_at_every_place_of_a_row_is_judged),
      TEST(words_that_differ_in_one_byte_are_different),
      TEST(lines_across_the_end_of_a_tile_are_read),
      TEST(lines_of_a_mebibyte_are_judged_to_the_byte),
      TEST(sums_stay_at_the_overflow_mark),
      TEST(scan_stops_when_the_taker_says_so),
  };

  return test_main(tests, COUNT(tests), argc, argv);
}
