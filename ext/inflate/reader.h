/* SPDX-License-Identifier: MIT */
/*
 * The one reader of text, from plain, gzip, BGZF and zip files.
 *
 * Plain text is returned as it is. A gzip file (RFC 1952) may have any number
 * of members, any header fields, and zero padding after the last one. BGZF is
 * gzip with a size in a header field of each member and is read as such. The
 * entries of a zip archive are read as members are, in the order of the
 * file, with CRC-32 and length from its directory.
 *
 * The reader returns the stored CRC-32 and length of each member and does not
 * check them: the worker that maps the text computes its CRC-32 while the text
 * is in the cache.
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
 * Returns the format of a file, by its first bytes, at most 18. block->size is
 * their number; block->last says that the file has no more, or that reading
 * failed with block->fault. A forward-only source must keep them for the reader
 * (ng_source_keep()).
 */
enum ng_format ng_reader_find_format(struct ng_source *source,
                                     struct ng_gzip_block *block);

/*
 * Read `source` from the start. `decoder` is NULL for plain text; `zip` is the
 * directory of an archive, or NULL for all else. All are borrowed. Returns
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

/* Read up to `capacity` bytes of text. Not to be called after block->last. */
void ng_reader_read(struct ng_reader *reader, char *text, size_t capacity,
                    struct ng_gzip_block *block);

/* A limit for ng_reader_read_until() that is never reached. */
#define NG_READER_NO_LIMIT UINT64_MAX

/*
 * The same with a decoder that can resume, up to the first position (struct
 * ng_gzip_position) in the byte of bit `until` or after it. block->arrived says
 * whether the reader has stopped at it; it is then block->position. When the
 * block is full the reader goes on while no more text comes, so that it also
 * arrives at a position right after the block's last byte.
 */
void ng_reader_read_until(struct ng_reader *reader, char *text, size_t capacity,
                          uint64_t until, struct ng_gzip_block *block);

/*
 * Go on at bit `bit` of the file, where a block of DEFLATE begins. `window` is
 * the text of its member before it, `size` bytes, at most NG_WINDOW_BYTES; it
 * is copied. The decoder can resume, and the source is not forward-only.
 */
void ng_reader_resume(struct ng_reader *reader, uint64_t bit,
                      const unsigned char *window, size_t size);

/* Go on at byte `offset` of the file: of plain text, any; of gzip, one at which
   a member may begin; in a zip archive, with the first entry whose data begin
   there or after it. The source is not forward-only. */
void ng_reader_seek(struct ng_reader *reader, uint64_t offset);

/* Read a block of plain text at byte `offset` without a reader. Any number of
   threads may do so at once if the source is not forward-only. */
void ng_reader_read_plain(struct ng_source *source, uint64_t offset, char *text,
                          size_t capacity, struct ng_gzip_block *block);

/* Copy the window of the next byte of text to `window`, which has room for
   NG_WINDOW_BYTES; returns its size. The decoder can resume. */
size_t ng_reader_window(const struct ng_reader *reader, unsigned char *window);

/* The offset in the file up to which bytes have been read. */
uint64_t ng_reader_bytes_read(const struct ng_reader *reader);

/*
 * Return the next bytes of the file, if a member may begin at them, without
 * taking them: *got is `wanted`, at most 128 KiB, or more, or less at the end
 * of the file. They are valid until the next call. Returns NULL if no member
 * may begin here, or if reading failed, which ng_reader_read() will report.
 */
const unsigned char *ng_reader_peek(struct ng_reader *reader, size_t wanted,
                                    size_t *got);
/* Skip a whole member of `size` bytes, which ng_reader_peek() returned. */
void ng_reader_skip_member(struct ng_reader *reader, size_t size);
/* The offset in the file of the next byte. */
uint64_t ng_reader_offset(const struct ng_reader *reader);

#endif
