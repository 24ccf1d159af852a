/* SPDX-License-Identifier: MIT */
/*
 * Postings: which parts of a file's text hold which words, so that the rows of
 * a word can be read without the rest. (An inverted file of the coarse kind:
 * Witten, Moffat, Bell, "Managing Gigabytes", chapter 3.)
 *
 * A part is a sequence of whole lines, of about the size of a block. Its words
 * are kept as fingerprints, 4 bytes for each word. A fingerprint tells that a
 * part may have the word; scanning the part tells whether it has.
 *
 * Life: ng_postings_new(), the calls of a pass in the order of the text,
 * ng_postings_end(), any number of ng_postings_find(), ng_postings_free().
 *
 * Threads: one at a time.
 */
#ifndef NG_ROWS_POSTINGS_H
#define NG_ROWS_POSTINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/stop.h"
#include "ngram.h"
#include "scan/fingerprints.h"
#include "text/line.h"

struct ng_part {
  uint64_t text;        /* bytes of text before it */
  uint64_t size;        /* bytes; the last part may lack its newline */
  uint64_t rows;        /* good rows before it */
  uint64_t member;      /* offset in the file of a member that begins at or
                           before it: the last one noted before the part */
  uint64_t member_text; /* bytes of text before that member; at most `text` */
  size_t first_fingerprint; /* index of its first one; the next part's is the
                               end */
  uint32_t crc;             /* CRC-32 of its text, to verify it */
};

/* The longest part. Postings of a text with a longer one are not kept, because
   reading it for one word would not pay. */
#define NG_PART_BYTES_MAX ((uint64_t)16 << 20)

struct ng_postings {
  enum ng_layout layout;
  uint64_t text_bytes;
  uint64_t rows;         /* good ones */
  struct ng_part *parts; /* owned array, in the order of the text */
  size_t part_count;
  size_t part_capacity;
  struct ng_fingerprints fingerprints; /* of all parts, one after the other */
  uint64_t limit_bytes;                /* of memory */

  /* While the text is read. */
  uint32_t crc;         /* of the last part's text so far */
  uint64_t member;      /* as in struct ng_part, for the next part */
  uint64_t member_text; /* likewise */
  bool failed; /* no memory, past limit_bytes, or a part that is too long */
};

/* Begin the postings of a text that is about to be read, in at most
   `limit_bytes` of memory. Returns NULL if there is no memory. */
struct ng_postings *ng_postings_new(uint64_t limit_bytes);
/* NULL is allowed. */
void ng_postings_free(struct ng_postings *postings);
/* The bytes of memory that they take. */
uint64_t ng_postings_bytes(const struct ng_postings *postings);

/*
 * The text of a file as it is read, in order. A failure is remembered, and told
 * by ng_postings_end().
 *
 * ng_postings_begin_part(): a part begins after `text` bytes and `rows` good
 * rows; it ends the part before it. ng_postings_add(): the part has `size` more
 * bytes with the CRC-32 `crc`, and the words in `fingerprints`.
 * ng_postings_add_text(): the part has more text, whose words the caller adds
 * to postings->fingerprints. ng_postings_begin_member(): a member begins after
 * `text` bytes, at offset `member` of the file.
 */
void ng_postings_add_text(struct ng_postings *postings, const char *text,
                          size_t size);
void ng_postings_begin_part(struct ng_postings *postings, uint64_t text,
                            uint64_t rows);
void ng_postings_add(struct ng_postings *postings,
                     const struct ng_fingerprints *fingerprints, uint32_t crc,
                     uint64_t size);
void ng_postings_begin_member(struct ng_postings *postings, uint64_t text,
                              uint64_t member);
/* The text has ended, after `text_bytes` and `rows` good rows. Returns false if
   the postings are not complete; the caller frees them then. */
bool ng_postings_end(struct ng_postings *postings, uint64_t text_bytes,
                     uint64_t rows, enum ng_layout layout);

/* Find the parts that may have one of the words, in the order of the text. The
   caller frees *parts with free(). Returns false if there is no memory, or if
   told to stop; *parts is NULL then. */
bool ng_postings_find(const struct ng_postings *postings,
                      const struct ngram_word *words, size_t word_count,
                      const struct ng_stop *stop, struct ng_part **parts,
                      size_t *part_count);

#endif
