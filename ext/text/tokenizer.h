/* SPDX-License-Identifier: MIT */
/*
 * The scanner of free text: a text in, its words out. What scan.h is for rows.
 *
 * A tokenizer says which bytes are seams (boundaries.h), at which a text may be
 * cut, and what the words between two seams are:
 *
 *     space    all that stands between two seams is a word
 *     letters  runs of letters, marks and digits in it, case folded
 *
 * What stands between two seams is valid UTF-8 without NUL and at most 1 MiB
 * long; else it is a fault, checked in the order length, NUL, UTF-8. (NUL is no
 * letter, and a tokenizer could skip it. But text with NULs is text in UTF-16,
 * and its words would be single letters.)
 *
 * Or bad words are left out and counted. Of `letters` a NUL, and a byte that is
 * in no well-formed sequence, is a letter then that makes its word a bad one;
 * what is too long between two seams is one bad word.
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
 * Takes `count` words: the i-th is base[boundaries[2 * i]] to base[boundaries[2
 * * i + 1]], the latter not included. At least 16 bytes from each word's start
 * on can be read. All is borrowed for the call. False stops the scan (no
 * memory).
 */
typedef bool ng_put_words_fn(void *context, const char *base,
                             const uint32_t *boundaries, size_t count);

struct ng_tokenizer {
  enum ng_tokens kind;
  bool skips_bad; /* words; set by the caller, at first false */
  ng_find_boundaries_fn *find_boundaries;
  uint32_t *boundaries; /* of one tile */
  unsigned char *odd;   /* bytes of it that are NUL or above 127, a bit each */
  char *lower;          /* the tile in lower case, of letters */
  char *folded;         /* the words of a tile with such bytes, folded */
  size_t folded_size;
  size_t folded_capacity;
  uint32_t *folded_boundaries;
  size_t folded_count;
  ng_put_words_fn *put_words;
  void *context;
};

/* A tokenizer, for the caller to free; `put_words` gets `context`. NULL: no
   memory. */
struct ng_tokenizer *ng_tokenizer_new(enum ng_tokens kind,
                                      const struct ng_boundary_kernel *kernel,
                                      ng_put_words_fn *put_words,
                                      void *context);
/* NULL is allowed. */
void ng_tokenizer_free(struct ng_tokenizer *tokenizer);

/*
 * Scan `size` bytes: the last one is a seam. At most 4 GiB - 1, with
 * NG_TEXT_PAD readable bytes behind. As ng_scanner_scan(), but that `lines` are
 * all newlines before the fault or the end, `skipped` are words, and the fault
 * is of what stands from fault_start to fault_end. Words come in their order.
 */
void ng_tokenizer_scan(struct ng_tokenizer *tokenizer, const char *text,
                       size_t size, struct ng_scanner_result *result);

#endif
