/* SPDX-License-Identifier: MIT */
/*
 * The tables of a count, one for each map worker, and their reduction to one
 * result.
 *
 * Life: ng_table_set_init(), any number of passes whose workers fill the
 * tables, ng_table_set_reduce() once, ng_table_set_free().
 *
 * Threads: each table belongs to its worker while a pass runs. The functions
 * here are called by the caller of the passes, while no pass runs.
 */
#ifndef NG_TALLY_TABLE_SET_H
#define NG_TALLY_TABLE_SET_H

#include <stdbool.h>
#include <stdint.h>

#include "base/budget.h"
#include "count/table.h"
#include "ngram.h"
#include "scan/control.h"
#include "tally/result.h"

struct ng_table_set {
  struct ng_budget *budget; /* borrowed */
  bool wide;                /* entries have all columns (count/table.h) */
  struct ng_table *tables;  /* owned, `count` of them */
  unsigned count;
};

/* Make `count` tables. Each holds at most `table_bytes` of memory and spills
   the rest to a temporary file; 0 stands for no limit. `budget` is borrowed.
   Returns false if there is no memory; free the set all the same. */
bool ng_table_set_init(struct ng_table_set *set, struct ng_budget *budget,
                       unsigned count, bool wide, uint64_t table_bytes);
/* Free the tables that the set still has. A zeroed set is allowed. */
void ng_table_set_free(struct ng_table_set *set);

/* Returns the errno with which the temporary file of one of `count` tables has
   failed, or 0 if none has. */
int ng_table_set_spill_error(const struct ng_table *tables, unsigned count);

/*
 * Reduce the tables to `result`, which is empty, by as many threads as there
 * are tables. `control` may stop it. If no table has spilled, the entries stay
 * where the workers wrote them: the result takes ownership of the tables, and
 * the set is empty. If a table has spilled, or after an error, the tables stay
 * in the set, and the caller may only free it.
 *
 * Returns NGRAM_OK, NGRAM_OVERFLOW, NGRAM_NO_MEMORY, NGRAM_INTERRUPTED, or
 * NGRAM_IO_ERROR or NGRAM_DISK_FULL for a temporary file.
 */
enum ngram_status ng_table_set_reduce(struct ng_table_set *set,
                                      struct ng_control *control,
                                      struct ng_result *result,
                                      struct ngram_error *error);

#endif
