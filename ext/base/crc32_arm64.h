/* SPDX-License-Identifier: MIT */
/* CRC-32 by the instructions of ARMv8. Included by crc32.c only. */
#include <string.h>

#if defined(__clang__)
#define CRC_TARGET __attribute__((target("crc")))
#else
#define CRC_TARGET __attribute__((target("+crc")))
#endif

CRC_TARGET static inline uint32_t crc_step8(uint32_t crc, uint64_t value)
{
  __asm__("crc32x %w0, %w0, %x1" : "+r"(crc) : "r"(value));
  return crc;
}

CRC_TARGET static inline uint32_t crc_step1(uint32_t crc, unsigned char value)
{
  __asm__("crc32b %w0, %w0, %w1" : "+r"(crc) : "r"((uint32_t)value));
  return crc;
}

CRC_TARGET static uint32_t crc32_arm64(uint32_t crc, const void *data,
                                       size_t size)
{
  const unsigned char *p = data;

  crc = ~crc;
  for (; size >= 8; p += 8, size -= 8) {
    uint64_t value;

    memcpy(&value, p, sizeof value);
    crc = crc_step8(crc, value);
  }
  for (; size > 0; p++, size--)
    crc = crc_step1(crc, *p);
  return ~crc;
}
