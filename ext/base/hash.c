/* SPDX-License-Identifier: MIT */
#include "base/hash.h"

#include <pthread.h>
#include <time.h>
#include <unistd.h>
#if defined(__APPLE__)
#include <sys/random.h>
#endif

struct ng_hash_key ng_hash_key = {UINT64_C(0xa0761d6478bd642f),
                                  UINT64_C(0xe7037ed1a0b428db),
                                  UINT64_C(0x8ebc6af09c88c6e3)};

static pthread_once_t drawn = PTHREAD_ONCE_INIT;

/* Steele, Lea and Flood, "Fast splittable pseudorandom number generators",
   2014. */
static uint64_t next_random(uint64_t *state)
{
  uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);

  z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
  z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
  return z ^ z >> 31;
}

/* A multiplier that spreads well: odd, and half of its bits are set. */
static uint64_t next_multiplier(uint64_t *state)
{
  for (;;) {
    uint64_t number = next_random(state);

    if (number & 1 && __builtin_popcountll(number) == 32)
      return number;
  }
}

static void set_key(uint64_t seeds[3])
{
  ng_hash_key.start = next_random(&seeds[0]);
  ng_hash_key.step = next_multiplier(&seeds[1]);
  ng_hash_key.end = next_random(&seeds[2]);
}

static void set_key_of(uint64_t seed)
{
  uint64_t seeds[3];

  for (int i = 0; i < 3; i++)
    seeds[i] = next_random(&seed);
  set_key(seeds);
}

/* If the system gives no random bytes (a sandbox may refuse them), the seed is
   made of the time, the process id and an address of the stack. */
static void draw_key(void)
{
  uint64_t seeds[3];
  struct timespec now;

  if (getentropy(seeds, sizeof seeds) == 0) {
    set_key(seeds);
    return;
  }
  clock_gettime(CLOCK_REALTIME, &now);
  set_key_of((uint64_t)now.tv_nsec ^ (uint64_t)now.tv_sec << 30 ^
             (uint64_t)getpid() << 48 ^ (uint64_t)(uintptr_t)&now);
}

void ng_hash_draw_key(void)
{
  pthread_once(&drawn, draw_key);
}

void ng_hash_set_key(uint64_t seed)
{
  ng_hash_draw_key(); /* so that a later call does not replace this key */
  set_key_of(seed);
}
