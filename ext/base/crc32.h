/* SPDX-License-Identifier: MIT */
/*
 * CRC-32 as gzip has it (RFC 1952, section 8), of pieces that are computed in
 * any order and then combined.
 *
 * Threads: any number at once.
 */
#ifndef NG_BASE_CRC32_H
#define NG_BASE_CRC32_H

#include <stddef.h>
#include <stdint.h>

typedef uint32_t ng_crc32_fn(uint32_t crc, const void *data, size_t size);

/* Returns the CRC of a text whose CRC is `crc`, followed by `data`. The CRC of
   the empty text is 0. */
uint32_t ng_crc32(uint32_t crc, const void *data, size_t size);

/* Returns the CRC of piece A followed by piece B of b_size bytes. */
uint32_t ng_crc32_combine(uint32_t crc_a, uint32_t crc_b, uint64_t b_size);

struct ng_crc32_kernel {
  const char *name;
  unsigned features; /* set of enum ng_cpu_feature that it needs */
  ng_crc32_fn *compute;
};

/* Returns the kernels of this binary one by one, the slowest first, or NULL if
   `index` is past the last. Kernel 0 runs on every machine. */
const struct ng_crc32_kernel *ng_crc32_kernel_at(size_t index);

/* Returns the kernel that ng_crc32() uses on this machine: the last one whose
   features it has. */
const struct ng_crc32_kernel *ng_crc32_kernel(void);

#endif
