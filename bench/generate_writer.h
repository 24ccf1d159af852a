/* SPDX-License-Identifier: MIT */
/*
 * generate_writer.h - where the bytes go.
 *
 * Part of generate.c; see there.
 */
#ifndef NGRAM_BENCH_GENERATE_WRITER_H
#define NGRAM_BENCH_GENERATE_WRITER_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#define OUT_BYTES (1 << 20)

struct writer {
  FILE *file;
  size_t used;
  uint64_t written; /* bytes, those in the buffer included */
  uint64_t limit;
  char buffer[OUT_BYTES];
};

static void flush_out(struct writer *out)
{
  if (fwrite(out->buffer, 1, out->used, out->file) != out->used) {
    perror("ngram_generate: write");
    exit(1);
  }
  out->used = 0;
}

static bool file_full(const struct writer *out)
{
  return out->written >= out->limit;
}

#endif
