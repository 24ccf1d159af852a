/* SPDX-License-Identifier: MIT */
/*
 * Tests of struct ngram_index: the points that it keeps make the next count
 * quicker and change no answer. Tests of forged index files are in
 * test_store_index_file.c.
 */
#include "ngram.h"
#include "unit/answer.h"
#include "unit/any_count.h"
#include "unit/count_check.h"
#include "unit/files.h"
#include "unit/gzip_make.h"
#include "unit/index_make.h"
#include "unit/indexed.h"
#include "unit/naive_count.h"
#include "unit/rows_make.h"
#include "unit/shapes.h"
#include "unit/stops.h"
#include "unit/test.h"

/* Text of some blocks of 512 KiB, which has points without an override. */
static const char *make_indexed(struct bytes *file, size_t text_size)
{
  static const struct ahead_shape shape = {1, 0, Z_NO_FLUSH, 1, 3};
  struct rows_taste taste = {.new_word = 12};
  struct bytes text = {.data = NULL};

  rows_add(&text, text_size, &taste);
  make_shape(file, &text, &shape);
  bytes_free(&text);
  return file_make("indexed.gz", file->data, file->size);
}

/* ------------------------------------------------------------------ again --
 */

static void second_count_goes_by_points_and_is_the_same(void)
{
  struct bytes file = {.data = NULL};
  const char *path = make_indexed(&file, 4000000);
  struct answer wanted;

  answer_of_one(path, &wanted);
  CHECK_EQ(wanted.status, NGRAM_OK);
  setenv("NGRAM_STRETCH", "30000", 1);
  for (unsigned threads = 1; threads <= 8;
       threads = test_more_threads(threads)) {
    struct ngram_index *index = index_make(NULL);

    NOTE("%u threads", threads);
    setenv("NGRAM_AHEAD", threads % 2 ? "off" : "on", 1);
    check_indexed(path, index, threads, &wanted,
                  threads % 2 ? "serial" : "ahead");
    check_indexed(path, index, threads, &wanted,
                  threads > 1 ? "points" : "serial");
    check_indexed(path, index, 9 - threads, &wanted,
                  threads < 8 ? "points" : "serial");
    ngram_index_free(index);
  }
  unset_overrides();
  bytes_free(&file);
}

static void options_may_differ_from_count_to_count(void)
{
  struct bytes file = {.data = NULL};
  const char *path = make_indexed(&file, 2500000);
  struct ngram_index *index = index_make(NULL);

  setenv("NGRAM_STRETCH", "1024", 1);
  for (unsigned i = 0; i < test_rounds(12); i++) {
    struct ngram_count_options options = any_count_options();
    struct answer wanted;
    struct answer got;

    NOTE("round %u, %u threads, chunk_size %" PRIu64, i, options.threads,
         options.chunk_size);
    answer_of(path, &options, &wanted);
    options.index = index;
    setenv("NGRAM_DECODER", random_once_in(3) ? "zlib" : "native", 1);
    answer_of(path, &options, &got);
    check_same(&got, &wanted);
    unsetenv("NGRAM_DECODER");
  }
  unset_overrides();
  ngram_index_free(index);
  bytes_free(&file);
}

/* Members of any size, empty ones too, and more than may end in one block. */
static void points_between_many_members_hold(void)
{
  static const unsigned sizes[] = {0, 0, 1, 3, 30, 4000};
  const char *folder = folder_make("index");
  struct bytes file = {.data = NULL};
  const char *path;
  struct ng_seek_points points;
  struct answer wanted;

  for (unsigned i = 0; i < 1500; i++)
    blocks_add_member(&file, 1 + i % 3, sizes[random_below(COUNT(sizes))] / 3);
  path = file_make("members.gz", file.data, file.size);
  answer_of_one(path, &wanted);
  CHECK_EQ(wanted.status, NGRAM_OK);
  points_make(path, 1024, &points);
  points_store(folder, path, &points);
  CHECK(points.count > 100);
  setenv("NGRAM_STRETCH", "1024", 1);
  for (unsigned threads = 2; threads <= 8;
       threads = test_more_threads(threads)) {
    struct ngram_index *index = index_make(folder);

    NOTE("%u threads, %zu points", threads, points.count);
    check_indexed(path, index, threads, &wanted, "points");
    check_indexed(path, index, threads, &wanted, "points");
    ngram_index_free(index);
  }
  unset_overrides();
  ng_seek_points_free(&points);
  folder_remove(folder);
  bytes_free(&file);
}

/* If there are too many points, every other one is dropped, and the others
   still cover the whole file. */
static void points_that_are_too_many_are_thinned(void)
{
  const char *folder = folder_make("index");
  struct bytes file = {.data = NULL};
  const char *path = blocks_make("thin.gz", &file, 1, 1300, 30);
  struct ngram_index *index = index_make(folder);
  struct ng_seek_points points;
  struct answer wanted;

  answer_of_one(path, &wanted);
  points_make(path, 256, &points);
  CHECK(points.interval == 1024 || points.interval == 2048);
  CHECK(points.count >= NG_SEEK_POINTS_MAX / 2 &&
        points.count <= NG_SEEK_POINTS_MAX);
  for (size_t i = 1; i < points.count; i++)
    CHECK(points.points[i].text - points.points[i - 1].text >=
          points.interval / 2);
  CHECK(points.points[0].text <= 3 * points.interval);
  points_store(folder, path, &points);
  setenv("NGRAM_STRETCH", "1024", 1);
  check_indexed(path, index, 3, &wanted, "points");
  unset_overrides();
  ng_seek_points_free(&points);
  ngram_index_free(index);
  folder_remove(folder);
  bytes_free(&file);
}

/* Room for four files of 500 points: the one used longest ago is forgotten. */
static void files_used_last_are_kept(void)
{
  static const char *const names[] = {"0.gz", "1.gz", "2.gz", "3.gz", "4.gz"};
  const char *folder = folder_make("index");
  struct bytes file = {.data = NULL};
  const char *path = blocks_make("0.gz", &file, 1, 500, 1);
  struct ngram_index *index = index_make(folder);
  struct ng_seek_points points;
  struct answer wanted;

  answer_of_one(path, &wanted);
  setenv("NGRAM_STRETCH", "1024", 1);
  setenv("NGRAM_AHEAD", "off", 1);
  points_make(path, 1, &points);
  CHECK(points.count > 2048 / 5 && points.count <= 512);
  for (size_t i = 0; i < COUNT(names); i++) {
    path = file_make(names[i], file.data, file.size);
    points_store(folder, path, &points);
    check_indexed(path, index, 2, &wanted, "points");
  }
  folder_clear(folder);
  for (size_t i = COUNT(names); i-- > 0;) {
    NOTE("file %zu", i);
    check_indexed(file_path(names[i]), index, 2, &wanted,
                  i > 0 ? "points" : "serial");
  }
  unset_overrides();
  ng_seek_points_free(&points);
  ngram_index_free(index);
  folder_remove(folder);
  bytes_free(&file);
}

/* --------------------------------------------------------------- changes -- */

/* Another file with the same name; then other content in the same file, with
   the same size and time. */
static void other_file_is_counted_as_what_it_is(void)
{
  struct ngram_index *index = index_make(NULL);
  struct bytes one = {.data = NULL};
  struct bytes other = {.data = NULL};

  setenv("NGRAM_STRETCH", "1024", 1);
  setenv("NGRAM_AHEAD", "off", 1);
  for (unsigned threads = 2; threads <= 8;
       threads = test_more_threads(threads)) {
    const char *path = make_indexed(&one, 2000000);
    struct answer wanted;

    NOTE("%u threads", threads);
    answer_of_one(path, &wanted);
    check_indexed(path, index, threads, &wanted, NULL);
    check_indexed(path, index, threads, &wanted, "points");
    path = make_indexed(&other, 1900000);
    answer_of_one(path, &wanted);
    check_indexed(path, index, threads, &wanted, "serial");
    check_indexed(path, index, threads, &wanted, "points");
    path = file_make("indexed.gz", one.data, one.size);
    check_indexed(path, index, threads, (answer_of_one(path, &wanted), &wanted),
                  NULL);
    bytes_fill(&other, 0, one.size > other.size ? one.size - other.size : 0);
    other.size = one.size; /* padded, or cut off */
    file_replace_quietly(path, &other);
    answer_of_one(path, &wanted);
    check_indexed(path, index, threads, &wanted, "serial");
  }
  unset_overrides();
  ngram_index_free(index);
  bytes_free(&one);
  bytes_free(&other);
}

/* A file that was damaged after its points were stored: the first and the
   second count give the error of a single decoder. */
static void damaged_file_gives_its_error_again(void)
{
  const char *folder = folder_make("index");
  struct bytes file = {.data = NULL};
  const char *path = blocks_make("damaged.gz", &file, 3, 30, 40);
  struct bytes good = {.data = NULL};
  struct ng_seek_points points;

  points_make(path, 1024, &points);
  bytes_add(&good, file.data, file.size);
  setenv("NGRAM_STRETCH", "1024", 1);
  for (unsigned i = 0; i < test_rounds(100) && !test_state.failed; i++) {
    struct ngram_index *index = index_make(folder);
    struct answer wanted;

    file.size = 0;
    bytes_add(&file, good.data, good.size);
    damage(&file);
    path = file_make("damaged.gz", file.data, file.size);
    answer_of_one(path, &wanted);
    points_store(folder, path, &points);
    NOTE("round %u: %.150s", i, wanted.message);
    check_indexed(path, index, 2 + i % 7, &wanted, NULL);
    check_indexed(path, index, 2 + i % 7, &wanted, NULL);
    ngram_index_free(index);
  }
  unset_overrides();
  ng_seek_points_free(&points);
  folder_remove(folder);
  bytes_free(&file);
  bytes_free(&good);
}

/* The points are right, the rows are not. */
static void bad_row_between_points_is_told(void)
{
  const char *folder = folder_make("index");
  struct bytes file = {.data = NULL};
  struct bytes text = {.data = NULL};
  struct rows_taste taste = {.new_word = 12};

  setenv("NGRAM_STRETCH", "1024", 1);
  for (unsigned i = 0; i < test_rounds(30) && !test_state.failed; i++) {
    struct ahead_shape shape = {6, 0, Z_FULL_FLUSH, 60, 1 + i % 4};
    struct ngram_index *index = index_make(folder);
    struct ng_seek_points points;
    struct answer wanted;
    const char *path;

    text.size = 0;
    rows_add(&text, 100000, &taste);
    rows_mutate(&text, random_below(text.size));
    make_shape(&file, &text, &shape);
    path = file_make("row.gz", file.data, file.size);
    points_make(path, 1024, &points);
    points_store(folder, path, &points);
    answer_of_one(path, &wanted);
    NOTE("round %u: %.150s", i, wanted.message);
    check_indexed(path, index, 2 + i % 7, &wanted,
                  wanted.status == NGRAM_OK ? "points" : "none");
    check_indexed(path, index, 2 + i % 7, &wanted, NULL);
    ng_seek_points_free(&points);
    ngram_index_free(index);
  }
  unset_overrides();
  folder_remove(folder);
  bytes_free(&file);
  bytes_free(&text);
}

static unsigned stop_some_by_points(const char *path, unsigned members)
{
  struct ngram_index *index = index_make(NULL);
  unsigned stopped = 0;

  for (unsigned i = 0; i < test_rounds(12); i++) {
    struct poller poller;
    struct ngram_count_options options =
        options_with(&poller, 2 + i % 7, i % 8 ? 1 + i % 3 : 0);
    struct ngram_counts *counts;
    enum ngram_status status;

    NOTE("%u threads, question %u", options.threads, poller.stop_at);
    options.index = index;
    status = count_cleanly(path, &options, &counts);
    CHECK(status == NGRAM_OK || status == NGRAM_INTERRUPTED);
    if (status == NGRAM_OK) {
      check_counts_of(counts, members);
      CHECK(i == 0 ||
            strcmp(ngram_counts_stats(counts)->strategy, "points") == 0);
    }
    stopped += i > 0 && status == NGRAM_INTERRUPTED;
    ngram_counts_free(counts);
  }
  ngram_index_free(index);
  return stopped;
}

static void count_by_points_that_is_stopped_leaves_nothing(void)
{
  check_some_stop(stop_some_by_points);
}

/* ---------------------------------------------------------------- folder -- */

static void check_folder_refused(struct ngram_index *index, const char *folder,
                                 const char *why)
{
  const char *before = ngram_index_folder(index);
  struct ngram_error error = {.status = NGRAM_OK};

  NOTE("%s", folder);
  CHECK_EQ(ngram_index_set_folder(index, folder, &error), NGRAM_CANNOT_OPEN);
  CHECK_EQ(error.status, NGRAM_CANNOT_OPEN);
  CHECK_HAS(error.message, folder);
  CHECK_HAS(error.message, why);
  CHECK_EQ(ngram_index_set_folder(index, folder, NULL), NGRAM_CANNOT_OPEN);
  CHECK(ngram_index_folder(index) == before);
}

static void folder_that_cannot_be_used_is_refused(void)
{
  const char *folder = folder_make("index");
  const char *file = file_make("a file", "x", 1);
  struct ngram_index *index = index_make(NULL);
  struct ngram_error error = {.status = NGRAM_OK};

  CHECK(ngram_index_folder(index) == NULL);
  check_folder_refused(index, file_path("missing"), "No such file");
  check_folder_refused(index, file, "Not a directory");
  CHECK_EQ(ngram_index_set_folder(index, folder, &error), NGRAM_OK);
  CHECK_EQ(error.status, NGRAM_OK);
  CHECK(ngram_index_folder(index)[0] == '/');
  CHECK_HAS(ngram_index_folder(index), "/index");
  check_folder_refused(index, "", "No such file");
  check_folder_refused(index, file, "Not a directory");
  if (geteuid() != 0) {
    chmod(folder, 0500);
    check_folder_refused(index, folder, "Permission denied");
    chmod(folder, 0700);
  }
  CHECK_EQ(ngram_index_set_folder(index, NULL, NULL), NGRAM_OK);
  CHECK(ngram_index_folder(index) == NULL);
  ngram_index_free(index);
  ngram_index_free(NULL);
  folder_remove(folder);
}

/* The folder outlives the index, and the index outlives the folder. */
static void folder_keeps_points_as_long_as_it_is_there(void)
{
  const char *folder = folder_make("index");
  struct bytes file = {.data = NULL};
  const char *path = make_indexed(&file, 2000000);
  struct ngram_index *index = index_make(folder);
  struct answer wanted;
  char name[3000];

  answer_of_one(path, &wanted);
  setenv("NGRAM_STRETCH", "1024", 1);
  setenv("NGRAM_AHEAD", "off", 1);
  check_indexed(path, index, 2, &wanted, "serial");
  folder_file(folder, name, sizeof name); /* and no half-written one */
  CHECK_HAS(name, ".ngram-index");
  ngram_index_free(index);
  index = index_make(folder);
  check_indexed(path, index, 2, &wanted, "points");
  folder_remove(folder);
  check_indexed(path, index, 2, &wanted, "points");
  ngram_index_free(index);

  folder_make("index");
  index = index_make(folder);
  folder_remove(folder);
  check_indexed(path, index, 2, &wanted, "serial");
  check_indexed(path, index, 2, &wanted, "points");
  CHECK_EQ(access(folder, F_OK), -1); /* it was not made again */
  ngram_index_free(index);
  unset_overrides();
  bytes_free(&file);
}

/* Only a gzip file of more than one block leaves an index file. */
static void files_without_points_keep_their_strategy(void)
{
  static const char rows[] = "a\t1\t2\t3\nb\t1\t2\t3\n";
  struct gzip_file small = {.text = {.data = NULL}};
  const char *folder = folder_make("index");
  struct ngram_index *index = index_make(folder);
  const char *paths[3];
  char name[3000];

  gzip_file_add(&small, rows, sizeof rows - 1);
  paths[0] = file_make("plain", rows, sizeof rows - 1);
  paths[1] = file_make("small.gz", small.bytes.data, small.bytes.size);
  paths[2] = file_make("empty", "", 0);
  setenv("NGRAM_STRETCH", "1024", 1);
  for (size_t i = 0; i < COUNT(paths) * 2; i++) {
    struct answer wanted;

    NOTE("%s", paths[i / 2]);
    answer_of_one(paths[i / 2], &wanted);
    check_indexed(paths[i / 2], index, 3, &wanted, wanted.stats.strategy);
  }
  check_refused(file_path("missing"),
                &(struct ngram_count_options){
                    .size = sizeof(struct ngram_count_options), .index = index},
                NGRAM_CANNOT_OPEN, "No such file");
  folder_file(folder, name, sizeof name);
  CHECK_STR(name, "");
  unset_overrides();
  ngram_index_free(index);
  folder_remove(folder);
  gzip_file_free(&small);
}

int main(int argc, char **argv)
{
  static const struct test tests[] = {
      TEST(second_count_goes_by_points_and_is_the_same),
      TEST(options_may_differ_from_count_to_count),
      TEST(points_between_many_members_hold),
      TEST(points_that_are_too_many_are_thinned),
      TEST(files_used_last_are_kept),
      TEST(other_file_is_counted_as_what_it_is),
      TEST(damaged_file_gives_its_error_again),
      TEST(bad_row_between_points_is_told),
      TEST(count_by_points_that_is_stopped_leaves_nothing),
      TEST(folder_that_cannot_be_used_is_refused),
      TEST(folder_keeps_points_as_long_as_it_is_there),
      TEST(files_without_points_keep_their_strategy),
  };

  return test_main(tests, COUNT(tests), argc, argv);
}
