/* SPDX-License-Identifier: MIT */
/*
 * The reduce, run by as many real threads as there are members of its team.
 */
#ifndef NG_TESTS_UNIT_REDUCING_H
#define NG_TESTS_UNIT_REDUCING_H

#include <pthread.h>

#include "base/hash.h"
#include "count/reduce.h"
#include "unit/count_words.h"
#include "unit/naive_map.h"
#include "unit/test.h"

struct member {
  struct ng_reduce *reduce;
  unsigned number;
  bool ok;
};

static inline void *step_till_none_is_left(void *memory)
{
  struct member *member = memory;
  bool more = true;

  member->ok = true;
  while (more && member->ok)
    member->ok = ng_reduce_step(member->reduce, member->number, &more);
  return NULL;
}

/* Merge all partitions by `threads` threads, this one among them. */
static inline void run_reduce(struct ng_reduce *reduce, unsigned threads)
{
  pthread_t others[8];
  struct member members[9];

  for (unsigned i = 0; i < threads; i++)
    members[i] = (struct member){reduce, i, false};
  for (unsigned i = 1; i < threads; i++)
    pthread_create(&others[i], NULL, step_till_none_is_left, &members[i]);
  step_till_none_is_left(&members[0]);
  for (unsigned i = 1; i < threads; i++)
    pthread_join(others[i], NULL);
  for (unsigned i = 0; i < threads; i++)
    CHECK(members[i].ok);
}

#endif
