/* SPDX-License-Identifier: MIT */
/*
 * A temporary file. It has no name, so nothing is left of it however the
 * process ends. It is written by appending and read at any offset.
 *
 * Threads: one writes at a time. Any number may read what was written before.
 */
#ifndef NG_BASE_TEMP_FILE_H
#define NG_BASE_TEMP_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/stop.h"

/* Closed if zeroed. */
struct ng_temp_file {
  int fd;
  bool is_open;
  uint64_t size; /* bytes written; by the thread that writes */
};

/* Create a file in the first of the folders $SQLITE_TMPDIR, $TMPDIR, /var/tmp
   and /tmp that allows it. Returns 0, and the caller closes the file; or the
   errno of the last folder. */
int ng_temp_file_open(struct ng_temp_file *file);

/* Append `size` bytes. Returns 0, or an errno: ENOSPC, EDQUOT or EFBIG if there
   is no room. After an error `size` of the file is as before. */
int ng_temp_file_write(struct ng_temp_file *file, const void *bytes,
                       size_t size);

/* Read `size` bytes, all of which were written, from `offset` on. Returns 0, or
   an errno: EIO if the file ends before. */
int ng_temp_file_read(const struct ng_temp_file *file, void *bytes, size_t size,
                      uint64_t offset);

/* Returns the bytes that are free in its file system; UINT64_MAX if that is not
   known. */
uint64_t ng_temp_file_room(const struct ng_temp_file *file);

/* Give the disk space of the bytes [from, to), which are not read again, back
   to the file system, until told to stop. Does nothing where the system has no
   call for that. */
void ng_temp_file_forget(const struct ng_temp_file *file, uint64_t from,
                         uint64_t to, const struct ng_stop *stop);

/* Close the file, which may be closed already. */
void ng_temp_file_close(struct ng_temp_file *file);

#endif
