/* SPDX-License-Identifier: MIT */
/*
 * generate_random.h - random numbers that are the same everywhere: splitmix64.
 *
 * Part of generate.c; see there.
 */
#ifndef NGRAM_BENCH_GENERATE_RANDOM_H
#define NGRAM_BENCH_GENERATE_RANDOM_H

#include <stdint.h>

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

struct random {
  uint64_t state;
};

static uint64_t mix(uint64_t z)
{
  z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
  z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
  return z ^ (z >> 31);
}

static uint64_t draw(struct random *random)
{
  return mix(random->state += UINT64_C(0x9e3779b97f4a7c15));
}

/* 0 to bound - 1; bound is small, so the bias is of no account. */
static uint32_t draw_below(struct random *random, uint32_t bound)
{
  return (uint32_t)(((draw(random) >> 32) * bound) >> 32);
}

#endif
