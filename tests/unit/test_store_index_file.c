/* SPDX-License-Identifier: MIT */
/*
 * Tests of index files that are damaged or forged: they are never believed, so
 * no answer changes and nothing fails.
 */
#include <signal.h>
#include <unistd.h>

#include "ngram.h"
#include "unit/answer.h"
#include "unit/count_check.h"
#include "unit/files.h"
#include "unit/gzip_make.h"
#include "unit/index_make.h"
#include "unit/indexed.h"
#include "unit/naive_count.h"
#include "unit/rows_make.h"
#include "unit/shapes.h"
#include "unit/test.h"

/* Offsets of the interval, which is no claim about the counted file. */
#define INTERVAL_AT 48
#define INTERVAL_END 56

/* A small file, its true points, and the index file that holds them. */
struct lie {
  const char *folder;
  char path[1500];
  struct bytes file;
  struct ng_seek_points points;
  char name[3000];
  struct bytes index; /* as it was written */
  struct bytes told;  /* the forged one, which replaces it */
  struct answer wanted;
  unsigned round;
};

static void lie_begin(struct lie *lie, unsigned members, unsigned blocks,
                      unsigned rows)
{
  *lie = (struct lie){.folder = folder_make("index")};
  snprintf(lie->path, sizeof lie->path, "%s",
           blocks_make("lie.gz", &lie->file, members, blocks, rows));
  answer_of_one(lie->path, &lie->wanted);
  CHECK_EQ(lie->wanted.status, NGRAM_OK);
  points_make(lie->path, 1, &lie->points);
  CHECK(lie->points.count > 2);
  points_store(lie->folder, lie->path, &lie->points);
  folder_file(lie->folder, lie->name, sizeof lie->name);
  bytes_read_file(&lie->index, lie->name);
  CHECK(lie->index.size > 100);
  setenv("NGRAM_STRETCH", "1024", 1);
  setenv("NGRAM_AHEAD", "off", 1);
}

static void lie_end(struct lie *lie)
{
  unset_overrides();
  ng_seek_points_free(&lie->points);
  folder_remove(lie->folder);
  bytes_free(&lie->file);
  bytes_free(&lie->index);
  bytes_free(&lie->told);
}

static void lie_copy(struct lie *lie, size_t size)
{
  lie->told.size = 0;
  bytes_add(&lie->told, lie->index.data, size);
}

static void lie_repair_crc(struct bytes *told)
{
  told->size -= 4;
  bytes_add_number(told, crc32(0, told->data, (uInt)told->size), 4);
}

/* Count with the index file that is in the folder now. Every eighth time count
   once more, because the first count removes wrong points. */
static void check_told(struct lie *lie, bool is_true)
{
  struct ngram_index *index = index_make(lie->folder);
  unsigned round = lie->round++;
  unsigned threads = round % 16 ? 2 + round % 2 : 8;

  check_indexed(lie->path, index, threads, &lie->wanted,
                is_true ? "points" : "serial");
  if (round % 8 == 0)
    check_indexed(lie->path, index, threads, &lie->wanted, NULL);
  ngram_index_free(index);
}

static void check_lie(struct lie *lie, bool is_true)
{
  bytes_write_file(&lie->told, lie->name);
  check_told(lie, is_true);
}

static void cut_index_file_is_not_believed(void)
{
  struct lie lie;

  lie_begin(&lie, 2, 3, 1);
  for (size_t size = 0; size < lie.index.size && !test_state.failed; size++) {
    NOTE("%zu of %zu bytes", size, lie.index.size);
    lie_copy(&lie, size);
    check_lie(&lie, false);
    if (size < 4)
      continue;
    lie_repair_crc(&lie.told);
    NOTE("%zu of %zu bytes, CRC repaired", size, lie.index.size);
    check_lie(&lie, false);
  }
  lie_copy(&lie, lie.index.size);
  check_lie(&lie, true);
  bytes_add(&lie.told, "x", 1);
  check_lie(&lie, false);
  lie_repair_crc(&lie.told);
  check_lie(&lie, false);
  lie_end(&lie);
}

/* Each changed byte is noticed: by the CRC, or, if that was repaired, by the
   header or in use. */
static void flipped_index_file_is_not_believed(void)
{
  struct lie lie;

  lie_begin(&lie, 2, 3, 1);
  for (size_t at = 0; at < lie.index.size - 4 && !test_state.failed; at++) {
    bool is_interval = at >= INTERVAL_AT && at < INTERVAL_END;
    unsigned char mask = (unsigned char)(1u << random_below(8));

    NOTE("byte %zu of %zu, mask %#x", at, lie.index.size, mask);
    lie_copy(&lie, lie.index.size);
    lie.told.data[at] ^= mask;
    check_lie(&lie, false);
    lie_repair_crc(&lie.told);
    NOTE("byte %zu of %zu, mask %#x, CRC repaired", at, lie.index.size, mask);
    check_lie(&lie, is_interval);
  }
  lie_end(&lie);
}

/* Write the changed points and count with them. */
static void check_points(struct lie *lie, bool is_true)
{
  points_store(lie->folder, lie->path, &lie->points);
  check_told(lie, is_true);
}

/* Change a number of a point, count, and change it back. */
static void check_shifted(struct lie *lie, uint64_t *number)
{
  static const int64_t shifts[] = {1,
                                   -1,
                                   8,
                                   -8,
                                   1000,
                                   1 << 20,
                                   INT64_C(1) << 32,
                                   INT64_C(1) << 40,
                                   INT64_C(1) << 61,
                                   INT64_MIN};
  uint64_t before = *number;

  for (size_t i = 0; i < COUNT(shifts) && !test_state.failed; i++) {
    *number = before + (uint64_t)shifts[i];
    NOTE("%" PRIu64 " for %" PRIu64, *number, before);
    check_points(lie, false);
  }
  *number = before;
}

static void shifted_points_are_not_believed(void)
{
  struct lie lie;

  lie_begin(&lie, 3, 6, 10);
  for (size_t i = 0; i < lie.points.count && !test_state.failed; i++) {
    check_shifted(&lie, &lie.points.points[i].bit);
    check_shifted(&lie, &lie.points.points[i].text);
    check_shifted(&lie, &lie.points.points[i].members);
  }
  check_points(&lie, true);
  lie_end(&lie);
}

/* The shifted points agree with each other, but not with the file. */
static void shift_of_all_points_after_one_is_not_believed(void)
{
  struct lie lie;

  lie_begin(&lie, 3, 6, 10);
  for (size_t first = 0; first < lie.points.count; first++)
    for (unsigned field = 0; field < 3 && !test_state.failed; field++) {
      /* A block has at least 10 bits. After an empty block a shift by its size
         could be true again. */
      uint64_t shift = 1 + random_below(field == 0 ? 9 : 300);

      NOTE("field %u of point %zu and on, by %" PRIu64, field, first, shift);
      for (size_t i = first; i < lie.points.count; i++) {
        lie.points.points[i].bit += field == 0 ? shift : 0;
        lie.points.points[i].text += field == 1 ? shift : 0;
        lie.points.points[i].members += field == 2 ? shift : 0;
      }
      check_points(&lie, false);
      for (size_t i = first; i < lie.points.count; i++) {
        lie.points.points[i].bit -= field == 0 ? shift : 0;
        lie.points.points[i].text -= field == 1 ? shift : 0;
        lie.points.points[i].members -= field == 2 ? shift : 0;
      }
    }
  check_points(&lie, true);
  lie_end(&lie);
}

static void exchange(struct ng_seek_point *a, struct ng_seek_point *b)
{
  struct ng_seek_point c = *a;

  a->window = b->window;
  a->window_size = b->window_size;
  b->window = c.window;
  b->window_size = c.window_size;
}

static void other_windows_are_not_believed(void)
{
  struct lie lie;

  lie_begin(&lie, 2, 8, 100);
  for (size_t i = 0; i + 1 < lie.points.count; i++) {
    struct ng_seek_point *point = &lie.points.points[i];

    NOTE("point %zu of %zu", i, lie.points.count);
    exchange(point, point + 1);
    check_points(&lie, false);
    exchange(point, point + 1);
    point->window_size--;
    check_points(&lie, false);
    point->window_size++;
    for (unsigned flips = 0; flips < 4; flips++) {
      unsigned char *byte = &point->window[random_below(point->window_size)];

      *byte ^= 1;
      check_points(&lie, false);
      *byte ^= 1;
    }
  }
  check_points(&lie, true);
  lie_end(&lie);
}

/* Any of the true points are accepted if they ascend. */
static void fewer_points_are_as_good(void)
{
  struct lie lie;
  struct ng_seek_points all;

  lie_begin(&lie, 3, 6, 10);
  all = lie.points;
  for (unsigned i = 0; i < 40 && !test_state.failed; i++) {
    struct ng_seek_point some[NG_SEEK_POINTS_MAX];
    size_t count = 0;

    for (size_t j = 0; j < all.count; j++)
      if (random_once_in(2) || (count == 0 && j + 1 == all.count))
        some[count++] = all.points[j];
    lie.points.points = some;
    lie.points.count = count;
    NOTE("%zu of %zu points", count, all.count);
    check_points(&lie, true);
    if (count > 1) {
      size_t at = random_below(count - 1);

      some[at] = some[at + 1]; /* the same one twice */
      check_points(&lie, false);
    }
  }
  lie.points = all;
  lie_end(&lie);
}

/* A file whose size, time and both ends are those of another one. */
static void points_of_another_file_are_not_believed(void)
{
  struct bytes other = {.data = NULL};
  struct lie lie;

  lie_begin(&lie, 3, 6, 10);
  for (unsigned i = 0; i < 30 && !test_state.failed; i++) {
    struct ng_seek_points points;
    const char *path = blocks_make("other.gz", &other, 1 + i % 3, 6, 10);

    NOTE("round %u", i);
    points_make(path, 1, &points);
    while (points.count > 0 &&
           points.points[points.count - 1].bit >= lie.file.size * 8)
      free(points.points[--points.count].window);
    points_store(lie.folder, lie.path, &points);
    check_told(&lie, false);
    ng_seek_points_free(&points);
  }
  bytes_free(&other);
  lie_end(&lie);
}

/* An index file that would be longer than RLIMIT_FSIZE is not written, and the
   signal of such a write does not end the process. */
static void index_file_is_no_longer_than_files_may_be(void)
{
  void (*before)(int) = signal(SIGXFSZ, SIG_DFL);
  struct lie lie;

  lie_begin(&lie, 2, 3, 1);
  unlink(lie.name);
  limit_file_size(lie.index.size - 1);
  points_store(lie.folder, lie.path, &lie.points);
  limit_file_size(RLIM_INFINITY);
  check_told(&lie, false);
  CHECK(access(lie.name, F_OK) != 0);
  limit_file_size(lie.index.size);
  points_store(lie.folder, lie.path, &lie.points);
  limit_file_size(RLIM_INFINITY);
  check_told(&lie, true);
  lie_end(&lie);
  signal(SIGXFSZ, before);
}

int main(int argc, char **argv)
{
  static const struct test tests[] = {
      TEST(cut_index_file_is_not_believed),
      TEST(index_file_is_no_longer_than_files_may_be),
      TEST(flipped_index_file_is_not_believed),
      TEST(shifted_points_are_not_believed),
      TEST(shift_of_all_points_after_one_is_not_believed),
      TEST(other_windows_are_not_believed),
      TEST(fewer_points_are_as_good),
      TEST(points_of_another_file_are_not_believed),
  };

  return test_main(tests, COUNT(tests), argc, argv);
}
