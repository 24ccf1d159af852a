/* SPDX-License-Identifier: MIT */
/* The input of a fuzz target as a file, which is gone when the program ends. */
#ifndef NG_TESTS_FUZZ_FUZZ_FILE_H
#define NG_TESTS_FUZZ_FUZZ_FILE_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static char path[] = "/tmp/ngram-fuzz-XXXXXX";
static int file = -1;

static void remove_file(void)
{
  unlink(path);
}

/* The program ends here when the condition does not hold. */
static void must(int condition, const char *what)
{
  if (condition)
    return;
  fprintf(stderr, "the two scans differ: %s\n", what);
  remove_file();
  abort();
}

/* Make the file at `path` anew. */
static void write_file(const uint8_t *data, size_t size)
{
  if (file < 0) {
    file = mkstemp(path);
    atexit(remove_file);
  }
  if (file < 0 || ftruncate(file, 0) != 0 ||
      pwrite(file, data, size, 0) != (ssize_t)size) {
    perror(path);
    exit(1);
  }
}

#endif
