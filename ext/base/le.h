/* SPDX-License-Identifier: MIT */
/*
 * Little-endian loads and stores of numbers of 4 and 8 bytes, at any alignment.
 * The caller sees to it that all of these bytes may be accessed. On a
 * little-endian machine each compiles to one instruction.
 */
#ifndef NG_BASE_LE_H
#define NG_BASE_LE_H

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

#endif
