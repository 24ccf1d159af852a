/* SPDX-License-Identifier: MIT */
/*
 * Gives the reader the entries of a zip archive one by one, as if they were
 * members of a gzip file, in the order of the file. The input's limit is always
 * the end of the current entry's data, so the decoder never gets the bytes
 * after them.
 */
#ifndef NG_INFLATE_ZIP_CURSOR_H
#define NG_INFLATE_ZIP_CURSOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "inflate/input.h"
#include "inflate/zip.h"

struct ng_zip_cursor {
  const struct ng_zip *zip;         /* borrowed */
  const struct ng_zip_entry *entry; /* the current one; NULL before the first */
  size_t next;                      /* index of the one after it */
};

/* Make the next entry the current one; the input then stands at its data.
   Returns false after the last one; the input then stands at the end of the
   archive. */
bool ng_zip_cursor_next(struct ng_zip_cursor *cursor, struct ng_input *input);

/* Make the entry current whose DEFLATE data hold byte `offset` of the file.
   The input is left where it is. Returns false if there is no such entry. */
bool ng_zip_cursor_enter(struct ng_zip_cursor *cursor, struct ng_input *input,
                         uint64_t offset);

/* Let the next entry be the first one whose data begin at byte `offset` of the
   file or after it. */
void ng_zip_cursor_seek(struct ng_zip_cursor *cursor, uint64_t offset);

/* What the directory says of the text of the current entry: all fields of *end
   but text_end. */
void ng_zip_cursor_get_end(const struct ng_zip_cursor *cursor,
                           struct ng_member_end *end);

#endif
