/* SPDX-License-Identifier: MIT */
/*
 * The bytes of a gzip file that are not DEFLATE data (RFC 1952): header and
 * trailer of a member, and padding after the last one.
 *
 * Functions that take an input return false after a fault, which the input
 * keeps. A file that ends too early is a fault.
 */
#ifndef NG_INFLATE_GZIP_MEMBER_H
#define NG_INFLATE_GZIP_MEMBER_H

#include "inflate/input.h"
#include "inflate/member.h"

/* Of a header (section 2.3.1). */
enum ng_gzip_flag {
  NG_GZIP_FLAG_HCRC = 2,
  NG_GZIP_FLAG_EXTRA = 4,
  NG_GZIP_FLAG_NAME = 8,
  NG_GZIP_FLAG_COMMENT = 16,
  NG_GZIP_FLAG_RESERVED = 0xE0,
};

/* Read a header. The input then stands at the DEFLATE data. */
bool ng_gzip_member_read_header(struct ng_input *input);

/* Read a trailer, into all fields of *end but text_end. */
bool ng_gzip_member_read_trailer(struct ng_input *input,
                                 struct ng_member_end *end);

/* Read zero bytes up to the end of the file. */
bool ng_gzip_member_read_padding(struct ng_input *input);

/* Whether these bytes, which begin with the magic number of a member, hold its
   whole header. Its fields are not checked. */
bool ng_gzip_member_holds_header(const unsigned char *bytes, size_t size);

#endif
