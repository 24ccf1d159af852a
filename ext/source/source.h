/* SPDX-License-Identifier: MIT */
/*
 * Where bytes come from: a regular file, read at any position; a forward-only
 * stream (standard input, a FIFO, a device); or memory, for tests.
 *
 * Files are read and never mapped: a file that is cut short under a mapping
 * kills the process with SIGBUS.
 *
 * Threads: ng_source_read() of a source that is not forward-only may be called
 * from any number of threads at once; all else from one at a time.
 */
#ifndef NG_SOURCE_SOURCE_H
#define NG_SOURCE_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/stop.h"

struct ng_source;

/*
 * Open the file at `path`, or standard input for "-". Returns 0, or the errno
 * that says why not (EISDIR for a directory). The caller closes the source.
 * Opening a FIFO does not wait for its writer: reading does.
 */
int ng_source_open(const char *path, struct ng_source **source);

/* The same, but a relative path begins at a folder that is open, whatever
   folder the process is in by now; -1: that one. */
int ng_source_open_at(int folder, const char *path, struct ng_source **source);

/* The same below a folder and nowhere else, a regular file and nothing else:
   what is no such file is not even opened, but NG_OUTSIDE. See
   source/beneath.h. */
int ng_source_open_beneath(int root, const char *path,
                           struct ng_source **source);

/* A source over borrowed bytes. NULL: no memory. */
struct ng_source *ng_source_from_memory(const void *bytes, size_t size);

/* NULL is allowed. */
void ng_source_close(struct ng_source *source);

/* `stop` is borrowed, NULL for none: it is asked before every read and, while a
   forward-only source has nothing to give, at least every 20 ms. */
void ng_source_stop_by(struct ng_source *source, const struct ng_stop *stop);

/*
 * Read `size` bytes from `offset` on; *got is less only at the end of the
 * file. A forward-only source takes just the offset where the last read ended,
 * or any that was read before it is rewound.
 * Returns 0, or an errno: ECANCELED when told to stop.
 */
int ng_source_read(struct ng_source *source, void *buffer, size_t size,
                   uint64_t offset, size_t *got);

bool ng_source_is_forward_only(const struct ng_source *source);

/* Be ready to be rewound: a forward-only source keeps what it gives. */
void ng_source_keep(struct ng_source *source);

/* Go back to the beginning, to read it again; to be called once, before the
   source is shared. Reads up to then do not count in ng_source_bytes_read(). */
void ng_source_rewind(struct ng_source *source);

/* The size in bytes when it was opened; 0 when not known. */
uint64_t ng_source_size(const struct ng_source *source);

/* Bytes that were read so far, by all threads; may be asked at any time. */
uint64_t ng_source_bytes_read(const struct ng_source *source);

/* What tells one file, and one state of it, from others. */
struct ng_source_identity {
  uint64_t device;
  uint64_t inode;
  uint64_t size;
  int64_t modified_seconds;
  int64_t modified_nanoseconds;
  int64_t changed_seconds; /* also of its name, owner or mode */
  int64_t changed_nanoseconds;
};

/* Whether it is the same file in the same state. */
bool ng_source_is_same(const struct ng_source_identity *a,
                       const struct ng_source_identity *b);

/* As it was when it was opened. False: not a regular file. */
bool ng_source_identify(const struct ng_source *source,
                        struct ng_source_identity *identity);

/* What standard input is at present, which cannot be read twice; size and times
   are 0. False: it is not standard input. */
bool ng_source_identify_stdin(const struct ng_source *source,
                              struct ng_source_identity *identity);

/* Whether the file had settled when it was opened (source/settled.h): then
   whatever changes it later changes its identity, too. */
bool ng_source_is_settled(const struct ng_source *source);

/* Look at a path without opening it: what it names at present, if anything.
   False: not a regular file that has settled. What is opened by that path later
   may be another one. */
bool ng_source_identify_path(const char *path,
                             struct ng_source_identity *identity);

/* The same of a descriptor, which may be one that cannot be read. */
bool ng_source_identify_fd(int fd, struct ng_source_identity *identity);

/* Whether the file was changed after it was opened, as far as its size and
   times tell. */
bool ng_source_has_changed(const struct ng_source *source);

#endif
