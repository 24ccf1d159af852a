/* SPDX-License-Identifier: MIT */
/*
 * Finds the layout of a file's rows from the beginning of its text. It has to
 * be known before any block is scanned.
 */
#ifndef NG_SCAN_LAYOUT_H
#define NG_SCAN_LAYOUT_H

#include "scan/pass.h"

/*
 * Read the beginning of a planned pass's file and, if its text is rows, set
 * pass->layout. The caller rewinds the source after it. Returns an error if the
 * text is of a format that is not supported (text/foreign.h), if reading fails,
 * if there is no memory, or if the host stops it; any other fault of the file
 * is left to the pass. In the thread of the caller, before workers start.
 */
enum ngram_status ng_layout_find(struct ng_pass *pass,
                                 struct ngram_error *error);

#endif
