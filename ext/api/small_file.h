/* SPDX-License-Identifier: MIT */
/*
 * A small file, plain or gzip, read whole by the calling thread. What a count
 * promises holds here too: every member's CRC-32 and length agree, and the file
 * has not changed meanwhile.
 */
#ifndef NG_API_SMALL_FILE_H
#define NG_API_SMALL_FILE_H

#include <stddef.h>

#include "base/budget.h"
#include "inflate/reader.h"
#include "ngram.h"
#include "scan/plan.h"
#include "source/source.h"

struct ng_small_file {
  const char *path; /* for messages; borrowed, as the source */
  struct ng_source *source;
  size_t limit;          /* the most bytes of text */
  enum ng_format format; /* set by reading */
  struct ng_budget budget;
  char *text; /* owned, with room for `limit` bytes and one more */
  size_t size;
};

/* Read the file; source, path and limit are set and all else is zero. To be
   freed whatever is returned. */
enum ngram_status ng_small_file_read(struct ng_small_file *file,
                                     struct ngram_error *error);

void ng_small_file_free(struct ng_small_file *file);

#endif
