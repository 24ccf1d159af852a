/* SPDX-License-Identifier: MIT */
/*
 * A stop request as long loops see it: a function that says whether to give up.
 * Its answer may change from false to true at any time, never back.
 *
 * Threads: as the function allows.
 */
#ifndef NG_BASE_STOP_H
#define NG_BASE_STOP_H

#include <stdbool.h>
#include <stddef.h>

struct ng_stop {
  bool (*ask)(void *context); /* called in the thread that runs the loop */
  void *context;
};

/* Whether to give up. `stop` may be NULL for never. */
static inline bool ng_stop_asked(const struct ng_stop *stop)
{
  return stop && stop->ask(stop->context);
}

/* The same for a loop over many items of some dozen ns each: asks at every
   4096th item, which is about every 100 us. */
static inline bool ng_stop_asked_at(const struct ng_stop *stop, size_t item)
{
  return item % 4096 == 4095 && ng_stop_asked(stop);
}

#endif
