/* SPDX-License-Identifier: MIT */
/*
 * What is the text of a file? Its beginning tells, and it has to be known
 * before any block is mapped.
 */
#ifndef NG_SCAN_LAYOUT_H
#define NG_SCAN_LAYOUT_H

#include "scan/pass.h"

/*
 * Read the beginning of the pass's file, once its plan is made, and set
 * pass->layout by it where it holds rows; then the source is to be rewound. An
 * error if the text is of a format that is not read (text/foreign.h); what else
 * is wrong with the file is left for the scan to find. In the calling thread.
 */
enum ngram_status ng_layout_find(struct ng_pass *pass,
                                 struct ngram_error *error);

#endif
