/* SPDX-License-Identifier: MIT */
/*
 * How free text is scanned.
 *
 * The text is taken in tiles that stay in the first-level cache. A kernel finds
 * the boundaries of a tile's stretches (boundaries.c); a stretch is what stands
 * between two split points. If a tile has no odd byte (NUL or above 127), each
 * stretch is a word, and put_words() gets them from the text; for `letters`, it
 * gets them from the tile's copy in lower case, which in ASCII is all of case
 * folding. In a tile with odd bytes each stretch is tested for them. Only a
 * stretch that has some, or is long, is checked and, for `letters`, folded code
 * point by code point (case_folding.c): it may be several words, or none. If
 * bad words are left out, a bad stretch of `letters` is read byte by byte for
 * its good words.
 *
 * A tile ends after a split point: a stretch that is cut off is left to the
 * next tile. The end of a stretch that is longer than a tile is searched for.
 *
 * scanner.c calls ng_tokenizer_scan() for blocks of a file, and api/splitter.c
 * for texts in memory. The tokenizer owns the lists and copies of a tile.
 */
#include "text/tokenizer.h"

#include <stdlib.h>
#include <string.h>

#include "base/hints.h"
#include "base/le.h"
#include "text/case_folding.h"
#include "text/delimiters.h"
#include "text/utf8.h"

/* As in scanner.c. */
#define TILE_BYTES ((size_t)16 << 10)
/* What a kernel may write after its results. */
#define SPARE 64
/* Readable after each word. */
#define WORD_PAD 16

/* ------------------------------------------------------------ life cycle -- */

/* Make room for the words of `text_bytes` bytes, folded. Returns false if there
   is no memory. */
static bool reserve_folded(struct ng_tokenizer *tokenizer, size_t text_bytes)
{
  size_t capacity = NG_FOLD_GROWTH * text_bytes + WORD_PAD;
  char *folded;
  uint32_t *boundaries;

  if (capacity <= tokenizer->folded_capacity)
    return true;
  /* A word has at least one byte, and so has the gap to the next one. */
  boundaries = realloc(tokenizer->folded_boundaries,
                       (text_bytes + 2) * sizeof *tokenizer->folded_boundaries);
  if (!boundaries)
    return false;
  tokenizer->folded_boundaries = boundaries;
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
                           const struct ng_boundary_kernel *kernel)
{
  tokenizer->find_boundaries = kernel->find_space;
  tokenizer->boundaries = malloc((TILE_BYTES + SPARE) * sizeof(uint32_t));
  tokenizer->odd = calloc(1, TILE_BYTES / 8 + SPARE);
  if (!tokenizer->boundaries || !tokenizer->odd)
    return false;
  if (tokenizer->kind != NG_TOKENS_LETTERS)
    return true;
  tokenizer->find_boundaries = kernel->find_letters;
  tokenizer->lower = malloc(TILE_BYTES + SPARE);
  return tokenizer->lower && reserve_folded(tokenizer, TILE_BYTES);
}

struct ng_tokenizer *ng_tokenizer_new(enum ng_tokens kind,
                                      const struct ng_boundary_kernel *kernel,
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
  free(tokenizer->boundaries);
  free(tokenizer->odd);
  free(tokenizer->lower);
  free(tokenizer->folded);
  free(tokenizer->folded_boundaries);
  free(tokenizer);
}

/* ------------------------------------------------------------------ scan -- */

/* The state of one scan. */
struct token_scan {
  struct ng_tokenizer *tokenizer;
  struct ng_scanner_result *result;
  const char *text; /* all of it */
  const char *tile;
};

/* Put words. Returns false if the scan is stopped. */
static bool put(struct token_scan *scan, const char *base,
                const uint32_t *boundaries, size_t count)
{
  struct ng_tokenizer *tokenizer = scan->tokenizer;

  if (count > 0 &&
      !tokenizer->put_words(tokenizer->context, base, boundaries, count))
    scan->result->stopped = true;
  return !scan->result->stopped;
}

/* Set the fault, and count the newlines of the tile before it. Returns false.
 */
static NG_COLD bool fail(struct token_scan *scan, enum ng_row_fault_kind kind,
                         const char *start, size_t length)
{
  struct ng_scanner_result *result = scan->result;

  result->fault = (struct ng_row_fault){.kind = kind};
  result->fault_start = (size_t)(start - scan->text);
  result->fault_end = result->fault_start + length;
  result->lines +=
      ng_delimiters_count_newlines(scan->tile, (size_t)(start - scan->tile));
  return false;
}

/* The fault of what stands between two split points. */
static enum ng_row_fault_kind judge(const char *start, size_t length)
{
  return length <= NG_LINE_MAX ? ng_line_check_word(start, length)
                               : NG_ROW_WORD_TOO_LONG;
}

/* Leave out a bad word, or what stands between two split points. Returns false
   if bad words are faults. */
static NG_COLD bool leave_out(struct token_scan *scan,
                              enum ng_row_fault_kind kind, const char *start,
                              size_t length)
{
  if (!scan->tokenizer->skips_bad)
    return fail(scan, kind, start, length);
  scan->result->skipped++;
  return true;
}

/* Whether a part of the tile may have odd bytes. A part of more than 57 bytes
   is taken to have some. */
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
  uint32_t *boundaries =
      tokenizer->folded_boundaries + 2 * tokenizer->folded_count++;

  boundaries[0] = (uint32_t)tokenizer->folded_size;
  boundaries[1] = (uint32_t)end;
  tokenizer->folded_size = end;
}

/* Append a word that is in lower case already. */
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

/* Append the words between two split points, folded; all is valid UTF-8.
   Returns false at a fault. */
static bool fold_good(struct token_scan *scan, const char *start, size_t length)
{
  struct ng_tokenizer *tokenizer = scan->tokenizer;
  const char *at = start;
  const char *stop = start + length;

  while (at < stop) {
    char *out = tokenizer->folded + tokenizer->folded_size;
    size_t end;

    while (at < stop && ng_case_folding_next(&at, &out))
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

/* Append the next word of a stretch that is not all good, folded. The word
   begins at *at, which is moved after it and the code point that ends it.
   Returns false if the word is bad. */
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
    } else if (!ng_case_folding_next(at, &out)) {
      break;
    }
  end = (size_t)(out - tokenizer->folded);
  if (!good || end - tokenizer->folded_size > NG_LINE_MAX)
    return false;
  if (end > tokenizer->folded_size)
    add_folded(tokenizer, end);
  return true;
}

/* Append the good words between two split points, folded. Returns false at a
   fault. */
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

/* Remove bad words from the boundaries; *count becomes the number of words that
   are left. Returns false at a fault. */
static bool check_words(struct token_scan *scan, size_t *count)
{
  uint32_t *boundaries = scan->tokenizer->boundaries;
  size_t good = 0;

  for (size_t i = 0; i < 2 * *count; i += 2) {
    const char *start = scan->tile + boundaries[i];
    size_t length = boundaries[i + 1] - boundaries[i];
    enum ng_row_fault_kind kind = NG_ROW_OK;

    if (may_be_odd(scan->tokenizer->odd, boundaries[i], boundaries[i + 1]))
      kind = judge(start, length);
    if (NG_LIKELY(kind == NG_ROW_OK)) {
      boundaries[good++] = boundaries[i];
      boundaries[good++] = boundaries[i + 1];
    } else if (!leave_out(scan, kind, start, length)) {
      return false;
    }
  }
  *count = good / 2;
  return true;
}

/* Fold the words of a tile, of which there are `count` stretches. Returns false
   at a fault. */
static bool fold_tile(struct token_scan *scan, size_t count)
{
  struct ng_tokenizer *tokenizer = scan->tokenizer;
  const uint32_t *boundaries = tokenizer->boundaries;

  begin_folded(tokenizer);
  for (size_t i = 0; i < 2 * count; i += 2) {
    size_t length = boundaries[i + 1] - boundaries[i];
    const char *start = scan->tile + boundaries[i];

    if (!may_be_odd(tokenizer->odd, boundaries[i], boundaries[i + 1]))
      copy_folded(tokenizer, tokenizer->lower + boundaries[i], length);
    else if (!fold_words(scan, start, length))
      return false;
  }
  return true;
}

/* Put the words of a tile. Returns false if the scan ends. */
static bool take_tile(struct token_scan *scan, size_t count, bool has_odd)
{
  struct ng_tokenizer *tokenizer = scan->tokenizer;
  bool folds = tokenizer->kind == NG_TOKENS_LETTERS;

  if (has_odd && folds)
    return fold_tile(scan, count) &&
           put(scan, tokenizer->folded, tokenizer->folded_boundaries,
               tokenizer->folded_count);
  if (has_odd && !check_words(scan, &count))
    return false;
  return put(scan, folds ? tokenizer->lower : scan->tile, tokenizer->boundaries,
             count);
}

/* Put the words of what begins the tile and is longer than it, up to the next
   split point. Returns false if the scan ends. */
static NG_COLD bool take_long(struct token_scan *scan, size_t length)
{
  struct ng_tokenizer *tokenizer = scan->tokenizer;
  uint32_t boundaries[2] = {0, (uint32_t)length};

  if (tokenizer->kind != NG_TOKENS_LETTERS) {
    enum ng_row_fault_kind kind = judge(scan->tile, length);

    return kind == NG_ROW_OK ? put(scan, scan->tile, boundaries, 1)
                             : leave_out(scan, kind, scan->tile, length);
  }
  if (length <= NG_LINE_MAX && !reserve_folded(tokenizer, length)) {
    scan->result->stopped = true;
    return false;
  }
  begin_folded(tokenizer);
  return fold_words(scan, scan->tile, length) &&
         put(scan, tokenizer->folded, tokenizer->folded_boundaries,
             tokenizer->folded_count);
}

void ng_tokenizer_scan(struct ng_tokenizer *tokenizer, const char *text,
                       size_t size, struct ng_scanner_result *result)
{
  struct token_scan scan = {tokenizer, result, text, text};
  size_t at = 0;
  bool ok = true;

  while (ok && at < size) {
    size_t used = size - at < TILE_BYTES ? size - at : TILE_BYTES;
    struct ng_boundaries found;

    scan.tile = text + at;
    tokenizer->find_boundaries(scan.tile, used, tokenizer->lower,
                               tokenizer->boundaries, tokenizer->odd, &found);
    if (found.count % 2)
      used = tokenizer->boundaries[--found.count];
    if (NG_LIKELY(used > 0)) {
      ok = take_tile(&scan, found.count / 2, found.has_odd);
    } else {
      while (at + used < size &&
             !ng_split_point_is(tokenizer->kind, scan.tile[used]))
        used++;
      ok = take_long(&scan, used);
    }
    if (ok)
      result->lines += found.newlines;
    at += used;
  }
}
