/* SPDX-License-Identifier: MIT */
/*
 * The features of this processor, detected once. Kernels are compiled for every
 * level, and one is chosen at run time, so that one binary serves all machines
 * of an architecture.
 *
 * Threads: any number at once.
 */
#ifndef NG_BASE_CPU_H
#define NG_BASE_CPU_H

enum ng_cpu_feature {
  NG_CPU_SSE2 = 1,
  NG_CPU_AVX2 = 2,   /* with BMI1 and POPCNT */
  NG_CPU_AVX512 = 4, /* F, BW, VL and VBMI2: Ice Lake, Zen 4 */
  NG_CPU_PCLMUL = 8, /* with SSE4.1 */
  NG_CPU_NEON = 16,
  NG_CPU_ARM_CRC = 32,
  NG_CPU_BMI2 = 64,     /* with BMI1 */
  NG_CPU_VPCLMUL = 128, /* of 512 bits */
};

/* Returns a set of enum ng_cpu_feature. */
unsigned ng_cpu_features(void);

/* Returns the number of CPUs that this process may use, at least 1. */
unsigned ng_cpu_count(void);

#endif
