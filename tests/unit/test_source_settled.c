/* SPDX-License-Identifier: MIT */
/* When a file can be told, by its times, from what it may become. */
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "source/settled.h"
#include "source/source.h"
#include "unit/content.h"
#include "unit/files.h"
#include "unit/test.h"

static struct timespec after(struct timespec time, long ms)
{
  time.tv_sec += ms / 1000;
  time.tv_nsec += ms % 1000 * 1000000;
  if (time.tv_nsec >= 1000000000) {
    time.tv_sec++;
    time.tv_nsec -= 1000000000;
  }
  return time;
}

/* A file that was changed at a time has not settled `early` ms later, and has
   `late` ms later. */
static void times_tell_how_long_to_wait(void)
{
  static const struct {
    struct timespec changed;
    long early;
    long late;
  } cases[] = {
      {{1000000001, 123456789}, 900, 1200},  /* nanoseconds */
      {{1000000001, 120000000}, 900, 1200},  /* ticks */
      {{1000000001, 500000000}, 1050, 1200}, /* tenths */
      {{1000000001, 0}, 2900, 3200},         /* seconds: ext2, FAT */
      {{1000000020, 0}, 60500, 61500},       /* minutes */
  };

  for (size_t i = 0; i < COUNT(cases); i++) {
    const struct timespec *changed = &cases[i].changed;
    struct timespec early = after(*changed, cases[i].early);
    struct timespec late = after(*changed, cases[i].late);

    NOTE("case %zu", i);
    CHECK(!ng_has_settled(changed, changed, changed));
    CHECK(!ng_has_settled(changed, changed, &early));
    CHECK(ng_has_settled(changed, changed, &late));
  }
}

/* A time of modification can be set: only one that is no older than the time of
   status change, and does not lie ahead, is gone by. */
static void a_time_that_was_set_is_no_excuse(void)
{
  const struct timespec now = {1000000000, 5000001};
  const struct timespec old = {900000000, 1};
  const struct timespec just_now = now;
  const struct timespec soon = after(now, 60000);
  const struct timespec never = {0, 0};

  CHECK(!ng_has_settled(&old, &just_now, &now));
  CHECK(!ng_has_settled(&just_now, &old, &now));
  CHECK(!ng_has_settled(&just_now, &never, &now));
  CHECK(!ng_has_settled(&old, &soon, &now));
  CHECK(ng_has_settled(&old, &old, &now));
  CHECK(ng_has_settled(&soon, &old, &now));
  CHECK(ng_has_settled(&old, &never, &now));
}

/* Of an open file, and of one that is looked at. */
static void a_new_file_has_not_settled(void)
{
  const char *path = file_make("new", "a\t2000\t1\t1\n", 11);
  struct ng_source_identity identity;
  struct ng_source *source = open_source(path);

  CHECK(!ng_source_is_settled(source));
  CHECK(!ng_source_identify_path(path, &identity));
  ng_source_close(source);
  settle();
  source = open_source(path);
  CHECK(ng_source_is_settled(source));
  CHECK(ng_source_identify_path(path, &identity));
  ng_source_close(source);
}

int main(int argc, char **argv)
{
  static const struct test tests[] = {
      TEST(times_tell_how_long_to_wait),
      TEST(a_time_that_was_set_is_no_excuse),
      TEST(a_new_file_has_not_settled),
  };

  return test_main(tests, COUNT(tests), argc, argv);
}
