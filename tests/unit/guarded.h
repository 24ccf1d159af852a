/* SPDX-License-Identifier: MIT */
/*
 * Memory between two pages that nobody may touch: what reads or writes past
 * its end, vector code and foreign libraries included, is caught at once.
 */
#ifndef NG_TESTS_UNIT_GUARDED_H
#define NG_TESTS_UNIT_GUARDED_H

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

struct guarded {
  unsigned char *memory;
  unsigned char *end;   /* the first byte that must not be touched */
  unsigned char *start; /* the one before it must not be touched */
  size_t memory_size;
};

/* At least `size` bytes. */
static inline struct guarded guarded_make(size_t size)
{
  size_t page = (size_t)sysconf(_SC_PAGESIZE);
  size_t inner = (size / page + 1) * page; /* qemu cannot protect none */
  struct guarded guarded = {.memory_size = inner + 2 * page};

  guarded.memory = mmap(NULL, guarded.memory_size, PROT_NONE,
                        MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (guarded.memory == MAP_FAILED ||
      mprotect(guarded.memory + page, inner, PROT_READ | PROT_WRITE) != 0) {
    perror("mmap");
    exit(1);
  }
  guarded.start = guarded.memory + page;
  guarded.end = guarded.start + inner;
  return guarded;
}

static inline void guarded_free(struct guarded *guarded)
{
  munmap(guarded->memory, guarded->memory_size);
}

#endif
