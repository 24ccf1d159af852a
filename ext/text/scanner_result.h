/* SPDX-License-Identifier: MIT */
/* What a scan of rows (scanner.h) or of free text (tokenizer.h) has seen. */
#ifndef NG_TEXT_SCANNER_RESULT_H
#define NG_TEXT_SCANNER_RESULT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "text/line.h"

/*
 * A scan ends at the end of its text, at a fault, or when it is stopped. Of
 * rows, `lines` are the good lines and the skipped ones before that; the line
 * of the fault is not counted. Of free text, `lines` are the newlines before
 * that.
 */
struct ng_scanner_result {
  uint64_t lines;
  uint64_t skipped;          /* bad lines, or bad words, that were left out */
  uint64_t rows;             /* in good lines; 0 of free text */
  bool stopped;              /* the caller's function returned false, or memory
                                ran out */
  struct ng_row_fault fault; /* kind NG_ROW_OK: none */
  size_t fault_start;        /* the offsets in the text at which the bad line,
                                or what stands between two split points, */
  size_t fault_end;          /* starts and ends */
};

#endif
