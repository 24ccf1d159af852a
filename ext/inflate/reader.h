/* SPDX-License-Identifier: MIT */
/*
 * The one reader of text, whatever a file is packed in.
 *
 * Plain text is handed out as it stands. A gzip file (RFC 1952) has any number
 * of members, any header fields, and zero padding after the last one. BGZF is
 * gzip with a size in a header field of each member and reads the same way. The
 * entries of a zip archive, in the order of the file, are read as members are,
 * their CRC-32 and length taken from its directory.
 *
 * What is stored of CRC-32 and length is handed out, not checked: whoever
 * maps the text computes the CRC while it is in the cache.
 *
 * Threads: a reader belongs to one thread at a time.
 */
#ifndef NG_INFLATE_READER_H
#define NG_INFLATE_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/budget.h"
#include "inflate/decoder.h"
#include "inflate/member.h"
#include "source/source.h"

struct ng_reader;
struct ng_zip;

enum ng_format {
  NG_PLAIN,
  NG_GZIP,
  NG_BGZF,
  NG_ZIP
};

/*
 * What the first bytes of a file tell of it. They are read into no text:
 * block->size counts them, and block->last says that they are all there are, or
 * that reading failed, by block->fault. A forward-only source has to keep them
 * for the reader (ng_source_keep()).
 */
enum ng_format ng_reader_find_format(struct ng_source *source,
                                     struct ng_gzip_block *block);

/*
 * Read `source` from the beginning. `decoder` is NULL for plain text; `zip`,
 * the directory of an archive, is NULL for all else. All are borrowed. Returns
 * NULL if there is no memory. The caller closes the reader; NULL is allowed
 * there.
 */
struct ng_reader *ng_reader_open(struct ng_source *source,
                                 const struct ng_decoder *decoder,
                                 const struct ng_zip *zip,
                                 struct ng_budget *budget);
void ng_reader_close(struct ng_reader *reader);

/* End each block of text where a member ends, if not before. */
void ng_reader_stop_at_members(struct ng_reader *reader);

/* Read up to `capacity` bytes of text. Not to be called after `last`. */
void ng_reader_read(struct ng_reader *reader, char *text, size_t capacity,
                    struct ng_gzip_block *block);

/* For ng_reader_read_until(): to the end, as ng_reader_read() does. */
#define NG_READER_NO_LIMIT UINT64_MAX

/*
 * The same with decoders that can resume, up to the first place at or behind
 * the byte of bit `until`. Reads on without text to give, so that it arrives at
 * a place right behind the last byte of it.
 */
void ng_reader_read_until(struct ng_reader *reader, char *text, size_t capacity,
                          uint64_t until, struct ng_gzip_block *block);

/*
 * Go on at another place of the file, inside a member, behind `size` bytes of
 * that member's text, at most NG_WINDOW_BYTES, which are copied. The source is
 * not forward-only.
 */
void ng_reader_resume(struct ng_reader *reader, uint64_t bit,
                      const unsigned char *window, size_t size);

/* Go on at byte `offset` of the file: anywhere in plain text; in gzip, where a
   member may begin; in a zip archive, with the first entry whose data begin
   there or after it. */
void ng_reader_seek(struct ng_reader *reader, uint64_t offset);

/* Read a block of plain text at byte `offset` without a reader. Any number of
   threads may do so at once if the source is not forward-only. */
void ng_reader_read_plain(struct ng_source *source, uint64_t offset, char *text,
                          size_t capacity, struct ng_gzip_block *block);

/* The text of the member before what is read next, as much of it as matches may
   reach back to: at most NG_WINDOW_BYTES. To be called where it has arrived. */
size_t ng_reader_window(const struct ng_reader *reader, unsigned char *window);

/* Bytes of the file that have been read. */
uint64_t ng_reader_bytes_read(const struct ng_reader *reader);

/*
 * Where a member may begin, look at the bytes ahead without reading them:
 * `wanted` of them, at most 128 KiB, or as many as *got says before the end
 * of the file. They stay until the next call. NULL: the reader stands
 * elsewhere, or reading failed, which ng_reader_read() will report.
 */
const unsigned char *ng_reader_peek(struct ng_reader *reader, size_t wanted,
                                    size_t *got);
/* Take a whole member of `size` bytes, which were peeked at, for read. */
void ng_reader_skip_member(struct ng_reader *reader, size_t size);
/* The offset in the file of the next byte. */
uint64_t ng_reader_offset(const struct ng_reader *reader);

#endif
