/* SPDX-License-Identifier: MIT */
/* Tests of what a scan reports of its progress. */
#include <pthread.h>

#include "ngram.h"
#include "unit/answer.h"
#include "unit/files.h"
#include "unit/gzip_make.h"
#include "unit/test.h"

struct watched {
  struct ngram_progress last;
  unsigned calls;
  pthread_t caller;
};

static void watch_progress(void *context, const struct ngram_progress *now)
{
  struct watched *watched = context;

  CHECK(pthread_equal(pthread_self(), watched->caller));
  CHECK(now->read_bytes >= watched->last.read_bytes);
  CHECK(now->text_bytes >= watched->last.text_bytes);
  CHECK(now->seconds > watched->last.seconds);
  CHECK(now->read_bytes <= now->size_bytes);
  watched->last = *now;
  watched->calls++;
}

/* The shares of the file and of its text that are done differ by less than what
   the workers have in hand, which is less than half of these files. */
static void check_progress(const char *path, uint64_t file_bytes,
                           uint64_t text_bytes, const char *strategy,
                           unsigned threads, struct ngram_index *index)
{
  struct watched watched = {.caller = pthread_self()};
  struct ngram_count_options options = answer_options(threads, index);
  struct answer answer;
  double read;
  double text;

  NOTE("%s, %u threads", strategy, threads);
  options.progress = watch_progress;
  options.progress_context = &watched;
  for (int i = 0; i < 50 && watched.calls == 0; i++)
    answer_of(path, &options, &answer);
  CHECK_STR(answer.message, "");
  CHECK_STR(answer.stats.strategy, strategy);
  if (!CHECK(watched.calls > 0))
    return;
  CHECK_EQ(watched.last.size_bytes, file_bytes);
  read = (double)watched.last.read_bytes / (double)file_bytes;
  text = (double)watched.last.text_bytes / (double)text_bytes;
  NOTE("%s, %u threads: %f of the file, %f of the text", strategy, threads,
       read, text);
  CHECK(read > 0 && text > 0 && read < text + 0.5 && text < read + 0.5);
}

static void progress_follows_the_file_with_every_strategy(void)
{
  const size_t size = (size_t)(TEST_SANITIZED ? 18 : 48) << 20;
  struct ngram_index *index = ngram_index_create();
  struct gzip_file file = {.text = {.data = NULL}};
  struct bytes text = {.data = NULL};
  const char *plain;
  const char *gzip;

  gzip_make_text(&text, size);
  while (text.data[text.size - 1] != '\n') /* the last line may be cut */
    text.size--;
  gzip_file_add(&file, text.data, text.size);
  setenv("NGRAM_KERNEL", "scalar", 1); /* slow, so that progress is reported */
  plain = file_make("progress.tsv", text.data, text.size);
  check_progress(plain, text.size, text.size, "extents", 1, NULL);
  check_progress(plain, text.size, text.size, "extents", 3, NULL);
  gzip = file_make("progress.gz", file.bytes.data, file.bytes.size);
  check_progress(gzip, file.bytes.size, text.size, "serial", 1, NULL);
  setenv("NGRAM_AHEAD", "on", 1);
  check_progress(gzip, file.bytes.size, text.size, "ahead", 3, NULL);
  setenv("NGRAM_AHEAD", "refuse", 1);
  check_progress(gzip, file.bytes.size, text.size, "ahead", 3, index);
  unsetenv("NGRAM_AHEAD");
  check_progress(gzip, file.bytes.size, text.size, "points", 3, index);
  file_make("progress2.tsv", text.data, text.size);
  for (unsigned threads = 1; threads <= 3; threads++)
    check_progress(file_path("progress*.tsv"), 2 * text.size, 2 * text.size,
                   "files", threads, NULL);
  unsetenv("NGRAM_KERNEL");
  ngram_index_free(index);
  gzip_file_free(&file);
  bytes_free(&text);
}

int main(int argc, char **argv)
{
  static const struct test tests[] = {
      TEST(progress_follows_the_file_with_every_strategy),
  };

  return test_main(tests, COUNT(tests), argc, argv);
}
