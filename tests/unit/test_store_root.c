/* SPDX-License-Identifier: MIT */
/*
 * Tests of roots: no call that reads files reads one outside, by any path.
 * Files inside hold the word `i`, those outside `o`.
 */
#include <glob.h>
#include <pthread.h>
#include <stdatomic.h>

#include "ngram.h"
#include "store/files.h"
#include "unit/failing_memory.h"
#include "unit/files.h"
#include "unit/gzip_make.h"
#include "unit/test.h"
#include "unit/tree.h"

static struct ngram_root *make_root(void)
{
  struct ngram_root *root;
  struct ngram_error error = {.message = ""};

  tree_make();
  CHECK_EQ(ngram_root_create(tree_path("root"), NULL, &root, &error), NGRAM_OK);
  return root;
}

static void end_root(struct ngram_root *root)
{
  ngram_root_free(root);
  tree_remove();
}

/* -------------------------------------------------------------- readers -- */

/* A reader reads a file whole and adds to *strange the words or rows that are
   not `i`. */
typedef enum ngram_status root_reader(const char *path, struct ngram_root *root,
                                      unsigned threads, uint64_t *strange,
                                      struct ngram_error *error);

static enum ngram_status
root_count_as(const char *path, struct ngram_root *root, unsigned threads,
              enum ngram_tokenizer tokenizer, uint64_t *strange,
              struct ngram_error *error)
{
  struct ngram_count_options options;
  struct ngram_counts *counts;
  enum ngram_status status;

  ngram_count_options_init(&options);
  options.root = root;
  options.threads = threads;
  options.tokenizer = tokenizer;
  status = ngram_count(path, &options, &counts, error);
  for (uint64_t i = 0; counts && i < ngram_counts_size(counts); i++) {
    struct ngram_row row;

    ngram_counts_row(counts, i, &row, NULL);
    *strange += row.word[0] == 'o';
  }
  ngram_counts_free(counts);
  return status;
}

static enum ngram_status root_count(const char *path, struct ngram_root *root,
                                    unsigned threads, uint64_t *strange,
                                    struct ngram_error *error)
{
  return root_count_as(path, root, threads, NGRAM_TOKENIZER_NONE, strange,
                       error);
}

static enum ngram_status root_count_text(const char *path,
                                         struct ngram_root *root,
                                         unsigned threads, uint64_t *strange,
                                         struct ngram_error *error)
{
  return root_count_as(path, root, threads, NGRAM_TOKENIZER_SPACE, strange,
                       error);
}

static enum ngram_status root_rows(const char *path, struct ngram_root *root,
                                   unsigned threads, uint64_t *strange,
                                   struct ngram_error *error)
{
  struct ngram_rows_options options;
  struct ngram_row_batch batch;
  struct ngram_rows *rows;
  enum ngram_status status;

  ngram_rows_options_init(&options);
  options.root = root;
  options.threads = threads;
  status = ngram_rows_open(path, &options, &rows, error);
  while (status == NGRAM_OK &&
         (status = ngram_rows_next(rows, &batch, error)) == NGRAM_OK &&
         batch.count > 0)
    for (size_t i = 0; i < batch.count; i++)
      *strange += batch.text[batch.word_at[i]] != 'i';
  ngram_rows_close(rows, NULL);
  return status;
}

/* No file is one of totals, which the error says after it was read. */
static enum ngram_status root_totals(const char *path, struct ngram_root *root,
                                     unsigned threads, uint64_t *strange,
                                     struct ngram_error *error)
{
  struct ngram_totals_options options;
  struct ngram_totals *totals;
  enum ngram_status status;

  (void)threads;
  (void)strange;
  ngram_totals_options_init(&options);
  options.root = root;
  status = ngram_totals_read(path, &options, &totals, error);
  ngram_totals_free(totals);
  return status == NGRAM_BAD_INPUT ? NGRAM_OK : status;
}

static const struct {
  root_reader *read;
  bool takes_patterns;
} root_readers[] = {{root_count, true},
                    {root_count_text, true},
                    {root_rows, true},
                    {root_totals, false}};

/* ---------------------------------------------------------------- paths -- */

static const struct root_case {
  const char *path;
  enum ngram_status status;
} root_cases[] =
    {
        {"f", NGRAM_OK},
        {"a/../f", NGRAM_OK},
        {"a/b/chain", NGRAM_OK},
        {"to_folder/f", NGRAM_OK},
        {"none", NGRAM_CANNOT_OPEN},
        {"dangling", NGRAM_CANNOT_OPEN},
        {"f/f", NGRAM_CANNOT_OPEN},
        {"..", NGRAM_FORBIDDEN},
        {"../f", NGRAM_FORBIDDEN},
        {"../none", NGRAM_FORBIDDEN},
        {"../root/f", NGRAM_FORBIDDEN},
        {"a/../../f", NGRAM_FORBIDDEN},
        {"out", NGRAM_FORBIDDEN},
        {"out_none", NGRAM_FORBIDDEN},
        {"out_folder/f", NGRAM_FORBIDDEN},
        {"out_folder/none", NGRAM_FORBIDDEN},
        {"a/out2", NGRAM_FORBIDDEN},
        {"absolute", NGRAM_FORBIDDEN},
        {"absolute_in", NGRAM_FORBIDDEN},
        {"proc/etc/passwd", NGRAM_FORBIDDEN},
        {"/etc/passwd", NGRAM_FORBIDDEN},
        {"/etc/none", NGRAM_FORBIDDEN},
        {"/dev/null", NGRAM_FORBIDDEN},
        {"a", NGRAM_CANNOT_OPEN},
        {"fifo", NGRAM_FORBIDDEN},
        {"-", NGRAM_FORBIDDEN},
        {"../f*", NGRAM_FORBIDDEN},
        {"../none*", NGRAM_FORBIDDEN},
        {"/etc/pass*", NGRAM_FORBIDDEN},
        {"/etc/none*", NGRAM_FORBIDDEN},
},
  root_patterns[] = {
      {"f*", NGRAM_FORBIDDEN}, /* a FIFO among them */
      {"[f]", NGRAM_OK},
      {"a/*", NGRAM_FORBIDDEN}, /* a link out among them */
      {"a/[f-f]", NGRAM_OK},
      {"a/b/*", NGRAM_OK},
      {"?/b/*", NGRAM_OK},
      {"self/[a]/?p", NGRAM_OK},
      {"to_f*/f", NGRAM_OK},
      {"out", NGRAM_FORBIDDEN},
      {"out_f*/f", NGRAM_FORBIDDEN},
      {"out_f*/none", NGRAM_FORBIDDEN},
      {"out_f*/*", NGRAM_FORBIDDEN},
      {"out_folder/*", NGRAM_FORBIDDEN},
      {"out_folder/none*", NGRAM_FORBIDDEN},
      {"absolut?", NGRAM_FORBIDDEN},
      {"*/../f", NGRAM_FORBIDDEN},
      {"[a]/../f", NGRAM_FORBIDDEN}, /* it need not lead out */
      {"[a]/../../f", NGRAM_FORBIDDEN},
      {"a/[.].", NGRAM_CANNOT_OPEN},
      {"[.].", NGRAM_CANNOT_OPEN},
      {"[.]./f", NGRAM_CANNOT_OPEN},
      {"\\../[f]", NGRAM_CANNOT_OPEN},
      {".*/f", NGRAM_CANNOT_OPEN},
      {"none/*", NGRAM_CANNOT_OPEN},
      {"none*", NGRAM_CANNOT_OPEN},
      {"f/*", NGRAM_CANNOT_OPEN},
      {"loop/*", NGRAM_CANNOT_OPEN},
      {"danglin?", NGRAM_CANNOT_OPEN},
      {"b*", NGRAM_CANNOT_OPEN},
      {"[a]*", NGRAM_FORBIDDEN}, /* the absolute links */
      {"[f]/", NGRAM_CANNOT_OPEN},
};

/* A refusal names the path that was given, and nothing else. */
static void check_root_refusal(const char *path, const char *message)
{
  char wanted[2000];

  snprintf(wanted, sizeof wanted,
           "cannot open %s: not a regular file below the root folder", path);
  CHECK_STR(message, wanted);
}

static void check_root_case(const struct root_case *wanted, size_t reader,
                            struct ngram_root *root)
{
  for (unsigned threads = 1; threads <= 2; threads++) {
    struct ngram_error error = {.message = ""};
    uint64_t strange = 0;

    NOTE("reader %zu, \"%s\"", reader, wanted->path);
    CHECK_EQ(root_readers[reader].read(wanted->path, root, threads, &strange,
                                       &error),
             wanted->status);
    CHECK_EQ(strange, 0);
    CHECK(!strstr(error.message, tree));
    if (wanted->status == NGRAM_FORBIDDEN && !strpbrk(wanted->path, "*?["))
      check_root_refusal(wanted->path, error.message);
  }
}

static void all_that_reads_stays_below_the_root(void)
{
  unsigned files = test_open_files();
  struct ngram_root *root = make_root();

  tree_link("root/out_none", "../outside/none");
  mkfifo(tree_path("root/fifo"), 0600);
  for (size_t reader = 0; reader < COUNT(root_readers); reader++) {
    for (size_t i = 0; i < COUNT(root_cases); i++)
      check_root_case(&root_cases[i], reader, root);
    for (size_t i = 0;
         root_readers[reader].takes_patterns && i < COUNT(root_patterns); i++)
      check_root_case(&root_patterns[i], reader, root);
  }
  end_root(root);
  CHECK_EQ(test_open_files(), files);
}

static void absolute_paths_below_the_root_are_read(void)
{
  static const char *const paths[] = {"root/f", "root/a/b/chain", "root//f",
                                      "root/a/../f", "root/[f]"};
  struct ngram_root *root = make_root();
  struct ngram_error error = {.message = ""};
  uint64_t strange = 0;

  for (size_t i = 0; i < COUNT(paths); i++)
    CHECK_EQ(root_rows(tree_path(paths[i]), root, 1, &strange, &error),
             NGRAM_OK);
  CHECK_EQ(root_rows(tree_path("f"), root, 1, &strange, &error),
           NGRAM_FORBIDDEN);
  CHECK_EQ(root_rows(tree_path("root/../f"), root, 1, &strange, &error),
           NGRAM_FORBIDDEN);
  CHECK_EQ(root_rows(tree_path("root/../f*"), root, 1, &strange, &error),
           NGRAM_FORBIDDEN);
  CHECK_EQ(strange, 0);
  end_root(root);
}

static void sizes_outside_are_not_told(void)
{
  struct ngram_root *root = make_root();
  uint64_t bytes;

  CHECK_EQ(ngram_file_bytes("f", root, &bytes), 1);
  CHECK_EQ(bytes, strlen("i\t1900\t1\t1\n"));
  CHECK_EQ(ngram_file_bytes(tree_path("root/to_file"), root, &bytes), 1);
  CHECK_EQ(ngram_file_bytes(tree_path("f"), NULL, &bytes), 1);
  CHECK_EQ(ngram_file_bytes(tree_path("f"), root, &bytes), 0);
  CHECK_EQ(ngram_file_bytes("../f", root, &bytes), 0);
  CHECK_EQ(ngram_file_bytes("out", root, &bytes), 0);
  CHECK_EQ(ngram_file_bytes("a", root, &bytes), 0);
  CHECK_EQ(bytes, 0);
  end_root(root);
}

/* ------------------------------------------------------------- patterns -- */

/* The files are those that glob(3) found, without folders and without the first
   `prefix` bytes of each path. */
static void check_same_paths(const struct ng_files *files, const glob_t *found,
                             size_t prefix)
{
  size_t next = 0;

  for (size_t i = 0; i < found->gl_pathc; i++) {
    struct stat status;

    if (stat(found->gl_pathv[i], &status) == 0 && S_ISDIR(status.st_mode))
      continue;
    if (CHECK(next < files->count))
      CHECK_STR(files->paths[next], found->gl_pathv[i] + prefix);
    next++;
  }
  CHECK_EQ(files->count, next);
}

/* Below the root, and anywhere. */
static void check_against_glob(struct ngram_root *root, const char *pattern)
{
  size_t prefix = strlen(tree_path("root")) + 1;
  glob_t found = {.gl_pathc = 0};
  struct ngram_error error;
  struct ng_files files;
  char full[2000];

  snprintf(full, sizeof full, "%s/%s", tree_path("root"), pattern);
  glob(full, 0, NULL, &found);
  NOTE("\"%s\"", pattern);
  ng_files_match(root, pattern, NULL, &files, &error);
  check_same_paths(&files, &found, prefix);
  ng_match_free(&files);
  ng_files_match(NULL, full, NULL, &files, &error);
  check_same_paths(&files, &found, 0);
  ng_match_free(&files);
  globfree(&found);
}

/* In a tree without links that lead out. */
static void patterns_match_as_glob_does(void)
{
  static const char *const names[] = {
      "*",    "?",    "a",     "b",     "f",  "[a-f]", "self", "s*", "..?",
      "[!a]", "to_*", "*file", "chain", "u?", ".*f",   "\\a",  "[",  "[b"};
  static const char *const outward[] = {
      "root/out",      "root/out_folder",  "root/a/out2", "root/out_and_in",
      "root/absolute", "root/absolute_in", "root/proc",   "root/loop",
      "root/loop2",    "root/loop3"};
  struct ngram_root *root = make_root();

  for (size_t i = 0; i < COUNT(outward); i++)
    unlink(tree_path(outward[i]));
  for (int round = 0; round < 3000 && !test_state.failed; round++) {
    char pattern[200] = "";

    for (size_t left = 1 + random_below(4); left > 0; left--) {
      PATH_ADD(pattern, names[random_below(COUNT(names))]);
      PATH_ADD(pattern, left > 1 ? "/" : "");
    }
    if (strpbrk(pattern, "*?["))
      check_against_glob(root, pattern);
  }
  end_root(root);
}

static void pattern_that_looks_at_too_much_is_an_error(void)
{
  struct ngram_root *root = make_root();
  struct ngram_error error = {.message = ""};
  char pattern[200] = "a/b/";
  uint64_t strange = 0;

  tree_link("root/a/b/s1", ".");
  tree_link("root/a/b/s2", ".");
  for (int i = 0; i < 40; i++)
    PATH_ADD(pattern, "s?/");
  PATH_ADD(pattern, "f");
  CHECK_EQ(root_count(pattern, root, 1, &strange, &error), NGRAM_CANNOT_OPEN);
  CHECK_HAS(error.message, ": more than 1000000 names to look at");
  end_root(root);
}

/* ----------------------------------------------------------------- roots -- */

static enum ngram_status narrow(const char *path,
                                const struct ngram_root *within,
                                struct ngram_error *error)
{
  struct ngram_root *root;
  enum ngram_status status = ngram_root_create(path, within, &root, error);

  CHECK_EQ(root != NULL, status == NGRAM_OK);
  ngram_root_free(root);
  return status;
}

static void roots_can_only_be_narrowed(void)
{
  struct ngram_root *root = make_root();
  struct ngram_root *narrower;
  struct ngram_error error = {.message = ""};
  uint64_t strange = 0;

  CHECK_EQ(narrow("a", root, &error), NGRAM_OK);
  CHECK_EQ(narrow(".", root, &error), NGRAM_OK);
  CHECK_EQ(narrow("a/..", root, &error), NGRAM_OK);
  CHECK_EQ(narrow("to_folder", root, &error), NGRAM_OK);
  CHECK_EQ(narrow(tree_path("root/a/b"), root, &error), NGRAM_OK);
  CHECK_EQ(narrow(tree_path("root"), root, &error), NGRAM_OK);
  CHECK_EQ(narrow("..", root, &error), NGRAM_FORBIDDEN);
  CHECK_STR(error.message, "cannot open ..: not below the root folder");
  CHECK_EQ(narrow("../outside", root, &error), NGRAM_FORBIDDEN);
  CHECK_EQ(narrow("../none", root, &error), NGRAM_FORBIDDEN);
  CHECK_EQ(narrow("out_folder", root, &error), NGRAM_FORBIDDEN);
  CHECK_EQ(narrow("/", root, &error), NGRAM_FORBIDDEN);
  CHECK_EQ(narrow(tree_path(""), root, &error), NGRAM_FORBIDDEN);
  CHECK_EQ(narrow("f", root, &error), NGRAM_CANNOT_OPEN);
  CHECK_EQ(narrow("none", root, &error), NGRAM_CANNOT_OPEN);
  CHECK_EQ(narrow(tree_path("none"), NULL, &error), NGRAM_CANNOT_OPEN);
  CHECK_EQ(narrow(tree_path("f"), NULL, &error), NGRAM_CANNOT_OPEN);
  if (CHECK_EQ(ngram_root_create("a", root, &narrower, &error), NGRAM_OK)) {
    CHECK_STR(ngram_root_path(narrower), tree_path("root/a"));
    CHECK_EQ(root_rows("f", narrower, 1, &strange, &error), NGRAM_OK);
    CHECK_EQ(root_rows("up", narrower, 1, &strange, &error), NGRAM_FORBIDDEN);
    CHECK_EQ(root_rows("../f", narrower, 1, &strange, &error), NGRAM_FORBIDDEN);
    ngram_root_free(narrower);
  }
  end_root(root);
}

/* The folder that it was made of, after another one has taken its name. */
static void root_stays_the_same_folder(void)
{
  struct ngram_root *root = make_root();
  struct ngram_error error = {.message = ""};
  uint64_t strange = 0;

  rename(tree_path("root"), tree_path("moved"));
  rename(tree_path("outside"), tree_path("root"));
  CHECK_EQ(root_count("f", root, 1, &strange, &error), NGRAM_OK);
  CHECK_EQ(root_count("[f]", root, 1, &strange, &error), NGRAM_OK);
  CHECK_EQ(strange, 0);
  end_root(root);
}

/* The caller may free the root while it reads rows. */
static void rows_of_many_files_outlive_their_root(void)
{
  for (unsigned threads = 1; threads <= 2; threads++) {
    struct ngram_root *root = make_root();
    struct ngram_rows_options options;
    struct ngram_row_batch batch;
    struct ngram_rows *rows;
    uint64_t count = 0;

    ngram_rows_options_init(&options);
    options.root = root;
    options.threads = threads;
    CHECK_EQ(ngram_rows_open("a/b/*", &options, &rows, NULL), NGRAM_OK);
    ngram_root_free(root);
    while (ngram_rows_next(rows, &batch, NULL) == NGRAM_OK && batch.count > 0)
      count += batch.count;
    CHECK_EQ(count, 2); /* of f, and of chain */
    ngram_rows_close(rows, NULL);
    tree_remove();
  }
}

/* ---------------------------------------------------------------- memory -- */

/* Make a root and read below it while request number `request` for memory
   fails. Returns whether there was such a request. */
static bool root_lacks_memory_at(long request)
{
  unsigned files = test_open_files();
  struct ngram_root *root = NULL;
  struct ngram_root *narrower = NULL;
  struct ngram_error error;
  enum ngram_status status;
  uint64_t strange = 0;
  bool failed;

  NOTE("request %ld", request);
  memory_fail_after(request, false);
  status = ngram_root_create(tree_path("root"), NULL, &root, &error);
  if (status == NGRAM_OK)
    status = ngram_root_create("a", root, &narrower, &error);
  if (status == NGRAM_OK)
    status = root_rows("?/*", narrower, 1, &strange, &error);
  if (status == NGRAM_OK)
    status =
        root_rows(tree_path("root/a/b/[f]"), narrower, 1, &strange, &error);
  failed = memory_fail_no_more();
  CHECK(status == NGRAM_OK || (failed && status == NGRAM_NO_MEMORY));
  ngram_root_free(narrower);
  ngram_root_free(root);
  CHECK_EQ(test_open_files(), files);
  return failed;
}

static void lack_of_memory_below_a_root_is_told(void)
{
  long request = 0;

  if (!MEMORY_CAN_FAIL) {
    test_skip("memory cannot be made to fail here");
    return;
  }
  tree_make();
  unlink(tree_path("root/a/b/chain")); /* it leads out of root/a */
  while (root_lacks_memory_at(request))
    request = test_next(request, 1000);
  CHECK(request > 20);
  tree_remove();
}

/* ----------------------------------------------------------------- race -- */

static void swapped_names_read_nothing_outside(void)
{
  static const char *const paths[] = {"a/f", "f", "?/f", "a/b/../f", "[f]"};
  struct ngram_root *root = make_root();
  pthread_t thread;
  time_t end = time(NULL) + 20;
  unsigned statuses[NGRAM_FORBIDDEN + 1] = {0};
  uint64_t strange = 0;

  atomic_store(&race_over, false);
  if (!CHECK_EQ(pthread_create(&thread, NULL, swap_names, NULL), 0))
    return;
  for (unsigned i = 0;
       i < 3000 || ((!statuses[NGRAM_OK] || !statuses[NGRAM_FORBIDDEN]) &&
                    time(NULL) < end);
       i++) {
    struct ngram_error error;
    enum ngram_status status = root_readers[i % 3].read(
        paths[i % COUNT(paths)], root, 1, &strange, &error);

    statuses[status]++;
  }
  atomic_store(&race_over, true);
  pthread_join(thread, NULL);
  CHECK_EQ(strange, 0);
  CHECK(statuses[NGRAM_OK] > 0 && statuses[NGRAM_FORBIDDEN] > 0);
  CHECK_EQ(statuses[NGRAM_BAD_INPUT] + statuses[NGRAM_IO_ERROR], 0);
  end_root(root);
}

int main(int argc, char **argv)
{
  static const struct test tests[] = {
      TEST(all_that_reads_stays_below_the_root),
      TEST(absolute_paths_below_the_root_are_read),
      TEST(sizes_outside_are_not_told),
      TEST(patterns_match_as_glob_does),
      TEST(pattern_that_looks_at_too_much_is_an_error),
      TEST(roots_can_only_be_narrowed),
      TEST(root_stays_the_same_folder),
      TEST(rows_of_many_files_outlive_their_root),
      TEST(lack_of_memory_below_a_root_is_told),
      TEST(swapped_names_read_nothing_outside),
  };

  return test_main(tests, COUNT(tests), argc, argv);
}
