/* SPDX-License-Identifier: MIT */
/* Tests of chunks given in rows. */
#include "scan/chunk.h"
#include "unit/bytes.h"
#include "unit/mapper.h"
#include "unit/test.h"

/* ---------------------------------------------------------------- chunks -- */

static struct ng_block *make_block(struct mapper *mapper,
                                   const struct bytes *text)
{
  struct ng_block *block =
      ng_block_new(&mapper->budget, text->size, NG_TOKENS_NONE);

  memcpy(block->text, text->data, text->size);
  block->in.size = text->size;
  ng_block_begin(block, 0);
  return block;
}

/* Lines of any length, most of them very short: some KiB hold more than a
   thousand. */
static void make_lines(struct bytes *text, size_t count)
{
  text->size = 0;
  for (size_t i = 0; i < count; i++) {
    bytes_fill(text, 'x',
               random_once_in(50) ? random_below(300) : random_below(3));
    bytes_fill(text, '\n', 1);
  }
}

static void rows_are_skipped_to_the_line(void)
{
  struct bytes text = {.data = NULL};
  struct mapper mapper;

  mapper_init(&mapper, NG_LAYOUT_2012, true);
  for (unsigned round = 0; round < test_rounds(2000); round++) {
    struct ng_block *block;
    uint64_t wanted_rows;
    uint64_t rows;
    size_t from;
    size_t at;

    make_lines(&text, random_below(3000));
    bytes_fill(&text, 'y', 1 + random_below(20));
    block = make_block(&mapper, &text);
    from = random_once_in(2) ? 0 : random_below(text.size);
    wanted_rows = rows = random_below(1500);
    for (at = from; at < text.size && wanted_rows > 0; at++)
      wanted_rows -= text.data[at] == '\n';
    NOTE("round %u, %" PRIu64 " rows from %zu", round, rows, from);
    CHECK_EQ(ng_chunk_skip_rows(block, from, &rows), at);
    CHECK_EQ(rows, wanted_rows);
    ng_block_free(block, &mapper.budget);
  }
  mapper_free(&mapper);
  bytes_free(&text);
}

/* A sink that counts word groups. */
struct group_counter {
  struct ng_sink sink;
  struct ng_scanner scanner;
  size_t groups;
};

static bool count_group(void *context, const struct ng_word_group *group)
{
  struct group_counter *counter = context;

  counter->groups++;
  return group->total > 0;
}

static bool begin_counter(struct ng_sink *sink, struct ng_pass *pass)
{
  struct group_counter *counter = (struct group_counter *)(void *)sink;
  struct ng_scanner_options options = ng_pass_scanner_options(pass);

  return ng_scanner_init(&counter->scanner, &options, count_group, counter);
}

static void count_text(struct ng_sink *sink, unsigned worker,
                       struct ng_block *block, size_t from, size_t to,
                       struct ng_scanner_result *result)
{
  struct group_counter *counter = (struct group_counter *)(void *)sink;

  CHECK_EQ(worker, 0);
  ng_scanner_scan(&counter->scanner, block->text + from, to - from, result);
}

static const struct ng_sink_ops counter_ops = {.begin = begin_counter,
                                               .text = count_text};

/* Rows of one word: every chunk gives one word group. The first may be the rest
   of a chunk that began before. The block's first line is left to the commit.
 */
static void every_chunk_is_added_up_by_itself(void)
{
  struct bytes text = {.data = NULL};
  struct group_counter counter = {.sink = {&counter_ops}};
  struct mapper mapper;

  mapper_prepare(&mapper, NG_LAYOUT_2012, false);
  mapper.pass.sink = &counter.sink;
  mapper_start(&mapper);
  for (uint64_t size = 1; size < 40; size++)
    for (uint64_t begun = 0; begun < size; begun += 3) {
      struct ng_span span = {.chunk_rows = begun};
      uint64_t rows = random_below(100) + 2;
      struct ng_mapped result;
      uint64_t last;

      text.size = 0;
      for (uint64_t i = 0; i < rows; i++)
        bytes_add_text(&text, "word\t1\t2\t3\n");
      span.block = make_block(&mapper, &text);
      span.to = text.size;
      counter.groups = 0;
      NOTE("%" PRIu64 " rows, chunks of %" PRIu64 ", %" PRIu64 " begun", rows,
           size, begun);
      CHECK(ng_chunk_map(&mapper.worker, &span, size, &result));
      CHECK_EQ(result.lines, rows - 1);
      last = (begun + rows - 1) / size;
      CHECK_EQ(counter.groups, last - (begun + 1) / size + 1);
      ng_block_free(span.block, &mapper.budget);
    }
  ng_scanner_free(&counter.scanner);
  mapper_free(&mapper);
  bytes_free(&text);
}

static void batches_are_whole_chunks(void)
{
  for (uint64_t size = 1; size < 20000; size += 1 + size / 7) {
    uint64_t rows = ng_chunk_batch_rows(size);

    CHECK(rows >= size);
    CHECK_EQ(rows % size, 0);
  }
  CHECK_EQ(ng_chunk_batch_rows(UINT64_MAX), UINT64_MAX);
}

int main(int argc, char **argv)
{
  static const struct test tests[] = {
      TEST(rows_are_skipped_to_the_line),
      TEST(every_chunk_is_added_up_by_itself),
      TEST(batches_are_whole_chunks),
  };

  return test_main(tests, COUNT(tests), argc, argv);
}
