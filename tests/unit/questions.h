/* SPDX-License-Identifier: MIT */
/* A struct ng_stop's question that is counted, and says stop at one of them. */
#ifndef NG_TESTS_UNIT_QUESTIONS_H
#define NG_TESTS_UNIT_QUESTIONS_H

#include <stdbool.h>

struct questions {
  unsigned asked;
  unsigned stop_at; /* 0: never */
};

static inline bool says_stop(void *context)
{
  struct questions *questions = context;

  return ++questions->asked == questions->stop_at;
}

#endif
