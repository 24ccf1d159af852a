/* SPDX-License-Identifier: MIT */
/*
 * A line on the terminal that shows how far a scan has come, if
 * ngram_config('progress', 1) was set.
 *
 *     struct ng_progress_bar bar;
 *
 *     ng_progress_bar_begin(&bar, connection->progress);
 *     options.progress = ng_progress_bar_show;
 *     options.progress_context = &bar;
 *     ... the scan ...
 *     ng_progress_bar_end(&bar);
 */
#ifndef NG_SQLITE_PROGRESS_BAR_H
#define NG_SQLITE_PROGRESS_BAR_H

#include <stdbool.h>
#include <stddef.h>

#include "ngram.h"

/* The longest line that is drawn. */
#define NG_PROGRESS_BAR_COLUMNS_MAX 80

struct ng_progress_bar {
  bool enabled;    /* it is wanted, and standard error is a terminal */
  size_t drawn;    /* columns that are not blank */
  double drawn_at; /* seconds since the scan began */
};

/* Initialize the bar. Draws nothing. */
void ng_progress_bar_begin(struct ng_progress_bar *bar, bool wanted);

/* An ngram_progress_fn; the context is a struct ng_progress_bar. Cheap: it
   draws ten times a second at most. */
void ng_progress_bar_show(void *bar, const struct ngram_progress *progress);

/* Erase the line. Call it after each scan, failed or not. */
void ng_progress_bar_end(struct ng_progress_bar *bar);

/*
 * Write the line for a terminal of `columns` columns, the last of which stays
 * blank, to `line`, NUL-terminated; it has room for
 * NG_PROGRESS_BAR_COLUMNS_MAX + 1 bytes. Returns the line's length. Public for
 * tests.
 */
size_t ng_progress_bar_format(char *line, const struct ngram_progress *progress,
                              size_t columns);

#endif
