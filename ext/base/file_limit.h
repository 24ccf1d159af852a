/* SPDX-License-Identifier: MIT */
/* The process's limit on the size of the files that it writes. */
#ifndef NG_BASE_FILE_LIMIT_H
#define NG_BASE_FILE_LIMIT_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Whether the process may write a file of `size` bytes (RLIMIT_FSIZE); call it
 * before the write. A write past the limit raises SIGXFSZ, which by default
 * ends the process of the host. Threads: any number at once.
 */
bool ng_file_limit_allows(uint64_t size);

#endif
