/* SPDX-License-Identifier: MIT */
/*
 * How free text is scanned.
 *
 * The text is taken in tiles that stay in the first-level cache. A kernel finds
 * the edges of a tile's words (edges.c), and where all of it is ASCII, these
 * are the words, to be passed on as they are: of `letters`, as they stand in
 * the tile's copy in lower case, for ASCII folds by that alone. In a tile with
 * other bytes, what stands between two seams is looked at one by one, and only
 * where it has such bytes with care. What is bad there is looked at byte by
 * byte where bad words are left out.
 *
 * A tile ends behind a seam: a word that is cut off is left to the next tile.
 * One that is longer than a tile is found by looking for its end.
 */
#include "text/tokens.h"

#include <stdlib.h>
#include <string.h>

#include "base/le.h"
#include "text/letters.h"
#include "text/scan.h"
#include "text/word.h"

/* As in scan.c. */
#define TILE_BYTES ((size_t)16 << 10)
/* What a kernel may write behind its results. */
#define SPARE 64
/* Readable behind each word. */
#define WORD_PAD 16

/* ------------------------------------------------------------ life cycle -- */

static bool reserve_folded(struct ng_tokenizer *tokenizer, size_t text_bytes)
{
  size_t capacity = NG_FOLD_GROWTH * text_bytes + WORD_PAD;
  char *folded;
  uint32_t *edges;

  if (capacity <= tokenizer->folded_capacity)
    return true;
  /* A word has a byte, and something between it and the next one. */
  edges = realloc(tokenizer->folded_edges,
                  (text_bytes + 2) * sizeof *tokenizer->folded_edges);
  if (!edges)
    return false;
  tokenizer->folded_edges = edges;
  folded = realloc(tokenizer->folded, capacity);
  if (!folded)
    return false;
  memset(folded + tokenizer->folded_capacity, 0,
         capacity - tokenizer->folded_capacity);
  tokenizer->folded = folded;
  tokenizer->folded_capacity = capacity;
  return true;
}

static bool tokenizer_init(struct ng_tokenizer *tokenizer,
                           const struct ng_edge_kernel *kernel)
{
  tokenizer->find_edges = kernel->find_space;
  tokenizer->edges = malloc((TILE_BYTES + SPARE) * sizeof(uint32_t));
  tokenizer->odd = calloc(1, TILE_BYTES / 8 + SPARE);
  if (!tokenizer->edges || !tokenizer->odd)
    return false;
  if (tokenizer->kind != NG_TOKENS_LETTERS)
    return true;
  tokenizer->find_edges = kernel->find_letters;
  tokenizer->lower = malloc(TILE_BYTES + SPARE);
  return tokenizer->lower && reserve_folded(tokenizer, TILE_BYTES);
}

struct ng_tokenizer *ng_tokenizer_new(enum ng_tokens kind,
                                      const struct ng_edge_kernel *kernel,
                                      ng_put_words_fn *put_words, void *context)
{
  struct ng_tokenizer *tokenizer = calloc(1, sizeof *tokenizer);

  if (!tokenizer)
    return NULL;
  tokenizer->kind = kind;
  tokenizer->put_words = put_words;
  tokenizer->context = context;
  if (!tokenizer_init(tokenizer, kernel)) {
    ng_tokenizer_free(tokenizer);
    return NULL;
  }
  return tokenizer;
}

void ng_tokenizer_free(struct ng_tokenizer *tokenizer)
{
  if (!tokenizer)
    return;
  free(tokenizer->edges);
  free(tokenizer->odd);
  free(tokenizer->lower);
  free(tokenizer->folded);
  free(tokenizer->folded_edges);
  free(tokenizer);
}

/* ----------------------------------------------------------------- seams -- */

bool ng_tokens_is_seam(enum ng_tokens kind, char byte)
{
  switch (kind) {
  case NG_TOKENS_SPACE:
    return ng_is_space(byte);
  case NG_TOKENS_LETTERS:
    return ng_is_between_letters(byte);
  case NG_TOKENS_NONE:
    break;
  }
  return byte == '\n';
}

bool ng_tokens_find_seams(enum ng_tokens kind, const char *text, size_t size,
                          size_t *behind_first, size_t *behind_last)
{
  size_t first = 0;
  size_t end = size;

  while (first < size && !ng_tokens_is_seam(kind, text[first]))
    first++;
  if (first == size)
    return false;
  while (!ng_tokens_is_seam(kind, text[end - 1]))
    end--;
  *behind_first = first + 1;
  *behind_last = end;
  return true;
}

/* ------------------------------------------------------------------ scan -- */

/* The state of one scan. */
struct token_scan {
  struct ng_tokenizer *tokenizer;
  struct ng_scan_result *result;
  const char *text; /* all of it */
  const char *tile;
};

static bool put(struct token_scan *scan, const char *base,
                const uint32_t *edges, size_t count)
{
  struct ng_tokenizer *tokenizer = scan->tokenizer;

  if (count > 0 &&
      !tokenizer->put_words(tokenizer->context, base, edges, count))
    scan->result->stopped = true;
  return !scan->result->stopped;
}

static NG_COLD bool fail(struct token_scan *scan, enum ng_row_fault_kind kind,
                         const char *start, size_t length)
{
  struct ng_scan_result *result = scan->result;

  result->fault = (struct ng_row_fault){.kind = kind};
  result->fault_start = (size_t)(start - scan->text);
  result->fault_end = result->fault_start + length;
  result->lines += ng_count_newlines(scan->tile, (size_t)(start - scan->tile));
  return false;
}

/* What is wrong with what stands between two seams. */
static enum ng_row_fault_kind judge(const char *start, size_t length)
{
  return length <= NG_LINE_MAX ? ng_row_check_word(start, length)
                               : NG_ROW_WORD_TOO_LONG;
}

/* Leave a bad word out, between these seams. False: it is a fault. */
static NG_COLD bool leave_out(struct token_scan *scan,
                              enum ng_row_fault_kind kind, const char *start,
                              size_t length)
{
  if (!scan->tokenizer->skips_bad)
    return fail(scan, kind, start, length);
  scan->result->skipped++;
  return true;
}

/* Whether a part of the tile may have odd bytes. */
static inline bool may_be_odd(const unsigned char *odd, uint32_t from,
                              uint32_t to)
{
  uint64_t bits = ng_le_load64((const char *)odd + from / 8) >> from % 8;

  return to - from > 57 || (bits & ((1ull << (to - from)) - 1)) != 0;
}

static void begin_folded(struct ng_tokenizer *tokenizer)
{
  tokenizer->folded_size = 0;
  tokenizer->folded_count = 0;
}

static inline void add_folded(struct ng_tokenizer *tokenizer, size_t end)
{
  uint32_t *edges = tokenizer->folded_edges + 2 * tokenizer->folded_count++;

  edges[0] = (uint32_t)tokenizer->folded_size;
  edges[1] = (uint32_t)end;
  tokenizer->folded_size = end;
}

/* Append what is in lower case already. */
static inline void copy_folded(struct ng_tokenizer *tokenizer, const char *word,
                               size_t length)
{
  char *to = tokenizer->folded + tokenizer->folded_size;

  if (NG_LIKELY(length <= 16)) {
    ng_le_store64(to, ng_le_load64(word));
    ng_le_store64(to + 8, ng_le_load64(word + 8));
  } else {
    memcpy(to, word, length);
  }
  add_folded(tokenizer, tokenizer->folded_size + length);
}

/* Append the words between two seams, folded; all is good UTF-8. False: a
   fault. */
static bool fold_good(struct token_scan *scan, const char *start, size_t length)
{
  struct ng_tokenizer *tokenizer = scan->tokenizer;
  const char *at = start;
  const char *stop = start + length;

  while (at < stop) {
    char *out = tokenizer->folded + tokenizer->folded_size;
    size_t end;

    while (at < stop && ng_letters_take(&at, &out))
      ;
    end = (size_t)(out - tokenizer->folded);
    if (NG_LIKELY(end - tokenizer->folded_size <= NG_LINE_MAX)) {
      if (end > tokenizer->folded_size)
        add_folded(tokenizer, end);
    } else if (!leave_out(scan, NG_ROW_WORD_TOO_LONG, start, length)) {
      return false;
    }
  }
  return true;
}

/* Append the next word of what is not all good, from *at on, which moves behind
   it and what ends it. False: it is bad. */
static bool fold_next(struct ng_tokenizer *tokenizer, const char **at,
                      const char *stop)
{
  char *out = tokenizer->folded + tokenizer->folded_size;
  bool good = true;
  size_t end;

  while (*at < stop)
    if (**at == '\0' || ng_utf8_sequence(*at, (size_t)(stop - *at)) == 0) {
      good = false;
      ++*at;
    } else if (!ng_letters_take(at, &out)) {
      break;
    }
  end = (size_t)(out - tokenizer->folded);
  if (!good || end - tokenizer->folded_size > NG_LINE_MAX)
    return false;
  if (end > tokenizer->folded_size)
    add_folded(tokenizer, end);
  return true;
}

/* Append the good ones of the words between two seams, folded. False: a fault.
 */
static bool fold_words(struct token_scan *scan, const char *start,
                       size_t length)
{
  enum ng_row_fault_kind kind = judge(start, length);
  const char *at = start;

  if (NG_LIKELY(kind == NG_ROW_OK))
    return fold_good(scan, start, length);
  if (kind == NG_ROW_WORD_TOO_LONG || !scan->tokenizer->skips_bad)
    return leave_out(scan, kind, start, length);
  while (at < start + length)
    if (!fold_next(scan->tokenizer, &at, start + length))
      scan->result->skipped++;
  return true;
}

/* Leave bad words out of the edges; *count becomes how many are left. False: a
   fault. */
static bool check_words(struct token_scan *scan, size_t *count)
{
  uint32_t *edges = scan->tokenizer->edges;
  size_t good = 0;

  for (size_t i = 0; i < 2 * *count; i += 2) {
    const char *start = scan->tile + edges[i];
    size_t length = edges[i + 1] - edges[i];
    enum ng_row_fault_kind kind = NG_ROW_OK;

    if (may_be_odd(scan->tokenizer->odd, edges[i], edges[i + 1]))
      kind = judge(start, length);
    if (NG_LIKELY(kind == NG_ROW_OK)) {
      edges[good++] = edges[i];
      edges[good++] = edges[i + 1];
    } else if (!leave_out(scan, kind, start, length)) {
      return false;
    }
  }
  *count = good / 2;
  return true;
}

/* Fold what is between the edges. False: a fault. */
static bool fold_tile(struct token_scan *scan, size_t count)
{
  struct ng_tokenizer *tokenizer = scan->tokenizer;
  const uint32_t *edges = tokenizer->edges;

  begin_folded(tokenizer);
  for (size_t i = 0; i < 2 * count; i += 2) {
    size_t length = edges[i + 1] - edges[i];
    const char *start = scan->tile + edges[i];

    if (!may_be_odd(tokenizer->odd, edges[i], edges[i + 1]))
      copy_folded(tokenizer, tokenizer->lower + edges[i], length);
    else if (!fold_words(scan, start, length))
      return false;
  }
  return true;
}

/* False: the scan ends. */
static bool take_tile(struct token_scan *scan, size_t count, bool has_odd)
{
  struct ng_tokenizer *tokenizer = scan->tokenizer;
  bool folds = tokenizer->kind == NG_TOKENS_LETTERS;

  if (has_odd && folds)
    return fold_tile(scan, count) &&
           put(scan, tokenizer->folded, tokenizer->folded_edges,
               tokenizer->folded_count);
  if (has_odd && !check_words(scan, &count))
    return false;
  return put(scan, folds ? tokenizer->lower : scan->tile, tokenizer->edges,
             count);
}

/* What begins the tile and is longer, up to the next seam. False: the scan
   ends. */
static NG_COLD bool take_long(struct token_scan *scan, size_t length)
{
  struct ng_tokenizer *tokenizer = scan->tokenizer;
  uint32_t edges[2] = {0, (uint32_t)length};

  if (tokenizer->kind != NG_TOKENS_LETTERS) {
    enum ng_row_fault_kind kind = judge(scan->tile, length);

    return kind == NG_ROW_OK ? put(scan, scan->tile, edges, 1)
                             : leave_out(scan, kind, scan->tile, length);
  }
  if (length <= NG_LINE_MAX && !reserve_folded(tokenizer, length)) {
    scan->result->stopped = true;
    return false;
  }
  begin_folded(tokenizer);
  return fold_words(scan, scan->tile, length) &&
         put(scan, tokenizer->folded, tokenizer->folded_edges,
             tokenizer->folded_count);
}

void ng_tokens_scan(struct ng_tokenizer *tokenizer, const char *text,
                    size_t size, struct ng_scan_result *result)
{
  struct token_scan scan = {tokenizer, result, text, text};
  size_t at = 0;
  bool ok = true;

  while (ok && at < size) {
    size_t used = size - at < TILE_BYTES ? size - at : TILE_BYTES;
    struct ng_edges found;

    scan.tile = text + at;
    tokenizer->find_edges(scan.tile, used, tokenizer->lower, tokenizer->edges,
                          tokenizer->odd, &found);
    if (found.count % 2)
      used = tokenizer->edges[--found.count];
    if (NG_LIKELY(used > 0)) {
      ok = take_tile(&scan, found.count / 2, found.has_odd);
    } else {
      while (at + used < size &&
             !ng_tokens_is_seam(tokenizer->kind, scan.tile[used]))
        used++;
      ok = take_long(&scan, used);
    }
    if (ok)
      result->lines += found.newlines;
    at += used;
  }
}
