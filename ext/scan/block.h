/* SPDX-License-Identifier: MIT */
/*
 * A block of text, and its report: what the commit needs of it.
 *
 *     ...bc 1 1 1 \n | whole lines, the body ... \n | abc 1 1 ...
 *     head           |                              | tail
 *
 * A block's edges fall anywhere. Its head, up to and with its first newline,
 * ends a line that began in an earlier block; its tail, after its last newline,
 * begins a line that ends in a later one. The body between them is scanned
 * where the block is; head and tail are copied to the report, and the commit
 * joins them. Without newline all of the block is head. Free text is cut at
 * split points (text/split_points.h) in place of newlines, and newlines are
 * only counted.
 *
 * Life: a worker fills `text` and `in` and calls ng_block_begin(). The block is
 * mapped (scan/map.h), as a whole or in spans of its text, and `mapped` is the
 * sum of the spans. ng_block_report() makes the report. Then the block is
 * reused, or goes with the report if the sink keeps blocks.
 *
 * Threads: a block belongs to one worker at a time, except that several workers
 * may map spans of one block of a stream.
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

/* A bad row of a block. */
struct ng_block_fault {
  struct ng_row_fault row; /* kind NG_ROW_OK: none */
  uint64_t line;           /* lines of the block that end before it */
  size_t position; /* a reader knows of it after this number of bytes of the
                      block (scan/commit.c) */
};

/* What some text of a block held. */
struct ng_mapped {
  uint64_t lines;   /* that ended in it; that of the head is not counted */
  uint64_t skipped; /* bad lines or, of free text, bad words */
  uint64_t rows;    /* of good lines */
  struct ng_block_fault fault; /* the first one */
};

/* Rows that the row queue (rows/row_queue.h) hands to the caller: those of a
   block, of which the batch is a part, or those of a joined line. */
struct ng_batch {
  struct ng_batch *next; /* in the queue */
  struct ng_row_columns rows;
  uint64_t first;         /* rows of the file before row number 0 of these */
  struct ng_block *block; /* that this is part of; NULL: a joined line */
  char *line;             /* the joined line, owned; then the batch is memory of
                             its own */
  size_t line_bytes;
};

struct ng_block {
  struct ng_block *next; /* in a list: ready, spent, used or spare blocks */
  char *memory;          /* owned: pad, text, pad */
  char *text;      /* in `memory`; NG_TEXT_PAD bytes around it can be read */
  size_t capacity; /* of `text`, in bytes */

  /* Set by the worker that fills the block. */
  uint64_t number;         /* its sequence number in the file */
  uint64_t next_number;    /* that of the block after it */
  struct ng_gzip_block in; /* size, member ends, last, fault */
  enum ng_tokens tokens;   /* NG_TOKENS_NONE: split points are newlines */
  bool has_split_point;
  size_t head_size;  /* with the first split point; without any, all */
  size_t head_lines; /* 1 if a newline ends the head, else 0 */
  size_t tail_start; /* without split point, the end */

  /* Written by workers that map it; in a stream under the stream's lock. */
  size_t cut_at;       /* all text before it has been drawn, in spans */
  uint64_t cut_lines;  /* lines that end before cut_at */
  unsigned spans_open; /* spans that were drawn and are not mapped yet */
  struct ng_mapped mapped;

  /* Written by the sink. */
  struct ng_batch batch;               /* of the row queue */
  struct ng_fingerprints fingerprints; /* of postings: of the body's words, */
  uint32_t body_crc; /* and the CRC-32 of all text after the head */
};

/* The text of a block that belongs to one member. */
struct ng_piece {
  uint64_t size;
  uint32_t crc; /* CRC-32 */
};

/* What the commit needs of a block. One piece of memory, for free(). */
struct ng_report {
  struct ng_block *block; /* goes with the report if the sink keeps blocks; else
                             NULL */
  size_t report_bytes;    /* memory of the report itself */
  uint64_t number;        /* these are as in struct ng_block */
  uint64_t next_number;
  uint64_t size; /* bytes of text */
  bool has_split_point;
  bool is_open;   /* the last byte is no newline */
  uint64_t lines; /* that ended in the block, with that of the head */
  uint64_t skipped;
  uint64_t rows;
  struct ng_block_fault fault; /* of the body */
  bool checked; /* `pieces` are filled in: the text came from members */
  bool last;    /* the text ends with this block */
  struct ng_gzip_fault in_fault; /* of the input, at the block's end */
  size_t end_count;              /* members that end in the block */
  struct ng_member_end *ends;    /* end_count */
  struct ng_piece *pieces;       /* end_count + 1, parted by the ends */
  size_t head_size;
  size_t tail_size;
  char *head;
  char *tail;
};

/* Returns a block for `capacity` bytes of text, which the caller owns and frees
   with the same budget; NULL if there is no memory. `tokens` says what split
   points are. */
struct ng_block *ng_block_new(struct ng_budget *budget, size_t capacity,
                              enum ng_tokens tokens);
/* NULL is allowed. */
void ng_block_free(struct ng_block *block, struct ng_budget *budget);
/* The same for a list of blocks, linked by `next`; NULL is an empty one. */
void ng_block_free_list(struct ng_block *blocks, struct ng_budget *budget);

/* Add `from` to `into`; spans of a block may be added in any order. */
void ng_block_add_mapped(struct ng_mapped *into, const struct ng_mapped *from);

/* The block's text and `in` are filled: find head and tail, and reset what the
   mapping and the sink write. Sets next_number to `number` + 1; a caller that
   leaves numbers out changes it after that. */
void ng_block_begin(struct ng_block *block, uint64_t number);

/* Returns the report of a block that has been mapped, for the caller to hand to
   the commit or to free(); NULL if there is no memory. Computes the CRC-32 of
   the pieces if `checked`. */
struct ng_report *ng_block_report(const struct ng_block *block, bool checked);

#endif
