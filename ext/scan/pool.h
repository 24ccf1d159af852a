/* SPDX-License-Identifier: MIT */
/*
 * The blocks of a pass, as many as the plan says: when none is left, nobody can
 * decode, and that is the back-pressure.
 *
 * Threads: the stream's lock is held.
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
  unsigned spare_count;   /* that were made, and are not in use */
  struct ng_block *spare; /* the one used last first */
};

void ng_pool_init(struct ng_pool *pool, struct ng_budget *budget,
                  const struct ng_plan *plan);
/* Zero is allowed. */
void ng_pool_free(struct ng_pool *pool);

/* How many blocks can be taken. */
static inline unsigned ng_pool_count(const struct ng_pool *pool)
{
  return pool->left + pool->spare_count;
}

/* Take a block, of which there is one; NULL: no memory. */
struct ng_block *ng_pool_take(struct ng_pool *pool);

void ng_pool_give(struct ng_pool *pool, struct ng_block *block);

#endif
