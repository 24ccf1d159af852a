/* SPDX-License-Identifier: MIT */
#include "unit/failing_memory.h"

#ifdef NG_TEST_FAULTS
#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/mman.h>

/* Requests that are met; negative: all. */
static atomic_long memory_left = -1;
static bool memory_fails_on;
static atomic_bool memory_failed; /* it has come to that */

void memory_fail_after(long requests, bool and_on)
{
  memory_fails_on = and_on;
  atomic_store(&memory_failed, false);
  atomic_store(&memory_left, requests);
}

bool memory_fail_no_more(void)
{
  atomic_store(&memory_left, -1);
  return atomic_load(&memory_failed);
}

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

/* ------------------------------------------------------------- functions -- */

#ifdef NG_TEST_WRAPS_MEMORY
void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *memory, size_t size);
char *__real_strdup(const char *text);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *memory, size_t size);
char *__wrap_strdup(const char *text);

void *__wrap_malloc(size_t size)
{
  return memory_fails_now() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
  return memory_fails_now() ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *memory, size_t size)
{
  return memory_fails_now() ? NULL : __real_realloc(memory, size);
}

char *__wrap_strdup(const char *text)
{
  return memory_fails_now() ? NULL : __real_strdup(text);
}
#else
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *memory, size_t size);

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
#endif

void *__real_mmap64(void *address, size_t size, int protection, int flags,
                    int fd, off_t offset);
void *__wrap_mmap64(void *address, size_t size, int protection, int flags,
                    int fd, off_t offset);

void *__wrap_mmap64(void *address, size_t size, int protection, int flags,
                    int fd, off_t offset)
{
  if (memory_fails_now())
    return MAP_FAILED;
  return __real_mmap64(address, size, protection, flags, fd, offset);
}
#else
void memory_fail_after(long requests, bool and_on)
{
  (void)requests;
  (void)and_on;
}

bool memory_fail_no_more(void)
{
  return false;
}
#endif
