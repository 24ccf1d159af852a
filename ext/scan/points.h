/* SPDX-License-Identifier: MIT */
/*
 * The strategy of seek points: a gzip file whose seek points are known, from a
 * scan before this one, is decoded by many workers at once, each from one point
 * to the next.
 *
 * The points are not trusted. A stretch must arrive at the next point in all
 * that a decoder can tell (bit, text, members, window). The commit learns in
 * the order of the file which stretch did not; what was committed before it is
 * verified, and the caller of the pass reads the file again without points. So
 * wrong points cost time and nothing else.
 */
#ifndef NG_SCAN_POINTS_H
#define NG_SCAN_POINTS_H

#include <stdbool.h>

#include "scan/pass.h"

/* Number the blocks of each stretch. In the thread of the caller, once, before
   workers start. Returns false if there is no memory. */
bool ng_points_init(struct ng_pass *pass);

/* Draw stretches and map them until none is left or the pass stops. By any
   worker. */
void ng_points_work(struct ng_worker *worker);

#endif
