/* SPDX-License-Identifier: MIT */
/*
 * ng_scan_set_up() finds the layout once, in the thread of the caller, before
 * workers start: it reads the beginning of the text with a reader of its own,
 * line by line. (If the worker of the first block did it, all others would have
 * to wait for that block, and the first line may be longer than one.)
 *
 * The layout is that of the first line that is good in some layout. Lines
 * before it are bad rows in any layout, so workers need not know them. If there
 * is no good line, the layout is the one that the first line resembles.
 *
 * How far to search: if bad rows are an error, the first one ends the pass, and
 * the layout is only needed to phrase that error, so the search ends after
 * MOST_BYTES. If bad rows are skipped, the search goes on to the end of a file.
 * In a pipe, whose bytes have to be kept to be read again, it ends after
 * STREAM_BYTES.
 *
 * A text whose first line is not good is checked for foreign formats, which are
 * refused (text/foreign.h); so is every free text, which has no layout.
 *
 * Memory: one window of the text, which grows up to the longest line, and the
 * reader; both are freed before it returns.
 */
#include "scan/layout.h"

#include <stdlib.h>
#include <string.h>

#include "fault/fail.h"
#include "text/bom.h"
#include "text/foreign.h"

/* First lines of 2012 have some 20 bytes, those of 2020 up to some KiB. */
#define FIRST_BYTES ((size_t)4 << 10)
/* Read at once. Its lines take some milliseconds; then the host is asked. */
#define READ_BYTES ((size_t)64 << 10)
/* A longer line is bad in any layout. */
#define MOST_BYTES (NG_LINE_MAX + 2)
/* The most bytes of a pipe that are kept. */
#define STREAM_BYTES ((uint64_t)16 << 20)

/* A window of the text, which moves on line by line. */
struct beginning {
  struct ng_pass *pass;
  struct ng_reader *reader; /* owned */
  char *text;               /* owned */
  size_t size;
  size_t capacity;
  size_t line;     /* offset in the window of the current line */
  uint64_t before; /* bytes of text before the window */
  uint64_t most;   /* bytes of text that may be read */
  bool ended;      /* the reader is at the end of the text */
  bool too_long;   /* the current line is too long to be good, and began
                      before the window */
};

/* --------------------------------------------------------------- reading -- */

/* Make room in the window: drop the lines before the current one; if there are
   none, grow; if it is as large as it may be, drop the current line. Returns
   false if there is no memory. */
static bool make_room(struct beginning *beginning)
{
  size_t capacity = beginning->capacity ? 4 * beginning->capacity : FIRST_BYTES;
  char *text;

  if (beginning->line > 0) {
    beginning->before += beginning->line;
    beginning->size -= beginning->line;
    memmove(beginning->text, beginning->text + beginning->line,
            beginning->size);
    beginning->line = 0;
    return true;
  }
  if (beginning->capacity == MOST_BYTES) {
    beginning->too_long = true;
    beginning->before += beginning->size;
    beginning->size = 0;
    return true;
  }
  if (capacity > MOST_BYTES)
    capacity = MOST_BYTES;
  text = realloc(beginning->text, capacity);
  if (!text)
    return false;
  beginning->text = text;
  beginning->capacity = capacity;
  return true;
}

/* Read more text into the window. Of the faults of the file, only a failed read
   is an error here; the pass will meet the others. */
static enum ngram_status read_more(struct beginning *beginning,
                                   struct ngram_error *error)
{
  struct ng_gzip_block in;
  size_t room;

  if (ng_control_must_stop(&beginning->pass->control))
    return ng_fail_interrupted(error);
  if (beginning->size == beginning->capacity && !make_room(beginning))
    return ng_fail_memory(error);
  room = beginning->capacity - beginning->size;
  ng_reader_read(beginning->reader, beginning->text + beginning->size,
                 room < READ_BYTES ? room : READ_BYTES, &in);
  beginning->size += in.size;
  beginning->ended = in.last;
  return in.fault.kind == NG_GZIP_READ_FAILED
             ? ng_fail_gzip(error, beginning->pass->path, &in.fault)
             : NGRAM_OK;
}

/* Read until the window holds all of the current line, or the end of one that
   is too long. *end is the offset of its newline, or of the end of the text
   that may be read. */
static enum ngram_status read_line(struct beginning *beginning, size_t *end,
                                   struct ngram_error *error)
{
  enum ngram_status status = NGRAM_OK;
  size_t seen = 0; /* bytes of the line without newline */

  while (status == NGRAM_OK) {
    size_t from = beginning->line + seen;
    const char *newline =
        from < beginning->size
            ? memchr(beginning->text + from, '\n', beginning->size - from)
            : NULL;

    *end = newline ? (size_t)(newline - beginning->text) : beginning->size;
    if (newline || beginning->ended ||
        beginning->before + beginning->size >= beginning->most)
      break;
    seen = beginning->size - beginning->line;
    status = read_more(beginning, error);
    if (beginning->too_long)
      seen = 0;
  }
  return status;
}

/* ---------------------------------------------------------------- layout -- */

/* Returns the length of the current line without a CR that belongs to its end.
 */
static size_t line_length(const struct beginning *beginning, size_t end)
{
  size_t length = end - beginning->line;

  if (length > 0 && beginning->text[end - 1] == '\r')
    length--;
  return length;
}

/* Returns the bytes of text that may be searched for a good line. */
static uint64_t search_bytes(const struct ng_pass *pass)
{
  if (pass->options->on_error == NGRAM_ON_ERROR_FAIL)
    return MOST_BYTES;
  return ng_source_is_forward_only(pass->source) ? STREAM_BYTES : UINT64_MAX;
}

/* Find the first good line, from the current one on, and set the layout by it.
   Returns in *found whether there is one. */
static enum ngram_status find_good_line(struct beginning *beginning,
                                        bool *found, struct ngram_error *error)
{
  size_t end;

  *found = false;
  do {
    enum ngram_status status = read_line(beginning, &end, error);

    if (status != NGRAM_OK)
      return status;
    *found = !beginning->too_long &&
             ng_line_find_layout(beginning->text + beginning->line,
                                 line_length(beginning, end),
                                 &beginning->pass->layout);
    beginning->too_long = false;
    beginning->line = end < beginning->size ? end + 1 : end;
  } while (!*found && beginning->before + beginning->line < beginning->most &&
           (!beginning->ended || beginning->line < beginning->size));
  return NGRAM_OK;
}

/* ------------------------------------------------------------- beginning -- */

/* Return an error if the text is of a format that is not supported. */
static enum ngram_status refuse_foreign(const struct beginning *beginning,
                                        struct ngram_error *error)
{
  const struct ng_pass *pass = beginning->pass;
  enum ng_packing packing = ng_plan_format_packing(pass->plan.format);
  const struct ng_foreign *foreign = ng_foreign_find(
      beginning->text + beginning->line, beginning->size - beginning->line,
      pass->plan.tokens != NG_TOKENS_NONE, packing);

  return foreign ? ng_fail_foreign(error, pass->path, foreign, packing)
                 : NGRAM_OK;
}

/* Set the layout of rows. A text whose first line is good is not checked for
   foreign formats. */
static enum ngram_status find_layout(struct beginning *beginning,
                                     struct ngram_error *error)
{
  struct ng_pass *pass = beginning->pass;
  enum ng_layout fallback = NG_LAYOUT_2012;
  enum ngram_status status;
  bool found = false;
  size_t end;

  status = read_line(beginning, &end, error);
  if (status != NGRAM_OK)
    return status;
  if (!beginning->too_long && end > beginning->line) {
    const char *line = beginning->text + beginning->line;
    size_t length = line_length(beginning, end);

    if (ng_line_find_layout(line, length, &pass->layout))
      return NGRAM_OK;
    fallback = ng_line_guess_layout(line, length);
    status = refuse_foreign(beginning, error);
  }
  if (status == NGRAM_OK)
    status = find_good_line(beginning, &found, error);
  if (!found)
    pass->layout = fallback;
  return status;
}

enum ngram_status ng_layout_find(struct ng_pass *pass,
                                 struct ngram_error *error)
{
  struct beginning beginning = {.pass = pass, .most = search_bytes(pass)};
  enum ngram_status status;

  beginning.reader =
      ng_reader_open(pass->source, pass->plan.decoder, pass->zip, pass->budget);
  if (!beginning.reader)
    return ng_fail_memory(error);
  status = read_more(&beginning, error);
  beginning.line = ng_bom_size(beginning.text, beginning.size);
  if (status == NGRAM_OK)
    status = pass->plan.tokens == NG_TOKENS_NONE
                 ? find_layout(&beginning, error)
                 : refuse_foreign(&beginning, error);
  ng_reader_close(beginning.reader);
  free(beginning.text);
  return status;
}
