/* SPDX-License-Identifier: MIT */
/*
 * The end of temporary files. For each gigabyte that it still has in memory the
 * system takes some 60 ms on ext4, and three times as long on tmpfs, which is
 * long for somebody who has stopped a statement: so they are closed side by
 * side.
 */
#ifndef NG_TALLY_CLOSE_FILES_H
#define NG_TALLY_CLOSE_FILES_H

#include <stddef.h>

#include "count/spilled.h"
#include "count/table.h"

/* Close the files of so many tables and of what they were merged to, NULL for
   nothing, by no more threads than workers had a hand in them. All that may
   then be done with them is to free them, which closes the files that were too
   small for a thread, and all if there is no memory. */
void ng_close_files(struct ng_table *tables, size_t table_count,
                    struct ng_spilled *spilled);

#endif
