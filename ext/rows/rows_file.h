/* SPDX-License-Identifier: MIT */
/*
 * The current file of a reading: reading.c opens it here, and asks here for
 * what follows when all batches of the file have been taken.
 *
 * Threads: one, the caller's; workers are made and joined here.
 */
#ifndef NG_ROWS_ROWS_FILE_H
#define NG_ROWS_ROWS_FILE_H

#include "rows/by_year.h"
#include "rows/rows_state.h"

/* Open file number rows->file and start its workers, if it has any. If this
   sets rows->must_sort, the file is open but not read: the caller sorts it,
   calls ng_rows_memory_keep_years(), and then ng_rows_file_reopen(). If it sets
   rows->must_make_postings, ng_rows_file_make_postings() follows. An error is
   described in rows->error. */
enum ngram_status ng_rows_file_open(struct ngram_rows *rows);

/* Make the postings of the open file by a pass, hand them in, and open the file
   again. If it has an error there are no postings, and the pass that follows
   reports the error after the rows before it. As ng_rows_file_open(). */
enum ngram_status ng_rows_file_make_postings(struct ngram_rows *rows);

/* All batches of the file have been taken. Report its error, or open the next
   file, or open the same file again for another pass, or set
   rows->ended. As ng_rows_file_open(). */
enum ngram_status ng_rows_file_end(struct ngram_rows *rows);

/* Close the file wherever it stands: stop the workers, add its statistics to
   rows->stats, and free all that is open. */
void ng_rows_file_close(struct ngram_rows *rows);

/* Close the open file and open it again. As ng_rows_file_open(). */
enum ngram_status ng_rows_file_reopen(struct ngram_rows *rows);

#endif
