/* SPDX-License-Identifier: MIT */
/*
 * fuzz_words.c - any bytes as free text: every kernel and both tokenizers find
 * the words and the fault that a naive reader finds
 * (tests/unit/naive_tokens.h), and so does the splitter, which takes the text
 * in pieces; or, where bad words are left out, the good ones.
 */
#include "base/cpu.h"
#include "ngram.h"
#include "text/scanner.h"
#include "unit/bytes.h"
#include "unit/naive_good_tokens.h"

static void must(bool condition)
{
  if (!condition || test_state.failed)
    abort();
}

/* `text` has its pads, and a split point after its end. */
static void scan(enum ng_tokens tokens, const struct ng_text_kernel *kernel,
                 const char *text, size_t size, const struct bytes *wanted,
                 const struct naive_fault *fault)
{
  struct bytes got = {.data = NULL};
  struct ng_scanner_options options = {
      .kernel = kernel, .tokens = tokens, .put_words = bytes_add_words};
  struct ng_scanner_result result;
  struct ng_scanner scanner;

  must(ng_scanner_init(&scanner, &options, NULL, &got));
  ng_scanner_scan(&scanner, text, size + 1, &result);
  ng_scanner_free(&scanner);
  CHECK_EQ(result.fault.kind, fault->kind);
  if (fault->kind == NG_ROW_OK)
    CHECK_BYTES(got.data, got.size, wanted->data, wanted->size);
  else
    CHECK_EQ(result.fault_start, fault->start);
  bytes_free(&got);
  must(true);
}

/* The same, where `skipped` bad words are left out. */
static void scan_good(enum ng_tokens tokens,
                      const struct ng_text_kernel *kernel, const char *text,
                      size_t size, const struct bytes *wanted, uint64_t skipped)
{
  struct bytes got = {.data = NULL};
  struct ng_scanner_options options = {.kernel = kernel,
                                       .tokens = tokens,
                                       .skip_bad_rows = true,
                                       .put_words = bytes_add_words};
  struct ng_scanner_result result;
  struct ng_scanner scanner;

  must(ng_scanner_init(&scanner, &options, NULL, &got));
  ng_scanner_scan(&scanner, text, size + 1, &result);
  ng_scanner_free(&scanner);
  CHECK_EQ(result.fault.kind, NG_ROW_OK);
  CHECK_EQ(result.skipped, skipped);
  CHECK_BYTES(got.data, got.size, wanted->data, wanted->size);
  bytes_free(&got);
  must(true);
}

static void split(enum ngram_tokenizer tokenizer, const char *text, size_t size,
                  const struct bytes *wanted, const struct naive_fault *fault)
{
  struct bytes got = {.data = NULL};
  struct ngram_splitter *splitter;
  struct ngram_word word;
  enum ngram_status status;
  int more = 1;

  must(ngram_splitter_create(tokenizer, &splitter, NULL) == NGRAM_OK);
  ngram_splitter_begin(splitter, text, size);
  do {
    status = ngram_splitter_next(splitter, &word, &more, NULL);
    if (more)
      bytes_add_word(&got, word.bytes, word.length);
  } while (status == NGRAM_OK && more);
  ngram_splitter_free(splitter);
  must((status == NGRAM_OK) == (fault->kind == NG_ROW_OK));
  if (status == NGRAM_OK)
    CHECK_BYTES(got.data, got.size, wanted->data, wanted->size);
  bytes_free(&got);
  must(true);
}

static void compare_good(enum ng_tokens tokens, const char *text, size_t size)
{
  struct bytes wanted = {.data = NULL};
  const struct ng_text_kernel *kernel;
  uint64_t skipped =
      naive_good_tokens(tokens, text, size, bytes_add_word, &wanted);

  for (size_t i = 0; (kernel = ng_text_kernel_at(i)); i++)
    if ((kernel->features & ng_cpu_features()) == kernel->features)
      scan_good(tokens, kernel, text, size, &wanted, skipped);
  bytes_free(&wanted);
}

static void compare(enum ng_tokens tokens, enum ngram_tokenizer tokenizer,
                    const char *text, size_t size)
{
  struct bytes wanted = {.data = NULL};
  const struct ng_text_kernel *kernel;
  struct naive_fault fault;

  naive_tokens(tokens, text, size, bytes_add_word, &wanted, &fault);
  for (size_t i = 0; (kernel = ng_text_kernel_at(i)); i++)
    if ((kernel->features & ng_cpu_features()) == kernel->features)
      scan(tokens, kernel, text, size, &wanted, &fault);
  split(tokenizer, text, size, &wanted, &fault);
  bytes_free(&wanted);
  compare_good(tokens, text, size);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The first byte says how often the rest is repeated, so that short inputs
   reach the ends of tiles and pieces. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  size_t times = size > 0 && data[0] > 200 ? 40u * (data[0] - 200u) : 1;
  size_t all = size > 0 ? times * (size - 1) : 0;
  char *memory;

  if (size == 0 || all > 200000)
    return 0;
  memory = test_memory(all + 1 + 2 * NG_TEXT_PAD);
  memset(memory, 0, all + 1 + 2 * NG_TEXT_PAD);
  for (size_t i = 0; i < times && size > 1; i++)
    memcpy(memory + NG_TEXT_PAD + i * (size - 1), data + 1, size - 1);
  memory[NG_TEXT_PAD + all] = '\n';
  compare(NG_TOKENS_SPACE, NGRAM_TOKENIZER_SPACE, memory + NG_TEXT_PAD, all);
  compare(NG_TOKENS_LETTERS, NGRAM_TOKENIZER_UNICODE, memory + NG_TEXT_PAD,
          all);
  free(memory);
  return 0;
}
