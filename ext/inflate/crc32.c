/* SPDX-License-Identifier: MIT */
/*
 * zlib's CRC-32 where there is nothing better; carry-less multiplication on
 * x86 and the CRC instructions on arm64, which are some ten times as fast.
 */
#include "inflate/crc32.h"

#include <zlib.h>

#include "base/cpu.h"

uint32_t ng_crc32_scalar(uint32_t crc, const void *data, size_t size)
{
  const unsigned char *p = data;

  for (; size > UINT32_MAX; p += UINT32_MAX, size -= UINT32_MAX)
    crc = (uint32_t)crc32(crc, p, UINT32_MAX);
  return (uint32_t)crc32(crc, p, (uInt)size);
}

#if defined(__x86_64__)
#include "inflate/crc32_x86.h"
#elif defined(__aarch64__)
#include "inflate/crc32_arm64.h"
#endif

static ng_crc32_fn *choose(const char **name)
{
#if defined(__x86_64__)
  if (ng_cpu_features() & NG_CPU_PCLMUL) {
    *name = "pclmul";
    return crc32_pclmul;
  }
#elif defined(__aarch64__)
  if (ng_cpu_features() & NG_CPU_ARM_CRC) {
    *name = "armv8-crc";
    return crc32_arm64;
  }
#endif
  *name = "zlib";
  return ng_crc32_scalar;
}

uint32_t ng_crc32(uint32_t crc, const void *data, size_t size)
{
  const char *name;

  return choose(&name)(crc, data, size);
}

const char *ng_crc32_kernel(void)
{
  const char *name;

  choose(&name);
  return name;
}

uint32_t ng_crc32_combine(uint32_t crc_a, uint32_t crc_b, uint64_t b_size)
{
  if (b_size == 0)
    return crc_a;
  /* An empty piece A has CRC 0 and needs no arithmetic. */
  if (crc_a == 0)
    return crc_b;
  return (uint32_t)crc32_combine(crc_a, crc_b, (z_off_t)b_size);
}
