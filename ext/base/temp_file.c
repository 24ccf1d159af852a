/* SPDX-License-Identifier: MIT */
/*
 * The file is opened without a name (O_TMPFILE) or, where the file system or
 * the kernel cannot do that, by a name that is removed at once. A write first
 * checks the limit of the process on the size of files, because a write past it
 * raises a signal that ends the host. A system call that a signal interrupts,
 * or that moves only a part of the bytes, is followed by another.
 *
 * The runs of a spilled table, a spilled result, its sorted order and rows
 * sorted by year are written to one such file each. Their owner holds the
 * struct, which has no memory of its own, and closes it.
 */
#include "base/temp_file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/descriptor.h"
#include "base/file_limit.h"

/* One system call reads or writes at most this. */
#define CALL_BYTES ((size_t)1 << 30)
/* Given back between two checks for a stop: a multiple of all block sizes. */
#define FORGET_BYTES ((uint64_t)4 << 20)

/* Create a file by a name and remove the name. Returns -1 with errno set if
   that fails, as open_in() does. */
static int open_named(const char *folder)
{
  char path[PATH_MAX];
  int length = snprintf(path, sizeof path, "%s/ngram-XXXXXX", folder);
  int fd;

  if (length < 0 || (size_t)length >= sizeof path) {
    errno = ENAMETOOLONG;
    return -1;
  }
  fd = mkostemp(path, O_CLOEXEC);
  if (fd >= 0)
    unlink(path);
  return ng_descriptor_lift(fd);
}

static int open_in(const char *folder)
{
#ifdef O_TMPFILE
  int fd = ng_descriptor_lift(
      open(folder, O_TMPFILE | O_RDWR | O_EXCL | O_CLOEXEC, 0600));

  if (fd >= 0)
    return fd;
#endif
  return open_named(folder); /* an older kernel, or another file system */
}

int ng_temp_file_open(struct ng_temp_file *file)
{
  const char *const folders[] = {getenv("SQLITE_TMPDIR"), getenv("TMPDIR"),
                                 "/var/tmp", "/tmp"};
  int error = ENOENT;

  *file = (struct ng_temp_file){.fd = -1};
  for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
    if (!folders[i] || !*folders[i])
      continue;
    file->fd = open_in(folders[i]);
    file->is_open = file->fd >= 0;
    if (file->is_open)
      return 0;
    error = errno;
  }
  return error;
}

int ng_temp_file_write(struct ng_temp_file *file, const void *bytes,
                       size_t size)
{
  size_t done = 0;

  if (!ng_file_limit_allows(file->size + size))
    return EFBIG;
  while (done < size) {
    size_t left = size - done;
    ssize_t n = pwrite(file->fd, (const char *)bytes + done,
                       left < CALL_BYTES ? left : CALL_BYTES,
                       (off_t)(file->size + done));

    if (n < 0 && errno == EINTR)
      continue;
    if (n <= 0)
      return n < 0 ? errno : EIO;
    done += (size_t)n;
  }
  file->size += size;
  return 0;
}

int ng_temp_file_read(const struct ng_temp_file *file, void *bytes, size_t size,
                      uint64_t offset)
{
  size_t done = 0;

  while (done < size) {
    size_t left = size - done;
    ssize_t n =
        pread(file->fd, (char *)bytes + done,
              left < CALL_BYTES ? left : CALL_BYTES, (off_t)(offset + done));

    if (n < 0 && errno == EINTR)
      continue;
    if (n <= 0)
      return n < 0 ? errno : EIO;
    done += (size_t)n;
  }
  return 0;
}

uint64_t ng_temp_file_room(const struct ng_temp_file *file)
{
  struct statvfs system;

  if (fstatvfs(file->fd, &system) != 0)
    return UINT64_MAX;
  return (uint64_t)system.f_bavail * system.f_frsize;
}

void ng_temp_file_forget(const struct ng_temp_file *file, uint64_t from,
                         uint64_t to, const struct ng_stop *stop)
{
#ifdef FALLOC_FL_PUNCH_HOLE
  while (from < to && !ng_stop_asked(stop)) {
    uint64_t end = (from | (FORGET_BYTES - 1)) + 1;

    end = end < to ? end : to;
    (void)fallocate(file->fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE,
                    (off_t)from, (off_t)(end - from));
    from = end;
  }
#else
  (void)file;
  (void)from;
  (void)to;
  (void)stop;
#endif
}

void ng_temp_file_close(struct ng_temp_file *file)
{
  if (file->is_open)
    close(file->fd);
  *file = (struct ng_temp_file){.fd = -1};
}
