/* SPDX-License-Identifier: MIT */
/*
 * The way of seek points: a gzip file that was read before is decoded side by
 * side, each stretch from point to point by a worker of its own.
 *
 * Each stretch must arrive at the next point, in all that a decoder can tell,
 * so wrong points cost time and nothing else: the commit learns in the order of
 * the file which stretch did not, and the file is read again without points.
 */
#ifndef NG_SCAN_POINTS_H
#define NG_SCAN_POINTS_H

#include <stdbool.h>

#include "scan/pass.h"

/* Number the stretches' blocks. False: no memory. */
bool ng_points_init(struct ng_pass *pass);

/* Draw stretches and map them until none is left. */
void ng_points_work(struct ng_worker *worker);

#endif
