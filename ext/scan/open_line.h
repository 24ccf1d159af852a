/* SPDX-License-Identifier: MIT */
/*
 * The open line: the line whose end has not been committed yet. Pieces of it
 * come from one block after the other. In free text it is what lies between two
 * split points.
 *
 * Of a hopeless line, which is too long to be good, bytes are counted but no
 * more are kept. The byte order mark of a file is dropped from its first line.
 *
 * Threads: one at a time; the commit's lock guards it.
 */
#ifndef NG_SCAN_OPEN_LINE_H
#define NG_SCAN_OPEN_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/budget.h"
#include "text/line.h"

/* A line with this many bytes and no newline is too long: the last byte might
   be a CR that belongs to its end. */
#define NG_LINE_HOPELESS (NG_LINE_MAX + 2)

struct ng_open_line {
  struct ng_budget *budget; /* borrowed; notes `capacity` */
  char *text;               /* owned: pad, the line, pad */
  size_t capacity;          /* of `text`, in bytes */
  uint64_t size; /* of the line; if it is hopeless, more than is kept */
  bool at_start; /* the file's first line, with its byte order mark if any */
};

/* The first line of a file, empty. Takes no memory yet. */
void ng_open_line_init(struct ng_open_line *line, struct ng_budget *budget);
void ng_open_line_free(struct ng_open_line *line);

/* Append a copy of `bytes`. Returns false if there is no memory. */
bool ng_open_line_append(struct ng_open_line *line, const char *bytes,
                         size_t size);

/* Begin the next line. */
void ng_open_line_clear(struct ng_open_line *line);

/* Returns the line's first byte; NG_TEXT_PAD bytes around the line can be read.
   Valid for a line that is not empty and not hopeless, until the next call. */
const char *ng_open_line_text(const struct ng_open_line *line);

/* Returns whether the line, its newline or split point included, is too long.
 */
static inline bool ng_open_line_is_hopeless(const struct ng_open_line *line)
{
  return line->size > NG_LINE_HOPELESS;
}

#endif
