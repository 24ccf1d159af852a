/* SPDX-License-Identifier: MIT */
/*
 * The line that is not complete yet: pieces of it come from one block after the
 * other. Of free text it is what lies between two seams.
 *
 * A line that is too long to be good has its bytes counted, but not kept. The
 * byte order mark of a file is left out of its first line.
 *
 * Threads: none of its own; the commit's lock guards it.
 */
#ifndef NG_SCAN_OPEN_LINE_H
#define NG_SCAN_OPEN_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/budget.h"
#include "text/line.h"

/* With so many bytes and no newline a line is too long. */
#define NG_LINE_HOPELESS (NG_LINE_MAX + 2)

struct ng_open_line {
  struct ng_budget *budget; /* borrowed: the line is in its books */
  char *text;               /* pad, the line, pad */
  size_t capacity;
  uint64_t size; /* its true size: of a hopeless line only the beginning is
                    kept */
  bool at_start; /* it is the file's first: a byte order mark may come */
};

/* The first line of a file. Owns no memory yet. */
void ng_open_line_init(struct ng_open_line *line, struct ng_budget *budget);
void ng_open_line_free(struct ng_open_line *line);

/* False: no memory. */
bool ng_open_line_append(struct ng_open_line *line, const char *bytes,
                         size_t size);

/* The next line begins. */
void ng_open_line_clear(struct ng_open_line *line);

/* The line's first byte, with pads around the line. Valid while the line is not
   hopeless, until the next call. */
const char *ng_open_line_text(const struct ng_open_line *line);

static inline bool ng_open_line_is_hopeless(const struct ng_open_line *line)
{
  return line->size > NG_LINE_HOPELESS;
}

#endif
