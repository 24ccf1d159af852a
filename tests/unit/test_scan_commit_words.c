/* SPDX-License-Identifier: MIT */
/*
 * Tests of the commit with free text: wherever blocks end, also within words
 * and characters, the words, lines and faults are those of a naive reader.
 */
#include "scan/commit.h"
#include "unit/bytes.h"
#include "unit/check_totals.h"
#include "unit/commits.h"
#include "unit/mapper.h"
#include "unit/naive_count.h"
#include "unit/naive_tokens.h"
#include "unit/rows_make.h"
#include "unit/test.h"
#include "unit/word_pieces.h"

static void check_word_pieces(const struct naive_input *input, size_t piece,
                              enum ng_tokens tokens)
{
  bool skip = random_once_in(2);
  struct naive_count wanted;
  struct mapper mapper;

  mapper_prepare(&mapper, NG_LAYOUT_2012, skip);
  mapper.pass.plan.tokens = tokens;
  mapper_start(&mapper);
  naive_word_count(input, tokens, skip, &wanted);
  commit_pieces(&mapper, input, piece);
  mapper.tally.sink.ops->finish(&mapper.tally.sink, 0);
  check_commit(&mapper, input, &wanted);
  mapper_free(&mapper);
  naive_count_free(&wanted);
}

static void block_edges_within_words_change_nothing(void)
{
  static char text[20000];
  struct bytes ends = {.data = NULL};

  for (unsigned round = 0; round < test_rounds(2500); round++) {
    size_t most = random_below(random_once_in(9) ? sizeof text : 300);
    size_t bad = random_once_in(2) ? 0 : 1 + random_below(500);
    struct naive_input input = {.path = "a.gz", .text = text};
    struct bytes whole = {.data = (unsigned char *)text};

    input.size = make_token_text(text, most, bad);
    if (random_once_in(3)) {
      make_ends(&ends, &whole, input.size);
      input.ends = (const struct ng_member_end *)(const void *)ends.data;
      input.end_count = ends.size / sizeof *input.ends;
    }
    NOTE("round %u, %zu bytes", round, input.size);
    check_word_pieces(&input, any_piece(input.size), any_tokens());
    if (test_state.failed)
      break;
  }
  bytes_free(&ends);
}

/* A text in two blocks, cut at every byte in turn. */
static void check_cuts(const char *text, size_t size, enum ng_tokens tokens,
                       bool skip)
{
  struct naive_input input = {.path = "a.gz", .text = text, .size = size};
  struct naive_count wanted;
  struct mapper mapper;

  for (size_t cut = 0; cut <= size && !test_state.failed; cut++) {
    size_t next_end = 0;

    NOTE("cut at %zu of %zu", cut, size);
    mapper_prepare(&mapper, NG_LAYOUT_2012, skip);
    mapper.pass.plan.tokens = tokens;
    mapper_start(&mapper);
    naive_word_count(&input, tokens, skip, &wanted);
    if (cut < size)
      ng_commit_add(&mapper.pass.commit,
                    make_report(&mapper, &input, 0, 0, cut, &next_end), 0);
    ng_commit_add(&mapper.pass.commit,
                  make_report(&mapper, &input, cut < size, cut < size ? cut : 0,
                              size, &next_end),
                  0);
    mapper.tally.sink.ops->finish(&mapper.tally.sink, 0);
    check_commit(&mapper, &input, &wanted);
    mapper_free(&mapper);
    naive_count_free(&wanted);
  }
}

static void block_edge_at_every_byte_changes_nothing(void)
{
  static const char *const texts[] = {
      "one  two\r\n\n\xD0\xAF, l\xC3\xA9-o\357\254\203ce",
      "x\t\xE4\xB8\xAD\xE2\x80\x94\xF0\x90\x90\x80 end",
      "one two\n\xE2\x80\x94 bad \xE2\x80 here\nand \x80 here",
      "\n\n  \n",
      "x",
      " \xC3",
      "caf\xE9 au \xE4\xB8\xAD\xFF\xE6\x96\x87\xE3\x80\x82\xE6\x97\xA5 \xFF",
  };

  for (size_t i = 0; i < COUNT(texts); i++)
    for (enum ng_tokens tokens = NG_TOKENS_SPACE; tokens <= NG_TOKENS_LETTERS;
         tokens++)
      for (int skip = 0; skip < 2; skip++)
        check_cuts(texts[i], strlen(texts[i]), tokens, skip);
}

static void words_of_a_mebibyte_are_judged_across_blocks(void)
{
  char *text = test_memory(NG_LINE_MAX + 200);

  for (size_t length = NG_LINE_MAX - 1; length <= NG_LINE_MAX + 3; length++)
    for (unsigned ended = 0; ended < 2; ended++) {
      struct naive_input input = {.path = "a.gz", .text = text};

      memcpy(text, "a b\nc ", 6);
      memset(text + 6, 'd', length);
      input.size = 6 + length;
      if (ended) {
        memcpy(text + input.size, " e\n\x80\n", 5);
        input.size += 5;
      }
      NOTE("a word of %zu bytes", length);
      check_word_pieces(&input, 300000, any_tokens());
    }
  free(text);
}

int main(int argc, char **argv)
{
  static const struct test tests[] = {
      TEST(block_edges_within_words_change_nothing),
      TEST(block_edge_at_every_byte_changes_nothing),
      TEST(words_of_a_mebibyte_are_judged_across_blocks),
  };

  return test_main(tests, COUNT(tests), argc, argv);
}
