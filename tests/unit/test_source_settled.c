/* SPDX-License-Identifier: MIT */
/* Tests of when the times of a file will differ after its next change. */
#include <fcntl.h>

#include "source/settled.h"
#include "source/source.h"
#include "unit/files.h"
#include "unit/test.h"

static void steps_are_told_from_times(void)
{
  static const struct {
    struct timespec time;
    double step;
  } cases[] = {
      {{1700000001, 123456789}, 0.01},
      {{1700000001, 999999900}, 0.01},
      {{1700000001, 250000000}, 0.01}, /* exFAT has steps of 10 ms */
      {{1700000001, 300000000}, 0.1},
      {{1700000001, 0}, 2},
      {{1700000002, 0}, 2},
      {{1700000040, 0}, 60},
      {{1700000040, 1}, 0.01},
      {{-1, 0}, 2},
  };

  for (size_t i = 0; i < COUNT(cases); i++) {
    NOTE("time %zu", i);
    CHECK(ng_settled_step(&cases[i].time) == cases[i].step);
  }
}

/* So long, in ms, after the last change a file has settled, and not a moment
   before. */
static void check_settles_after(struct timespec modified,
                                struct timespec changed, long ms)
{
  const struct timespec *last =
      changed.tv_sec >= modified.tv_sec ? &changed : &modified;

  for (long more = -1; more <= 1; more += 2) {
    int64_t at = (int64_t)last->tv_nsec + (ms + more) * (int64_t)1000000;
    struct timespec seen = {last->tv_sec + (time_t)(at / 1000000000),
                            (long)(at % 1000000000)};

    NOTE("%ld ms after it", ms + more);
    CHECK_EQ(ng_settled_at(&modified, &changed, &seen), more > 0);
  }
}

static void files_settle_after_a_step_and_a_write(void)
{
  const struct timespec fine = {1700000001, 123456789};
  const struct timespec second = {1700000001, 0};
  const struct timespec minute = {1700000040, 0};
  const struct timespec old = {1000000000, 0};
  const struct timespec none = {0, 0};

  check_settles_after(fine, fine, 1010);
  check_settles_after(second, second, 3000);
  check_settles_after(minute, minute, 61000);
  /* A time of modification that a program has set makes no file older, */
  check_settles_after(old, fine, 1010);
  check_settles_after(old, second, 3000);
  /* and one that is later counts, as it does without the other. */
  check_settles_after(fine, old, 1010);
  check_settles_after(second, none, 3000);
}

static void times_ahead_are_not_trusted(void)
{
  const struct timespec now = {1700000001, 123456789};
  const struct timespec ahead = {1700003601, 5};
  const struct timespec old = {1000000000, 7};
  const struct timespec none = {0, 0};

  CHECK(!ng_settled_at(&ahead, &ahead, &now));
  CHECK(!ng_settled_at(&old, &ahead, &now));
  CHECK(!ng_settled_at(&ahead, &none, &now));
  CHECK(ng_settled_at(&ahead, &old, &now)); /* a program has set it */
}

/* By the times of an open file. */
static void a_file_settles(void)
{
  const char *path = file_make("young", "a", 1);
  struct timespec old[2] = {{1000000000, 1}, {1000000000, 1}};
  struct ng_source_identity identity;
  struct ng_source *source;

  utimensat(AT_FDCWD, path, old, 0);
  CHECK_EQ(ng_source_open(path, &source), 0);
  CHECK(!ng_source_is_settled(source));
  CHECK(!ng_source_identify_path(path, &identity));
  ng_source_close(source);
  settle();
  CHECK_EQ(ng_source_open(path, &source), 0);
  CHECK(ng_source_is_settled(source));
  CHECK(ng_source_identify_path(path, &identity));
  ng_source_close(source);
}

int main(int argc, char **argv)
{
  static const struct test tests[] = {
      TEST(steps_are_told_from_times),
      TEST(files_settle_after_a_step_and_a_write),
      TEST(times_ahead_are_not_trusted),
      TEST(a_file_settles),
  };

  return test_main(tests, COUNT(tests), argc, argv);
}
