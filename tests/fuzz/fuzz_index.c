/* SPDX-License-Identifier: MIT */
/*
 * fuzz_index.c - any bytes as the index file of a small gzip file: the count
 * never changes.
 *
 * The first byte of the input says how many workers count and what the rest is:
 * the file; what stands in it behind the header's part that tells the gzip
 * file; or changes to the true file, of a place (two bytes) and a byte each.
 * The CRC-32 at the end is always made right, or nothing would ever be read.
 */
#include "unit/index_make.h"

/* As ext/store/index_file.h has it. */
#define OWNER_BYTES 40
#define CRC_BYTES 4

static struct {
  char folder[1500];
  char path[1500]; /* of the gzip file */
  char name[3000]; /* of its index file */
  struct bytes index;
  struct answer answer;
} made;

static void must(int condition, const char *what)
{
  if (condition)
    return;
  fprintf(stderr, "fuzz_index: %s\n", what);
  abort();
}

static void remove_folder(void)
{
  folder_clear(made.folder);
  rmdir(made.folder);
}

static void make_once(void)
{
  struct bytes file = {.data = NULL};
  struct ng_seek_points points;

  if (made.name[0])
    return;
  snprintf(made.path, sizeof made.path, "%s",
           blocks_make("a.gz", &file, 2, 4, 2));
  snprintf(made.folder, sizeof made.folder, "%s", folder_make("index"));
  atexit(remove_folder);
  points_make(made.path, 1, &points);
  points_store(made.folder, made.path, &points);
  folder_file(made.folder, made.name, sizeof made.name);
  bytes_read_file(&made.index, made.name);
  answer_of_one(made.path, &made.answer);
  must(points.count > 3 && made.answer.status == NGRAM_OK, "no points");
  setenv("NGRAM_STRETCH", "1024", 1);
  ng_seek_points_free(&points);
  bytes_free(&file);
}

/* The index file that the input stands for, but for its CRC-32. */
static void make_index(struct bytes *index, const uint8_t *data, size_t size)
{
  unsigned kind = data[0] % 3;

  data++;
  size--;
  if (kind == 1)
    bytes_add(index, made.index.data, OWNER_BYTES);
  if (kind < 2) {
    bytes_add(index, data, size);
    return;
  }
  bytes_add(index, made.index.data, made.index.size - CRC_BYTES);
  for (; size >= 3 && index->size > 0; data += 3, size -= 3)
    index->data[((size_t)data[0] | (size_t)data[1] << 8) % index->size] =
        data[2];
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  struct bytes bytes = {.data = NULL};
  struct ngram_count_options options;
  struct ngram_index *index;
  struct answer got;

  make_once();
  if (size < 1)
    return 0;
  make_index(&bytes, data, size);
  bytes_add_number(&bytes, crc32(0, bytes.data, (uInt)bytes.size), CRC_BYTES);
  bytes_write_file(&bytes, made.name);
  index = ngram_index_create();
  must(index && ngram_index_set_folder(index, made.folder, NULL) == NGRAM_OK,
       "no folder");
  options = answer_options(2 + data[0] / 3 % 3, index);
  answer_of(made.path, &options, &got);
  must(check_same(&got, &made.answer), "another answer");
  ngram_index_free(index);
  bytes_free(&bytes);
  return 0;
}
