/* SPDX-License-Identifier: MIT */
/*
 * Postings: which parts of a file's text hold which words, so that the rows of
 * a word can be read without the rest. (An inverted file of the coarse kind:
 * Witten, Moffat, Bell, "Managing Gigabytes", chapter 3.)
 *
 * A part is some whole lines, about a block. Its words are kept as
 * fingerprints, their hashes: 4 bytes for each word of a part. A fingerprint
 * says where a word may be, and the rows there say whether it is.
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
  uint64_t member;      /* where a member of the file begins, in bytes */
  uint64_t member_text; /* the text before that; at most `text` */
  size_t
      first_fingerprint; /* its fingerprints go up to those of the next part */
  uint32_t crc;          /* CRC-32 of its text, which proves it */
};

/* Parts longer than this are not worth to be read for a word. */
#define NG_PART_BYTES_MAX ((uint64_t)16 << 20)

struct ng_postings {
  enum ng_layout layout;
  uint64_t text_bytes;
  uint64_t rows; /* good ones */
  struct ng_part *parts;
  size_t part_count;
  size_t part_capacity;
  struct ng_fingerprints fingerprints;
  uint64_t limit_bytes; /* more memory than this is not kept */
  uint32_t crc;         /* of the last part's text up to now */
  uint64_t member;      /* the last one that began */
  uint64_t member_text;
  bool failed; /* no memory, too much of it, or a part too long */
};

/* Postings of a text that is about to be read. NULL: no memory. */
struct ng_postings *ng_postings_new(uint64_t limit_bytes);
/* NULL is allowed. */
void ng_postings_free(struct ng_postings *postings);
uint64_t ng_postings_bytes(const struct ng_postings *postings);

/* While the text is read, in its order: a part goes on with some text, whose
   words are added to `fingerprints`; the next one begins; it goes on with so
   much text of this CRC-32 and with these words; a member begins behind so much
   text. */
void ng_postings_add_text(struct ng_postings *postings, const char *text,
                          size_t size);
void ng_postings_begin_part(struct ng_postings *postings, uint64_t text,
                            uint64_t rows);
void ng_postings_add(struct ng_postings *postings,
                     const struct ng_fingerprints *fingerprints, uint32_t crc,
                     uint64_t size);
void ng_postings_begin_member(struct ng_postings *postings, uint64_t text,
                              uint64_t member);
/* The text has ended. False: the postings are not complete. */
bool ng_postings_end(struct ng_postings *postings, uint64_t text_bytes,
                     uint64_t rows, enum ng_layout layout);

/* The parts in which one of the words may be, in their order; *parts is for the
   caller to free. False: no memory, or told to stop. */
bool ng_postings_find(const struct ng_postings *postings,
                      const struct ngram_word *words, size_t word_count,
                      const struct ng_stop *stop, struct ng_part **parts,
                      size_t *part_count);

#endif
