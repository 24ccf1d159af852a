/* SPDX-License-Identifier: MIT */
/*
 * The wording of errors. The rooms below report a fault as a struct of numbers.
 * The code that returns an error to a caller of ngram.h takes its status and
 * message from here, so a fault has the same message whatever the strategy of
 * the scan.
 *
 * All messages are made by ng_fail(), which cuts them to the size of
 * ngram_error.message and replaces bytes that are not UTF-8. System errors are
 * told in English, in any locale of the host.
 *
 * Memory: nothing is allocated but a locale for the time of strerror_r(), so
 * an error can be reported after memory ran out.
 */
#include "fault/fail.h"

#include <errno.h>
#include <inttypes.h>
#include <locale.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <utf8proc.h>
#ifdef __APPLE__
#include <xlocale.h>
#endif

#include "source/beneath.h"

/* Replace each byte that is not part of UTF-8 by `?`, because hosts expect
   text. A path may have any bytes, and the end of a message may be cut off. */
static void make_text(char *message)
{
  for (unsigned char *at = (unsigned char *)message; *at;) {
    utf8proc_int32_t point;
    utf8proc_ssize_t length = utf8proc_iterate(at, -1, &point);

    if (length <= 0)
      *at++ = '?';
    else
      at += length;
  }
}

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
  make_text(error->message);
  return status;
}

/* The system's text for an errno, in the current locale, in `buffer` or static.
   strerror() is not thread-safe everywhere; strerror_r() has two forms. */
static const char *describe_here(int system_error, char *buffer, size_t size)
{
#if defined(__GLIBC__) && defined(_GNU_SOURCE)
  return strerror_r(system_error, buffer, size);
#else
  if (strerror_r(system_error, buffer, size) != 0)
    snprintf(buffer, size, "error %d", system_error);
  return buffer;
#endif
}

/* The same in the C locale: texts of the host's locale need not be UTF-8. */
static const char *describe(int system_error, char *buffer, size_t size)
{
  locale_t plain = newlocale(LC_ALL_MASK, "C", (locale_t)0);
  locale_t before = plain ? uselocale(plain) : (locale_t)0;
  const char *text = describe_here(system_error, buffer, size);

  if (plain) {
    if (text != buffer)
      text = memcpy(buffer, text, strnlen(text, size - 1) + 1);
    buffer[size - 1] = '\0';
    uselocale(before);
    freelocale(plain);
  }
  return text;
}

enum ngram_status ng_fail_open(struct ngram_error *error, const char *path,
                               int system_error)
{
  char buffer[128];

  if (system_error == ENOMEM)
    return ng_fail_memory(error);
  if (system_error == NG_OUTSIDE)
    return ng_fail(error, NGRAM_FORBIDDEN,
                   "cannot open %s: not a regular file below the root folder",
                   path);
  return ng_fail(error, NGRAM_CANNOT_OPEN, "cannot open %s: %s", path,
                 describe(system_error, buffer, sizeof buffer));
}

enum ngram_status ng_fail_memory(struct ngram_error *error)
{
  return ng_fail(error, NGRAM_NO_MEMORY, "out of memory");
}

enum ngram_status ng_fail_spill(struct ngram_error *error, int system_error)
{
  bool is_full =
      system_error == ENOSPC || system_error == EDQUOT || system_error == EFBIG;
  char buffer[128];

  return ng_fail(error, is_full ? NGRAM_DISK_FULL : NGRAM_IO_ERROR,
                 "temporary file: %s",
                 describe(system_error, buffer, sizeof buffer));
}

enum ngram_status ng_fail_interrupted(struct ngram_error *error)
{
  return ng_fail(error, NGRAM_INTERRUPTED, "interrupted");
}

enum ngram_status ng_fail_changed(struct ngram_error *error, const char *path)
{
  return ng_fail(error, NGRAM_CHANGED, "%s: the file changed while it was read",
                 path);
}

static const char *number_name(enum ng_row_number number)
{
  switch (number) {
  case NG_ROW_YEAR:
    return "year";
  case NG_ROW_PAGE_COUNT:
    return "page_count";
  case NG_ROW_VOLUME_COUNT:
    return "volume_count";
  case NG_ROW_MATCH_COUNT:
    break;
  }
  return "match_count";
}

/* Say what is wrong with a number, and in a line of 2020 in which column. */
static void say_number(char *what, size_t size,
                       const struct ng_row_fault *fault)
{
  char column[40] = "";

  if (fault->layout == NG_LAYOUT_2020)
    snprintf(column, sizeof column, "column %zu: ", fault->column);
  if (fault->kind == NG_ROW_DOES_NOT_FIT)
    snprintf(what, size, "%s%s does not fit %d bits", column,
             number_name(fault->number),
             fault->number == NG_ROW_YEAR ? 31 : 63);
  else
    snprintf(what, size, "%s%s is not a number", column,
             number_name(fault->number));
}

static void say_row(char *what, size_t size, const struct ng_row_fault *fault)
{
  switch (fault->kind) {
  case NG_ROW_TOO_LONG:
    snprintf(what, size, "longer than 1 MiB");
    break;
  case NG_ROW_COLUMN_COUNT:
    snprintf(what, size, "expected %u columns%s, found %zu",
             ng_line_column_count(fault->layout),
             fault->layout == NG_LAYOUT_2020 ? " or more" : "", fault->found);
    break;
  case NG_ROW_WORD_EMPTY:
    snprintf(what, size, "empty word");
    break;
  case NG_ROW_WORD_TOO_LONG:
    snprintf(what, size, "word longer than 1 MiB");
    break;
  case NG_ROW_WORD_NOT_UTF8:
    snprintf(what, size, "word is not valid UTF-8");
    break;
  case NG_ROW_WORD_HAS_NUL:
    snprintf(what, size, "word holds a NUL byte");
    break;
  case NG_ROW_PART_COUNT:
    snprintf(what, size,
             "column %zu: expected year,match_count,volume_count, found %zu "
             "part%s",
             fault->column, fault->found, fault->found == 1 ? "" : "s");
    break;
  case NG_ROW_DOES_NOT_FIT:
  case NG_ROW_NOT_A_NUMBER:
  case NG_ROW_OK:
    say_number(what, size, fault);
    break;
  }
}

enum ngram_status ng_fail_row(struct ngram_error *error, const char *path,
                              uint64_t line, const struct ng_row_fault *fault)
{
  char what[120];

  say_row(what, sizeof what, fault);
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
  case NG_GZIP_ZEROS_INSIDE:
    return "a gzip member after zero bytes, which are padding at the end only";
  case NG_GZIP_BAD_CRC:
    return "CRC-32 does not match";
  case NG_GZIP_BAD_LENGTH:
    return "length does not match";
  case NG_GZIP_BAD_BGZF:
    return "BGZF size does not match";
  case NG_ZIP_FORWARD_ONLY:
    return "a zip archive is read from its end, so it cannot come through a "
           "pipe: unzip -p FILE | ... '-'";
  case NG_ZIP_TRUNCATED:
    return "truncated zip: the file ends inside it";
  case NG_ZIP_NO_DIRECTORY:
    return "truncated zip: no directory at the end of the file";
  case NG_ZIP_BAD_DIRECTORY:
    return "bad zip directory";
  case NG_ZIP_BAD_LOCAL:
    return "bad zip entry: no local header that matches the directory";
  case NG_ZIP_OVERLAP:
    return "bad zip entry: it overlaps what stands beside it";
  case NG_ZIP_ENCRYPTED:
    return "the zip entry is encrypted";
  case NG_ZIP_SPLIT:
    return "split zip: other parts of the archive are in other files";
  case NG_ZIP_BAD_SIZE:
    return "bad zip entry: its data do not end where the directory says";
  default:
    return "unknown fault";
  }
}

enum ngram_status ng_fail_gzip(struct ngram_error *error, const char *path,
                               const struct ng_gzip_fault *fault)
{
  char buffer[128];

  if (fault->kind == NG_GZIP_NO_MEMORY ||
      (fault->kind == NG_GZIP_READ_FAILED && fault->system_error == ENOMEM))
    return ng_fail_memory(error);
  if (fault->kind == NG_GZIP_READ_FAILED && fault->system_error == ECANCELED)
    return ng_fail_interrupted(error);
  if (fault->kind == NG_GZIP_READ_FAILED)
    return ng_fail(error, NGRAM_IO_ERROR, "%s: byte %" PRIu64 ": %s", path,
                   fault->file_offset,
                   describe(fault->system_error, buffer, sizeof buffer));
  if (fault->kind == NG_ZIP_METHOD)
    return ng_fail(error, NGRAM_BAD_INPUT,
                   "%s: byte %" PRIu64 ": the zip entry is packed by method "
                   "%d; stored (0) and deflated (8) are read",
                   path, fault->file_offset, fault->system_error);
  return ng_fail(error, NGRAM_BAD_INPUT, "%s: byte %" PRIu64 ": %s", path,
                 fault->file_offset, gzip_text(fault->kind));
}

enum ngram_status ng_fail_foreign(struct ngram_error *error, const char *path,
                                  const struct ng_foreign *foreign,
                                  enum ng_packing packing)
{
  return ng_fail(error, NGRAM_BAD_INPUT, "%s: this is %s%s: %s", path,
                 foreign->name, ng_foreign_packing_phrase(packing),
                 foreign->hints[packing]);
}

/* Say the position of the parser's block: its line, and its number there if a
   line may have several blocks. */
static void say_position(char *position, size_t size,
                         const struct ng_totals_parser *parser)
{
  bool is_line =
      parser->separator == ' ' || (parser->has_heading && parser->block == 1);

  if (is_line)
    snprintf(position, size, "line %" PRIu64, parser->line);
  else
    snprintf(position, size, "line %" PRIu64 ", block %" PRIu64, parser->line,
             parser->block);
}

/* Say what is wrong with a block that is not a heading. */
static void say_block(char *what, size_t size,
                      const struct ng_totals_parser *parser,
                      const struct ng_totals_fault *fault, const char *number)
{
  bool has_columns = parser->has_heading || parser->separator == ' ';

  if (fault->kind == NG_TOTALS_NUMBER_COUNT)
    snprintf(what, size, "expected %zu %s, found %zu", parser->column_count,
             has_columns ? "columns" : "numbers", fault->numbers_found);
  else if (fault->kind == NG_TOTALS_DOES_NOT_FIT)
    snprintf(what, size, "%s does not fit %d bits", number,
             fault->number == NG_TOTAL_YEAR ? 31 : 63);
  else if (fault->kind == NG_TOTALS_REPEATED)
    snprintf(what, size, "the year was there before");
  else
    snprintf(what, size, "%s is not a number", number);
}

enum ngram_status ng_fail_totals(struct ngram_error *error, const char *path,
                                 const struct ng_totals_parser *parser,
                                 const struct ng_totals_fault *fault)
{
  static const char *const numbers[NG_TOTAL_NUMBERS] = {
      "year", "match_count", "page_count", "volume_count"};
  const char *number = numbers[fault->number];
  char position[80];
  char what[200];

  say_position(position, sizeof position, parser);
  switch (fault->kind) {
  case NG_TOTALS_UNKNOWN_NAME:
    snprintf(what, sizeof what,
             "column %zu has an unknown name; known names are %s",
             fault->column, ng_totals_parser_names);
    break;
  case NG_TOTALS_NAME_TWICE:
    snprintf(what, sizeof what, "column %zu is %s, which was there before",
             fault->column, number);
    break;
  case NG_TOTALS_NO_COLUMN:
    snprintf(what, sizeof what, "the heading has no %s; known names are %s",
             number, ng_totals_parser_names);
    break;
  default:
    say_block(what, sizeof what, parser, fault, number);
  }
  return ng_fail(error, NGRAM_BAD_INPUT, "%s: %s: %s", path, position, what);
}
