/* SPDX-License-Identifier: MIT */
/* Tests of descriptors in a process without standard streams. */
#include <errno.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/descriptor.h"
#include "base/memory.h"
#include "base/temp_file.h"
#include "unit/test.h"

/* Run it in a child that has no descriptors 0 to 2; it says what is wrong. */
static void check_without_streams(int (*run)(void))
{
  int status = -1;
  pid_t child = fork();

  if (child == 0) {
    for (int fd = 0; fd < 3; fd++)
      close(fd);
    _exit(run());
  }
  CHECK_EQ(waitpid(child, &status, 0), child);
  CHECK(WIFEXITED(status));
  CHECK_EQ(WEXITSTATUS(status), 0);
}

static bool are_streams_closed(void)
{
  for (int fd = 0; fd < 3; fd++)
    if (fcntl(fd, F_GETFD) >= 0)
      return false;
  return true;
}

static int lift_some(void)
{
  for (int i = 0; i < 4; i++) {
    int fd = ng_descriptor_lift(open("/dev/null", O_RDWR | O_CLOEXEC));

    if (fd < 3 || !(fcntl(fd, F_GETFD) & FD_CLOEXEC) || !are_streams_closed())
      return 1 + i;
  }
  errno = 0;
  if (ng_descriptor_lift(open("/none", O_RDONLY | O_CLOEXEC)) != -1 ||
      errno != ENOENT)
    return 9;
  return 0;
}

static int open_temp_files(void)
{
  struct ng_temp_file files[2];
  char back[3];

  for (int i = 0; i < 2; i++)
    if (ng_temp_file_open(&files[i]) != 0 || files[i].fd < 3 ||
        !are_streams_closed() || ng_temp_file_write(&files[i], "abc", 3) != 0 ||
        ng_temp_file_read(&files[i], back, 3, 0) != 0 ||
        memcmp(back, "abc", 3) != 0)
      return 1 + i;
  for (int i = 0; i < 2; i++)
    ng_temp_file_close(&files[i]);
  return ng_memory_allowed() == 0 || !are_streams_closed() ? 3 : 0;
}

/* No number past 2 is left: an error, and nothing stays open. */
static int lift_without_room(void)
{
  struct rlimit limit = {3, 3};

  if (setrlimit(RLIMIT_NOFILE, &limit) != 0)
    return 1;
  errno = 0;
  if (ng_descriptor_lift(open("/dev/null", O_RDONLY | O_CLOEXEC)) != -1 ||
      errno == 0)
    return 2;
  return are_streams_closed() ? 0 : 3;
}

static void descriptors_are_past_the_standard_streams(void)
{
  check_without_streams(lift_some);
}

static void temporary_files_are_past_the_standard_streams(void)
{
  check_without_streams(open_temp_files);
}

static void no_descriptor_left_is_an_error(void)
{
  check_without_streams(lift_without_room);
}

int main(int argc, char **argv)
{
  static const struct test tests[] = {
      TEST(descriptors_are_past_the_standard_streams),
      TEST(temporary_files_are_past_the_standard_streams),
      TEST(no_descriptor_left_is_an_error),
  };

  return test_main(tests, COUNT(tests), argc, argv);
}
