/* SPDX-License-Identifier: MIT */
#include "scan/fingerprints.h"

#include <stdlib.h>

#include "base/array.h"

bool ng_fingerprints_reserve(struct ng_fingerprints *list, size_t more)
{
  bool ok = NG_ARRAY_RESERVE(list->array, list->capacity, list->count + more);

  list->failed |= !ok;
  return ok;
}

void ng_fingerprints_add(struct ng_fingerprints *list, uint32_t fingerprint)
{
  if (list->count > list->first && list->array[list->count - 1] == fingerprint)
    return;
  if (ng_fingerprints_reserve(list, 1))
    list->array[list->count++] = fingerprint;
}

void ng_fingerprints_free(struct ng_fingerprints *list)
{
  free(list->array);
  *list = (struct ng_fingerprints){.array = NULL};
}
