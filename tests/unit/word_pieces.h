/* SPDX-License-Identifier: MIT */
/* Words of free text, counted by a naive reader. */
#ifndef NG_TESTS_UNIT_WORD_PIECES_H
#define NG_TESTS_UNIT_WORD_PIECES_H

#include "unit/bytes.h"
#include "unit/check_totals.h"
#include "unit/mapper.h"
#include "unit/naive_count.h"
#include "unit/naive_good_tokens.h"
#include "unit/rows_make.h"
#include "unit/test.h"

static inline void count_naive_word(void *context, const char *word,
                                    size_t length)
{
  struct naive_count *count = context;
  struct ng_sums one = {.total = 1};

  naive_add(&count->map, word, length, &one);
}

/* Where a reader knows of the fault, as naive_take_line() has it. */
static inline size_t fault_known_at(const struct naive_input *input,
                                    const struct naive_fault *fault)
{
  size_t hopeless = fault->start + NG_LINE_MAX + 2;
  size_t known_at = fault->end < input->size ? fault->end + 1 : SIZE_MAX;

  if (fault->kind == NG_ROW_OK)
    return SIZE_MAX;
  return fault->end >= hopeless && known_at > hopeless ? hopeless : known_at;
}

/* With `skip`, bad words are left out; else the first one is the fault. */
static inline void naive_word_count(const struct naive_input *input,
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

static inline enum ng_tokens any_tokens(void)
{
  return random_once_in(2) ? NG_TOKENS_SPACE : NG_TOKENS_LETTERS;
}

#endif
