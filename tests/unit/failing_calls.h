/* SPDX-License-Identifier: MIT */
/*
 * System calls that fail, are interrupted or do less than they were asked to,
 * on demand: reads and writes at a place, opens, and threads, as the program
 * sees them. Only where the C library lets a program replace them.
 *
 * Include it in one file of a program, behind failing_memory.h.
 */
#ifndef NG_TESTS_UNIT_FAILING_CALLS_H
#define NG_TESTS_UNIT_FAILING_CALLS_H

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "unit/failing_memory.h"
#include "unit/test.h"

#define CALLS_CAN_FAIL MEMORY_CAN_FAIL

enum call {
  CALL_READ,
  CALL_WRITE,
  CALL_OPEN,
  CALL_THREAD,
  CALLS, /* how many */
};

/* So many calls of a kind are made, then one fails, or all do. Negative: none.
 */
static struct {
  atomic_long left;
  int error; /* errno */
  bool fails_on;
  atomic_bool failed;      /* it has come to that */
  atomic_uint bytes;       /* reads and writes do no more than this; 0: all */
  atomic_uint interrupted; /* calls that were */
} calls[CALLS] = {{.left = -1}, {.left = -1}, {.left = -1}, {.left = -1}};

static inline void call_fail_after(enum call call, long count, int error,
                                   bool and_on)
{
  calls[call].error = error;
  calls[call].fails_on = and_on;
  atomic_store(&calls[call].failed, false);
  atomic_store(&calls[call].left, count);
}

/* All is well again. Returns whether some call failed. */
static inline bool call_fail_no_more(enum call call)
{
  atomic_store(&calls[call].left, -1);
  return atomic_load(&calls[call].failed);
}

/* Reads or writes do so many bytes at most, and every other one is interrupted
   first; 0: no more. */
static inline void call_do_less(enum call call, unsigned bytes)
{
  atomic_store(&calls[call].bytes, bytes);
}

#if CALLS_CAN_FAIL
/* Not static: what follows is inline to some C libraries. */
bool call_fails_now(enum call call);
size_t call_bytes(enum call call, size_t size);

bool call_fails_now(enum call call)
{
  long left = atomic_load(&calls[call].left);

  while (left > 0 &&
         !atomic_compare_exchange_weak(&calls[call].left, &left, left - 1))
    ;
  if (left != 0)
    return false;
  if (!calls[call].fails_on)
    atomic_store(&calls[call].left, -1);
  atomic_store(&calls[call].failed, true);
  errno = calls[call].error;
  return true;
}

/* How many bytes to do; 0: it is interrupted. */
size_t call_bytes(enum call call, size_t size)
{
  unsigned most = atomic_load(&calls[call].bytes);

  if (most == 0 || size == 0)
    return size;
  if (atomic_fetch_add(&calls[call].interrupted, 1) % 2) {
    errno = EINTR;
    return 0;
  }
  return size < most ? size : most;
}

ssize_t pread64(int fd, void *buffer, size_t size, off64_t offset)
{
  size_t bytes = call_bytes(CALL_READ, size);

  if (call_fails_now(CALL_READ) || (bytes == 0 && size > 0))
    return -1;
  return syscall(SYS_pread64, fd, buffer, bytes, offset);
}

ssize_t pwrite64(int fd, const void *buffer, size_t size, off64_t offset)
{
  size_t bytes = call_bytes(CALL_WRITE, size);

  if (call_fails_now(CALL_WRITE) || (bytes == 0 && size > 0))
    return -1;
  return syscall(SYS_pwrite64, fd, buffer, bytes, offset);
}

int open64(const char *path, int flags, ...)
{
  va_list arguments;
  unsigned mode = 0;

  va_start(arguments, flags);
  if (flags & (O_CREAT | O_TMPFILE))
    mode = va_arg(arguments, unsigned);
  va_end(arguments);
  if (call_fails_now(CALL_OPEN))
    return -1;
  return (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
}

#ifndef __clang_analyzer__ /* it knows what the real one does */
int pthread_create(pthread_t *thread, const pthread_attr_t *attributes,
                   void *(*start)(void *), void *argument)
{
  static _Atomic(void *) real;

  if (call_fails_now(CALL_THREAD))
    return errno;
  if (!atomic_load(&real))
    atomic_store(&real, dlsym(RTLD_NEXT, "pthread_create"));
  return ((int (*)(pthread_t *, const pthread_attr_t *, void *(*)(void *),
                   void *))atomic_load(&real))(thread, attributes, start,
                                               argument);
}
#endif
#endif

#endif
