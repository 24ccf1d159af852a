/* SPDX-License-Identifier: MIT */
/*
 * When a file can be told, by its times, from what it may become.
 *
 * A file system notes times in steps: of some milliseconds, of a second (ext2,
 * many servers), of two (FAT), of a minute (listings of FTP). A change within
 * the step of the change before it shows in no time. And a system notes the
 * time of a write as the call begins, which may go on for a while.
 *
 * So a reading says something lasting about a file only if the file had been
 * left alone, before it was opened, for a step and for as long as a write may
 * take. Any change from then on shows.
 */
#ifndef NG_SOURCE_SETTLED_H
#define NG_SOURCE_SETTLED_H

#include <stdbool.h>
#include <time.h>

/* The longest write, in seconds, that is waited for: what a system takes in one
   call, 2 GiB at most, is a matter of copying. */
#define NG_WRITE_SECONDS 1.0

/* The step, in seconds, in which times like this one are noted: what it is a
   multiple of. Rather too long than too short. */
double ng_settled_step(const struct timespec *time);

/* Whether a file with these times, of its last modification and of its last
   change of status, had settled when it was seen. False if they lie ahead. */
bool ng_settled_at(const struct timespec *modified,
                   const struct timespec *changed,
                   const struct timespec *seen_at);

#endif
