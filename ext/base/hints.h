/* SPDX-License-Identifier: MIT */
/* Hints to the compiler, for hot loops. None changes what the code means. */
#ifndef NG_BASE_HINTS_H
#define NG_BASE_HINTS_H

/* The condition is nearly always, or nearly never, true. */
#define NG_LIKELY(x) __builtin_expect(!!(x), 1)
#define NG_UNLIKELY(x) __builtin_expect(!!(x), 0)

/* Keeps a function out of line, so that the hot loop that calls it stays
   small. */
#define NG_COLD __attribute__((noinline, cold))

/* Keeps a number in a general register: compilers join two neighbouring numbers
   to a vector, only to take it apart again through memory. */
#define NG_SCALAR(x) __asm__("" : "+r"(x))

#endif
