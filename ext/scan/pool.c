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
  while (pool->spare) {
    struct ng_block *next = pool->spare->next;

    ng_block_free(pool->spare, pool->budget);
    pool->spare = next;
  }
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
