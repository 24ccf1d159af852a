/* SPDX-License-Identifier: MIT */
/*
 * The directory of a zip archive (APPNOTE.TXT, version 6.3.10): the position of
 * each entry's data, how they are packed, and CRC-32 and length of their text.
 * The directory is at the end of the file, so a stream cannot be read.
 *
 * Entries may be stored or deflated, with and without zip64. The directory is
 * verified as far as possible without the text: each entry has its local
 * header, none overlaps another, and the directory ends where the records at
 * the end of the file begin. So two archives laid end to end are an error; it
 * cannot happen that half of them is read.
 *
 * Threads: an open archive does not change; any number of threads may read it.
 */
#ifndef NG_INFLATE_ZIP_H
#define NG_INFLATE_ZIP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/budget.h"
#include "base/stop.h"
#include "inflate/member.h"
#include "source/source.h"

struct ng_zip_entry {
  uint64_t data;         /* offset in the file of its data */
  uint64_t packed_bytes; /* of its data */
  uint64_t text_bytes;
  uint32_t crc;   /* CRC-32 of its text */
  bool is_stored; /* the data are the text; else DEFLATE */
};

struct ng_zip {
  struct ng_budget *budget;     /* borrowed */
  struct ng_zip_entry *entries; /* owned; in the order of the file; entries
                                   without data, as folders, are left out */
  size_t count;
  uint64_t room;       /* entries for which there is memory */
  uint64_t file_bytes; /* of the archive */
};

/* Whether these first bytes of a file are those of a zip archive: a local
   header, the end of an empty one, or the mark of one that was split. */
bool ng_zip_is_zip(const unsigned char *head, size_t size);

/*
 * Read the directory of the archive in `source`. The archive borrows `budget`
 * until it is closed. `stop` (NULL for none) is asked while entries are sorted;
 * the source asks its own. Returns NULL if that failed, for the reason in
 * *fault. The caller closes the archive; NULL is allowed there.
 */
struct ng_zip *ng_zip_open(struct ng_source *source, struct ng_budget *budget,
                           const struct ng_stop *stop,
                           struct ng_gzip_fault *fault);
void ng_zip_close(struct ng_zip *zip);

/* The index of the first entry whose data begin at this byte of the file or
   after it; zip->count if there is none. */
size_t ng_zip_find(const struct ng_zip *zip, uint64_t offset);

#endif
