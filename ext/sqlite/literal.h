/* SPDX-License-Identifier: MIT */
/*
 * A value of an argument before it is known to be good: arguments.c makes and
 * checks it, and argument_errors.c makes the message of a bad one.
 */
#ifndef NG_SQLITE_LITERAL_H
#define NG_SQLITE_LITERAL_H

#include <stddef.h>
#include <stdint.h>

struct ng_arguments;

struct ng_literal {
  int type; /* SQLITE_INTEGER and so on; 0 if it is not a literal */
  int64_t integer;
  double real;
  const char *text; /* NUL-terminated; borrowed, as `source` */
  size_t length;
  const char *source; /* of a declaration: its text as written; else NULL */
  size_t source_length;
};

/* Make the message of a literal that argument `index` does not allow, for the
   caller to sqlite3_free(). Returns SQLITE_ERROR, or SQLITE_NOMEM. */
int ng_literal_refuse(const struct ng_arguments *arguments, size_t index,
                      const struct ng_literal *literal, char **message);

/* The number of bytes of a text that a message shows; the cut is between
   characters. */
size_t ng_literal_shown_length(const char *text, size_t length);

#endif
