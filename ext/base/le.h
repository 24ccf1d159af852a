/* SPDX-License-Identifier: MIT */
/*
 * Small machine-near helpers: unaligned little-endian loads and stores, hints
 * to the compiler, a monotonic clock. A load compiles to one instruction.
 */
#ifndef NG_BASE_LE_H
#define NG_BASE_LE_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <time.h>

#define NG_LIKELY(x) __builtin_expect(!!(x), 1)
#define NG_UNLIKELY(x) __builtin_expect(!!(x), 0)

/* Kept out of line, so that a hot loop stays small. */
#define NG_COLD __attribute__((noinline, cold))

/* Keep a number in a general register: compilers join two neighbours to a
   vector, only to take it apart again by way of memory. */
#define NG_SCALAR(x) __asm__("" : "+r"(x))

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

/* Tell the core that it waits in a loop. */
static inline void ng_pause(void)
{
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ __volatile__("yield");
#endif
}

/* Seconds since some fixed moment. */
static inline double ng_clock_seconds(void)
{
  struct timespec now;

  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

#endif
