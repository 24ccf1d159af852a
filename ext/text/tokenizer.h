/* SPDX-License-Identifier: MIT */
/*
 * The scanner of free text: a text in, its words out. It is to free text what
 * scanner.h is to rows.
 *
 * The text is cut at split points (split_points.h), and a tokenizer says what
 * the words between two of them are:
 *
 *     space    all that stands between the two is a word
 *     letters  each sequence of letters, marks and digits between the two is a
 *              word, case folded
 *
 * What stands between two split points is valid UTF-8 without NUL and at most
 * NG_LINE_MAX bytes long; if not, that is a fault. Length is checked first,
 * then NUL, then UTF-8. (NUL is no letter, and a tokenizer could skip it. But
 * text with NULs is text in UTF-16, and its words would be single letters.)
 *
 * If skips_bad, bad words are left out and counted instead. For `letters`, a
 * NUL and a byte that is in no well-formed sequence are then letters that make
 * their word a bad one; what is too long between two split points is one bad
 * word.
 *
 * Threads: a tokenizer belongs to one thread at a time.
 */
#ifndef NG_TEXT_TOKENIZER_H
#define NG_TEXT_TOKENIZER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "text/boundaries.h"
#include "text/scanner_result.h"
#include "text/split_points.h"

/*
 * Takes `count` words. The i-th is base[boundaries[2 * i]] up to, and not
 * including, base[boundaries[2 * i + 1]]. At least 16 bytes from each word's
 * start on can be read. All is borrowed for the call. Returns false to stop the
 * scan, for want of memory.
 */
typedef bool ng_put_words_fn(void *context, const char *base,
                             const uint32_t *boundaries, size_t count);

struct ng_tokenizer {
  enum ng_tokens kind;
  bool skips_bad; /* leave bad words out; set by the caller, false at first */
  ng_find_boundaries_fn *find_boundaries;
  uint32_t *boundaries; /* of one tile; owned, as all below */
  unsigned char *odd;   /* bytes of it that are NUL or above 127, a bit each */
  char *lower;          /* the tile in lower case, for letters */
  char *folded;         /* the folded words of a tile that has odd bytes */
  size_t folded_size;
  size_t folded_capacity;
  uint32_t *folded_boundaries;
  size_t folded_count; /* of words */
  ng_put_words_fn *put_words;
  void *context; /* borrowed, for put_words */
};

/* A tokenizer, for the caller to free. `kind` is not NG_TOKENS_NONE. Returns
   NULL if there is no memory. */
struct ng_tokenizer *ng_tokenizer_new(enum ng_tokens kind,
                                      const struct ng_boundary_kernel *kernel,
                                      ng_put_words_fn *put_words,
                                      void *context);
/* NULL is allowed. */
void ng_tokenizer_free(struct ng_tokenizer *tokenizer);

/*
 * Scan `size` bytes, at most 4 GiB - 1, with NG_TEXT_PAD readable bytes after
 * them. The last one is a split point. Words are put in their order. *result
 * must be zero before the call. A fault is that of the bytes from fault_start
 * to fault_end: what stands between two split points.
 */
void ng_tokenizer_scan(struct ng_tokenizer *tokenizer, const char *text,
                       size_t size, struct ng_scanner_result *result);

#endif
