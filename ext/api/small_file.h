/* SPDX-License-Identifier: MIT */
/*
 * A small file, plain, gzip or zip, read whole by the calling thread. It is
 * verified as in a count: every member's CRC-32 and length agree, and the file
 * has not changed meanwhile.
 *
 * Threads: each file belongs to one thread.
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
  const char *path;         /* for messages; borrowed */
  struct ng_source *source; /* open, and not read yet; borrowed */
  size_t limit;             /* the most bytes of text, inclusive */

  /* Set by ng_small_file_read(). */
  enum ng_format format;
  struct ng_budget budget; /* of the memory below and of decoding */
  char *text;              /* owned */
  size_t size;             /* of the text, in bytes */
};

/* Read the file. The caller has set path, source and limit, and zeroed all
   else; it calls ng_small_file_free(), whatever is returned. A text longer than
   the limit is NGRAM_BAD_INPUT. */
enum ngram_status ng_small_file_read(struct ng_small_file *file,
                                     struct ngram_error *error);

void ng_small_file_free(struct ng_small_file *file);

#endif
