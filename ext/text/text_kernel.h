/* SPDX-License-Identifier: MIT */
/*
 * The kernels of this room, by the level of the processor that they need.
 * scan/plan.c chooses one for a pass.
 *
 * A kernel reads text in windows of 64 bytes, and the scanners read words and
 * numbers 8 bytes at a time. So a text has NG_TEXT_PAD readable bytes before
 * and after it, whose content has no effect.
 *
 * Threads: any number at once.
 */
#ifndef NG_TEXT_TEXT_KERNEL_H
#define NG_TEXT_TEXT_KERNEL_H

#include <stddef.h>

#include "text/boundaries.h"
#include "text/delimiters.h"

#define NG_TEXT_PAD 64

struct ng_text_kernel {
  const char *name;  /* as NGRAM_KERNEL has it */
  unsigned features; /* set of enum ng_cpu_feature that it needs */
  ng_find_delimiters_fn *find_delimiters;      /* of rows */
  const struct ng_boundary_kernel *boundaries; /* of free text */
};

/* The kernels of this binary in order of speed, static. The first, "scalar", is
   the slowest and needs no feature. Returns NULL if `index` is past the end. */
const struct ng_text_kernel *ng_text_kernel_at(size_t index);

#endif
