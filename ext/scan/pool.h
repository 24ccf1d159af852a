/* SPDX-License-Identifier: MIT */
/*
 * The blocks of a pass, plan.blocks in number. Workers cannot decode while none
 * is left: that is the back-pressure of mapping, and of a slow caller of rows,
 * on decoding.
 *
 * Threads: any, holding the lock of the stream (scan/stream_state.h).
 */
#ifndef NG_SCAN_POOL_H
#define NG_SCAN_POOL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/budget.h"
#include "scan/block.h"
#include "scan/plan.h"

struct ng_pool {
  struct ng_budget *budget; /* borrowed */
  size_t block_bytes;
  enum ng_tokens tokens;
  unsigned left;          /* blocks that may still be made */
  unsigned spare_count;   /* blocks in `spare` */
  struct ng_block *spare; /* owned; the block used last comes first, as it is
                             still in the cache */
};

/* Makes no block yet. */
void ng_pool_init(struct ng_pool *pool, struct ng_budget *budget,
                  const struct ng_plan *plan);
/* Free the spare blocks. A zeroed pool is allowed. */
void ng_pool_free(struct ng_pool *pool);

/* Returns how many blocks can be taken. */
static inline unsigned ng_pool_count(const struct ng_pool *pool)
{
  return pool->left + pool->spare_count;
}

/* Take a block; requires ng_pool_count() > 0. Returns NULL if there is no
   memory. */
struct ng_block *ng_pool_take(struct ng_pool *pool);

/* Give back a block that was taken. */
void ng_pool_give(struct ng_pool *pool, struct ng_block *block);

#endif
