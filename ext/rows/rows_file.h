/* SPDX-License-Identifier: MIT */
/*
 * The file whose rows are read: how it is opened, and what comes when all of
 * its batches have been taken.
 *
 * Threads: one at a time; those that work are made and joined here.
 */
#ifndef NG_ROWS_ROWS_FILE_H
#define NG_ROWS_ROWS_FILE_H

#include "rows/by_year.h"
#include "rows/rows_state.h"

/* Begin with file number rows->file. If that sets rows->must_sort, the file is
   open and not read yet, and ng_rows_file_reopen() is to follow. */
enum ngram_status ng_rows_file_open(struct ngram_rows *rows);

/* All batches of the file have been taken. Go on: with the next file, with the
   same one in another way, or to the end (rows->ended). As ng_rows_file_open().
 */
enum ngram_status ng_rows_file_end(struct ngram_rows *rows);

/* The rows may be closed anywhere: have workers stop, account for what was
   read, free all. */
void ng_rows_file_close(struct ngram_rows *rows);

/* Memory that may be kept of what is made of the file. */
uint64_t ng_rows_file_room(const struct ngram_rows *rows);

/* Hand in the rows of the open file by year, taken over. NULL: there are none,
   for some readings more, or never. */
void ng_rows_file_keep_years(struct ngram_rows *rows,
                             struct ng_by_year *by_year, bool never);

/* Close the open file and open it anew. As ng_rows_file_open(). */
enum ngram_status ng_rows_file_reopen(struct ngram_rows *rows);

#endif
