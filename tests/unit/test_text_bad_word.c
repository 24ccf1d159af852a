/* SPDX-License-Identifier: MIT */
/*
 * Tests of bad words that are left out: every kernel and
 * tokenizer leaves out those that a naive reader does, and no other.
 */
#include "base/cpu.h"
#include "text/scanner.h"
#include "unit/guarded.h"
#include "unit/naive_good_tokens.h"
#include "unit/test.h"

/* Scan `size` bytes at `text`, whose pads are there. */
static void check_good_tokens(const struct ng_text_kernel *kernel,
                              enum ng_tokens kind, const char *text,
                              size_t size)
{
  struct bytes got = {.data = NULL};
  struct bytes wanted = {.data = NULL};
  struct ng_scanner_options options = {.kernel = kernel,
                                       .tokens = kind,
                                       .skip_bad_rows = true,
                                       .put_words = bytes_add_words};
  struct ng_scanner_result result;
  struct ng_scanner scanner;
  uint64_t skipped;

  NOTE("%s, tokenizer %d, %zu bytes", kernel->name, (int)kind, size);
  CHECK(ng_scanner_init(&scanner, &options, NULL, &got));
  ng_scanner_scan(&scanner, text, size, &result);
  ng_scanner_free(&scanner);
  skipped = naive_good_tokens(kind, text, size, bytes_add_word, &wanted);
  CHECK(!result.stopped);
  CHECK_EQ(result.fault.kind, NG_ROW_OK);
  CHECK_EQ(result.skipped, skipped);
  CHECK_EQ(result.lines, naive_newlines(text, size));
  CHECK_BYTES(got.data, got.size, wanted.data, wanted.size);
  bytes_free(&got);
  bytes_free(&wanted);
}

/* By every kernel and tokenizer, as the end of memory; a split point is put
   after it. */
static void check_good_by_all(const char *bytes, size_t size)
{
  struct guarded guarded = guarded_make(size + 1 + 2 * NG_TEXT_PAD);
  char *text = (char *)guarded.end - NG_TEXT_PAD - size - 1;
  const struct ng_text_kernel *kernel;

  memcpy(text, bytes, size);
  text[size] = '\n';
  for (size_t i = 0; (kernel = ng_text_kernel_at(i)); i++)
    if ((kernel->features & ng_cpu_features()) == kernel->features)
      for (enum ng_tokens kind = NG_TOKENS_SPACE; kind <= NG_TOKENS_LETTERS;
           kind++)
        check_good_tokens(kernel, kind, text, size + 1);
  guarded_free(&guarded);
}

static void bad_words_are_left_out_as_by_a_naive_reader(void)
{
  size_t most = 60000;
  char *text = test_memory(most);

  for (unsigned round = 0; round < test_rounds(800) && !test_state.failed;
       round++) {
    size_t wish = random_below(random_once_in(10) ? most : 300);

    check_good_by_all(text, make_token_text(text, wish, 1 + random_below(200)));
  }
  free(text);
}

/* Each bad sequence before, within and after words of one letter to some,
   so that it is also at every place of a window; and around the end of a tile,
   which has 16 KiB. */
static void bad_bytes_at_every_place_of_a_word_are_seen(void)
{
  static const char word[] = "caf\xC3\xA9\xE4\xB8\xAD";
  static const size_t starts[] = {0, 1, 30, 16384 - 70, 16384 - 12, 16384 - 3};
  char *text = test_memory(16384 + 200);

  for (size_t bad = 0; bad < COUNT(bad_pieces); bad++)
    for (size_t start = 0; start < COUNT(starts); start++)
      for (size_t at = 0; at < sizeof word && !test_state.failed; at++) {
        const struct bad_piece *piece = &bad_pieces[bad];
        size_t size = starts[start];

        memset(text, 'x', size);
        if (size > 0)
          text[size - 1] = random_once_in(2) ? ' ' : 'y';
        memcpy(text + size, word, at);
        memcpy(text + size + at, piece->bytes, piece->size);
        size += at + piece->size;
        memcpy(text + size, word + at, sizeof word - 1 - at);
        size += sizeof word - 1 - at;
        memcpy(text + size, " au lait", 8);
        NOTE("bad %zu at %zu of the word at %zu", bad, at, starts[start]);
        check_good_by_all(text, size + (random_once_in(2) ? 8 : 0));
      }
  free(text);
}

static const struct {
  const char *text;
  size_t size;
  enum ng_tokens kind;
  const char *words; /* each with a space after it */
  uint64_t skipped;
} bad_cases[] = {
    {"caf\xE9 au lait ", 13, NG_TOKENS_SPACE, "au lait ", 1},
    {"caf\xE9 au lait ", 13, NG_TOKENS_LETTERS, "au lait ", 1},
    {"\xE9t\xE9 ", 4, NG_TOKENS_LETTERS, "", 1},
    {"l'\xE9t\xE9, Ete ", 11, NG_TOKENS_SPACE, "Ete ", 1},
    {"l'\xE9t\xE9, Ete ", 11, NG_TOKENS_LETTERS, "l ete ", 1},
    {"a\xE2\x80\x94"
     "b\xFF\xE2\x80\x94"
     "c ",
     10, NG_TOKENS_LETTERS, "a c ", 1},
    {"a\xE2\x80\x94"
     "b\xFF\xE2\x80\x94"
     "c ",
     10, NG_TOKENS_SPACE, "", 1},
    {"\xFF \xFF\xFE-\xC3 x ", 9, NG_TOKENS_LETTERS, "x ", 3},
    {"h\0i\0 x ", 7, NG_TOKENS_LETTERS, "x ", 1},
    {"h\0i\0 x ", 7, NG_TOKENS_SPACE, "x ", 1},
    {"\xC3\xC3\xA9 \xC3\xA9 ", 7, NG_TOKENS_LETTERS, "\xC3\xA9 ", 1},
};

static void put_spaced(void *context, const char *word, size_t length)
{
  bytes_add(context, word, length);
  bytes_add_text(context, " ");
}

static bool put_all_spaced(void *context, const char *base,
                           const uint32_t *boundaries, size_t count)
{
  for (; count > 0; boundaries += 2, count--)
    put_spaced(context, base + boundaries[0], boundaries[1] - boundaries[0]);
  return true;
}

/* What is left of some texts, by the scanner and by the naive reader. */
static void words_with_a_bad_byte_are_left_out_whole(void)
{
  for (size_t i = 0; i < COUNT(bad_cases); i++) {
    char text[64 + 2 * NG_TEXT_PAD] = {0};
    struct bytes got = {.data = NULL};
    struct bytes naive = {.data = NULL};
    size_t size = bad_cases[i].size;
    struct ng_scanner_options options = {.kernel = ng_text_kernel_at(0),
                                         .tokens = bad_cases[i].kind,
                                         .skip_bad_rows = true,
                                         .put_words = put_all_spaced};
    struct ng_scanner_result result;
    struct ng_scanner scanner;

    NOTE("case %zu", i);
    memcpy(text + NG_TEXT_PAD, bad_cases[i].text, size);
    CHECK(ng_scanner_init(&scanner, &options, NULL, &got));
    ng_scanner_scan(&scanner, text + NG_TEXT_PAD, size, &result);
    ng_scanner_free(&scanner);
    CHECK_EQ(result.skipped, bad_cases[i].skipped);
    CHECK_BYTES(got.data, got.size, bad_cases[i].words,
                strlen(bad_cases[i].words));
    CHECK_EQ(naive_good_tokens(bad_cases[i].kind, text + NG_TEXT_PAD, size,
                               put_spaced, &naive),
             bad_cases[i].skipped);
    CHECK_BYTES(naive.data, naive.size, bad_cases[i].words,
                strlen(bad_cases[i].words));
    bytes_free(&got);
    bytes_free(&naive);
  }
}

/* Of a MiB and more, as it stands or folded; bad and good words after it. */
static void long_words_are_left_out_to_the_byte(void)
{
  char *text = test_memory(NG_LINE_MAX + 100);

  for (size_t extra = 0; extra < 3; extra++) {
    size_t size = NG_LINE_MAX - 1 + extra;

    memset(text, 'a', size);
    memcpy(text + size, " b \x80 c", 7);
    check_good_by_all(text, size + 7);
    text[size / 2] = '\xFF';
    check_good_by_all(text, size + 7);
  }
  for (size_t i = 0; i + 1 < NG_LINE_MAX; i += 2)
    memcpy(text + i, "\xCE\x90", 2);
  memcpy(text + NG_LINE_MAX - 300000, "\xE2\x80\x94", 3);
  text[NG_LINE_MAX - 299997] = 'x'; /* and all after it is bad */
  memcpy(text + NG_LINE_MAX, " b", 2);
  check_good_by_all(text, NG_LINE_MAX + 2);
  memcpy(text + NG_LINE_MAX - 299998, "\x94xx", 3);
  check_good_by_all(text, NG_LINE_MAX + 2);
  free(text);
}

int main(int argc, char **argv)
{
  static const struct test tests[] = {
      TEST(bad_words_are_left_out_as_by_a_naive_reader),
      TEST(bad_bytes_at_every_place_of_a_word_are_seen),
      TEST(words_with_a_bad_byte_are_left_out_whole),
      TEST(long_words_are_left_out_to_the_byte),
  };

  return test_main(tests, COUNT(tests), argc, argv);
}
