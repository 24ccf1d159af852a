/* SPDX-License-Identifier: MIT */
/*
 * Files of a test, in a folder of its own that is gone when the program ends.
 */
#ifndef NG_TESTS_UNIT_FILES_H
#define NG_TESTS_UNIT_FILES_H

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "unit/failing_calls.h"
#include "unit/test.h"

static char files_folder[1000];
static pid_t files_owner;

static inline void files_remove(void)
{
  DIR *folder = opendir(files_folder);
  struct dirent *entry;
  char path[1500];

  if (!folder || getpid() != files_owner)
    return;
  while ((entry = readdir(folder)))
    if (entry->d_name[0] != '.') {
      snprintf(path, sizeof path, "%s/%s", files_folder, entry->d_name);
      unlink(path);
    }
  closedir(folder);
  rmdir(files_folder);
}

/* The path of the file with that name, valid for the next 63 calls. */
static inline const char *file_path(const char *name)
{
  static char paths[64][1500];
  static unsigned next;
  const char *root = getenv("TMPDIR");
  char *path = paths[next++ % COUNT(paths)];

  if (!files_folder[0]) {
    snprintf(files_folder, sizeof files_folder, "%s/ngram-test-XXXXXX",
             root ? root : "/tmp");
    if (!mkdtemp(files_folder)) {
      perror(files_folder);
      exit(1);
    }
    files_owner = getpid();
    atexit(files_remove);
  }
  snprintf(path, sizeof paths[0], "%s/%s", files_folder, name);
  return path;
}

/* Make a file anew. Returns its path. */
static inline const char *file_make(const char *name, const void *bytes,
                                    size_t size)
{
  const char *path = file_path(name);
  FILE *file = fopen(path, "wb");

  if (!file || (size > 0 && fwrite(bytes, 1, size, file) != size) ||
      fclose(file) != 0) {
    perror(path);
    exit(1);
  }
  return path;
}

static inline const char *file_make_fifo(const char *name)
{
  const char *path = file_path(name);

  unlink(path);
  if (mkfifo(path, 0600) != 0) {
    perror(path);
    exit(1);
  }
  return path;
}

/* Let all files be older than it takes a file to be told from what it becomes
   next, on a file system of fine times: those that were made, and where the
   clock can be set those that are made from now on. A tick of the kernel
   passes, so that these have other times. */
static inline void settle(void)
{
  test_sleep_ms(CALLS_CAN_FAIL ? 20 : 1100);
  if (CALLS_CAN_FAIL)
    call_clock_ahead(1100);
}

/* What was made last may become something else at once. */
static inline void unsettle(void)
{
  if (CALLS_CAN_FAIL)
    call_clock_ahead(0);
}

/* No file may become longer than this. */
static inline void limit_file_size(rlim_t bytes)
{
  struct rlimit limit;

  getrlimit(RLIMIT_FSIZE, &limit);
  limit.rlim_cur = bytes;
  setrlimit(RLIMIT_FSIZE, &limit);
}

#endif
