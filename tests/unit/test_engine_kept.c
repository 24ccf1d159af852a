/* SPDX-License-Identifier: MIT */
/*
 * A result is kept for what was opened, read and can be read again; and the
 * names that a pattern finds are those of files, whatever they look like.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/count_files.h"
#include "engine/files.h"
#include "engine/result.h"
#include "engine/view.h"
#include "ngram.h"
#include "unit/answer.h"
#include "unit/cached.h"
#include "unit/limits.h"
#include "unit/test.h"

/* ------------------------------------------------------------ many files -- */

/* Count two files that were looked at, the second of which has become another
   one if `moved`; how many files the key has then. */
static size_t count_looked_at(unsigned threads, bool moved)
{
  char *paths[2] = {(char *)(uintptr_t)file_path("one"),
                    (char *)(uintptr_t)file_path("two")};
  struct ng_files files = {paths, 2};
  struct ng_source_identity looked_at[2];
  struct ng_cache_key key = {looked_at, 2, false};
  struct ngram_count_options options = answer_options(threads, NULL);
  struct ng_result *result = ng_result_new();
  struct ng_count count;
  bool misled;

  for (size_t i = 0; i < 2; i++)
    CHECK(ng_source_identify_path(paths[i], &looked_at[i]));
  if (moved)
    CHECK(ng_source_identify_path(file_path("three"), &looked_at[1]));
  CHECK_EQ(ng_count_init(&count, &options, &result->budget, NULL), NGRAM_OK);
  CHECK_EQ(ng_count_files(&files, &key, &count, result, true, &misled, NULL),
           NGRAM_OK);
  CHECK_EQ(result->entry_count, 2);
  ng_count_free(&count);
  ng_result_release(result);
  return key.file_count;
}

static void a_file_that_is_another_is_not_kept(void)
{
  file_make("one", "a\t2000\t1\t1\n", 11);
  file_make("two", "b\t2000\t1\t1\n", 11);
  file_make("three", "c\t2000\t1\t1\n", 11);
  settle();
  for (unsigned threads = 1; threads < 4; threads++) {
    NOTE("%u threads", threads);
    CHECK_EQ(count_looked_at(threads, false), 2);
    CHECK_EQ(count_looked_at(threads, true), 0);
  }
}

/* ----------------------------------------------------------------- names -- */

static void make_in(const char *folder, const char *name, const char *text)
{
  char path[2000];
  FILE *file;

  snprintf(path, sizeof path, "%s/%s", folder, name);
  file = fopen(path, "w");
  CHECK(file != NULL);
  if (file) {
    fputs(text, file);
    fclose(file);
  }
}

/* Words of the files that a pattern matches. */
static uint64_t words_of(const char *pattern, struct ngram_root *root)
{
  struct ngram_count_options options = answer_options(1, NULL);
  struct ngram_error error = {.message = ""};
  struct ngram_counts *counts;
  uint64_t words = 0;

  options.root = root;
  NOTE("%s, %s", pattern, root ? "root" : "no root");
  CHECK_EQ(ngram_count(pattern, &options, &counts, &error), NGRAM_OK);
  CHECK_STR(error.message, "");
  if (counts)
    words = ngram_counts_size(counts);
  ngram_counts_free(counts);
  return words;
}

static void check_order(void)
{
  struct ng_files files;

  CHECK_EQ(ng_files_match(NULL, "*", NULL, &files, NULL), NGRAM_OK);
  CHECK_EQ(files.count, 4);
  for (size_t i = 1; i < files.count; i++)
    CHECK(strcmp(files.paths[i - 1], files.paths[i]) < 0);
  ng_files_free(&files);
}

static void names_that_are_found_are_files(void)
{
  static const char *const names[] = {"-", "-a", "[ab]", "a"};
  struct ngram_root *root = NULL;
  char folder[1500];
  int before = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  int input = dup(STDIN_FILENO);

  snprintf(folder, sizeof folder, "%s", file_path("names"));
  CHECK_EQ(mkdir(folder, 0700), 0);
  make_in(folder, "-", "minus\t2000\t1\t1\n");
  make_in(folder, "-a", "minus_a\t2000\t1\t1\n");
  make_in(folder, "[ab]", "bracket\t2000\t1\t1\n");
  make_in(folder, "a", "a\t2000\t1\t1\n");
  CHECK_EQ(chdir(folder), 0);
  close(STDIN_FILENO); /* to be read by nothing */
  CHECK_EQ(ngram_root_create(folder, NULL, &root, NULL), NGRAM_OK);
  for (int rooted = 0; rooted < 2; rooted++) {
    CHECK_EQ(words_of("*", rooted ? root : NULL), 4);
    CHECK_EQ(words_of("?", rooted ? root : NULL), 2);
    CHECK_EQ(words_of("[-]", rooted ? root : NULL), 1);
    CHECK_EQ(words_of("./[-]", rooted ? root : NULL), 1);
    CHECK_EQ(words_of("?ab?", rooted ? root : NULL), 1);
  }
  check_order();
  ngram_root_free(root);
  dup2(input, STDIN_FILENO);
  close(input);
  for (size_t i = 0; i < COUNT(names); i++)
    unlink(names[i]);
  CHECK_EQ(fchdir(before), 0);
  close(before);
  CHECK_EQ(rmdir(folder), 0);
}

/* ---------------------------------------------------------------- damage -- */

/* What a broken disk, or another program, may do to a file. */
enum damage {
  DAMAGE_CUT,
  DAMAGE_OVERWRITTEN,
  DAMAGE_BIT,
  DAMAGE_ZEROS,
  DAMAGE_EXCHANGED,
  DAMAGES,
};

#define PAGE ((size_t)4096)
#define KEPT_WORDS 150000

static void read_at(int fd, void *bytes, size_t size, uint64_t at)
{
  CHECK_EQ(pread(fd, bytes, size, (off_t)at), (ssize_t)size);
}

static void write_at(int fd, const void *bytes, size_t size, uint64_t at)
{
  CHECK_EQ(pwrite(fd, bytes, size, (off_t)at), (ssize_t)size);
}

static void exchange_pages(int fd, uint64_t a, uint64_t b)
{
  char pages[2][PAGE];

  read_at(fd, pages[0], PAGE, a);
  read_at(fd, pages[1], PAGE, b);
  write_at(fd, pages[0], PAGE, b);
  write_at(fd, pages[1], PAGE, a);
}

static void damage_file(const struct ng_temp_file *file, enum damage how)
{
  uint64_t pages = file->size / PAGE;
  uint64_t at = random_below((size_t)(file->size - PAGE));
  char bytes[PAGE];

  memset(bytes, how == DAMAGE_OVERWRITTEN ? 0xff : 0, sizeof bytes);
  switch (how) {
  case DAMAGE_CUT:
    CHECK_EQ(ftruncate(file->fd, (off_t)at), 0);
    break;
  case DAMAGE_OVERWRITTEN:
    for (uint64_t page = 0; page < pages; page++)
      write_at(file->fd, bytes, PAGE, page * PAGE);
    break;
  case DAMAGE_BIT:
    read_at(file->fd, bytes, 1, at);
    bytes[0] ^= (char)(1 << random_below(8));
    write_at(file->fd, bytes, 1, at);
    break;
  case DAMAGE_ZEROS:
    write_at(file->fd, bytes, 100 + random_below(PAGE - 100), at);
    break;
  case DAMAGE_EXCHANGED:
    exchange_pages(file->fd, 0, (1 + random_below((size_t)pages - 1)) * PAGE);
    break;
  case DAMAGES:
    break;
  }
}

/* Damage a file of those that a result has spilled. */
static void damage(const struct ng_spilled *spilled, enum damage how)
{
  unsigned i = 0;

  while (i < spilled->worker_count && spilled->files[i].size < 4 * PAGE)
    i++;
  CHECK(i < spilled->worker_count);
  if (i < spilled->worker_count)
    damage_file(&spilled->files[i], how);
}

/* Count with a cache; the counts are the caller's to free. */
static struct ngram_counts *
count_kept(const char *path, const struct ngram_count_options *options,
           int from_cache)
{
  struct ngram_error error = {.message = ""};
  struct ngram_counts *counts;

  CHECK_EQ(ngram_count(path, options, &counts, &error), NGRAM_OK);
  CHECK_STR(error.message, "");
  if (!counts)
    exit(1);
  CHECK_EQ((uint64_t)ngram_counts_stats(counts)->from_cache,
           (uint64_t)from_cache);
  CHECK(counts->result->spilled != NULL);
  return counts;
}

static void check_rows(struct ngram_counts *counts, uint64_t wanted)
{
  struct ngram_error error = {.message = ""};
  uint64_t rows = 0;

  CHECK_EQ(answer_hash_rows(counts, &rows, &error), NGRAM_OK);
  CHECK_EQ(rows, wanted);
  ngram_counts_free(counts);
}

/* Words are where they are in the result as it was, or an error. */
static void check_places(struct ngram_counts *counts)
{
  uint64_t count = ngram_counts_size(counts);

  for (unsigned i = 0; i < 300; i++) {
    uint64_t place = random_below((size_t)count);
    struct ngram_row row;
    uint64_t found;
    char word[64];

    if (ngram_counts_row(counts, place, &row, NULL) != NGRAM_OK)
      continue;
    snprintf(word, sizeof word, "%.*s", (int)row.length, row.word);
    CHECK(strncmp(word, "word", 4) == 0);
    if (ngram_counts_find(counts, word, strlen(word), &found, NULL) == NGRAM_OK)
      CHECK_EQ(found, place);
  }
}

/* A walk gives what it gave, or an error. */
static void check_walk(struct ngram_counts *counts, int64_t total)
{
  enum ngram_status status;
  struct ngram_walk_options options;
  struct ngram_walk *walk;
  struct ngram_row row;
  int64_t sum = 0;
  int more = 1;

  ngram_walk_options_init(&options);
  options.order = NGRAM_BY_WORD;
  status = ngram_walk_create(counts, &options, &walk, NULL);
  while (status == NGRAM_OK && more) {
    status = ngram_walk_next(walk, &row, &more, NULL);
    sum += status == NGRAM_OK && more ? row.total : 0;
  }
  CHECK_EQ(status, NGRAM_IO_ERROR);
  CHECK(sum <= total);
  ngram_walk_free(walk);
}

static void check_damaged(const char *path,
                          const struct ngram_count_options *options,
                          enum damage how, uint64_t wanted)
{
  struct ngram_error error = {.message = ""};
  struct ngram_counts *counts = count_kept(path, options, 1);
  uint64_t rows;

  NOTE("damage %d", (int)how);
  damage(counts->result->spilled, how);
  check_places(counts);
  check_walk(counts, (int64_t)KEPT_WORDS * (KEPT_WORDS + 1) / 2);
  CHECK_EQ(answer_hash_rows(counts, &rows, &error), NGRAM_IO_ERROR);
  CHECK_HAS(error.message, "temporary file: ");
  ngram_counts_free(counts);
  check_rows(count_kept(path, options, 0), wanted);
  check_rows(count_kept(path, options, 1), wanted);
}

static void what_was_damaged_is_counted_anew(void)
{
  struct ngram_count_options options =
      limited_options(2, 0, (uint64_t)NGRAM_MEMORY_LIMIT_MIN);
  const char *path = make_words("spilled", KEPT_WORDS, false);
  struct answer wanted;

  settle();
  answer_of(path, &options, &wanted);
  options.cache = ngram_cache_create((uint64_t)1 << 30);
  check_rows(count_kept(path, &options, 0), wanted.rows);
  for (unsigned i = 0; i < 4 * DAMAGES && !test_state.failed; i++)
    check_damaged(path, &options, (enum damage)(i % DAMAGES), wanted.rows);
  ngram_cache_free(options.cache);
}

int main(int argc, char **argv)
{
  static const struct test tests[] = {
      TEST(a_file_that_is_another_is_not_kept),
      TEST(names_that_are_found_are_files),
      TEST(what_was_damaged_is_counted_anew),
  };

  return test_main(tests, COUNT(tests), argc, argv);
}
