/* SPDX-License-Identifier: MIT */
/* Tests of closing the temporary files of a count. */
#include <errno.h>

#include "count/spill.h"
#include "tally/close_files.h"
#include "unit/failing_calls.h"
#include "unit/failing_memory.h"
#include "unit/test.h"

#define CLOSED_TABLES 3

static void write_large_file(struct ng_temp_file *file)
{
  static const char piece[1 << 20];

  CHECK_EQ(ng_temp_file_open(file), 0);
  for (int i = 0; i < 5; i++)
    CHECK_EQ(ng_temp_file_write(file, piece, sizeof piece), 0);
}

/* Make files of which the last one is small, and close them; `left` of them
   must stay open until they are freed. */
static void check_closing(unsigned left, long memory_request, bool has_threads)
{
  unsigned files = test_open_files();
  unsigned threads = test_threads();
  struct ng_table tables[CLOSED_TABLES];
  struct ng_spilled *spilled;
  struct ng_budget budget;

  ng_budget_init(&budget);
  for (int i = 0; i < CLOSED_TABLES; i++) {
    ng_table_init(&tables[i], &budget, false);
    CHECK(ng_table_limit(&tables[i], 1 << 20, CLOSED_TABLES));
    if (i + 1 < CLOSED_TABLES)
      write_large_file(&tables[i].spill->file);
    else
      CHECK_EQ(ng_temp_file_open(&tables[i].spill->file), 0);
  }
  spilled = ng_spilled_new(&budget, CLOSED_TABLES, false);
  write_large_file(&spilled->files[1]);
  if (!has_threads)
    call_fail_after(CALL_THREAD, 0, EAGAIN, true);
  memory_fail_after(memory_request, false);
  ng_close_files(tables, CLOSED_TABLES, spilled);
  memory_fail_no_more();
  call_fail_no_more(CALL_THREAD);
  CHECK_EQ(test_open_files(), files + left);
  CHECK(test_threads_are(threads));
  for (int i = 0; i < CLOSED_TABLES; i++)
    ng_table_free(&tables[i]);
  ng_spilled_free(spilled);
  CHECK_EQ(test_open_files(), files);
  CHECK_EQ(budget.held_bytes, 0);
}

static void large_files_are_closed_side_by_side(void)
{
  check_closing(1, -1, true);
}

static void files_are_closed_without_threads_or_memory(void)
{
  if (!CALLS_CAN_FAIL) {
    test_skip("system calls cannot be made to fail here");
    return;
  }
  check_closing(1, -1, false);
  check_closing(4, 0, true); /* the list of files */
  check_closing(1, 1, true); /* the team */
}

int main(int argc, char **argv)
{
  static const struct test tests[] = {
      TEST(large_files_are_closed_side_by_side),
      TEST(files_are_closed_without_threads_or_memory),
  };

  return test_main(tests, COUNT(tests), argc, argv);
}
