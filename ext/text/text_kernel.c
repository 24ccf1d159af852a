/* SPDX-License-Identifier: MIT */
#include "text/text_kernel.h"

#include "base/cpu.h"

static const struct ng_text_kernel kernels[] = {
    {"scalar", 0, ng_delimiters_find_scalar, &ng_boundaries_scalar},
#if defined(__x86_64__)
    {"sse2", NG_CPU_SSE2, ng_delimiters_find_sse2, &ng_boundaries_sse2},
    {"avx2", NG_CPU_AVX2, ng_delimiters_find_avx2, &ng_boundaries_avx2},
    {"avx512", NG_CPU_AVX512, ng_delimiters_find_avx512, &ng_boundaries_avx512},
#elif defined(__aarch64__)
    {"neon", NG_CPU_NEON, ng_delimiters_find_neon, &ng_boundaries_neon},
#endif
};

const struct ng_text_kernel *ng_text_kernel_at(size_t index)
{
  return index < sizeof kernels / sizeof *kernels ? &kernels[index] : NULL;
}
