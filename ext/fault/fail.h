/* SPDX-License-Identifier: MIT */
/*
 * Statuses and messages for the faults that other rooms report as structs and
 * errnos. No message repeats the content of a file: the rooms that read files
 * report numbers, and only this room makes text of them.
 *
 * Threads: any number at once, each with an error of its own.
 */
#ifndef NG_FAULT_FAIL_H
#define NG_FAULT_FAIL_H

#include <stdint.h>

#include "inflate/reader.h"
#include "ngram.h"
#include "text/foreign.h"
#include "text/line.h"
#include "text/totals_parser.h"

/* Each function fills in *error, which may be NULL, and returns the status.
   `path` is the file as the caller of ngram.h named it. Lines count from 1,
   bytes from 0. */

/* Any status and message, for errors that have no function below. The message
   is cut to fit, and bytes that are not UTF-8 are replaced. */
enum ngram_status ng_fail(struct ngram_error *error, enum ngram_status status,
                          const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* A file or folder could not be opened: NGRAM_CANNOT_OPEN, NGRAM_FORBIDDEN for
   the errno NG_OUTSIDE, NGRAM_NO_MEMORY for ENOMEM. */
enum ngram_status ng_fail_open(struct ngram_error *error, const char *path,
                               int system_error);
/* A temporary file could not be made, written or read: NGRAM_DISK_FULL or
   NGRAM_IO_ERROR, by the errno. */
enum ngram_status ng_fail_spill(struct ngram_error *error, int system_error);
enum ngram_status ng_fail_memory(struct ngram_error *error);
enum ngram_status ng_fail_interrupted(struct ngram_error *error);
/* The file is not in the state in which it was opened: NGRAM_CHANGED. */
enum ngram_status ng_fail_changed(struct ngram_error *error, const char *path);
/* A bad row, or a bad word of free text, at a line: NGRAM_BAD_INPUT. */
enum ngram_status ng_fail_row(struct ngram_error *error, const char *path,
                              uint64_t line, const struct ng_row_fault *fault);
/* A fault in reading, gzip or zip: NGRAM_BAD_INPUT, NGRAM_IO_ERROR,
   NGRAM_NO_MEMORY or NGRAM_INTERRUPTED. */
enum ngram_status ng_fail_gzip(struct ngram_error *error, const char *path,
                               const struct ng_gzip_fault *fault);
/* A file in another known format: NGRAM_BAD_INPUT. */
enum ngram_status ng_fail_foreign(struct ngram_error *error, const char *path,
                                  const struct ng_foreign *foreign,
                                  enum ng_packing packing);
/* A fault of a totals file: NGRAM_BAD_INPUT. The parser stands at the block
   that is at fault. */
enum ngram_status ng_fail_totals(struct ngram_error *error, const char *path,
                                 const struct ng_totals_parser *parser,
                                 const struct ng_totals_fault *fault);

#endif
