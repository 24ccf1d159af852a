/* SPDX-License-Identifier: MIT */
/* Tests of whole counts over blocks that end at their edges, and over pipes. */
#include <pthread.h>
#include <sched.h>

#include "unit/bytes.h"
#include "unit/count_check.h"
#include "unit/files.h"
#include "unit/gzip_make.h"
#include "unit/naive_count.h"
#include "unit/pipes.h"
#include "unit/test.h"

/* Count what the writer writes, by one, two and eight workers. */
static void check_pipe(const struct naive_input *input,
                       const unsigned char *bytes, size_t size)
{
  static const unsigned threads[] = {1, 2, 8};
  struct naive_input piped = *input;
  struct pipe_writer writer = {.bytes = bytes, .size = size};

  piped.path = writer.path = file_make_fifo("fifo");
  for (size_t t = 0; t < COUNT(threads); t++) {
    struct ngram_count_options options;
    struct naive_count wanted;
    pthread_t thread;

    ngram_count_options_init(&options);
    options.threads = threads[t];
    options.chunk_size = random_once_in(3) ? 1000 : 0;
    naive_count(&piped, &options, &wanted);
    pthread_create(&thread, NULL, write_pipe, &writer);
    compare_count(&piped, &options, &wanted);
    pthread_join(thread, NULL);
    naive_count_free(&wanted);
  }
}

static void make_rows(struct bytes *text, size_t size)
{
  text->size = 0;
  while (text->size < size)
    bytes_print(text, "w%zu\t1900\t%zu\t1\n", random_below(1000),
                random_below(1000));
  text->size = size;
}

/* Texts of exactly one, two and three blocks, one byte less and one more. */
static void blocks_that_are_full_to_the_byte_are_counted(void)
{
  struct bytes text = {.data = NULL};

  for (size_t blocks = 1; blocks <= 3; blocks++)
    for (int more = -1; more <= 1; more++) {
      struct ngram_count_options options;

      NOTE("%zu blocks, %d", blocks, more);
      ngram_count_options_init(&options);
      options.on_error = NGRAM_ON_ERROR_SKIP; /* the last row may be cut */
      make_rows(&text, blocks * BLOCK_TEXT_BYTES + (size_t)(more + 1) - 1);
      check_text((char *)text.data, text.size, &options);
    }
  bytes_free(&text);
}

static void pipes_are_counted_as_files_are(void)
{
  struct bytes text = {.data = NULL};

  for (size_t size = 1; size < 3000000; size = size * 5 + 3) {
    struct gzip_file file = {.text = {.data = NULL}};
    struct naive_input input = {.path = NULL};

    NOTE("%zu bytes", size);
    make_rows(&text, size);
    input.text = (char *)text.data;
    input.size = text.size;
    check_pipe(&input, text.data, text.size);
    gzip_file_add(&file, text.data, text.size / 3);
    gzip_file_add(&file, text.data + text.size / 3, text.size - text.size / 3);
    check_pipe(&input, file.bytes.data, file.bytes.size);
    gzip_file_free(&file);
  }
  bytes_free(&text);
}

int main(int argc, char **argv)
{
  static const struct test tests[] = {
      TEST(blocks_that_are_full_to_the_byte_are_counted),
      TEST(pipes_are_counted_as_files_are),
  };

  return test_main(tests, COUNT(tests), argc, argv);
}
