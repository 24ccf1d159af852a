/* SPDX-License-Identifier: MIT */
/*
 * replay.c - a fuzz target without a fuzzer: replay_TARGET FOLDER gives the
 * target each file of the folder, by name. What the target finds wrong ends the
 * program, its input's name said before. Prints TAP, the Test Anything
 * Protocol.
 */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int is_input(const struct dirent *entry)
{
  return entry->d_name[0] != '.';
}

/* The file's bytes in memory of just their size, so that a sanitizer sees what
   is read behind them; to be freed. NULL: it cannot be read. */
static uint8_t *read_input(const char *path, size_t *size)
{
  FILE *file = fopen(path, "rb");
  uint8_t *data = NULL;
  long end = -1;

  if (!file)
    return NULL;
  if (fseek(file, 0, SEEK_END) == 0)
    end = ftell(file);
  if (end >= 0 && fseek(file, 0, SEEK_SET) == 0)
    data = malloc(end > 0 ? (size_t)end : 1);
  if (data && fread(data, 1, (size_t)end, file) != (size_t)end) {
    free(data);
    data = NULL;
  }
  fclose(file);
  *size = (size_t)end;
  return data;
}

/* False: it cannot be read. */
static int replay(const char *folder, const char *name)
{
  char path[4096];
  uint8_t *data;
  size_t size;

  snprintf(path, sizeof path, "%s/%s", folder, name);
  data = read_input(path, &size);
  if (!data) {
    perror(path);
    return 0;
  }
  printf("# %s\n", name);
  fflush(stdout);
  LLVMFuzzerTestOneInput(data, size);
  printf("ok - %s\n", name);
  free(data);
  return 1;
}

int main(int argc, char **argv)
{
  struct dirent **inputs;
  int count = argc == 2 ? scandir(argv[1], &inputs, is_input, alphasort) : -1;
  int passed = 0;

  if (count <= 0) {
    fprintf(stderr, "usage: %s FOLDER, with inputs in it\n", argv[0]);
    return 2;
  }
  for (int i = 0; i < count; i++) {
    passed += replay(argv[1], inputs[i]->d_name);
    free(inputs[i]);
  }
  free(inputs);
  printf("1..%d\n", count);
  return passed < count;
}
