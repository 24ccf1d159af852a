/* SPDX-License-Identifier: MIT */
/* Rows one by one, as a test remembers them. */
#ifndef NG_TESTS_UNIT_NAIVE_ROWS_H
#define NG_TESTS_UNIT_NAIVE_ROWS_H

#include "text/line.h"
#include "unit/bytes.h"

struct naive_row {
  struct ng_row row;
  uint64_t number; /* among all rows, from 0 on, wanted or not */
  size_t known_at; /* bytes of the text after which a reader knows of it */
};

struct naive_rows {
  struct bytes list; /* struct naive_row */
};

static inline size_t naive_rows_count(const struct naive_rows *rows)
{
  return rows->list.size / sizeof(struct naive_row);
}

static inline struct naive_row *naive_rows_at(const struct naive_rows *rows,
                                              size_t index)
{
  return (struct naive_row *)(void *)rows->list.data + index;
}

static inline void naive_rows_add(struct naive_rows *rows,
                                  const struct ng_row *row, uint64_t number,
                                  size_t known_at)
{
  struct naive_row added = {*row, number, known_at};

  bytes_add(&rows->list, &added, sizeof added);
}

/* Only those that are known by then. */
static inline void naive_rows_cut(struct naive_rows *rows, size_t known_at)
{
  size_t count = naive_rows_count(rows);

  while (count > 0 && naive_rows_at(rows, count - 1)->known_at > known_at)
    count--;
  rows->list.size = count * sizeof(struct naive_row);
}

static inline void naive_rows_free(struct naive_rows *rows)
{
  bytes_free(&rows->list);
}

#endif
