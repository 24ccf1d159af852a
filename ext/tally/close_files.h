/* SPDX-License-Identifier: MIT */
/*
 * Closes the temporary files of a count by several threads.
 *
 * To close a file, the system takes some 60 ms (ext4) or 180 ms (tmpfs) for
 * each gigabyte of it that is in memory. A stopped statement must not wait for
 * that once per file.
 *
 * table_set.c calls this after a reduction and before it frees tables, result.c
 * before it frees a result.
 *
 * Threads: one, the caller's. It closes files together with threads that are
 * made and joined here.
 */
#ifndef NG_TALLY_CLOSE_FILES_H
#define NG_TALLY_CLOSE_FILES_H

#include <stddef.h>

#include "count/spilled.h"
#include "count/table.h"

/* Close the temporary files of `table_count` tables and of `spilled`, which may
   be NULL, by at most as many threads as workers wrote them. Files that are too
   small for a thread stay open. So do all files if there is only one larger
   one, only one worker, or no memory. The caller frees the tables and `spilled`
   next, which closes the rest. It may do nothing else with them. */
void ng_close_files(struct ng_table *tables, size_t table_count,
                    struct ng_spilled *spilled);

#endif
