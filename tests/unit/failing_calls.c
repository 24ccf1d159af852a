/* SPDX-License-Identifier: MIT */
#include "unit/failing_calls.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <time.h>
#include <unistd.h>

/* Calls that are made before one fails; negative: none fails. */
static struct {
  atomic_long left;
  int error; /* errno */
  bool fails_on;
  atomic_bool failed;      /* it has come to that */
  atomic_uint bytes;       /* reads and writes do no more than this; 0: all */
  atomic_uint interrupted; /* calls that were */
} calls[CALLS] = {{.left = -1}, {.left = -1}, {.left = -1}, {.left = -1}};

void call_fail_after(enum call call, long count, int error, bool and_on)
{
  calls[call].error = error;
  calls[call].fails_on = and_on;
  atomic_store(&calls[call].failed, false);
  atomic_store(&calls[call].left, count);
}

bool call_fail_no_more(enum call call)
{
  atomic_store(&calls[call].left, -1);
  return atomic_load(&calls[call].failed);
}

void call_do_less(enum call call, unsigned bytes)
{
  atomic_store(&calls[call].bytes, bytes);
}

static atomic_long first_read_ms; /* that a read at offset 0 takes */

void call_read_late(long ms)
{
  atomic_store(&first_read_ms, ms);
}

static atomic_long clock_ahead_ms;

void call_clock_ahead(long ms)
{
  atomic_store(&clock_ahead_ms, ms);
}

#ifdef NG_TEST_FAULTS
static void wait_for_read(off_t offset)
{
  long ms = offset == 0 ? atomic_load(&first_read_ms) : 0;
  struct timespec time = {ms / 1000, ms % 1000 * 1000000};

  if (ms > 0)
    nanosleep(&time, NULL);
}

static bool call_fails_now(enum call call)
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
static size_t call_bytes(enum call call, size_t size)
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

/* ------------------------------------------------------------- functions -- */

ssize_t __real_pread64(int fd, void *buffer, size_t size, off_t offset);
ssize_t __real_pwrite64(int fd, const void *buffer, size_t size, off_t offset);
int __real_open64(const char *path, int flags, ...);
int __real_pthread_create(pthread_t *thread, const pthread_attr_t *attributes,
                          void *(*start)(void *), void *argument);
ssize_t __wrap_pread64(int fd, void *buffer, size_t size, off_t offset);
ssize_t __wrap_pwrite64(int fd, const void *buffer, size_t size, off_t offset);
int __wrap_open64(const char *path, int flags, ...);
int __wrap_pthread_create(pthread_t *thread, const pthread_attr_t *attributes,
                          void *(*start)(void *), void *argument);
int __real_clock_gettime(clockid_t clock, struct timespec *time);
int __wrap_clock_gettime(clockid_t clock, struct timespec *time);

ssize_t __wrap_pread64(int fd, void *buffer, size_t size, off_t offset)
{
  size_t bytes = call_bytes(CALL_READ, size);

  if (call_fails_now(CALL_READ) || (bytes == 0 && size > 0))
    return -1;
  wait_for_read(offset);
  return __real_pread64(fd, buffer, bytes, offset);
}

ssize_t __wrap_pwrite64(int fd, const void *buffer, size_t size, off_t offset)
{
  size_t bytes = call_bytes(CALL_WRITE, size);

  if (call_fails_now(CALL_WRITE) || (bytes == 0 && size > 0))
    return -1;
  return __real_pwrite64(fd, buffer, bytes, offset);
}

int __wrap_open64(const char *path, int flags, ...)
{
  va_list arguments;
  unsigned mode = 0;

  va_start(arguments, flags);
  if (flags & (O_CREAT | O_TMPFILE))
    mode = va_arg(arguments, unsigned);
  va_end(arguments);
  if (call_fails_now(CALL_OPEN))
    return -1;
  return __real_open64(path, flags, mode);
}

int __wrap_pthread_create(pthread_t *thread, const pthread_attr_t *attributes,
                          void *(*start)(void *), void *argument)
{
  if (call_fails_now(CALL_THREAD))
    return errno;
  return __real_pthread_create(thread, attributes, start, argument);
}

int __wrap_clock_gettime(clockid_t clock, struct timespec *time)
{
  int status = __real_clock_gettime(clock, time);
  long ms = clock == CLOCK_REALTIME ? atomic_load(&clock_ahead_ms) : 0;

  time->tv_sec += ms / 1000;
  time->tv_nsec += ms % 1000 * 1000000;
  if (time->tv_nsec >= 1000000000) {
    time->tv_sec++;
    time->tv_nsec -= 1000000000;
  }
  return status;
}
#endif
