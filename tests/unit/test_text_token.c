/* SPDX-License-Identifier: MIT */
/*
 * Tests of tokenizers: every kernel finds every boundary, and the scanner finds
 * the words and faults that a naive one does.
 */
#include "base/cpu.h"
#include "text/scanner.h"
#include "unit/guarded.h"
#include "unit/naive_tokens.h"
#include "unit/test.h"

static bool has_kernel(const struct ng_text_kernel *kernel)
{
  return (kernel->features & ng_cpu_features()) == kernel->features;
}

/* ------------------------------------------------------------ boundaries -- */

#define BOUNDARIES_SIZE_MAX 700

static void check_lower(const char *text, size_t size, const char *lower)
{
  for (size_t i = 0; i < size; i++)
    CHECK_EQ(lower[i],
             text[i] >= 'A' && text[i] <= 'Z' ? text[i] + 0x20 : text[i]);
}

static void check_boundaries(ng_find_boundaries_fn *find, enum ng_tokens kind,
                             const char *text, size_t size)
{
  static uint32_t boundaries[BOUNDARIES_SIZE_MAX + 64];
  static unsigned char odd[BOUNDARIES_SIZE_MAX / 8 + 64];
  static char lower[BOUNDARIES_SIZE_MAX + 64];
  struct ng_boundaries found;
  size_t newlines = 0;
  size_t count = 0;
  bool has_odd = false;
  bool before = true;

  find(text, size, lower, boundaries, odd, &found);
  for (size_t i = 0; i < size; i++) {
    bool splits = naive_is_split_point(kind, text[i]);
    bool is_odd = (signed char)text[i] <= 0;

    if (splits != before && CHECK(count < found.count))
      CHECK_EQ(boundaries[count++], i);
    before = splits;
    newlines += text[i] == '\n';
    has_odd |= is_odd;
    CHECK_EQ(odd[i / 8] >> i % 8 & 1, is_odd);
  }
  CHECK_EQ(found.count, count);
  CHECK_EQ(found.newlines, newlines);
  CHECK_EQ(found.has_odd, has_odd);
  if (kind == NG_TOKENS_LETTERS)
    check_lower(text, size, lower);
}

static void boundary_kernels_find_every_boundary_and_read_no_further(void)
{
  struct guarded guarded = guarded_make(BOUNDARIES_SIZE_MAX + 64);
  const struct ng_text_kernel *kernel;

  for (unsigned round = 0; round < test_rounds(2000); round++) {
    size_t size = random_below(random_once_in(2) ? 80 : BOUNDARIES_SIZE_MAX);
    char *text = (char *)guarded.end - size - 64;

    random_fill(text, size + 64);
    if (!random_once_in(4))
      make_token_text(text, size, 0);
    for (size_t i = 0; (kernel = ng_text_kernel_at(i)); i++) {
      if (!has_kernel(kernel))
        continue;
      NOTE("%s, %zu bytes", kernel->name, size);
      check_boundaries(kernel->boundaries->find_space, NG_TOKENS_SPACE, text,
                       size);
      check_boundaries(kernel->boundaries->find_letters, NG_TOKENS_LETTERS,
                       text, size);
    }
  }
  guarded_free(&guarded);
}

static void every_byte_is_a_split_point_or_not_in_every_kernel(void)
{
  char text[256 + 64] = {0};
  const struct ng_text_kernel *kernel;

  for (unsigned i = 0; i < 256; i++) {
    text[i] = (char)i;
    CHECK_EQ(ng_split_point_is_space(text[i]),
             naive_is_split_point(NG_TOKENS_SPACE, text[i]));
    CHECK_EQ(ng_split_point_is_between_letters(text[i]),
             naive_is_split_point(NG_TOKENS_LETTERS, text[i]));
  }
  for (size_t i = 0; (kernel = ng_text_kernel_at(i)); i++)
    if (has_kernel(kernel)) {
      NOTE("%s", kernel->name);
      check_boundaries(kernel->boundaries->find_space, NG_TOKENS_SPACE, text,
                       256);
      check_boundaries(kernel->boundaries->find_letters, NG_TOKENS_LETTERS,
                       text, 256);
    }
}

/* ----------------------------------------------------------------- words -- */

/* Scan `size` bytes at `text`, whose pads are there. */
static void check_tokens(const struct ng_text_kernel *kernel,
                         enum ng_tokens kind, const char *text, size_t size)
{
  struct bytes got = {.data = NULL};
  struct bytes wanted = {.data = NULL};
  struct ng_scanner_options options = {
      .kernel = kernel, .tokens = kind, .put_words = bytes_add_words};
  struct ng_scanner_result result;
  struct naive_fault fault;
  struct ng_scanner scanner;

  NOTE("%s, tokenizer %d, %zu bytes", kernel->name, (int)kind, size);
  CHECK(ng_scanner_init(&scanner, &options, NULL, &got));
  ng_scanner_scan(&scanner, text, size, &result);
  ng_scanner_free(&scanner);
  naive_tokens(kind, text, size, bytes_add_word, &wanted, &fault);
  CHECK(!result.stopped);
  CHECK_EQ(result.fault.kind, fault.kind);
  if (fault.kind == NG_ROW_OK) {
    CHECK_BYTES(got.data, got.size, wanted.data, wanted.size);
    CHECK_EQ(result.lines, naive_newlines(text, size));
  } else {
    CHECK_EQ(result.fault_start, fault.start);
    CHECK_EQ(result.fault_end, fault.end);
    CHECK_EQ(result.lines, naive_newlines(text, fault.start));
  }
  bytes_free(&got);
  bytes_free(&wanted);
}

/* By every kernel, as the end of memory; the last byte becomes a split point.
 */
static void check_by_all(const char *bytes, size_t size, bool is_long)
{
  struct guarded guarded = guarded_make(size + 2 * NG_TEXT_PAD);
  char *text = (char *)guarded.end - NG_TEXT_PAD - size;
  const struct ng_text_kernel *kernel;

  memcpy(text, bytes, size);
  for (size_t i = 0; (kernel = ng_text_kernel_at(i)); i++)
    if (has_kernel(kernel) && (!is_long || random_once_in(2)))
      for (enum ng_tokens kind = NG_TOKENS_SPACE; kind <= NG_TOKENS_LETTERS;
           kind++) {
        text[size - 1] = random_once_in(2) ? '\n' : ' ';
        check_tokens(kernel, kind, text, size);
      }
  guarded_free(&guarded);
}

static void tokenizers_find_the_words_that_a_naive_one_finds(void)
{
  size_t most = 60000;
  char *text = test_memory(most);

  for (unsigned round = 0; round < test_rounds(1200); round++) {
    size_t wish = random_below(random_once_in(10) ? most : 300);
    size_t bad = random_once_in(2) ? 0 : 1 + random_below(3000);
    size_t size = make_token_text(text, wish, bad);

    if (size > 0)
      check_by_all(text, size, false);
  }
  free(text);
}

/* A tile has 16 KiB: words end, begin and go on at each place around its end.
 */
static void words_across_the_end_of_a_tile_are_found(void)
{
  static const size_t lengths[] = {1, 2, 7, 17, 70, 16384, 40000};
  size_t most = 100000;
  char *text = test_memory(most);

  for (size_t start = 16384 - 70; start < 16384 + 70; start++) {
    size_t length = lengths[random_below(COUNT(lengths))];
    size_t size = start + length + random_below(100) + 2;

    for (size_t i = 0; i < size; i++)
      text[i] = i % 6 == 5 ? ' ' : (char)('a' + i % 26);
    for (size_t i = start; i < start + length; i++)
      text[i] = 'X';
    text[start - 1] = text[start + length] = ' ';
    if (length > 1 && random_once_in(2))
      memcpy(text + start + random_below(length - 1), "\xC3\x89", 2);
    check_by_all(text, size, true);
  }
  free(text);
}

static void words_of_a_mebibyte_are_judged_to_the_byte(void)
{
  size_t most = NG_LINE_MAX + 100;
  char *text = test_memory(most);

  for (size_t length = NG_LINE_MAX - 1; length <= NG_LINE_MAX + 2; length++)
    for (int accented = 0; accented < 2; accented++) {
      memset(text, 'a', most);
      memcpy(text, "b\nc ", 4);
      text[4 + length] = ' ';
      if (accented)
        memcpy(text + 10, "\xC3\x89", 2);
      check_by_all(text, 4 + length + 1, true);
    }
  /* What is short enough may be too long when it has been folded. */
  for (size_t i = 0; i + 1 < NG_LINE_MAX / 2; i += 2)
    memcpy(text + i, "\xCE\x90", 2);
  text[NG_LINE_MAX / 2] = ' ';
  check_by_all(text, NG_LINE_MAX / 2 + 1, true);
  free(text);
}

static void every_code_point_is_a_letter_or_not_and_folds(void)
{
  char *text = test_memory(6 * 0x110000);
  size_t size = 0;

  for (utf8proc_int32_t c = 1; c < 0x110000; c++)
    if (c < 0xD800 || c > 0xDFFF) {
      size += (size_t)utf8proc_encode_char(c, (utf8proc_uint8_t *)text + size);
      text[size++] = "-A "[c % 3];
    }
  check_by_all(text, size, false);
  free(text);
}

static bool refuse_words(void *context, const char *base,
                         const uint32_t *boundaries, size_t count)
{
  (void)base;
  (void)boundaries;
  (void)count;
  return --*(int *)context > 0;
}

static void tokenizers_stop_when_the_taker_says_so(void)
{
  size_t size = 50000;
  char *text = test_memory(size + NG_TEXT_PAD);

  memset(text, 'a', size + NG_TEXT_PAD);
  for (size_t i = 3; i < size; i += 4)
    text[i] = ' ';
  for (int calls = 1; calls < 4; calls++)
    for (enum ng_tokens kind = NG_TOKENS_SPACE; kind <= NG_TOKENS_LETTERS;
         kind++) {
      struct ng_scanner_options options = {.kernel = ng_text_kernel_at(0),
                                           .tokens = kind,
                                           .put_words = refuse_words};
      struct ng_scanner_result result;
      struct ng_scanner scanner;
      int left = calls;

      CHECK(ng_scanner_init(&scanner, &options, NULL, &left));
      ng_scanner_scan(&scanner, text, size, &result);
      CHECK(result.stopped);
      CHECK_EQ(left, 0);
      ng_scanner_free(&scanner);
    }
  free(text);
}

int main(int argc, char **argv)
{
  static const struct test tests[] = {
      TEST(boundary_kernels_find_every_boundary_and_read_no_further),
      TEST(every_byte_is_a_split_point_or_not_in_every_kernel),
      TEST(tokenizers_find_the_words_that_a_naive_one_finds),
      TEST(words_across_the_end_of_a_tile_are_found),
      TEST(words_of_a_mebibyte_are_judged_to_the_byte),
      TEST(every_code_point_is_a_letter_or_not_and_folds),
      TEST(tokenizers_stop_when_the_taker_says_so),
  };

  return test_main(tests, COUNT(tests), argc, argv);
}
