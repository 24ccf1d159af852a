/* SPDX-License-Identifier: MIT */
/* Tests of temporary files. */
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/temp_file.h"
#include "unit/failing_calls.h"
#include "unit/files.h"
#include "unit/test.h"

static void temporary_files_hold_what_was_written(void)
{
  struct ng_temp_file file;
  unsigned files = test_open_files();
  char bytes[3000];
  char got[3000];

  CHECK_EQ(ng_temp_file_open(&file), 0);
  for (size_t i = 0; i < sizeof bytes; i++)
    bytes[i] = (char)(i * 7);
  for (size_t i = 0; i < 10; i++)
    CHECK_EQ(ng_temp_file_write(&file, bytes + i, sizeof bytes - i), 0);
  CHECK_EQ(file.size, 10 * sizeof bytes - 45);
  CHECK_EQ(ng_temp_file_read(&file, got, 2900, sizeof bytes + 50), 0);
  CHECK(memcmp(got, bytes + 51, 2900) == 0);
  CHECK_EQ(ng_temp_file_read(&file, got, 100, file.size - 99), EIO);
  ng_temp_file_close(&file);
  ng_temp_file_close(&file);
  CHECK_EQ(test_open_files(), files);
}

/* On a file system that has files without a name, and on one that has not. Of
   a name the folder is emptied at once: a process may be killed. */
static void temporary_files_have_no_name(void)
{
  static const int errors[] = {0, EOPNOTSUPP, EISDIR, EINVAL};
  const char *folder = file_path("folder");

  CHECK_EQ(mkdir(folder, 0700), 0);
  setenv("SQLITE_TMPDIR", folder, 1);
  for (size_t i = 0; i < COUNT(errors); i++) {
    struct ng_temp_file file;
    struct stat status;

    NOTE("open fails with %d", errors[i]);
    if (errors[i])
      call_fail_after(CALL_OPEN, 0, errors[i], false);
    CHECK_EQ(ng_temp_file_open(&file), 0);
    CHECK_EQ(call_fail_no_more(CALL_OPEN), errors[i] != 0 && CALLS_CAN_FAIL);
    CHECK_EQ(fstat(file.fd, &status), 0);
    CHECK_EQ(status.st_nlink, 0);
    CHECK_EQ(status.st_mode & 07777, 0600);
    ng_temp_file_close(&file);
  }
  unsetenv("SQLITE_TMPDIR");
  CHECK_EQ(rmdir(folder), 0); /* which only an empty one can be */
}

int main(int argc, char **argv)
{
  static const struct test tests[] = {
      TEST(temporary_files_hold_what_was_written),
      TEST(temporary_files_have_no_name),
  };

  return test_main(tests, COUNT(tests), argc, argv);
}
