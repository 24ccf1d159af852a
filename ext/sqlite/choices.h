/* SPDX-License-Identifier: MIT */
/* The arguments `tags` and `on_error` of the tables that have them, and years.
 */
#ifndef NG_SQLITE_CHOICES_H
#define NG_SQLITE_CHOICES_H

#include "sqlite/arguments.h"

/* NULL-terminated; the first is the default. A choice's number is its value in
   enum ngram_tags and enum ngram_on_error. */
extern const char *const ng_tags_choices[];
extern const char *const ng_on_error_choices[];

/* clang-format off */
#define NG_TAGS_ARGUMENT                                                       \
  {.name = "tags", .kind = NG_ARGUMENT_CHOICE, .choices = ng_tags_choices}
#define NG_ON_ERROR_ARGUMENT                                                   \
  {.name = "on_error", .kind = NG_ARGUMENT_CHOICE,                             \
   .choices = ng_on_error_choices}
#define NG_YEAR_ARGUMENT(called)                                               \
  {.name = (called), .kind = NG_ARGUMENT_INTEGER, .low = INT64_MIN,            \
   .high = INT64_MAX}
/* clang-format on */

/* The choice as in SQL becomes the result. */
void ng_result_choice(sqlite3_context *context, const char *const *choices,
                      int64_t number);

#endif
