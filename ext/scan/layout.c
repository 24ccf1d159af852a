/* SPDX-License-Identifier: MIT */
/*
 * The beginning of a text is read by itself, in the calling thread, before the
 * workers start. (To leave it to the worker that maps the first block would
 * make all others wait for that block, and a first line may be longer than
 * one.)
 *
 * The layout is that of the first line that is good in some layout: lines
 * before it are bad rows, whichever layout it is, so no worker need know them.
 * Where bad rows are an error, the first one ends the scan, and a layout is
 * only needed to say what is wrong with it: then the search is short. Where
 * they are skipped, it goes on to the end of a file, and in a stream, which has
 * to be kept to be read again, for STREAM_BYTES.
 */
#include "scan/layout.h"

#include <stdlib.h>
#include <string.h>

#include "fault/fail.h"
#include "text/bom.h"
#include "text/foreign.h"

/* First lines of 2012 have some 20 bytes, those of 2020 up to some KiB. */
#define FIRST_BYTES ((size_t)4 << 10)
/* Read at once: its lines take some milliseconds, then the host is asked. */
#define READ_BYTES ((size_t)64 << 10)
/* What is longer is no line, whatever its layout. */
#define MOST_BYTES (NG_LINE_MAX + 2)
/* So much of a stream is kept, at most, to tell its layout. */
#define STREAM_BYTES ((uint64_t)16 << 20)

/* A window of the text, which is moved on line by line. */
struct beginning {
  struct ng_pass *pass;
  struct ng_reader *reader; /* owned */
  char *text;               /* owned */
  size_t size;
  size_t capacity;
  size_t line;     /* where in the window the next line begins */
  uint64_t before; /* bytes of text before the window */
  uint64_t most;   /* bytes of text that may be read */
  bool ended;      /* there is no more to be had */
  bool too_long;   /* the line began before the window, too long to be good */
};

/* --------------------------------------------------------------- reading -- */

/* Make room: by giving up the lines that were looked at, or by growing. False:
   no memory. */
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

/* Of faults, only those of reading are for the host to know. */
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

/* Read until the window holds a whole line, or the rest of one that is too
   long; *end is where it ends. At the end of the text, or of what may be read,
   so does the line. */
static enum ngram_status read_line(struct beginning *beginning, size_t *end,
                                   struct ngram_error *error)
{
  enum ngram_status status = NGRAM_OK;
  size_t seen = 0; /* bytes of the line */

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

/* The line's length without a CR that belongs to its end. */
static size_t line_length(const struct beginning *beginning, size_t end)
{
  size_t length = end - beginning->line;

  if (length > 0 && beginning->text[end - 1] == '\r')
    length--;
  return length;
}

/* How much of the text may be searched for a good line. */
static uint64_t search_bytes(const struct ng_pass *pass)
{
  if (pass->options->on_error == NGRAM_ON_ERROR_FAIL)
    return MOST_BYTES;
  return ng_source_is_forward_only(pass->source) ? STREAM_BYTES : UINT64_MAX;
}

/* Find the first good line and its layout; *found tells whether there is one.
 */
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

/* An error if the text is of a format that is not read. */
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

/* Tell the layout of rows. A first line that is good is no other format. */
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
