/* SPDX-License-Identifier: MIT */
/*
 * A list of fingerprints, the hashes of words in the order of a text.
 *
 * Threads: one at a time.
 */
#ifndef NG_SCAN_FINGERPRINTS_H
#define NG_SCAN_FINGERPRINTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Zeroed, it is empty and ready. */
struct ng_fingerprints {
  uint32_t *array; /* owned */
  size_t count;
  size_t capacity;
  size_t first; /* of the part of the text that is being read */
  bool failed;  /* there was no memory: they are not complete */
};

/* Make room for `more`. False: no memory, and `failed` is set. */
bool ng_fingerprints_reserve(struct ng_fingerprints *list, size_t more);

/* Add that of a word of the part that is being read, unless it is the one
   before as well. Without memory, sets `failed`. */
void ng_fingerprints_add(struct ng_fingerprints *list, uint32_t fingerprint);
void ng_fingerprints_free(struct ng_fingerprints *list);

#endif
