/* SPDX-License-Identifier: MIT */
/*
 * Memory that runs out on demand: malloc() and its kin, and mmap(), as the
 * program and the libraries that it links see them. Only where the C library
 * lets a program replace them; a sanitizer has replaced them already.
 *
 * Include it in one file of a program.
 */
#ifndef NG_TESTS_UNIT_FAILING_MEMORY_H
#define NG_TESTS_UNIT_FAILING_MEMORY_H

#include <errno.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "unit/test.h"

#if defined(__linux__) && defined(__GLIBC__) && defined(__LP64__) &&           \
    !TEST_SANITIZED
#define MEMORY_CAN_FAIL 1
#else
#define MEMORY_CAN_FAIL 0
#endif

/* So many requests are met, then one fails, or all do. Negative: none. */
static atomic_long memory_left = -1;
static bool memory_fails_on;
static atomic_bool memory_failed; /* it has come to that */

static inline void memory_fail_after(long requests, bool and_on)
{
  memory_fails_on = and_on;
  atomic_store(&memory_failed, false);
  atomic_store(&memory_left, requests);
}

/* Memory is there again. Returns whether some request failed. */
static inline bool memory_fail_no_more(void)
{
  atomic_store(&memory_left, -1);
  return atomic_load(&memory_failed);
}

#if MEMORY_CAN_FAIL
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *memory, size_t size);

static bool memory_fails_now(void)
{
  long left = atomic_load(&memory_left);

  while (left > 0 &&
         !atomic_compare_exchange_weak(&memory_left, &left, left - 1))
    ;
  if (left != 0)
    return false;
  if (!memory_fails_on)
    atomic_store(&memory_left, -1);
  atomic_store(&memory_failed, true);
  errno = ENOMEM;
  return true;
}

void *malloc(size_t size)
{
  return memory_fails_now() ? NULL : __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
  return memory_fails_now() ? NULL : __libc_calloc(count, size);
}

void *realloc(void *memory, size_t size)
{
  return memory_fails_now() ? NULL : __libc_realloc(memory, size);
}

void *mmap(void *address, size_t size, int protection, int flags, int fd,
           off_t offset)
{
  if (memory_fails_now())
    return MAP_FAILED;
  /* NOLINTNEXTLINE(performance-no-int-to-ptr) */
  return (void *)syscall(SYS_mmap, address, size, protection, flags, fd,
                         offset);
}
#endif

#endif
