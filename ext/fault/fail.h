/* SPDX-License-Identifier: MIT */
/*
 * What the rooms report in their own terms, said in words for people. No
 * message repeats content of a file.
 */
#ifndef NG_FAULT_FAIL_H
#define NG_FAULT_FAIL_H

#include <stdint.h>

#include "inflate/reader.h"
#include "ngram.h"
#include "text/foreign.h"
#include "text/line.h"
#include "text/totals_parser.h"

/* Each fills in *error, which may be NULL, and returns its status. `path` is
   the file as the caller named it; lines count from 1, bytes from 0. */
enum ngram_status ng_fail(struct ngram_error *error, enum ngram_status status,
                          const char *format, ...)
    __attribute__((format(printf, 3, 4)));

enum ngram_status ng_fail_open(struct ngram_error *error, const char *path,
                               int system_error);
/* A temporary file could not be made, written or read. */
enum ngram_status ng_fail_spill(struct ngram_error *error, int system_error);
enum ngram_status ng_fail_memory(struct ngram_error *error);
enum ngram_status ng_fail_interrupted(struct ngram_error *error);
enum ngram_status ng_fail_row(struct ngram_error *error, const char *path,
                              uint64_t line, const struct ng_row_fault *fault);
enum ngram_status ng_fail_gzip(struct ngram_error *error, const char *path,
                               const struct ng_gzip_fault *fault);
enum ngram_status ng_fail_foreign(struct ngram_error *error, const char *path,
                                  const struct ng_foreign *foreign,
                                  enum ng_packing packing);
/* `reader` stands at the block that is at fault. */
enum ngram_status ng_fail_totals(struct ngram_error *error, const char *path,
                                 const struct ng_totals_parser *reader,
                                 const struct ng_totals_fault *fault);

#endif
