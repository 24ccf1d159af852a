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

#endif
