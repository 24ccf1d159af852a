/* SPDX-License-Identifier: MIT */
/* Tests of ngram_totals_read(). */
#include <fcntl.h>
#include <time.h>

#include "ngram.h"
#include "unit/files.h"
#include "unit/gzip_make.h"
#include "unit/test.h"

static const char totals_text[] = " \t1505,32059,231,1\t1507,49586,477,1\t";

/* A file that was left alone for a while. */
static const char *totals_file(const char *name, const void *bytes, size_t size)
{
  const char *path = file_make(name, bytes, size);

  settle();
  return path;
}

static enum ngram_status read_totals(const char *path,
                                     struct ngram_totals *known,
                                     struct ngram_totals **totals,
                                     struct ngram_error *error)
{
  struct ngram_totals_options options;
  unsigned files = test_open_files();
  enum ngram_status status;

  ngram_totals_options_init(&options);
  options.known = known;
  status = ngram_totals_read(path, &options, totals, error);
  CHECK_EQ(status == NGRAM_OK, *totals != NULL);
  CHECK_EQ(test_open_files(), files);
  return status;
}

static void totals_are_given_again_while_the_file_is_the_same(void)
{
  const char *path =
      totals_file("totals.txt", totals_text, sizeof totals_text - 1);
  struct ngram_totals *first;
  struct ngram_totals *second;
  struct ngram_totals *third;
  uint64_t count;

  if (!CHECK_EQ(read_totals(path, NULL, &first, NULL), NGRAM_OK))
    return;
  CHECK_EQ(read_totals(path, first, &second, NULL), NGRAM_OK);
  CHECK(second == first);
  ngram_totals_free(first);
  file_make("totals.txt", "1505,32058,231,1", 16);
  CHECK_EQ(read_totals(path, second, &third, NULL), NGRAM_OK);
  CHECK(third != second);
  CHECK_EQ(ngram_totals_years(second, &count)[0].match_count, 32059);
  CHECK_EQ(count, 2);
  CHECK_EQ(ngram_totals_years(third, &count)[0].match_count, 32058);
  CHECK_EQ(count, 1);
  ngram_totals_free(second);
  ngram_totals_free(third);
}

static void standard_input_is_given_again(void)
{
  int saved = dup(STDIN_FILENO);
  struct ngram_totals *first = NULL;
  struct ngram_totals *second = NULL;
  int ends[2];

  if (!CHECK_EQ(pipe(ends), 0))
    return;
  CHECK_EQ(write(ends[1], totals_text, sizeof totals_text - 1),
           sizeof totals_text - 1);
  close(ends[1]);
  dup2(ends[0], STDIN_FILENO);
  close(ends[0]);
  CHECK_EQ(read_totals("-", NULL, &first, NULL), NGRAM_OK);
  CHECK_EQ(read_totals("-", first, &second, NULL), NGRAM_OK);
  CHECK(first && first == second);
  ngram_totals_free(first);
  ngram_totals_free(second);
  dup2(saved, STDIN_FILENO);
  close(saved);
}

/* A gzip file with any bit flipped gives an error or the same years; one that
   is cut off at any byte gives an error. */
static void damaged_totals_are_refused(void)
{
  static const char text[] = "1505,32059,231,1\t1507,49586,477,1\n";
  struct gzip_file file = {.text = {.data = NULL}};
  struct ngram_error error;
  struct ngram_totals *totals;

  gzip_file_add(&file, text, sizeof text - 1);
  for (size_t i = 0; i < 8 * file.bytes.size; i++) {
    const char *path;

    NOTE("bit %zu", i);
    file.bytes.data[i / 8] ^= (unsigned char)(1u << i % 8);
    path = file_make("damaged.gz", file.bytes.data, file.bytes.size);
    file.bytes.data[i / 8] ^= (unsigned char)(1u << i % 8);
    if (read_totals(path, NULL, &totals, &error) == NGRAM_OK) {
      uint64_t count;

      CHECK_EQ(ngram_totals_years(totals, &count)[1].match_count, 49586);
      CHECK_EQ(count, 2);
      ngram_totals_free(totals);
    } else {
      CHECK_EQ(error.status, NGRAM_BAD_INPUT);
    }
  }
  for (size_t size = 1; size < file.bytes.size; size++) {
    NOTE("%zu bytes", size);
    CHECK_EQ(read_totals(file_make("cut.gz", file.bytes.data, size), NULL,
                         &totals, &error),
             NGRAM_BAD_INPUT);
  }
  gzip_file_free(&file);
}

/* A text of NGRAM_TOTALS_MAX bytes is read, one with a byte more is not; plain
   and gzip. */
static void totals_have_a_limit(void)
{
  struct bytes text = {.data = NULL};
  struct gzip_file file = {.text = {.data = NULL}};
  struct ngram_totals *totals;
  struct ngram_error error;
  const char *path;

  bytes_add(&text, totals_text, sizeof totals_text - 1);
  bytes_fill(&text, ' ', NGRAM_TOTALS_MAX - text.size);
  for (int more = 0; more < 2; more++) {
    enum ngram_status wanted = more ? NGRAM_BAD_INPUT : NGRAM_OK;

    path = file_make("long.txt", text.data, text.size);
    CHECK_EQ(read_totals(path, NULL, &totals, &error), wanted);
    ngram_totals_free(totals);
    gzip_file_free(&file);
    gzip_file_add(&file, text.data, text.size);
    path = file_make("long.gz", file.bytes.data, file.bytes.size);
    CHECK_EQ(read_totals(path, NULL, &totals, &error), wanted);
    ngram_totals_free(totals);
    bytes_add(&text, " ", 1);
  }
  CHECK_HAS(error.message, "long.gz: more than 4194304 bytes of text");
  bytes_free(&text);
  gzip_file_free(&file);
}

/* Plain and gzip: the byte order mark that Excel writes is skipped, and a
   number without a column is -1. */
static void tables_of_totals_may_lack_columns(void)
{
  static const char text[] =
      "\xEF\xBB\xBFPages;Year;Total\r\n231;1505;32059\r\n";
  struct gzip_file file = {.text = {.data = NULL}};
  struct ngram_totals *totals;
  uint64_t count;

  gzip_file_add(&file, text, sizeof text - 1);
  for (int is_gzip = 0; is_gzip < 2; is_gzip++) {
    const char *path =
        is_gzip ? file_make("table.gz", file.bytes.data, file.bytes.size)
                : file_make("table.csv", text, sizeof text - 1);
    const struct ngram_year *years;

    NOTE("gzip: %d", is_gzip);
    if (!CHECK_EQ(read_totals(path, NULL, &totals, NULL), NGRAM_OK))
      break;
    years = ngram_totals_years(totals, &count);
    CHECK_EQ(count, 1);
    CHECK_EQ(years[0].year, 1505);
    CHECK_EQ(years[0].match_count, 32059);
    CHECK_EQ(years[0].page_count, 231);
    CHECK_EQ(years[0].volume_count, -1);
    ngram_totals_free(totals);
  }
  gzip_file_free(&file);
}

static int stop_at_once(void *context)
{
  ++*(int *)context;
  return 1;
}

/* A FIFO whose writer writes nothing. */
static void waiting_for_totals_can_be_stopped(void)
{
  const char *path = file_make_fifo("totals.fifo");
  int writer = open(path, O_RDWR | O_CLOEXEC);
  struct ngram_totals_options options;
  struct ngram_totals *totals;
  struct ngram_error error;
  int polls = 0;

  ngram_totals_options_init(&options);
  options.poll = stop_at_once;
  options.poll_context = &polls;
  CHECK_EQ(ngram_totals_read(path, &options, &totals, &error),
           NGRAM_INTERRUPTED);
  CHECK(!totals);
  CHECK_EQ(polls, 1);
  close(writer);
}

int main(int argc, char **argv)
{
  static const struct test tests[] = {
      TEST(totals_are_given_again_while_the_file_is_the_same),
      TEST(standard_input_is_given_again),
      TEST(damaged_totals_are_refused),
      TEST(totals_have_a_limit),
      TEST(tables_of_totals_may_lack_columns),
      TEST(waiting_for_totals_can_be_stopped),
  };

  return test_main(tests, COUNT(tests), argc, argv);
}
