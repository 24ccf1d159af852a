/* SPDX-License-Identifier: MIT */
/*
 * A value of an argument between the two places that deal with it: arguments.c,
 * which reads and judges it, and refusal.c, which says what is wrong with it.
 */
#ifndef NG_SQLITE_LITERAL_H
#define NG_SQLITE_LITERAL_H

#include <stddef.h>
#include <stdint.h>

struct ng_arguments;

/* A value before it is known to be good. */
struct ng_literal {
  int type; /* SQLITE_INTEGER and so on; 0: none of them */
  int64_t integer;
  double real;
  const char *text; /* NUL-terminated; borrowed, as `source` */
  size_t length;
  const char *source; /* of a declaration: what to show; else NULL */
  size_t source_length;
};

/* Make the message of a literal that argument `index` does not allow, for the
   caller to sqlite3_free(). Returns SQLITE_ERROR, or SQLITE_NOMEM. */
int ng_literal_refuse(const struct ng_arguments *arguments, size_t index,
                      const struct ng_literal *literal, char **message);

/* How many bytes of a text a message shows; it is cut between characters. */
size_t ng_literal_shown_length(const char *text, size_t length);

#endif
