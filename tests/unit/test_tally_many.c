/* SPDX-License-Identifier: MIT */
/* Tests of patterns and of many files counted together. */
#include "ngram.h"
#include "store/files.h"
#include "tally/schedule.h"
#include "unit/answer.h"
#include "unit/any_count.h"
#include "unit/cached.h"
#include "unit/count_check.h"
#include "unit/files.h"
#include "unit/gzip_make.h"
#include "unit/index_make.h"
#include "unit/naive_count.h"
#include "unit/rows_make.h"
#include "unit/stops.h"
#include "unit/test.h"

#define MANY_MAX 14

/* The files "many-00" and so on, and the result of a count of each. */
struct many {
  struct naive_input inputs[MANY_MAX];
  struct bytes texts[MANY_MAX];
  struct gzip_file files[MANY_MAX];
  size_t count;
};

static void many_free(struct many *many)
{
  for (size_t i = 0; i < many->count; i++) {
    bytes_free(&many->texts[i]);
    gzip_file_free(&many->files[i]);
    unlink(many->inputs[i].path);
  }
}

static void many_add(struct many *many, size_t bad_once_in)
{
  size_t i = many->count++;
  struct bytes *text = &many->texts[i];
  struct naive_input *input = &many->inputs[i];
  struct rows_taste taste = {.layout = (enum ng_layout)random_below(3),
                             .new_word = 1 + random_below(20),
                             .crlf = random_below(3)};
  char name[16];

  if (bad_once_in > 0 && random_once_in(bad_once_in))
    taste.junk = 1 + random_below(1000);
  *text = (struct bytes){.data = NULL};
  many->files[i] = (struct gzip_file){.text = {.data = NULL}};
  rows_add(text, random_below(random_once_in(5) ? 400000 : 5000), &taste);
  *input = (struct naive_input){.text = (char *)text->data, .size = text->size};
  snprintf(name, sizeof name, "many-%02zu", i);
  if (random_once_in(2)) {
    const char *path =
        make_gzip(&many->files[i], input->text, input->size, input);

    input->path = file_path(name);
    rename(path, input->path);
  } else {
    input->path = file_make(name, text->data, text->size);
  }
}

/* The result of all of them, counted one after the other. */
static void naive_count_many(const struct many *many,
                             const struct ngram_count_options *options,
                             struct naive_count *wanted)
{
  *wanted = (struct naive_count){.status = NGRAM_OK};
  for (size_t i = 0; i < many->count && wanted->status == NGRAM_OK; i++) {
    struct naive_count one;

    naive_count(&many->inputs[i], options, &one);
    wanted->status = one.status;
    wanted->error = one.error;
    wanted->rows += one.rows;
    wanted->skipped += one.skipped;
    for (size_t e = 0; e < one.map.count; e++)
      naive_add(&wanted->map, one.map.entries[e].word,
                one.map.entries[e].length, &one.map.entries[e].sums);
    naive_count_free(&one);
  }
}

static void check_many(struct many *many)
{
  struct ngram_count_options options = any_count_options();
  struct naive_count wanted;
  struct naive_input all = {.path = file_path("many-*")};

  override_anything();
  for (size_t i = 0; i < many->count; i++)
    all.size += many->inputs[i].size;
  NOTE("%zu files, %u threads, chunk_size %" PRIu64 ", skip %d", many->count,
       options.threads, options.chunk_size, options.on_error);
  naive_count_many(many, &options, &wanted);
  options.chunk_size = 0; /* applies to each file, and has other tests */
  check_count(&all, &options, &wanted);
  naive_count_free(&wanted);
}

static void counts_of_many_files_are_those_of_each(void)
{
  for (unsigned round = 0; round < test_rounds(60); round++) {
    struct many many = {.count = 0};
    size_t files = 1 + random_below(MANY_MAX);
    size_t bad_once_in = random_once_in(2) ? 0 : 3 + random_below(10);

    while (many.count < files)
      many_add(&many, bad_once_in);
    check_many(&many);
    many_free(&many);
    if (test_state.failed) {
      printf("     round %u\n", round);
      break;
    }
  }
  unsetenv("NGRAM_DECODER");
  unsetenv("NGRAM_KERNEL");
}

/* Whichever file is read first, and however early the other one fails. */
static void bad_file_whose_name_comes_first_is_told(void)
{
  struct bytes text = {.data = NULL};
  struct rows_taste taste = {.new_word = 3};
  const char *first;
  const char *other;
  char wanted[1600];

  rows_add(&text, 3000000, &taste);
  bytes_add_text(&text, "bad\n");
  first = file_make("one-a", text.data, text.size);
  for (int i = 0; i < 8; i++) {
    char name[8];

    snprintf(name, sizeof name, "one-%c", 'b' + i);
    other = file_make(name, "bad\n", 4);
  }
  snprintf(wanted, sizeof wanted, "%s: line ", first);
  for (unsigned threads = 1; threads <= 4; threads++) {
    struct ngram_count_options options = answer_options(threads, NULL);
    struct answer got;

    answer_of(file_path("one-*"), &options, &got);
    CHECK_EQ(got.status, NGRAM_BAD_INPUT);
    CHECK_HAS(got.message, wanted);
  }
  unlink(first);
  unlink(other);
  bytes_free(&text);
}

static void pattern_that_matches_nothing_is_an_error(void)
{
  struct ngram_count_options options = answer_options(2, NULL);
  struct answer got;

  answer_of(file_path("no-such-*"), &options, &got);
  CHECK_EQ(got.status, NGRAM_CANNOT_OPEN);
  CHECK_HAS(got.message, "no-such-*: no file matches");
}

static void file_with_the_name_of_a_pattern_is_that_file(void)
{
  const char *path = file_make("odd[1]*", "a\t1\t2\t3\n", 8);
  struct ngram_count_options options = answer_options(2, NULL);
  struct answer got;

  file_make("odd1", "b\t1\t2\t3\nc\t1\t2\t3\n", 16);
  answer_of(path, &options, &got);
  CHECK_EQ(got.status, NGRAM_OK);
  CHECK_EQ(got.stats.words, 1);
  unlink(path);
  answer_of(path, &options, &got);
  CHECK_EQ(got.stats.words, 2);
}

static void folders_among_matches_are_left_out(void)
{
  struct ng_files files;
  struct ngram_error error;

  file_make("mixed-file", "", 0);
  mkdir(file_path("mixed-folder"), 0700);
  CHECK_EQ(ng_files_match(NULL, file_path("mixed-*"), NULL, &files, &error),
           NGRAM_OK);
  if (CHECK_EQ(files.count, 1))
    CHECK_STR(files.paths[0], file_path("mixed-file"));
  ng_match_free(&files);
  CHECK_EQ(
      ng_files_match(NULL, file_path("mixed-f?lder"), NULL, &files, &error),
      NGRAM_CANNOT_OPEN);
  ng_match_free(&files);
  rmdir(file_path("mixed-folder"));
}

static void file_names_of_any_number_of_folders(void)
{
  struct ng_files files;
  struct ngram_error error;
  char pattern[6000];

  for (size_t parts = 1; parts < 2000; parts = 3 * parts + 1) {
    size_t length = 0;

    for (size_t i = 0; i < parts; i++)
      length += (size_t)snprintf(pattern + length, sizeof pattern - length,
                                 i % 2 ? "./" : "*/");
    snprintf(pattern + length, sizeof pattern - length, "no-such-*");
    CHECK_EQ(ng_files_match(NULL, pattern, NULL, &files, &error),
             NGRAM_CANNOT_OPEN);
    CHECK_HAS(error.message, "no file matches");
    ng_match_free(&files);
  }
  memset(pattern, '*', sizeof pattern);
  pattern[sizeof pattern - 1] = '\0';
  CHECK_EQ(ng_files_match(NULL, pattern, NULL, &files, &error),
           NGRAM_CANNOT_OPEN);
  CHECK_HAS(error.message, "***...: a pattern of 5999 bytes");
  ng_match_free(&files);
}

struct questions {
  unsigned asked;
  unsigned stop_at;
};

static bool says_stop(void *context)
{
  struct questions *questions = context;

  return ++questions->asked >= questions->stop_at;
}

/* At each question to the host: while names are read, sorted and identified. */
static void matching_can_be_stopped(void)
{
  enum {
    NAMES = 2500
  };
  const char *folder = folder_make("stop");
  char path[2000];
  struct ng_files files;
  struct ngram_error error;
  struct questions questions = {0, 0};
  const struct ng_stop stop = {says_stop, &questions};
  enum ngram_status status;

  for (unsigned i = 0; i < NAMES; i++) {
    snprintf(path, sizeof path, "%s/%u", folder, i * 7 % NAMES);
    fclose(fopen(path, "w"));
  }
  snprintf(path, sizeof path, "%s/./*", folder);
  do {
    questions = (struct questions){0, questions.stop_at + 1};
    status = ng_files_match(NULL, path, &stop, &files, &error);
    if (status == NGRAM_OK)
      CHECK_EQ(files.count, NAMES);
    else
      CHECK_EQ(status, NGRAM_INTERRUPTED);
    for (size_t i = 1; i < files.count && status == NGRAM_OK; i++)
      CHECK(strcmp(files.paths[i - 1], files.paths[i]) < 0);
    ng_match_free(&files);
  } while (status == NGRAM_INTERRUPTED);
  CHECK_EQ(status, NGRAM_OK);
  CHECK(questions.stop_at > 2 * NAMES / 64);
  folder_remove(folder);
}

/* Names of folders may have any bytes. */
static void messages_are_text(void)
{
  struct ng_files files;
  struct ngram_error error;
  char pattern[6000];
  size_t length = 1;

  pattern[0] = 'x';
  for (; length < 5000; length += 2) /* cut in the middle of one */
    memcpy(pattern + length, "\xc3\xa9", 2);
  memcpy(pattern + length, "*", 2);
  ng_files_match(NULL, pattern, NULL, &files, &error);
  CHECK_HAS(error.message, "\xc3\xa9?...: a pattern of 5002 bytes");
  ng_match_free(&files);
  ng_files_match(NULL, "caf\xe9*", NULL, &files, &error);
  CHECK_HAS(error.message, "cannot open caf?*: no file matches");
  ng_match_free(&files);
}

/* A result is kept as long as no file changes and none is added. */
static void many_files_are_kept_as_one(void)
{
  struct ngram_cache *cache = ngram_cache_create(CACHE_BYTES);
  struct ngram_count_options options = answer_options(2, NULL);
  const char *pattern = file_path("kept-*");
  struct answer wanted;

  file_make("kept-a", "a\t1\t2\t3\n", 8);
  file_make("kept-b", "b\t1\t2\t3\n", 8);
  settle();
  answer_of(pattern, &options, &wanted);
  options.cache = cache;
  check_from_cache(pattern, &options, &wanted, 0);
  check_from_cache(pattern, &options, &wanted, 1);
  file_make("kept-c", "c\t1\t2\t3\n", 8);
  settle();
  options.cache = NULL;
  answer_of(pattern, &options, &wanted);
  CHECK_EQ(wanted.stats.words, 3);
  options.cache = cache;
  check_from_cache(pattern, &options, &wanted, 0);
  check_from_cache(pattern, &options, &wanted, 1);
  unlink(file_path("kept-a"));
  options.cache = NULL;
  answer_of(pattern, &options, &wanted);
  CHECK_EQ(wanted.stats.words, 2);
  options.cache = cache;
  check_from_cache(pattern, &options, &wanted, 0);
  ngram_cache_free(cache);
}

static void many_files_can_be_stopped(void)
{
  struct rows_taste taste = {.new_word = 3};
  struct bytes text = {.data = NULL};
  unsigned stopped = 0;

  rows_add(&text, 20000000, &taste);
  for (char name[] = "stop-a"; name[5] < 'e'; name[5]++)
    file_make(name, text.data, name[5] == 'a' ? text.size : text.size / 2);
  for (unsigned threads = 1; threads <= 3; threads++)
    for (unsigned stop_at = 1; stop_at <= 2; stop_at++) {
      struct poller poller;
      struct ngram_count_options options =
          options_with(&poller, threads, stop_at);
      unsigned before = test_threads();
      struct answer got;

      answer_of(file_path("stop-*"), &options, &got);
      CHECK_EQ(poller.calls >= stop_at, got.status == NGRAM_INTERRUPTED);
      CHECK(test_threads_are(before));
      stopped += got.status == NGRAM_INTERRUPTED;
    }
  CHECK(stopped > 0);
  bytes_free(&text);
}

/* Reading one of the files takes too little time for the host to be asked. */
static void small_files_stop_in_100_ms(void)
{
  small_files_make();
  for (unsigned threads = 1; threads <= 2; threads++) {
    struct poller poller;
    struct ngram_count_options options = options_with(&poller, threads, 1);
    double began = test_seconds();
    struct answer got;

    answer_of(file_path("small-*"), &options, &got);
    CHECK(got.status == NGRAM_INTERRUPTED ||
          test_seconds() - began < ASKED_SECONDS);
  }
  small_files_remove();
}

/* ------------------------------------------------------------- schedule -- */

static void files_of_one_size_are_read_side_by_side(void)
{
  uint64_t sizes[64];

  for (size_t i = 0; i < COUNT(sizes); i++)
    sizes[i] = 1000;
  CHECK_EQ(ng_schedule_shared(sizes, 64, 4), 0);
  CHECK_EQ(ng_schedule_shared(sizes, 2, 2), 0);
  CHECK_EQ(ng_schedule_shared(sizes, 3, 2), 1);
  CHECK_EQ(ng_schedule_shared(sizes, 1, 4), 1);
  CHECK_EQ(ng_schedule_shared(sizes, 0, 4), 0);
}

static void file_that_outweighs_the_others_is_shared(void)
{
  static const uint64_t sizes[] = {1000, 10, 10, 10, 10, 0, 0};

  CHECK_EQ(ng_schedule_shared(sizes, COUNT(sizes), 2), 1);
  CHECK_EQ(ng_schedule_shared(sizes, COUNT(sizes), 4), 1);
  CHECK_EQ(ng_schedule_shared(sizes + 5, 2, 4), 0);
}

int main(int argc, char **argv)
{
  static const struct test tests[] = {
      TEST(counts_of_many_files_are_those_of_each),
      TEST(bad_file_whose_name_comes_first_is_told),
      TEST(pattern_that_matches_nothing_is_an_error),
      TEST(file_with_the_name_of_a_pattern_is_that_file),
      TEST(file_names_of_any_number_of_folders),
      TEST(matching_can_be_stopped),
      TEST(messages_are_text),
      TEST(folders_among_matches_are_left_out),
      TEST(many_files_are_kept_as_one),
      TEST(many_files_can_be_stopped),
      TEST(small_files_stop_in_100_ms),
      TEST(files_of_one_size_are_read_side_by_side),
      TEST(file_that_outweighs_the_others_is_shared),
  };

  return test_main(tests, COUNT(tests), argc, argv);
}
