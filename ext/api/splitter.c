/* SPDX-License-Identifier: MIT */
/*
 * struct ngram_splitter: the words of a text in memory, one by one.
 *
 * The text goes through the tokenizer of files (text/tokenizer.h), a piece at a
 * time. A piece is copied, because the tokenizer reads past the end of a text
 * and needs a split point there; all its words are listed before the caller
 * gets the first. A piece ends at a split point, so no word is cut, unless the
 * next split point is too far for a word, which is a fault. A text of at most
 * PIECE_BYTES is one piece.
 *
 * ngram_splitter_begin() borrows a text, and ngram_splitter_next() scans the
 * next piece when the list is used up. The host's poll, if it is set, is asked
 * after every PIECES_BETWEEN pieces that have no word.
 *
 * Memory: the splitter owns the piece, the list and the tokenizer, and uses
 * them for one text after the other. A word that the caller gets points into
 * the list.
 */
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/cpu.h"
#include "fault/fail.h"
#include "scan/plan.h"
#include "text/scanner.h"

/* A few tiles of the tokenizer. */
#define PIECE_BYTES ((size_t)32 << 10)
/* Pieces between two polls: they take a few ms. */
#define PIECES_BETWEEN 64

struct ngram_splitter {
  enum ng_tokens tokens;
  struct ng_tokenizer *tokenizer;
  const char *text; /* that is not scanned yet; borrowed */
  size_t left;      /* bytes of it */
  uint64_t lines;   /* of the text before it */
  char *piece;      /* owned, as `words` and `ends` */
  size_t piece_capacity;
  char *words; /* of the piece, end to end */
  size_t words_size;
  size_t words_capacity;
  size_t *ends; /* of the words, as offsets in `words` */
  size_t count; /* of words */
  size_t ends_capacity;
  size_t next;         /* the word that the caller gets next */
  ngram_poll_fn *poll; /* NULL: none */
  void *poll_context;  /* borrowed */
};

/* An ng_put_words_fn: adds the words to the list. */
static bool list_words(void *context, const char *base,
                       const uint32_t *boundaries, size_t count)
{
  struct ngram_splitter *splitter = context;
  size_t bytes = splitter->words_size;

  for (size_t i = 0; i < 2 * count; i += 2)
    bytes += boundaries[i + 1] - boundaries[i];
  if (!NG_ARRAY_RESERVE(splitter->words, splitter->words_capacity, bytes) ||
      !NG_ARRAY_RESERVE(splitter->ends, splitter->ends_capacity,
                        splitter->count + count))
    return false;
  for (size_t i = 0; i < 2 * count; i += 2) {
    size_t length = boundaries[i + 1] - boundaries[i];

    memcpy(splitter->words + splitter->words_size, base + boundaries[i],
           length);
    splitter->words_size += length;
    splitter->ends[splitter->count++] = splitter->words_size;
  }
  return true;
}

enum ngram_status ngram_splitter_create(enum ngram_tokenizer tokenizer,
                                        struct ngram_splitter **splitter,
                                        struct ngram_error *error)
{
  enum ng_tokens tokens = ng_plan_tokens(tokenizer);
  const struct ng_text_kernel *kernel;
  enum ngram_status status;

  *splitter = NULL;
  if (tokens == NG_TOKENS_NONE)
    return ng_fail(error, NGRAM_BAD_ARGUMENT,
                   "tokenizer is %u, allowed are those for free text",
                   (unsigned)tokenizer);
  status =
      ng_plan_kernel(&kernel, ng_cpu_features(), getenv("NGRAM_KERNEL"), error);
  if (status != NGRAM_OK)
    return status;
  *splitter = calloc(1, sizeof **splitter);
  if (!*splitter)
    return ng_fail_memory(error);
  (*splitter)->tokens = tokens;
  (*splitter)->tokenizer =
      ng_tokenizer_new(tokens, kernel->boundaries, list_words, *splitter);
  if ((*splitter)->tokenizer)
    return NGRAM_OK;
  ngram_splitter_free(*splitter);
  *splitter = NULL;
  return ng_fail_memory(error);
}

void ngram_splitter_set_poll(struct ngram_splitter *splitter,
                             ngram_poll_fn *poll, void *context)
{
  splitter->poll = poll;
  splitter->poll_context = context;
}

void ngram_splitter_begin(struct ngram_splitter *splitter, const char *text,
                          size_t length)
{
  splitter->text = text;
  splitter->left = length;
  splitter->lines = 0;
  splitter->count = 0;
  splitter->next = 0;
}

/* Returns the size of the next piece. It ends after the last split point of
   PIECE_BYTES; if there is none, before the first one that follows; and if that
   is too far for a word, after NG_LINE_MAX + 1 bytes, which is a fault. */
static size_t piece_size(const struct ngram_splitter *splitter)
{
  size_t size = PIECE_BYTES;

  if (splitter->left <= PIECE_BYTES)
    return splitter->left;
  while (size > 0 &&
         !ng_split_point_is(splitter->tokens, splitter->text[size - 1]))
    size--;
  if (size > 0)
    return size;
  size = PIECE_BYTES;
  while (size < splitter->left && size < NG_LINE_MAX + 1 &&
         !ng_split_point_is(splitter->tokens, splitter->text[size]))
    size++;
  return size;
}

/* List the words of the next piece. After an error the text has ended. */
static enum ngram_status scan_piece(struct ngram_splitter *splitter,
                                    struct ngram_error *error)
{
  size_t size = piece_size(splitter);
  struct ng_scanner_result result = {.lines = 0};

  if (!NG_ARRAY_RESERVE(splitter->piece, splitter->piece_capacity,
                        size + 1 + NG_TEXT_PAD))
    return ng_fail_memory(error);
  memcpy(splitter->piece, splitter->text, size);
  splitter->piece[size] = ' '; /* a split point that ends no line */
  memset(splitter->piece + size + 1, 0, NG_TEXT_PAD);
  splitter->words_size = 0;
  splitter->count = 0;
  splitter->next = 0;
  ng_tokenizer_scan(splitter->tokenizer, splitter->piece, size + 1, &result);
  splitter->text += size;
  splitter->left -= size;
  splitter->lines += result.lines;
  if (result.fault.kind == NG_ROW_OK && !result.stopped)
    return NGRAM_OK;
  splitter->left = 0;
  splitter->count = 0;
  if (result.stopped)
    return ng_fail_memory(error);
  return ng_fail_row(error, "text", splitter->lines + 1, &result.fault);
}

enum ngram_status ngram_splitter_next(struct ngram_splitter *splitter,
                                      struct ngram_word *word, int *more,
                                      struct ngram_error *error)
{
  size_t start;
  size_t pieces = 0;

  *more = 0;
  while (splitter->next == splitter->count) {
    enum ngram_status status;

    if (splitter->left == 0)
      return NGRAM_OK;
    if (++pieces % PIECES_BETWEEN == 0 && splitter->poll &&
        splitter->poll(splitter->poll_context))
      return ng_fail_interrupted(error);
    status = scan_piece(splitter, error);
    if (status != NGRAM_OK)
      return status;
  }
  start = splitter->next > 0 ? splitter->ends[splitter->next - 1] : 0;
  word->bytes = splitter->words + start;
  word->length = splitter->ends[splitter->next++] - start;
  *more = 1;
  return NGRAM_OK;
}

void ngram_splitter_free(struct ngram_splitter *splitter)
{
  if (!splitter)
    return;
  ng_tokenizer_free(splitter->tokenizer);
  free(splitter->piece);
  free(splitter->words);
  free(splitter->ends);
  free(splitter);
}
