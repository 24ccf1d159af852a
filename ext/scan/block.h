/* SPDX-License-Identifier: MIT */
/*
 * A block of text on its way from the decoder to the map, and what is left of
 * it to be put in order: the report.
 *
 * A block's edges fall anywhere. The text up to its first newline (its head)
 * ends a line that began before, and the text behind its last newline (its
 * tail) begins a line that goes on: both are copied to the report, and the
 * commit joins them. In free text, whose lines have any length, it is seams
 * between words that do so, and newlines are only counted.
 */
#ifndef NG_SCAN_BLOCK_H
#define NG_SCAN_BLOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/budget.h"
#include "inflate/reader.h"
#include "scan/fingerprints.h"
#include "text/line.h"
#include "text/row_columns.h"
#include "text/text_kernel.h"
#include "text/tokenizer.h"

/* A bad row of a block, the first one that was met. */
struct ng_block_fault {
  struct ng_row_fault row; /* NG_ROW_OK: none */
  uint64_t line;           /* lines of the block that end before it */
  size_t position; /* bytes of the block after which a reader knows of it */
};

/* What mapping some text of a block gave. */
struct ng_mapped {
  uint64_t lines; /* that ended in it, the block's head not counted */
  uint64_t skipped;
  uint64_t rows;               /* of good lines */
  struct ng_block_fault fault; /* the first one */
};

/* Rows that are handed to the caller, and where their words are. */
struct ng_batch {
  struct ng_batch *next; /* in the queue */
  struct ng_row_columns rows;
  uint64_t first; /* rows of the file before the row number 0 of these */
  struct ng_block *block; /* that this is part of; NULL: it is a joined line */
  char *line;             /* then owned, with the batch itself */
  size_t line_bytes;
};

struct ng_block {
  struct ng_block *next; /* in a list of the stream */
  char *memory;          /* owned: pad, text, pad */
  char *text;
  size_t capacity;
  uint64_t number;         /* its place in the order of the file */
  uint64_t next_number;    /* of the block behind it */
  struct ng_gzip_block in; /* size, member ends, last, fault */
  enum ng_tokens tokens;   /* what a seam is; NONE: a newline */
  bool has_seam;
  size_t head_size;  /* the first seam included; all without seam */
  size_t head_lines; /* 1: a newline ends it */
  size_t tail_start;

  /* The map's: under the stream's lock where there is one. */
  size_t cut_at;       /* text before this has been drawn by workers */
  uint64_t cut_lines;  /* lines that end in it */
  unsigned spans_open; /* drawn, and not mapped yet */
  struct ng_mapped mapped;
  struct ng_batch batch; /* where rows are wanted one by one */
  struct ng_fingerprints
      fingerprints;  /* of its body's words, where postings are made, */
  uint32_t body_crc; /* and the CRC-32 of all text after the head */
};

/* A piece of a member's text and its CRC. */
struct ng_piece {
  uint64_t size;
  uint32_t crc;
};

/* What the commit needs of a block once the block itself is free again. */
struct ng_report {
  struct ng_block *block; /* that goes with it, if the sink keeps blocks; else
                             NULL */
  size_t report_bytes;    /* that this takes itself */
  uint64_t number;
  uint64_t next_number;
  uint64_t size;
  bool has_seam;
  bool is_open; /* the last byte is no newline */
  uint64_t lines;
  uint64_t skipped;
  uint64_t rows;
  struct ng_block_fault fault;
  bool checked; /* pieces are there: the text came from gzip */
  bool last;
  struct ng_gzip_fault in_fault;
  size_t end_count;
  struct ng_member_end *ends; /* end_count */
  struct ng_piece *pieces;    /* end_count + 1, parted by the ends */
  size_t head_size;
  size_t tail_size;
  char *head;
  char *tail;
};

/* A block for `capacity` bytes of text, which is to be cut for `tokens`. NULL:
   no memory. */
struct ng_block *ng_block_new(struct ng_budget *budget, size_t capacity,
                              enum ng_tokens tokens);
void ng_block_free(struct ng_block *block, struct ng_budget *budget);

/* Add to what is known already. */
void ng_block_add_mapped(struct ng_mapped *into, const struct ng_mapped *from);

/* To be called when text and `in` have been filled: finds head and tail and
   readies the map's fields. The next block's number is one more; a caller that
   leaves some out says so behind this. */
void ng_block_begin(struct ng_block *block, uint64_t number);

/* The report of a block that has been mapped, in one piece of memory to be
   freed by free(). Computes the CRCs if `checked`. NULL: no memory. */
struct ng_report *ng_block_report(const struct ng_block *block, bool checked);

#endif
