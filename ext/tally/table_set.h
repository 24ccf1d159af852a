/* SPDX-License-Identifier: MIT */
/*
 * The tables of a count, one for each map worker, and how they are reduced to
 * one result.
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
  bool wide;
  struct ng_table *tables; /* owned, `count` of them */
  unsigned count;
};

/* Tables that may hold `table_bytes` each, 0 for any, and spill what is more.
   False: no memory; free the set all the same. */
bool ng_table_set_init(struct ng_table_set *set, struct ng_budget *budget,
                       unsigned count, bool wide, uint64_t table_bytes);
/* Zero is allowed. */
void ng_table_set_free(struct ng_table_set *set);

/* The errno of a temporary file of `count` tables that has failed; 0: none has.
   No worker uses the tables. */
int ng_table_set_spill_error(const struct ng_table *tables, unsigned count);

/*
 * Reduce the tables to a result that is empty, by as many threads as there are
 * tables. The entries stay where the map workers wrote them: the result takes
 * the tables over, and the set is empty after this. NGRAM_OK, NGRAM_OVERFLOW,
 * NGRAM_NO_MEMORY, NGRAM_IO_ERROR or NGRAM_DISK_FULL of a temporary file,
 * NGRAM_INTERRUPTED.
 */
enum ngram_status ng_table_set_reduce(struct ng_table_set *set,
                                      struct ng_control *control,
                                      struct ng_result *result,
                                      struct ngram_error *error);

#endif
