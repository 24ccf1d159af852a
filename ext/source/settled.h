/* SPDX-License-Identifier: MIT */
/*
 * Whether the times of a file are sure to differ after its next change.
 *
 * A file system records times in steps: of some milliseconds, of a second
 * (ext2, many servers), of two (FAT), of a minute (listings of FTP). If two
 * changes fall into one step, the second does not alter the recorded time. And
 * a system records the time of a write at the start of the call, which may
 * last.
 *
 * So a result may be kept for a file only if the file had settled before it was
 * opened: no change for a step and for as long as a write may take. Every later
 * change then alters its times.
 *
 * Threads: any number at once.
 */
#ifndef NG_SOURCE_SETTLED_H
#define NG_SOURCE_SETTLED_H

#include <stdbool.h>
#include <time.h>

/* The longest duration of a write that is allowed for, in seconds: one call
   copies 2 GiB at most. */
#define NG_WRITE_SECONDS 1.0

/* Returns a number of seconds, no shorter than the step of the file system that
   recorded a time, but perhaps longer. It is derived from the time: a whole
   minute gives 60, a whole second 2, a whole tenth 0.1, all else a tick of the
   kernel. */
double ng_settled_step(const struct timespec *time);

/* Whether a file with these times of its last modification and status change
   had settled at the time `seen_at`. False if they are later than that. */
bool ng_settled_at(const struct timespec *modified,
                   const struct timespec *changed,
                   const struct timespec *seen_at);

#endif
