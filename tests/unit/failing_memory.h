/* SPDX-License-Identifier: MIT */
/*
 * Memory that runs out on demand: malloc() and its kin, and mmap().
 *
 * malloc() takes the place of the C library's, so that the libraries which the
 * program links lack memory as well. Under a sanitizer, which has replaced it
 * already, and where the C library has no other name for it, the linker wraps
 * it, and only the requests of the project fail.
 */
#ifndef NG_TESTS_UNIT_FAILING_MEMORY_H
#define NG_TESTS_UNIT_FAILING_MEMORY_H

#include <stdbool.h>

/* NG_TEST_FAULTS: what tests/CMakeLists.txt says of the linker. */
#ifdef NG_TEST_FAULTS
#define MEMORY_CAN_FAIL 1
#else
#define MEMORY_CAN_FAIL 0
#endif

/* From now on so many requests are met, then one fails, or all do. */
void memory_fail_after(long requests, bool and_on);

/* Memory is there again. Returns whether some request failed. */
bool memory_fail_no_more(void);

#endif
