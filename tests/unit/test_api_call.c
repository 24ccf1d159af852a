/* SPDX-License-Identifier: MIT */
/*
 * Tests of scans whose system calls fail: each call in turn, with every
 * strategy. A scan gives the right answer or one clear error and leaves nothing
 * open, and the next scan gives the right answer.
 */
#include <errno.h>

#include "ngram.h"
#include "unit/answer.h"
#include "unit/bytes.h"
#include "unit/count_check.h"
#include "unit/failing_calls.h"
#include "unit/files.h"
#include "unit/forms.h"
#include "unit/gzip_make.h"
#include "unit/index_make.h"
#include "unit/limits.h"
#include "unit/naive_count.h"
#include "unit/rows_check.h"
#include "unit/rows_make.h"
#include "unit/test.h"

/* A scan, and what it gives. */
struct call_case {
  const char *path;
  struct ngram_count_options options;
  struct answer wanted;
};

/* The strategies, in files of some blocks, by 1 and by 3 workers; every fourth
   case spills. */
#define CALL_CASES 8

static void call_case_make(struct call_case *c, unsigned number)
{
  static struct forms forms;
  struct ngram_count_options options = answer_options(1 + number / 4 * 2, NULL);

  if (!forms.plain_path[0])
    forms_make(&forms, 1400000);
  c->path = number % 4 == 0   ? forms.plain_path
            : number % 4 == 1 ? forms.gzip_path
                              : forms.bgzf_path;
  if (number % 4 == 3) {
    c->path = make_words("calls", 60000, true);
    options.memory_limit = NGRAM_MEMORY_LIMIT_MIN;
  }
  c->options = options;
  answer_of(c->path, &options, &c->wanted);
  CHECK_EQ(c->wanted.status, NGRAM_OK);
}

static bool is_the_answer(const struct call_case *c, const struct answer *got)
{
  return got->status == NGRAM_OK && got->rows == c->wanted.rows;
}

/* Scan while one call fails. Returns whether the scan made that call. */
static bool check_failing_call(const struct call_case *c, enum call call,
                               long count, int error, bool and_on)
{
  struct answer got;
  bool failed;

  NOTE("%.99s, %u threads, limit %" PRIu64 ", call %d number %ld%s, errno %d",
       c->path, c->options.threads, c->options.memory_limit, call, count,
       and_on ? " and on" : "", error);
  call_fail_after(call, count, error, and_on);
  answer_of(c->path, &c->options, &got);
  failed = call_fail_no_more(call);
  if (!is_the_answer(c, &got)) {
    CHECK(failed);
    CHECK(got.status == NGRAM_IO_ERROR || got.status == NGRAM_CANNOT_OPEN ||
          got.status == NGRAM_DISK_FULL);
    CHECK_EQ(got.status == NGRAM_DISK_FULL, error == ENOSPC);
    CHECK(got.message[0] != '\0');
  }
  if (call == CALL_THREAD)
    CHECK(is_the_answer(c, &got));
  if (count % 8 == 0) {
    answer_of(c->path, &c->options, &got);
    CHECK(is_the_answer(c, &got));
  }
  return failed;
}

static void check_failing_calls(enum call call, int error)
{
  for (unsigned i = 0; i < 2 * CALL_CASES && !test_state.failed; i++) {
    struct call_case c;
    long count = 0;

    call_case_make(&c, i / 2);
    while (check_failing_call(&c, call, count, error, i % 2) &&
           !test_state.failed && count < 6000)
      count = test_next(count, 30);
    CHECK(count < 6000);
  }
}

static void failing_calls_are_told(void)
{
  if (!CALLS_CAN_FAIL) {
    test_skip("system calls cannot be made to fail here");
    return;
  }
  check_failing_calls(CALL_READ, EIO);
  check_failing_calls(CALL_WRITE, EIO);
  check_failing_calls(CALL_WRITE, ENOSPC);
  check_failing_calls(CALL_OPEN, EMFILE);
}

static void threads_that_cannot_be_made_are_done_without(void)
{
  if (!CALLS_CAN_FAIL) {
    test_skip("system calls cannot be made to fail here");
    return;
  }
  check_failing_calls(CALL_THREAD, EAGAIN);
}

static void calls_that_do_less_are_made_again(void)
{
  if (!CALLS_CAN_FAIL) {
    test_skip("system calls cannot be made to fail here");
    return;
  }
  for (unsigned i = 0; i < CALL_CASES; i++) {
    struct call_case c;
    struct answer got;

    call_case_make(&c, i);
    NOTE("%.150s, %u threads", c.path, c.options.threads);
    call_do_less(CALL_READ, 101);
    call_do_less(CALL_WRITE, 103);
    answer_of(c.path, &c.options, &got);
    call_do_less(CALL_READ, 0);
    call_do_less(CALL_WRITE, 0);
    CHECK(is_the_answer(&c, &got));
  }
}

/* Rows come up to where a read fails, and each of them is right. */
static void failing_reads_end_rows(void)
{
  struct forms forms;

  if (!CALLS_CAN_FAIL) {
    test_skip("system calls cannot be made to fail here");
    return;
  }
  forms_make(&forms, 1400000);
  for (unsigned i = 0; i < 6 && !test_state.failed; i++) {
    const char *path = i % 3 == 0   ? forms.plain_path
                       : i % 3 == 1 ? forms.gzip_path
                                    : forms.bgzf_path;
    struct ngram_rows_options options = rows_options(1 + i / 3 * 2, NULL);
    bool failed = true;

    for (long count = 0; failed && !test_state.failed; count++) {
      struct ngram_error error = {.status = NGRAM_OK};
      struct ngram_row_batch batch = {.count = 1};
      struct ngram_rows *rows;
      enum ngram_status status;
      uint64_t taken = 0;

      NOTE("%.150s, %u threads, read %ld", path, options.threads, count);
      call_fail_after(CALL_READ, count, EIO, false);
      status = ngram_rows_open(path, &options, &rows, &error);
      while (status == NGRAM_OK && batch.count > 0) {
        status = ngram_rows_next(rows, &batch, &error);
        for (size_t k = 0; k < batch.count; k++, taken++)
          CHECK_EQ(batch_position(&batch, k), taken);
      }
      failed = call_fail_no_more(CALL_READ);
      CHECK(status == NGRAM_OK || (failed && status == NGRAM_IO_ERROR));
      ngram_rows_close(rows, NULL);
    }
  }
  forms_free(&forms);
}

int main(int argc, char **argv)
{
  static const struct test tests[] = {
      TEST(failing_calls_are_told),
      TEST(threads_that_cannot_be_made_are_done_without),
      TEST(calls_that_do_less_are_made_again),
      TEST(failing_reads_end_rows),
  };

  return test_main(tests, COUNT(tests), argc, argv);
}
