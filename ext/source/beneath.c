/* SPDX-License-Identifier: MIT */
/*
 * Linux has a call for this, openat2(2) with RESOLVE_BENEATH, since 5.6. Where
 * it is missing, or a sandbox that does not know it says EPERM, the path is
 * walked by hand, as the kernel would:
 *
 * - One name at a time, from a descriptor of the folder reached so far, and
 * with O_NOFOLLOW. So no step can leave that folder, whatever becomes of names.
 * - The folders passed are kept open. `..` goes back to the one before; from
 * the root it is NG_OUTSIDE.
 * - A symbolic link is read, and its target put before the rest of the path.
 * One that is absolute is NG_OUTSIDE, even if it leads below the root: that is
 * what RESOLVE_BENEATH says too. So are the links of /proc that are none.
 *
 * A regular file is opened in two steps where that can be: by O_PATH, which
 * does nothing to what it finds, and, once it was looked at, through /proc,
 * which leads to that very file. Where there is no O_PATH or no /proc, it is
 * looked at and then opened, so a FIFO that is put there between the two is
 * opened.
 *
 * Refused: realpath() and a look at what comes out, for the path is another one
 * when it is opened; chroot(), which takes the whole process along.
 */
#include "source/beneath.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#ifdef __linux__
#include <sys/syscall.h>
#endif

#include "base/descriptor.h"

#ifndef PATH_MAX
#define PATH_MAX 4096
#endif

/* As Linux has it. */
#define LINKS_MAX 40
/* Folders below each other, each of which is a descriptor for a moment. */
#define DEPTH_MAX 64

/* Folders are only passed through. */
#ifdef O_PATH
#define PASS_FLAGS (O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
#else
#define PASS_FLAGS (O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
#endif

const char *ng_beneath_part(const char *root, const char *path)
{
  size_t length = strlen(root);

  if (path[0] != '/')
    return path;
  while (length > 0 && root[length - 1] == '/')
    length--;
  if (strncmp(path, root, length) != 0 ||
      (path[length] != '/' && path[length] != '\0'))
    return NULL;
  path += length;
  while (*path == '/')
    path++;
  return *path ? path : ".";
}

/* What a regular file has to be instead: EISDIR, NG_OUTSIDE. */
static int check_regular(const struct stat *status)
{
  if (S_ISDIR(status->st_mode))
    return EISDIR;
  return S_ISREG(status->st_mode) ? 0 : NG_OUTSIDE;
}

/* ----------------------------------------------------------------- walk -- */

struct walk {
  int root;               /* borrowed */
  int folders[DEPTH_MAX]; /* open, one below the other */
  size_t depth;
  bool regular;            /* nothing else is to be opened at the end */
  unsigned links;          /* followed so far */
  char rest[2 * PATH_MAX]; /* of the path */
};

static int walk_folder(const struct walk *walk)
{
  return walk->depth > 0 ? walk->folders[walk->depth - 1] : walk->root;
}

static void walk_up(struct walk *walk)
{
  close(walk->folders[--walk->depth]);
}

/* Take the next name off the rest into `name`. False: there is none. */
static bool walk_take(struct walk *walk, char *name, bool *last)
{
  const char *from = walk->rest + strspn(walk->rest, "/");
  size_t length = strcspn(from, "/");
  const char *behind = from + length;

  memcpy(name, from, length);
  name[length] = '\0';
  *last = behind[0] == '\0';
  memmove(walk->rest, behind, strlen(behind) + 1);
  return length > 0;
}

/* Put the target of a link before the rest. */
static int walk_link(struct walk *walk, const char *name)
{
  char target[PATH_MAX];
  ssize_t got = readlinkat(walk_folder(walk), name, target, sizeof target);
  size_t size = (size_t)got;
  size_t rest = strlen(walk->rest);

  if (got < 0)
    return errno;
  if (++walk->links > LINKS_MAX)
    return ELOOP;
  if (size == 0)
    return ENOENT;
  if (target[0] == '/')
    return NG_OUTSIDE;
  if (size == sizeof target || size + rest >= sizeof walk->rest)
    return ENAMETOOLONG;
  memmove(walk->rest + size, walk->rest, rest + 1);
  memcpy(walk->rest, target, size);
  return 0;
}

/* Whether this failure is that of a link that was not to be followed: an errno
   that depends on the system. */
static bool is_link(const struct walk *walk, const char *name)
{
  struct stat status;

  return fstatat(walk_folder(walk), name, &status, AT_SYMLINK_NOFOLLOW) == 0 &&
         S_ISLNK(status.st_mode);
}

/* O_PATH with O_NOFOLLOW opens the link itself. */
static bool is_open_link(int fd)
{
  struct stat status;

  return fstat(fd, &status) == 0 && S_ISLNK(status.st_mode);
}

/* What a name stands for is no kind of file that may be opened: EISDIR or
   NG_OUTSIDE. Where it cannot be looked at, opening says why. */
static int look_at(const struct walk *walk, const char *name)
{
  struct stat status;

  if (fstatat(walk_folder(walk), name, &status, AT_SYMLINK_NOFOLLOW) != 0 ||
      S_ISLNK(status.st_mode))
    return 0;
  return check_regular(&status);
}

static int open_once(int folder, const char *name, int flags, int *fd)
{
  do
    *fd = ng_descriptor_lift(openat(folder, name, flags));
  while (*fd < 0 && errno == EINTR);
  return *fd < 0 ? errno : 0;
}

/* Step to a name: into a folder, or to the file itself, which is *fd then. */
static int walk_step(struct walk *walk, const char *name, bool last, int flags,
                     int *fd)
{
  int reached = -1;
  int error;

  if (!last && strcmp(name, ".") == 0)
    return 0;
  if (strcmp(name, "..") == 0) {
    if (walk->depth == 0)
      return NG_OUTSIDE;
    walk_up(walk);
    if (!last)
      return 0;
    name = ".";
  }
  error = last && walk->regular ? look_at(walk, name) : 0;
  if (error)
    return error;
  error =
      open_once(walk_folder(walk), name,
                last ? flags | O_NOFOLLOW | O_CLOEXEC : PASS_FLAGS, &reached);
  if (error)
    return is_link(walk, name) ? walk_link(walk, name) : error;
  if (last && is_open_link(reached)) {
    close(reached);
    return walk_link(walk, name);
  }
  if (last) {
    *fd = reached;
    return 0;
  }
  if (walk->depth == DEPTH_MAX) {
    close(reached);
    return ENAMETOOLONG;
  }
  walk->folders[walk->depth++] = reached;
  return 0;
}

static int walk_path(int root, const char *path, int flags, bool regular,
                     int *fd)
{
  struct walk walk = {.root = root, .regular = regular};
  char name[2 * PATH_MAX];
  bool last;
  int error = 0;

  *fd = -1;
  if (path[0] == '/')
    return NG_OUTSIDE;
  if (strlen(path) >= PATH_MAX)
    return ENAMETOOLONG;
  memcpy(walk.rest, path, strlen(path) + 1);
  while (!error && *fd < 0)
    if (walk_take(&walk, name, &last))
      error = walk_step(&walk, name, last, flags, fd);
    else /* nothing, or a slash at the end */
      error = path[0]
                  ? open_once(walk_folder(&walk), ".", flags | O_CLOEXEC, fd)
                  : ENOENT;
  while (walk.depth > 0)
    walk_up(&walk);
  return error;
}

int ng_beneath_walk(int root, const char *path, int flags, int *fd)
{
  return walk_path(root, path, flags, false, fd);
}

/* --------------------------------------------------------------- openat2 -- */

#if defined(__linux__) && defined(SYS_openat2)

/* As <linux/openat2.h> has it, which many a system lacks. */
struct how {
  uint64_t flags;
  uint64_t mode;
  uint64_t resolve;
};

#define RESOLVE_NO_MAGIC 0x02
#define RESOLVE_BELOW 0x08

/* A rename anywhere makes it uncertain whether a path has stayed below. */
#define TRIES_MAX 32

/* ENOSYS: to be walked. */
static int open_by_kernel(int root, const char *path, int flags, int *fd)
{
  struct how how = {.flags = (uint64_t)(flags | O_CLOEXEC),
                    .resolve = RESOLVE_NO_MAGIC | RESOLVE_BELOW};
  long got = -1;

  for (unsigned tries = 0; got < 0 && tries < TRIES_MAX; tries++) {
    got = syscall(SYS_openat2, root, path, &how, sizeof how);
    if (got < 0 && errno != EAGAIN && errno != EINTR)
      break;
  }
  *fd = ng_descriptor_lift((int)got);
  if (*fd >= 0)
    return 0;
  return errno == EPERM || errno == EAGAIN || errno == EINTR ? ENOSYS : errno;
}

#else

static int open_by_kernel(int root, const char *path, int flags, int *fd)
{
  (void)root;
  (void)path;
  (void)flags;
  (void)fd;
  return ENOSYS;
}

#endif

int ng_beneath_open(int root, const char *path, int flags, int *fd)
{
  int error = open_by_kernel(root, path, flags, fd);

  if (error == ENOSYS)
    error = ng_beneath_walk(root, path, flags, fd);
  if (error)
    *fd = -1;
  return error;
}

/* --------------------------------------------------------------- regular -- */

static int check_open(int fd)
{
  struct stat status;

  return fstat(fd, &status) == 0 ? check_regular(&status) : errno;
}

int ng_beneath_walk_regular(int root, const char *path, int flags, int *fd)
{
  int error = walk_path(root, path, flags, true, fd);

  if (!error)
    error = check_open(*fd); /* a name may have been swapped meanwhile */
  if (error && *fd >= 0) {
    close(*fd);
    *fd = -1;
  }
  return error;
}

#ifdef O_PATH

#define OWN_DESCRIPTORS "/proc/self/fd"

/* Open what was looked at, whatever its name means now. ENOSYS: that cannot be
   done here. */
static int open_looked_at(int looked_at, int flags, int *fd)
{
  char link[sizeof OWN_DESCRIPTORS + 16];

  if (access(OWN_DESCRIPTORS, X_OK) != 0)
    return ENOSYS;
  snprintf(link, sizeof link, "%s/%d", OWN_DESCRIPTORS, looked_at);
  return open_once(AT_FDCWD, link, flags | O_CLOEXEC, fd);
}

int ng_beneath_open_regular(int root, const char *path, int flags, int *fd)
{
  int looked_at;
  int error = ng_beneath_open(root, path, O_PATH, &looked_at);

  *fd = -1;
  if (error)
    return error;
  error = check_open(looked_at);
  if (!error)
    error = open_looked_at(looked_at, flags, fd);
  close(looked_at);
  return error == ENOSYS ? ng_beneath_walk_regular(root, path, flags, fd)
                         : error;
}

#else

int ng_beneath_open_regular(int root, const char *path, int flags, int *fd)
{
  return ng_beneath_walk_regular(root, path, flags, fd);
}

#endif
