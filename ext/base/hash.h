/* SPDX-License-Identifier: MIT */
/*
 * A 32-bit hash of a word, well spread in all its bits: the word's fingerprint
 * in tables and results, which are in its order.
 *
 * Its key is drawn at random for each process. The author of a file does not
 * know the key, and so cannot make many words that share a hash; these would
 * turn a table of words into a list. It is no cryptographic hash: enough of its
 * values may give the key away.
 *
 * Threads: any number may hash at once, after the key was drawn.
 */
#ifndef NG_BASE_HASH_H
#define NG_BASE_HASH_H

#include <stddef.h>
#include <stdint.h>

#include "base/le.h"

/* Returns the two halves of the 128-bit product, XORed (the mixing step of the
   wyhash family: Wang Yi, 2019). */
static inline uint64_t ng_hash_mix(uint64_t a, uint64_t b)
{
#ifdef __SIZEOF_INT128__
  __extension__ typedef unsigned __int128 uint128;
  uint128 product = (uint128)a * b;

  return (uint64_t)product ^ (uint64_t)(product >> 64);
#else
  uint64_t a_high = a >> 32, a_low = (uint32_t)a;
  uint64_t b_high = b >> 32, b_low = (uint32_t)b;
  uint64_t middle = a_high * b_low + (a_low * b_low >> 32);
  uint64_t cross = a_low * b_high + (uint32_t)middle;

  return (a * b) ^ (a_high * b_high + (middle >> 32) + (cross >> 32));
#endif
}

struct ng_hash_key {
  uint64_t start;
  uint64_t step;
  uint64_t end;
};

/* Only the two functions below write it. Before the first call it has a
   constant value. */
extern struct ng_hash_key ng_hash_key;

/* Draw the key, if that was not done yet. Call it before the first hash, from
   any thread. */
void ng_hash_draw_key(void);

/* For tests: replace the key by one that depends on the seed alone. No table
   may exist, and no other thread may hash. */
void ng_hash_set_key(uint64_t seed);

/* Returns the hash of `length` bytes, 0 or more. */
static inline uint32_t ng_hash_word(const char *word, size_t length)
{
  uint64_t multiplier = ng_hash_key.step ^ length;
  uint64_t hash = ng_hash_key.start;
  uint64_t first, last;

  for (; length > 16; word += 16, length -= 16)
    hash = ng_hash_mix(ng_le_load64(word) ^ ng_hash_key.step,
                       ng_le_load64(word + 8) ^ hash);
  if (length >= 8) {
    first = ng_le_load64(word);
    last = ng_le_load64(word + length - 8);
  } else if (length >= 4) {
    first = ng_le_load32(word);
    last = ng_le_load32(word + length - 4);
  } else if (length > 0) {
    first = (uint64_t)(unsigned char)word[0] |
            (uint64_t)(unsigned char)word[length / 2] << 8 |
            (uint64_t)(unsigned char)word[length - 1] << 16;
    last = 0;
  } else {
    first = last = 0;
  }
  hash = ng_hash_mix(first ^ ng_hash_key.step, last ^ hash);
  /* The length is mixed in last, where no byte of the word can cancel it. */
  return (uint32_t)(ng_hash_mix(hash ^ ng_hash_key.end, multiplier) >> 32);
}

#endif
