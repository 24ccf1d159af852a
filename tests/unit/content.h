/* SPDX-License-Identifier: MIT */
/* Random bytes, and a source that is opened over them. */
#ifndef NG_TESTS_UNIT_CONTENT_H
#define NG_TESTS_UNIT_CONTENT_H

#include "source/source.h"
#include "unit/test.h"

#define CONTENT_BYTES 100000

static char content[CONTENT_BYTES];

static inline void fill_content(void)
{
  random_fill(content, sizeof content);
}

/* Open, or fail the test. */
static inline struct ng_source *open_source(const char *path)
{
  struct ng_source *source;

  CHECK_EQ(ng_source_open(path, &source), 0);
  return source;
}

#endif
