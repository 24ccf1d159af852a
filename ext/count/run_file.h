/* SPDX-License-Identifier: MIT */
/*
 * Entries in a temporary file: sorted runs, written once, front to back, and
 * read from any piece on.
 *
 * Records stand in pieces. A piece is verified before the reader gives an entry
 * of it: bytes that were changed, lost or put elsewhere are an error.
 * run_file.c has the layout. Files are read by the process that wrote them, by
 * no other.
 *
 * Threads: one at a time for each struct. Any number of readers may read one
 * file. While a writer writes it, they must not read past the last flush.
 */
#ifndef NG_COUNT_RUN_FILE_H
#define NG_COUNT_RUN_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/budget.h"
#include "base/temp_file.h"
#include "count/entry.h"

/* ---------------------------------------------------------------- write -- */

/* The caller sets the first five fields, and leaves the others zeroed. */
struct ng_run_file_writer {
  struct ng_temp_file *file; /* borrowed; one writer at a time for a file */
  bool wide;
  char *buffer;       /* borrowed until the last flush */
  size_t capacity;    /* of the buffer: 64 bytes or more */
  size_t piece_bytes; /* at most in a piece, unless one record is longer */

  size_t filled;
  size_t piece; /* where in the buffer the open piece begins */
  bool is_open; /* there is an open piece; it has records */

  /* Of the last entry that was written, for the caller to read. */
  uint64_t piece_offset; /* where its piece begins in the file */
  bool is_first;         /* it is the first one of its piece */
};

/* Append an entry. Returns 0, or an errno. */
int ng_run_file_write(struct ng_run_file_writer *writer,
                      const struct ng_entry *entry);

/* End the piece, so that reading may begin with the next entry. Returns where
   that will stand in the file. */
uint64_t ng_run_file_cut(struct ng_run_file_writer *writer);

/* End the piece, and write all that is in the buffer. Returns 0, or an
   errno. */
int ng_run_file_flush(struct ng_run_file_writer *writer);

/* ----------------------------------------------------------------- read -- */

struct ng_run_file_reader {
  const struct ng_temp_file *file; /* borrowed */
  struct ng_budget *budget;        /* borrowed */
  bool wide;
  uint64_t at;  /* offset of what is to be read next into the buffer */
  uint64_t end; /* offset of the end of what was set */
  char *buffer; /* owned, from the budget */
  size_t capacity;
  size_t filled;    /* bytes of the buffer up to here were read */
  size_t used;      /* bytes of the buffer up to here were given as entries */
  size_t piece_end; /* of the verified piece, in the buffer */
};

/* A reader through a buffer for `buffer_bytes` of pieces; it grows to the
   longest piece that is met. Returns false if there is no memory. */
bool ng_run_file_reader_init(struct ng_run_file_reader *reader,
                             struct ng_budget *budget, size_t buffer_bytes,
                             bool wide);
void ng_run_file_reader_free(struct ng_run_file_reader *reader);

/* Read the entries between two offsets from now on: `from` is where a piece
   begins, and `to` where one ends. May be called again at any time. */
void ng_run_file_reader_set(struct ng_run_file_reader *reader,
                            const struct ng_temp_file *file, uint64_t from,
                            uint64_t to);

/* Give the next entry, borrowed until the next call, or NULL at the end.
   Returns 0, or an errno: EIO if a piece is not as it was written. */
int ng_run_file_read(struct ng_run_file_reader *reader,
                     struct ng_entry **entry);

#endif
