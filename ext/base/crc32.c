/* SPDX-License-Identifier: MIT */
/*
 * The kernels are carry-less multiplication on x86 and the CRC instructions on
 * arm64. Both are some ten times as fast as zlib's CRC-32, which serves all
 * other machines.
 */
#include "base/crc32.h"

#include <zlib.h>

#include "base/cpu.h"

static uint32_t crc32_scalar(uint32_t crc, const void *data, size_t size)
{
  const unsigned char *p = data;

  for (; size > UINT32_MAX; p += UINT32_MAX, size -= UINT32_MAX)
    crc = (uint32_t)crc32(crc, p, UINT32_MAX);
  return (uint32_t)crc32(crc, p, (uInt)size);
}

#if defined(__x86_64__)
#include "base/crc32_x86.h"
#elif defined(__aarch64__)
#include "base/crc32_arm64.h"
#endif

static const struct ng_crc32_kernel kernels[] = {
    {"zlib", 0, crc32_scalar},
#if defined(__x86_64__)
    {"pclmul", NG_CPU_PCLMUL, crc32_pclmul},
    {"vpclmul", NG_CPU_PCLMUL | NG_CPU_VPCLMUL, crc32_vpclmul},
#elif defined(__aarch64__)
    {"armv8-crc", NG_CPU_ARM_CRC, crc32_arm64},
#endif
};

const struct ng_crc32_kernel *ng_crc32_kernel_at(size_t index)
{
  return index < sizeof kernels / sizeof *kernels ? &kernels[index] : NULL;
}

const struct ng_crc32_kernel *ng_crc32_kernel(void)
{
  unsigned features = ng_cpu_features();
  size_t i = sizeof kernels / sizeof *kernels - 1;

  while ((kernels[i].features & features) != kernels[i].features)
    i--;
  return &kernels[i];
}

uint32_t ng_crc32(uint32_t crc, const void *data, size_t size)
{
  return ng_crc32_kernel()->compute(crc, data, size);
}

uint32_t ng_crc32_combine(uint32_t crc_a, uint32_t crc_b, uint64_t b_size)
{
  if (b_size == 0)
    return crc_a;
  /* A CRC of 0, such as that of an empty piece A, adds nothing to B's. */
  if (crc_a == 0)
    return crc_b;
  return (uint32_t)crc32_combine(crc_a, crc_b, (z_off_t)b_size);
}
