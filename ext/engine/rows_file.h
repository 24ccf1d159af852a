/* SPDX-License-Identifier: MIT */
/*
 * The file whose rows are read: how it is opened, and what comes when all of
 * its batches have been taken.
 *
 * Threads: one at a time; those that work are made and joined here.
 */
#ifndef NG_ENGINE_ROWS_FILE_H
#define NG_ENGINE_ROWS_FILE_H

#include <sys/types.h>

#include "engine/count_file.h"
#include "engine/feed.h"
#include "engine/files.h"
#include "engine/lookup.h"
#include "engine/rows_options.h"
#include "ngram.h"
#include "sched/team.h"

struct ngram_rows {
  struct ng_rows_question question; /* options, and what they point to */
  struct ng_budget budget;
  struct ng_request request;
  struct ng_files files;
  size_t file; /* the one that is read */

  /* Of that file. */
  struct ng_feed feed;
  struct ng_job job;
  bool is_open;   /* the two of them */
  bool is_set_up; /* the job */
  struct ng_team team;
  struct ng_batch *batch; /* in the caller's hands */
  struct ng_lookup lookup;
  uint64_t rows_before; /* in the files before it */
  uint64_t served;      /* the last row that was, and 1 */

  pid_t process; /* that opened them */
  double began;
  struct ngram_scan_stats stats; /* of the files before it */
  bool ended;                    /* there are no more rows */
  enum ngram_status status;      /* why, if that is an error */
  struct ngram_error error;
};

/* As ngram_rows_open(), of one file, whatever pattern its path looks like. */
enum ngram_status ng_rows_open_file(const char *path,
                                    const struct ngram_rows_options *options,
                                    struct ngram_rows **rows,
                                    struct ngram_error *error);

/* Begin with file number rows->file. */
enum ngram_status ng_rows_file_open(struct ngram_rows *rows);

/* All batches of the file have been taken. Go on: with the next file, with the
   same one in another way, or to the end (rows->ended). */
enum ngram_status ng_rows_file_end(struct ngram_rows *rows);

/* The rows may be closed anywhere: have workers stop, account for what was
   read, free all. */
void ng_rows_file_close(struct ngram_rows *rows);

#endif
