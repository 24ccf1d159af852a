/* SPDX-License-Identifier: MIT */
/*
 * The directory of a zip archive (APPNOTE.TXT, version 6.3.10): where the data
 * of each entry lie, how they are packed, and what their text is to be. The
 * directory stands at the end of the file, so a stream has none to offer.
 *
 * Read are entries that are stored or deflated, with and without zip64. What
 * the directory says is checked as far as it can be without the text: each
 * entry has its local header, none lies over another, and the directory ends
 * where the records at the end of the file begin. So two archives laid end to
 * end are an error, and no half of them is read.
 *
 * Threads: an archive that is open is only read, by any number of threads.
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
  uint64_t data; /* offset in the file of its packed bytes */
  uint64_t packed_bytes;
  uint64_t text_bytes;
  uint32_t crc;   /* CRC-32 of its text */
  bool is_stored; /* packed as they are; else DEFLATE */
};

struct ng_zip {
  struct ng_budget *budget;     /* borrowed */
  struct ng_zip_entry *entries; /* in the order of the file; those without
                                   packed bytes, as folders, are left out */
  size_t count;
  uint64_t room;       /* entries that there is memory for */
  uint64_t file_bytes; /* of the archive */
};

/* Whether these first bytes of a file are those of a zip archive: a local
   header, the end of an empty one, or the mark of one that was split. */
bool ng_zip_is_zip(const unsigned char *head, size_t size);

/*
 * Read the directory of the archive in `source`. The memory is taken from
 * `budget`, which stays borrowed; `stop` is asked by what takes long beside
 * reading, NULL: by nothing. NULL: *fault says why. The caller closes it; NULL
 * is allowed there.
 */
struct ng_zip *ng_zip_open(struct ng_source *source, struct ng_budget *budget,
                           const struct ng_stop *stop,
                           struct ng_gzip_fault *fault);
void ng_zip_close(struct ng_zip *zip);

/* The place of the first entry whose data begin at or after this byte of the
   file; zip->count: there is none. */
size_t ng_zip_find(const struct ng_zip *zip, uint64_t offset);

#endif
