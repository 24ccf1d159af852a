/* SPDX-License-Identifier: MIT */
/* Tests of the memory that the process may use. */
#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"
#include "unit/test.h"

/* A folder that stands for "/". */
struct false_root {
  char root[64];
};

static void root_write(const struct false_root *fake, const char *path,
                       const char *text)
{
  char name[256];
  FILE *file;

  snprintf(name, sizeof name, "%s", fake->root);
  for (const char *p = path; *p; p++) {
    size_t length = strlen(name);

    if (*p == '/')
      mkdir(name, 0700);
    name[length] = *p;
    name[length + 1] = '\0';
  }
  file = fopen(name, "w");
  if (CHECK(file != NULL)) {
    fputs(text, file);
    fclose(file);
  }
}

static void root_make(struct false_root *fake)
{
  snprintf(fake->root, sizeof fake->root, "/tmp/ngram-system-XXXXXX");
  CHECK(mkdtemp(fake->root) != NULL);
}

static void root_remove(const struct false_root *fake)
{
  char command[128];

  snprintf(command, sizeof command, "rm -r %s", fake->root);
  CHECK_EQ(system(command), 0);
}

static void memory_is_that_of_the_machine_at_most(void)
{
  uint64_t machine =
      (uint64_t)sysconf(_SC_PHYS_PAGES) * (uint64_t)sysconf(_SC_PAGESIZE);
  struct false_root fake;

  if (sizeof(void *) == 4 && machine > UINT64_C(2) << 30)
    machine = UINT64_C(2) << 30;
  root_make(&fake);
  CHECK(ng_memory_allowed() > 0);
  CHECK(ng_memory_allowed() <= machine);
  CHECK_EQ(ng_memory_allowed_below(fake.root), machine);
  root_remove(&fake);
}

struct group_case {
  const char *line; /* of /proc/self/cgroup */
  const char *file;
  const char *number;
  uint64_t wanted; /* 0: that of the machine */
};

static void memory_is_limited_by_control_groups(void)
{
  static const struct group_case cases[] = {
      {"0::/\n", "/sys/fs/cgroup/memory.max", "12345678\n", 12345678},
      {"0::/a/b\n", "/sys/fs/cgroup/a/b/memory.max", "1000\n", 1000},
      {"0::/a/b\n", "/sys/fs/cgroup/a/memory.max", "1000\n", 1000},
      {"0::/a/b\n", "/sys/fs/cgroup/memory.max", "1000\n", 1000},
      {"0::/a/b\n", "/sys/fs/cgroup/a/b/memory.max", "max\n", 0},
      {"0::/a/b\n", "/sys/fs/cgroup/a/c/memory.max", "1000\n", 0},
      {"0::/a/b\n", "/sys/fs/cgroup/a/b/memory.max", "99999999999999999\n", 0},
      {"0::/../x\n", "/sys/fs/cgroup/memory.max", "1000\n", 1000},
      {"5:cpu:/\n4:memory:/c\n",
       "/sys/fs/cgroup/memory/c/"
       "memory.limit_in_bytes",
       "2000\n", 2000},
      {"4:memory:/c\n", "/sys/fs/cgroup/memory/memory.limit_in_bytes", "2000\n",
       2000},
      {"5:cpu:/c\n", "/sys/fs/cgroup/memory/c/memory.limit_in_bytes", "2000\n",
       0},
      {"nonsense", "/sys/fs/cgroup/memory.max", "1000\n", 0},
      {"", "/sys/fs/cgroup/memory.max", "1000\n", 0},
  };

  for (size_t i = 0; i < COUNT(cases); i++) {
    struct false_root fake;
    uint64_t machine;

    NOTE("%s, %s", cases[i].line, cases[i].file);
    root_make(&fake);
    machine = ng_memory_allowed_below(fake.root);
    root_write(&fake, "/proc/self/cgroup", cases[i].line);
    root_write(&fake, cases[i].file, cases[i].number);
    CHECK_EQ(ng_memory_allowed_below(fake.root),
             cases[i].wanted ? cases[i].wanted : machine);
    root_remove(&fake);
  }
}

int main(int argc, char **argv)
{
  static const struct test tests[] = {
      TEST(memory_is_that_of_the_machine_at_most),
      TEST(memory_is_limited_by_control_groups),
  };

  return test_main(tests, COUNT(tests), argc, argv);
}
