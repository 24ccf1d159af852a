/* SPDX-License-Identifier: MIT */
/*
 * System calls that fail, are interrupted or do less than they were asked to,
 * on demand: reads and writes at a place, opens, and threads, as the project
 * makes them (the linker wraps them). And a clock that is set.
 */
#ifndef NG_TESTS_UNIT_FAILING_CALLS_H
#define NG_TESTS_UNIT_FAILING_CALLS_H

#include <stdbool.h>

#include "unit/failing_memory.h"

#define CALLS_CAN_FAIL MEMORY_CAN_FAIL

enum call {
  CALL_READ,
  CALL_WRITE,
  CALL_OPEN,
  CALL_THREAD,
  CALLS, /* how many */
};

/* So many calls of a kind are made, then one fails with this errno, or all
   do. */
void call_fail_after(enum call call, long count, int error, bool and_on);

/* All is well again. Returns whether some call failed. */
bool call_fail_no_more(enum call call);

/* Reads or writes do so many bytes at most, and every other one is interrupted
   first; 0: no more. */
void call_do_less(enum call call, unsigned bytes);

/* The time of day is so far ahead of the file system's; 0: no longer. */
void call_clock_ahead(long ms);

/* A read of the beginning of a file takes so long; 0: no longer. */
void call_read_late(long ms);

#endif
