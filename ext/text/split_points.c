/* SPDX-License-Identifier: MIT */
#include "text/split_points.h"

bool ng_split_points_find(enum ng_tokens tokens, const char *text, size_t size,
                          size_t *after_first, size_t *after_last)
{
  size_t first = 0;
  size_t end = size;

  while (first < size && !ng_split_point_is(tokens, text[first]))
    first++;
  if (first == size)
    return false;
  while (!ng_split_point_is(tokens, text[end - 1]))
    end--;
  *after_first = first + 1;
  *after_last = end;
  return true;
}
