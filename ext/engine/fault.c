/* SPDX-License-Identifier: MIT */
/* One place for the wording of errors, so that it is the same on every way. */
#include "engine/fault.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum ngram_status ng_fail(struct ngram_error *error, enum ngram_status status,
                          const char *format, ...)
{
  va_list arguments;

  if (!error)
    return status;
  error->status = status;
  va_start(arguments, format);
  vsnprintf(error->message, sizeof error->message, format, arguments);
  va_end(arguments);
  return status;
}

/* strerror() is not safe in threads everywhere; strerror_r() has two forms. */
static const char *describe(int system_error, char *buffer, size_t size)
{
#if defined(__GLIBC__) && defined(_GNU_SOURCE)
  return strerror_r(system_error, buffer, size);
#else
  if (strerror_r(system_error, buffer, size) != 0)
    snprintf(buffer, size, "error %d", system_error);
  return buffer;
#endif
}

enum ngram_status ng_fail_open(struct ngram_error *error, const char *path,
                               int system_error)
{
  char buffer[128];

  if (system_error == ENOMEM)
    return ng_fail_memory(error);
  return ng_fail(error, NGRAM_CANNOT_OPEN, "cannot open %s: %s", path,
                 describe(system_error, buffer, sizeof buffer));
}

enum ngram_status ng_fail_memory(struct ngram_error *error)
{
  return ng_fail(error, NGRAM_NO_MEMORY, "out of memory");
}

enum ngram_status ng_fail_interrupted(struct ngram_error *error)
{
  return ng_fail(error, NGRAM_INTERRUPTED, "interrupted");
}

enum ngram_status ng_fail_row(struct ngram_error *error, const char *path,
                              uint64_t line, const struct ng_row_fault *fault)
{
  static const char *const columns[NG_ROW_COLUMNS] = {
      "word", "year", "match_count", "volume_count"};
  char what[80];

  switch (fault->kind) {
  case NG_ROW_TOO_LONG:
    snprintf(what, sizeof what, "longer than 1 MiB");
    break;
  case NG_ROW_COLUMN_COUNT:
    snprintf(what, sizeof what, "expected %d columns, found %zu",
             NG_ROW_COLUMNS, fault->columns_found);
    break;
  case NG_ROW_WORD_EMPTY:
    snprintf(what, sizeof what, "empty word");
    break;
  case NG_ROW_WORD_NOT_UTF8:
    snprintf(what, sizeof what, "word is not valid UTF-8");
    break;
  case NG_ROW_WORD_HAS_NUL:
    snprintf(what, sizeof what, "word holds a NUL byte");
    break;
  case NG_ROW_DOES_NOT_FIT:
    snprintf(what, sizeof what, "%s does not fit %d bits",
             columns[fault->column], fault->column == 1 ? 31 : 63);
    break;
  case NG_ROW_NOT_A_NUMBER:
  case NG_ROW_OK:
    snprintf(what, sizeof what, "%s is not a number", columns[fault->column]);
    break;
  }
  return ng_fail(error, NGRAM_BAD_INPUT, "%s: line %" PRIu64 ": %s", path, line,
                 what);
}

static const char *gzip_text(enum ng_gzip_fault_kind kind)
{
  switch (kind) {
  case NG_GZIP_TRUNCATED:
    return "truncated gzip: the file ends inside a member";
  case NG_GZIP_BAD_HEADER:
    return "bad gzip header";
  case NG_GZIP_BAD_DEFLATE:
    return "invalid deflate data";
  case NG_GZIP_NOT_A_MEMBER:
    return "not a gzip member: bytes after the last member";
  case NG_GZIP_BAD_CRC:
    return "CRC-32 does not match";
  case NG_GZIP_BAD_LENGTH:
    return "length does not match";
  case NG_GZIP_BAD_BGZF:
    return "BGZF size does not match";
  default:
    return "unknown fault";
  }
}

enum ngram_status ng_fail_gzip(struct ngram_error *error, const char *path,
                               const struct ng_gzip_fault *fault)
{
  char buffer[128];

  if (fault->kind == NG_GZIP_NO_MEMORY)
    return ng_fail_memory(error);
  if (fault->kind == NG_GZIP_READ_FAILED && fault->system_error == ECANCELED)
    return ng_fail_interrupted(error);
  if (fault->kind == NG_GZIP_READ_FAILED)
    return ng_fail(error, NGRAM_IO_ERROR, "%s: byte %" PRIu64 ": %s", path,
                   fault->file_offset,
                   describe(fault->system_error, buffer, sizeof buffer));
  return ng_fail(error, NGRAM_BAD_INPUT, "%s: byte %" PRIu64 ": %s", path,
                 fault->file_offset, gzip_text(fault->kind));
}
