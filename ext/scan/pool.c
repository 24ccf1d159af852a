/* SPDX-License-Identifier: MIT */
#include "scan/pool.h"

void ng_pool_init(struct ng_pool *pool, struct ng_budget *budget,
                  const struct ng_plan *plan)
{
  *pool = (struct ng_pool){.budget = budget,
                           .left = plan->blocks,
                           .block_bytes = plan->block_bytes,
                           .tokens = plan->tokens};
}

void ng_pool_free(struct ng_pool *pool)
{
  ng_block_free_list(pool->spare, pool->budget);
}

struct ng_block *ng_pool_take(struct ng_pool *pool)
{
  struct ng_block *block = pool->spare;

  if (block) {
    pool->spare = block->next;
    pool->spare_count--;
    return block;
  }
  pool->left--;
  return ng_block_new(pool->budget, pool->block_bytes, pool->tokens);
}

void ng_pool_give(struct ng_pool *pool, struct ng_block *block)
{
  block->next = pool->spare;
  pool->spare = block;
  pool->spare_count++;
}
