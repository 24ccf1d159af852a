/* SPDX-License-Identifier: MIT */
#include "scan/open_line.h"

#include <stdlib.h>
#include <string.h>

#include "text/bom.h"
#include "text/text_kernel.h"

#define CAPACITY_FIRST 4096
#define CAPACITY_MAX (NG_LINE_HOPELESS + 2 * NG_TEXT_PAD)

void ng_open_line_init(struct ng_open_line *line, struct ng_budget *budget)
{
  *line = (struct ng_open_line){.budget = budget, .at_start = true};
}

void ng_open_line_free(struct ng_open_line *line)
{
  ng_budget_forget(line->budget, line->capacity);
  free(line->text);
}

static bool reserve(struct ng_open_line *line, size_t size)
{
  size_t capacity = line->capacity ? line->capacity : CAPACITY_FIRST;
  char *text;

  while (capacity < size + 2 * NG_TEXT_PAD)
    capacity *= 2;
  if (capacity > CAPACITY_MAX)
    capacity = CAPACITY_MAX;
  if (capacity == line->capacity)
    return true;
  text = realloc(line->text, capacity);
  if (!text)
    return false;
  memset(text + line->capacity, 0, capacity - line->capacity);
  ng_budget_note(line->budget, capacity - line->capacity);
  line->text = text;
  line->capacity = capacity;
  return true;
}

/* Drop the byte order mark of the file's first line, if it has one. All of the
   line so far is kept: the first block is shorter than the longest line. */
static void drop_bom(struct ng_open_line *line)
{
  char *text = line->text + NG_TEXT_PAD;
  size_t bom = ng_bom_size(text, (size_t)line->size);

  line->size -= bom;
  memmove(text, text + bom, (size_t)line->size);
  line->at_start = false;
}

bool ng_open_line_append(struct ng_open_line *line, const char *bytes,
                         size_t size)
{
  uint64_t all = line->size + size;

  if (all <= NG_LINE_HOPELESS) {
    if (!reserve(line, (size_t)all))
      return false;
    memcpy(line->text + NG_TEXT_PAD + line->size, bytes, size);
  }
  line->size = all;
  if (line->at_start && all >= NG_BOM_BYTES)
    drop_bom(line);
  return true;
}

void ng_open_line_clear(struct ng_open_line *line)
{
  line->size = 0;
  line->at_start = false;
}

const char *ng_open_line_text(const struct ng_open_line *line)
{
  return line->text + NG_TEXT_PAD;
}
