/* SPDX-License-Identifier: MIT */
/*
 * A list of fingerprints: the hashes of words, in the order of a text that
 * consists of parts. Of equal neighbours in a part only the first is kept.
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
  size_t first; /* index of the first of the current part; set by the user */
  bool failed;  /* memory ran out: the list is not complete */
};

/* Make room for `more`. Returns false, and sets `failed`, if there is no
   memory. */
bool ng_fingerprints_reserve(struct ng_fingerprints *list, size_t more);

/* Add a fingerprint, unless it equals the one before it in the current part.
   Sets `failed` if there is no memory. */
void ng_fingerprints_add(struct ng_fingerprints *list, uint32_t fingerprint);
void ng_fingerprints_free(struct ng_fingerprints *list);

#endif
