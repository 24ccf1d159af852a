/* SPDX-License-Identifier: MIT */
#include "base/file_limit.h"

#include <sys/resource.h>

bool ng_file_limit_allows(uint64_t size)
{
  struct rlimit limit;

  return getrlimit(RLIMIT_FSIZE, &limit) != 0 ||
         limit.rlim_cur == RLIM_INFINITY || size <= limit.rlim_cur;
}
