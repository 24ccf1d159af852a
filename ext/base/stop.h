/* SPDX-License-Identifier: MIT */
/*
 * A question that long loops ask: should I give up?
 *
 * Whoever holds one gets a pointer to it and never asks what is behind. The
 * answer may change from false to true at any time, never back.
 */
#ifndef NG_BASE_STOP_H
#define NG_BASE_STOP_H

#include <stdbool.h>
#include <stddef.h>

struct ng_stop {
  bool (*ask)(void *context); /* called in the thread that runs the loop */
  void *context;
};

/* NULL is allowed: never. */
static inline bool ng_stop_asked(const struct ng_stop *stop)
{
  return stop && stop->ask(stop->context);
}

/* The same in a loop over many items, each of some dozen ns: asked after every
   4096th one, some 100 us. */
static inline bool ng_stop_asked_at(const struct ng_stop *stop, size_t item)
{
  return item % 4096 == 4095 && ng_stop_asked(stop);
}

#endif
