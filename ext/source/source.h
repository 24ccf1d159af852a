/* SPDX-License-Identifier: MIT */
/*
 * A source of bytes: a regular file, read at any offset; a forward-only stream
 * (standard input, a FIFO, a device); or memory, for tests.
 *
 * Files are read and never mapped: if a file is cut short while it is mapped,
 * SIGBUS kills the process.
 *
 * Threads: any number may call ng_source_read() at once for a source that is
 * not forward-only, and ng_source_bytes_read() for any; all else one at a time.
 */
#ifndef NG_SOURCE_SOURCE_H
#define NG_SOURCE_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/stop.h"

struct ng_source;

/*
 * Open the file at `path`, or standard input for "-". Returns 0, and the caller
 * closes the source; or an errno (EISDIR for a folder), and *source is NULL.
 * Opening a FIFO does not wait for its writer; reading does.
 */
int ng_source_open(const char *path, struct ng_source **source);

/* The same, but a relative path begins at the folder of a descriptor, or, if
   that is -1, at the working directory. */
int ng_source_open_at(int folder, const char *path, struct ng_source **source);

/* The same for a regular file below the folder of a descriptor. Any other file
   is not opened; the errno is NG_OUTSIDE then. See source/beneath.h. */
int ng_source_open_beneath(int root, const char *path,
                           struct ng_source **source);

/* Returns a source over borrowed bytes, or NULL if there is no memory. */
struct ng_source *ng_source_from_memory(const void *bytes, size_t size);

/* Close and free a source, or do nothing for NULL. */
void ng_source_close(struct ng_source *source);

/* Let `stop`, borrowed, or NULL for none, end reads. A read asks it before each
   system call and, while a forward-only source has no bytes, every 20 ms. */
void ng_source_stop_by(struct ng_source *source, const struct ng_stop *stop);

/*
 * Read `size` bytes from `offset` on. *got is the number of bytes read, also
 * after an error; without one it is less than `size` only at the end of the
 * file. For a forward-only source the offset must be the end of the last read,
 * or one whose bytes it has kept. Returns 0, or an errno: ECANCELED if told to
 * stop.
 */
int ng_source_read(struct ng_source *source, void *buffer, size_t size,
                   uint64_t offset, size_t *got);

/* Whether it can be read from front to back only. */
bool ng_source_is_forward_only(const struct ng_source *source);

/* Prepare for a rewind: until then a forward-only source keeps, in memory, the
   bytes that it reads, and reads at their offsets are allowed. Call it before
   the first read. Does nothing for other sources. */
void ng_source_keep(struct ng_source *source);

/* Go back to the start. Call it once, after ng_source_keep() and before other
   threads use the source. ng_source_bytes_read() counts from 0 again. */
void ng_source_rewind(struct ng_source *source);

/* Returns the size in bytes at the time of opening; 0 if not known. */
uint64_t ng_source_size(const struct ng_source *source);

/* Returns the number of bytes that all threads have read so far. */
uint64_t ng_source_bytes_read(const struct ng_source *source);

/* Identifies a file and its state. */
struct ng_source_identity {
  uint64_t device;
  uint64_t inode;
  uint64_t size;
  int64_t modified_seconds;
  int64_t modified_nanoseconds;
  int64_t changed_seconds; /* of the status: content, name, owner or mode */
  int64_t changed_nanoseconds;
};

/* Whether both are the same file in the same state. */
bool ng_source_is_same(const struct ng_source_identity *a,
                       const struct ng_source_identity *b);

/* Get the identity at the time of opening. Returns false if it is not a regular
   file. */
bool ng_source_identify(const struct ng_source *source,
                        struct ng_source_identity *identity);

/* Get the device and inode of standard input, with size and times 0, because it
   cannot be read twice. Returns false if the source is not standard input. */
bool ng_source_identify_stdin(const struct ng_source *source,
                              struct ng_source_identity *identity);

/* Whether the file had settled when it was opened (source/settled.h): every
   later change then changes its identity, too. */
bool ng_source_is_settled(const struct ng_source *source);

/* Get the present identity of the file at a path, without opening it. Returns
   false if it is not a regular file that has settled. The path may lead to
   another file by the time it is opened. */
bool ng_source_identify_path(const char *path,
                             struct ng_source_identity *identity);

/* The same for the file of a descriptor, which need not be open for reading. */
bool ng_source_identify_fd(int fd, struct ng_source_identity *identity);

/* Whether the size or the time of modification of a regular file has changed
   since it was opened. */
bool ng_source_has_changed(const struct ng_source *source);

#endif
