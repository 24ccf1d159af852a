/* SPDX-License-Identifier: MIT */
/*
 * On x86 the compiler's own probe, which also checks that the system saves the
 * wide registers. On arm64 NEON is always there, and the system tells whether
 * the CRC instructions are.
 */
#include "base/cpu.h"

#include <pthread.h>
#include <sched.h>
#include <unistd.h>

#if defined(__aarch64__) && defined(__linux__)
#include <sys/auxv.h>
#ifndef HWCAP_CRC32
#define HWCAP_CRC32 (1 << 7)
#endif
#endif

static unsigned features;
static pthread_once_t probed = PTHREAD_ONCE_INIT;

#if defined(__x86_64__)
static void probe(void)
{
  __builtin_cpu_init();
  if (__builtin_cpu_supports("sse2"))
    features |= NG_CPU_SSE2;
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") &&
      __builtin_cpu_supports("popcnt"))
    features |= NG_CPU_AVX2;
  if (__builtin_cpu_supports("avx512bw") &&
      __builtin_cpu_supports("avx512vl") &&
      __builtin_cpu_supports("avx512vbmi2"))
    features |= NG_CPU_AVX512;
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("vpclmulqdq"))
    features |= NG_CPU_VPCLMUL;
  if (__builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2"))
    features |= NG_CPU_BMI2;
  if (__builtin_cpu_supports("pclmul") && __builtin_cpu_supports("sse4.1"))
    features |= NG_CPU_PCLMUL;
}
#elif defined(__aarch64__)
static void probe(void)
{
  features = NG_CPU_NEON;
#if defined(__linux__)
  if (getauxval(AT_HWCAP) & HWCAP_CRC32)
    features |= NG_CPU_ARM_CRC;
#elif defined(__APPLE__)
  features |= NG_CPU_ARM_CRC;
#endif
}
#else
static void probe(void)
{
}
#endif

unsigned ng_cpu_features(void)
{
  pthread_once(&probed, probe);
  return features;
}

unsigned ng_cpu_count(void)
{
  long count;

#if defined(__linux__)
  cpu_set_t allowed;

  if (sched_getaffinity(0, sizeof allowed, &allowed) == 0)
    return (unsigned)CPU_COUNT(&allowed);
#endif
  count = sysconf(_SC_NPROCESSORS_ONLN);
  return count > 0 ? (unsigned)count : 1;
}
