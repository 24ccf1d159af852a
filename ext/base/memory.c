/* SPDX-License-Identifier: MIT */
/*
 * A limit of 0 stands for "none" throughout this file. A file that is missing
 * or cannot be read sets no limit.
 *
 * Control groups (Linux, admin-guide/cgroup-v2.rst): /proc/self/cgroup has a
 * line "0::PATH", and each folder from PATH up may hold a file memory.max, with
 * a number or "max". A line "N:memory:PATH" is of version 1, where the file is
 * memory.limit_in_bytes. In a container PATH may not exist below the mounted
 * folder; then the limit of the mounted root counts.
 */
#include "base/memory.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/descriptor.h"

static uint64_t least(uint64_t a, uint64_t b)
{
  if (a == 0 || b == 0)
    return a + b;
  return a < b ? a : b;
}

static uint64_t machine_memory(void)
{
  long pages = sysconf(_SC_PHYS_PAGES);
  long page_bytes = sysconf(_SC_PAGESIZE);

  return pages > 0 && page_bytes > 0 ? (uint64_t)pages * (uint64_t)page_bytes
                                     : 0;
}

static uint64_t process_limit(void)
{
  /* Pointers of 32 bits reach 4 GiB, of which a kernel may keep up to half. */
  uint64_t reach = sizeof(void *) > 4 ? 0 : UINT64_C(2) << 30;
  struct rlimit limit;

  if (getrlimit(RLIMIT_AS, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY)
    return reach;
  return least(reach, (uint64_t)limit.rlim_cur);
}

/* Returns NULL if the file cannot be opened. */
static FILE *open_text(const char *path)
{
  int fd = ng_descriptor_lift(open(path, O_RDONLY | O_CLOEXEC));
  FILE *file = fd >= 0 ? fdopen(fd, "r") : NULL;

  if (fd >= 0 && !file)
    close(fd);
  return file;
}

/* Returns the number at the start of a file; 0 if there is none. */
static uint64_t read_number(const char *path)
{
  FILE *file = open_text(path);
  char line[32] = "";
  char *end;
  uint64_t number;

  if (!file)
    return 0;
  if (!fgets(line, sizeof line, file))
    line[0] = '\0';
  fclose(file);
  number = strtoull(line, &end, 10);
  return end > line && number < UINT64_MAX ? number : 0;
}

/* Returns the least limit of a group and those above it, up to the root
   `mounted`. `name` is that of the file with the limit. */
static uint64_t group_limit(const char *mounted, const char *group,
                            const char *name)
{
  char path[PATH_MAX];
  size_t root = strlen(mounted);
  uint64_t limit = 0;
  size_t end;

  if (root + strlen(group) + strlen(name) + 2 > sizeof path)
    return 0;
  snprintf(path, sizeof path, "%s%s", mounted, group);
  end = strlen(path);
  for (;;) {
    snprintf(path + end, sizeof path - end, "/%s", name);
    limit = least(limit, read_number(path));
    if (end <= root)
      return limit;
    while (end > root && path[end - 1] != '/')
      end--;
    end -= end > root; /* the slash */
  }
}

/* Returns the limit that a line of /proc/self/cgroup leads to. */
static uint64_t line_limit(const char *root, char *line)
{
  char mounted[PATH_MAX];
  char *kinds = strchr(line, ':');
  char *group = kinds ? strchr(kinds + 1, ':') : NULL;

  if (!group)
    return 0;
  *group++ = '\0';
  kinds++;
  group[strcspn(group, "\n")] = '\0';
  if (strstr(group, "/.."))
    group = ""; /* outside of the mounted folder */
  snprintf(mounted, sizeof mounted, "%s/sys/fs/cgroup%s", root,
           *kinds ? "/memory" : "");
  if (!*kinds)
    return group_limit(mounted, group, "memory.max");
  return strcmp(kinds, "memory") == 0
             ? group_limit(mounted, group, "memory.limit_in_bytes")
             : 0;
}

uint64_t ng_memory_allowed_below(const char *root)
{
  char line[PATH_MAX];
  uint64_t allowed = least(machine_memory(), process_limit());
  FILE *file;

  snprintf(line, sizeof line, "%s/proc/self/cgroup", root);
  file = open_text(line);
  if (!file)
    return allowed;
  while (fgets(line, sizeof line, file))
    allowed = least(allowed, line_limit(root, line));
  fclose(file);
  return allowed;
}

uint64_t ng_memory_allowed(void)
{
  return ng_memory_allowed_below("");
}
