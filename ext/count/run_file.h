/* SPDX-License-Identifier: MIT */
/*
 * Entries of a table in a temporary file, in some order: a sorted run.
 *
 * A record is the length of the word and the sums, each with seven bits a byte,
 * the least first, and the word: less than half of what an entry takes in
 * memory, where most sums are small. Records stand in pieces, each of which is
 * verified before an entry of it is given: its head has a CRC-32 of its bytes,
 * and one of the head itself and the place in the file. So bytes that were
 * changed, lost or put elsewhere are an error. What is read becomes an entry in
 * the buffer where its word is: the sums are put in front, over what is done
 * with. No other program reads these files.
 *
 * Threads: one at a time for each struct.
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

struct ng_run_file_writer {
  struct ng_temp_file *file; /* borrowed */
  bool wide;
  char *buffer;       /* borrowed */
  size_t capacity;    /* of it, 64 or more */
  size_t piece_bytes; /* at most in a piece, unless one record is longer */
  size_t filled;
  size_t piece; /* where in the buffer the open piece begins, if it is not
                   empty */
  bool is_open; /* there is an open piece */

  /* Of the last entry that was written. */
  uint64_t piece_offset; /* where its piece begins in the file */
  bool is_first;         /* it is the first one of its piece */
};

/* Returns 0, or an errno. */
int ng_run_file_write(struct ng_run_file_writer *writer,
                      const struct ng_entry *entry);

/* End the piece, so that reading may begin with the next entry. Returns where
   that will stand in the file. */
uint64_t ng_run_file_cut(struct ng_run_file_writer *writer);

/* End the piece, and write what is left in the buffer. Returns 0, or an
   errno. */
int ng_run_file_flush(struct ng_run_file_writer *writer);

/* ----------------------------------------------------------------- read -- */

struct ng_run_file_reader {
  const struct ng_temp_file *file; /* borrowed */
  struct ng_budget *budget;        /* borrowed */
  bool wide;
  uint64_t at; /* of the file: bytes before it are in the buffer, or done */
  uint64_t end;
  char *buffer; /* owned; pieces stand after room for the sums of a record */
  size_t capacity;
  size_t filled;
  size_t used;
  size_t piece_end; /* of the verified piece, in the buffer */
};

/* Read the entries between two offsets, through a buffer for so many bytes of
   pieces, or as many as the longest of them has. False: no memory. */
bool ng_run_file_reader_init(struct ng_run_file_reader *reader,
                             struct ng_budget *budget, size_t buffer_bytes,
                             bool wide);
void ng_run_file_reader_free(struct ng_run_file_reader *reader);

/* `from` is where a piece begins, and `to` where one ends. */
void ng_run_file_reader_set(struct ng_run_file_reader *reader,
                            const struct ng_temp_file *file, uint64_t from,
                            uint64_t to);

/* The next entry, borrowed until the next call; NULL at the end. Returns 0, or
   an errno: EIO where a piece is not what was written. */
int ng_run_file_read(struct ng_run_file_reader *reader,
                     struct ng_entry **entry);

#endif
