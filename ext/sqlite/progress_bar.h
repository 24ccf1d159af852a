/* SPDX-License-Identifier: MIT */
/*
 * A line on the terminal that says how far a scan has come, for who asked for
 * it: ngram_config('progress', 1).
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
  bool enabled;    /* it was asked for, and there is a terminal */
  size_t drawn;    /* columns that are not blank */
  double drawn_at; /* seconds since the scan began */
};

/* Begin; nothing is drawn yet. */
void ng_progress_bar_begin(struct ng_progress_bar *bar, bool wanted);

/* An ngram_progress_fn; the context is a struct ng_progress_bar. May be called
   as often as one likes: little is done most of the time. */
void ng_progress_bar_show(void *bar, const struct ngram_progress *progress);

/* Take the line away, whatever came of the scan. */
void ng_progress_bar_end(struct ng_progress_bar *bar);

/*
 * The line for a terminal of so many columns, of which the last stays blank, as
 * a NUL-terminated text in `line`, with room for NG_PROGRESS_BAR_COLUMNS_MAX +
 * 1 bytes. Returns its length. Apart from the terminal, for tests.
 */
size_t ng_progress_bar_format(char *line, const struct ngram_progress *progress,
                              size_t columns);

#endif
