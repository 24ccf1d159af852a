/* SPDX-License-Identifier: MIT */
/*
 * Little-endian loads and stores of numbers, at any alignment. The caller sees
 * to it that all of their bytes may be accessed. On a little-endian machine
 * those of 4 and of 8 bytes compile to one instruction each.
 */
#ifndef NG_BASE_LE_H
#define NG_BASE_LE_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

static inline uint32_t ng_le_load32(const char *p)
{
  uint32_t v;

  memcpy(&v, p, sizeof v);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
  v = __builtin_bswap32(v);
#endif
  return v;
}

static inline uint64_t ng_le_load64(const char *p)
{
  uint64_t v;

  memcpy(&v, p, sizeof v);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
  v = __builtin_bswap64(v);
#endif
  return v;
}

static inline void ng_le_store32(char *p, uint32_t v)
{
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
  v = __builtin_bswap32(v);
#endif
  memcpy(p, &v, sizeof v);
}

static inline void ng_le_store64(char *p, uint64_t v)
{
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
  v = __builtin_bswap64(v);
#endif
  memcpy(p, &v, sizeof v);
}

/* Numbers of any size, for the headers of files: `bytes` is at most 8. */
static inline uint64_t ng_le_load(const unsigned char *p, size_t bytes)
{
  uint64_t v = 0;

  for (size_t i = 0; i < bytes; i++)
    v |= (uint64_t)p[i] << (8 * i);
  return v;
}

static inline void ng_le_store(unsigned char *p, size_t bytes, uint64_t v)
{
  for (size_t i = 0; i < bytes; i++)
    p[i] = (unsigned char)(v >> (8 * i));
}

#endif
