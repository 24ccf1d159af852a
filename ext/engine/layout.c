/* SPDX-License-Identifier: MIT */
/*
 * The first line is read by itself, in the calling thread, before the workers
 * start. (To leave it to whoever maps the first block would make all others
 * wait for that block, and a first line may be longer than one.)
 */
#include "engine/layout.h"

#include <stdlib.h>
#include <string.h>

#include "engine/fault.h"

/* First lines of 2012 have some 20 bytes, those of 2020 up to some KiB. */
#define FIRST_BYTES ((size_t)4 << 10)
/* What is longer is no line, whatever its layout. */
#define MOST_BYTES (NG_LINE_MAX + 2)

/* The beginning of a text. */
struct beginning {
  struct ng_source *source;
  struct ng_gzip *gzip; /* NULL: plain text */
  char *text;
  size_t size;
  size_t capacity;
  bool ended; /* there is no more to be had */
};

/* Read on, as far as there is room. Returns an errno for the host to know. */
static int read_on(struct beginning *beginning)
{
  size_t room = beginning->capacity - beginning->size;
  struct ng_gzip_block in;
  size_t got;
  int error;

  if (beginning->gzip) {
    ng_gzip_read(beginning->gzip, beginning->text + beginning->size, room, &in);
    beginning->size += in.size;
    beginning->ended = in.last;
    return in.fault.kind == NG_GZIP_READ_FAILED ? in.fault.system_error : 0;
  }
  error = ng_source_read(beginning->source, beginning->text + beginning->size,
                         room, beginning->size, &got);
  beginning->size += got;
  beginning->ended = error || got < room;
  return error;
}

static bool grow(struct beginning *beginning)
{
  size_t capacity = beginning->capacity ? 4 * beginning->capacity : FIRST_BYTES;
  char *text = realloc(beginning->text, capacity);

  if (!text)
    return false;
  beginning->text = text;
  beginning->capacity = capacity;
  return true;
}

/* Read until a line has ended, or all is read that may be one. */
static enum ngram_status read_line(struct beginning *beginning,
                                   const char *path, struct ngram_error *error)
{
  while (!beginning->ended && beginning->size < MOST_BYTES) {
    size_t seen = beginning->size;
    int system_error;

    if (seen == beginning->capacity && !grow(beginning))
      return ng_fail_memory(error);
    system_error = read_on(beginning);
    if (system_error)
      return ng_fail_gzip(error, path,
                          &(struct ng_gzip_fault){NG_GZIP_READ_FAILED,
                                                  beginning->size,
                                                  system_error});
    if (memchr(beginning->text + seen, '\n', beginning->size - seen))
      break;
  }
  return NGRAM_OK;
}

static enum ng_layout layout_of(const struct beginning *beginning)
{
  const char *text = beginning->text;
  const char *newline =
      beginning->size > 0 ? memchr(text, '\n', beginning->size) : NULL;
  size_t length = newline ? (size_t)(newline - text) : beginning->size;

  if (length > 0 && text[length - 1] == '\r')
    length--;
  return length > 0 ? ng_layout_of_line(text, length) : NG_LAYOUT_2012;
}

enum ngram_status ng_layout_find(struct ng_job *job, struct ngram_error *error)
{
  struct beginning beginning = {.source = job->source};
  enum ngram_status status;

  if (job->plan.format != NG_PLAIN) {
    beginning.gzip = ng_gzip_open(job->source, job->plan.decoder, job->budget,
                                  job->head, job->head_size);
    if (!beginning.gzip)
      return ng_fail_memory(error);
  }
  job->in_caller = true;
  status = read_line(&beginning, job->path, error);
  job->in_caller = false;
  if (status == NGRAM_OK)
    job->layout = layout_of(&beginning);
  ng_gzip_close(beginning.gzip);
  free(beginning.text);
  return status;
}
