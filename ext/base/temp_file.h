/* SPDX-License-Identifier: MIT */
/*
 * A temporary file: it has no name, so that nothing is left of it, whatever
 * becomes of the process. It is written from front to back and read anywhere.
 *
 * Threads: one writes at a time; what was written may be read by any number.
 */
#ifndef NG_BASE_TEMP_FILE_H
#define NG_BASE_TEMP_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/stop.h"

/* For files that do not include this one themselves yet. */
#include "base/file_limit.h"

/* Zeroed, it is closed. */
struct ng_temp_file {
  int fd;
  bool is_open;
  uint64_t size; /* bytes that were written */
};

/* Make one in the first folder that takes it of SQLITE_TMPDIR, TMPDIR, /var/tmp
   and /tmp. Returns 0, or the errno of the last of them. */
int ng_temp_file_open(struct ng_temp_file *file);

/* Append. Returns 0, or an errno: ENOSPC, EDQUOT or EFBIG for want of room.
   After an error nothing was appended. */
int ng_temp_file_write(struct ng_temp_file *file, const void *bytes,
                       size_t size);

/* Read `size` bytes that were written at `offset`. Returns 0, or an errno. */
int ng_temp_file_read(const struct ng_temp_file *file, void *bytes, size_t size,
                      uint64_t offset);

/* How many bytes more its file system has room for; UINT64_MAX: it is not
 * known.
 */
uint64_t ng_temp_file_room(const struct ng_temp_file *file);

/* What stands between two offsets is not needed any more: its room may be given
   back, where the system can do that, until told to stop. */
void ng_temp_file_forget(const struct ng_temp_file *file, uint64_t from,
                         uint64_t to, const struct ng_stop *stop);

/* A closed one is allowed. */
void ng_temp_file_close(struct ng_temp_file *file);

#endif
