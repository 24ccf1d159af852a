/* SPDX-License-Identifier: MIT */
/*
 * Tests of the fold over free text, for test_engine.c: blocks may end anywhere,
 * within words and characters, and the words, lines and faults are those of a
 * naive reader.
 */
#ifndef NG_TESTS_UNIT_FOLD_WORDS_TESTS_H
#define NG_TESTS_UNIT_FOLD_WORDS_TESTS_H

#include "unit/fold_tests.h"
#include "unit/naive_good_tokens.h"

static void count_naive_word(void *context, const char *word, size_t length)
{
  struct naive_count *count = context;
  struct ng_sums one = {.total = 1};

  naive_add(&count->map, word, length, &one);
}

/* Where a reader knows of the fault, as naive_take_line() has it. */
static size_t fault_known_at(const struct naive_input *input,
                             const struct naive_fault *fault)
{
  size_t hopeless = fault->start + NG_LINE_MAX + 2;
  size_t known_at = fault->end < input->size ? fault->end + 1 : SIZE_MAX;

  if (fault->kind == NG_ROW_OK)
    return SIZE_MAX;
  return fault->end >= hopeless && known_at > hopeless ? hopeless : known_at;
}

/* With `skip`, bad words are left out; else the first one is the fault. */
static void naive_word_count(const struct naive_input *input,
                             enum ng_tokens tokens, bool skip,
                             struct naive_count *count)
{
  struct ng_gzip_fault member;
  struct naive_fault fault = {.kind = NG_ROW_OK};
  size_t known_at;
  size_t found_at;
  uint64_t line;
  struct ng_row_fault row = {.kind = NG_ROW_OK};

  *count = (struct naive_count){.status = NGRAM_OK};
  if (skip)
    count->skipped = naive_good_tokens(tokens, input->text, input->size,
                                       count_naive_word, count);
  else
    naive_tokens(tokens, input->text, input->size, count_naive_word, count,
                 &fault);
  count->lines = naive_newlines(input->text, input->size) +
                 (input->size > 0 && input->text[input->size - 1] != '\n');
  known_at = fault_known_at(input, &fault);
  row.kind = fault.kind;
  line = naive_newlines(input->text, fault.start) + 1;
  if (naive_find_member(input, known_at, &found_at, &member))
    count->status = ng_fail_gzip(&count->error, input->path, &member);
  else if (known_at < SIZE_MAX)
    count->status = ng_fail_row(&count->error, input->path, line, &row);
  else if (input->fault.kind != NG_GZIP_OK)
    count->status = ng_fail_gzip(&count->error, input->path, &input->fault);
  else if (fault.kind != NG_ROW_OK)
    count->status = ng_fail_row(&count->error, input->path, line, &row);
}

static void check_word_pieces(const struct naive_input *input, size_t piece,
                              enum ng_tokens tokens)
{
  bool skip = random_once_in(2);
  struct naive_count wanted;
  struct mapper mapper;

  mapper_prepare(&mapper, NG_LAYOUT_2012, skip);
  mapper.job.plan.tokens = tokens;
  mapper_start(&mapper);
  naive_word_count(input, tokens, skip, &wanted);
  fold_pieces(&mapper, input, piece);
  ng_hot_words_finish(&mapper.worker.hot);
  check_fold(&mapper, input, &wanted);
  mapper_free(&mapper);
  naive_count_free(&wanted);
}

static enum ng_tokens any_tokens(void)
{
  return random_once_in(2) ? NG_TOKENS_SPACE : NG_TOKENS_LETTERS;
}

static void seams_within_words_change_nothing(void)
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

/* A text in two blocks, cut at every place. */
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
    mapper.job.plan.tokens = tokens;
    mapper_start(&mapper);
    naive_word_count(&input, tokens, skip, &wanted);
    if (cut < size)
      ng_fold_add(&mapper.job.fold,
                  make_report(&mapper, &input, 0, 0, cut, &next_end),
                  &mapper.worker.seam_scanner);
    ng_fold_add(&mapper.job.fold,
                make_report(&mapper, &input, cut < size, cut < size ? cut : 0,
                            size, &next_end),
                &mapper.worker.seam_scanner);
    ng_hot_words_finish(&mapper.worker.hot);
    check_fold(&mapper, &input, &wanted);
    mapper_free(&mapper);
    naive_count_free(&wanted);
  }
}

static void seam_at_every_byte_changes_nothing(void)
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

#define FOLD_WORDS_TESTS                                                       \
  TEST(seams_within_words_change_nothing),                                     \
      TEST(seam_at_every_byte_changes_nothing),                                \
      TEST(words_of_a_mebibyte_are_judged_across_blocks)

#endif
