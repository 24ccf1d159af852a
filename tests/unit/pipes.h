/* SPDX-License-Identifier: MIT */
/* A thread that writes a pipe, for a count of what comes out of it. */
#ifndef NG_TESTS_UNIT_PIPES_H
#define NG_TESTS_UNIT_PIPES_H

#include <fcntl.h>
#include <sched.h>
#include <unistd.h>

#include "unit/bytes.h"
#include "unit/count_check.h"
#include "unit/files.h"
#include "unit/gzip_make.h"
#include "unit/naive_count.h"
#include "unit/test.h"

/* The engine's blocks of text, see plan.c. */
#define BLOCK_TEXT_BYTES ((size_t)512 << 10)

/* Writes a file's bytes to a FIFO, in pieces of many sizes. */
struct pipe_writer {
  const char *path;
  const unsigned char *bytes;
  size_t size;
};

static inline void *write_pipe(void *memory)
{
  struct pipe_writer *writer = memory;
  int fd = open(writer->path, O_WRONLY); /* waits for the reader */
  size_t piece = 1;

  for (size_t at = 0; at < writer->size;) {
    size_t left = writer->size - at;
    ssize_t written =
        write(fd, writer->bytes + at, left < piece ? left : piece);

    if (written < 0)
      break;
    at += (size_t)written;
    piece = piece * 7 % 65521 + 1;
    if (piece % 4 == 0)
      sched_yield();
  }
  close(fd);
  return NULL;
}

#endif
