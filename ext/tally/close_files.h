/* SPDX-License-Identifier: MIT */
/*
 * Closes the temporary files of a count by several threads.
 *
 * For each gigabyte of a closed file that it has in memory, the system takes
 * some 60 ms on ext4 and 180 ms on tmpfs. A stopped statement must not wait for
 * that once per file.
 *
 * Threads: one, the caller's; the threads that close are made and joined here.
 */
#ifndef NG_TALLY_CLOSE_FILES_H
#define NG_TALLY_CLOSE_FILES_H

#include <stddef.h>

#include "count/spilled.h"
#include "count/table.h"

/* Close the temporary files of `table_count` tables and of `spilled`, which may
   be NULL, by at most as many threads as workers wrote them. Files that are too
   small for a thread stay open, and so do all files if there is no memory: free
   the tables and `spilled` next, which closes the rest. Nothing else may be
   done with them. */
void ng_close_files(struct ng_table *tables, size_t table_count,
                    struct ng_spilled *spilled);

#endif
