/* SPDX-License-Identifier: MIT */
/*
 * CRC-32 as gzip has it (RFC 1952, section 8), of pieces that are computed in
 * any order and then combined.
 *
 * Threads: all functions may be called from any thread.
 */
#ifndef NG_BASE_CRC32_H
#define NG_BASE_CRC32_H

#include <stddef.h>
#include <stdint.h>

typedef uint32_t ng_crc32_fn(uint32_t crc, const void *data, size_t size);

/* The CRC of what `crc` covers, followed by `data`; begin with 0. */
uint32_t ng_crc32(uint32_t crc, const void *data, size_t size);

/* The CRC of piece A followed by piece B of b_size bytes. */
uint32_t ng_crc32_combine(uint32_t crc_a, uint32_t crc_b, uint64_t b_size);

struct ng_crc32_kernel {
  const char *name;
  unsigned features; /* set of enum ng_cpu_feature that it needs */
  ng_crc32_fn *compute;
};

/* All kernels of this binary, the slowest first; NULL past the end. The first
   runs everywhere. */
const struct ng_crc32_kernel *ng_crc32_kernel_at(size_t index);

/* The one behind ng_crc32() on this machine. */
const struct ng_crc32_kernel *ng_crc32_kernel(void);

#endif
