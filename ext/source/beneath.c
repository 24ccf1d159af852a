/* SPDX-License-Identifier: MIT */
/*
 * Opens a path below a folder, and nowhere else, whatever its links say.
 *
 * Linux has a call for this, openat2(2) with RESOLVE_BENEATH, since 5.6. Where
 * it is missing, or a sandbox that does not know it returns EPERM, this file
 * resolves the path (struct walk), as the kernel would:
 *
 * - One name at a time, from a descriptor of the folder reached so far, and
 * with O_NOFOLLOW. So no step can leave that folder, even if names change.
 * - The folders passed are kept open. `..` goes back to the one before; from
 * the root it is NG_OUTSIDE.
 * - A symbolic link is read, and its target put before the rest of the path.
 * An absolute target is NG_OUTSIDE, even if it leads below the root, as it is
 * for RESOLVE_BENEATH. So are the magic links of /proc.
 *
 * A regular file is opened in two steps where the system allows it: by O_PATH,
 * which has no effect on the file, and, after its type was checked, through
 * /proc, which leads to that very file. Without O_PATH or /proc the type is
 * checked by name and the file then opened, so a FIFO that takes the name
 * between the two is opened.
 *
 * The engine opens all files below a root by these calls. They own no memory,
 * and close the descriptors of the folders passed before they return.
 *
 * Refused: realpath() and a check of its result, because the path may lead
 * elsewhere by the time it is opened; chroot(), which changes the whole
 * process.
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

/* The limit of Linux. */
#define LINKS_MAX 40
/* Levels of folders. Each takes a descriptor while a path is resolved here. */
#define DEPTH_MAX 64

/* For a folder that is passed, not the end of the path. */
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

/* Returns 0 for a regular file, EISDIR for a folder, else NG_OUTSIDE. */
static int check_regular(const struct stat *status)
{
  if (S_ISDIR(status->st_mode))
    return EISDIR;
  return S_ISREG(status->st_mode) ? 0 : NG_OUTSIDE;
}

/* ----------------------------------------------------------------- walk -- */

struct walk {
  int root;               /* borrowed */
  int folders[DEPTH_MAX]; /* owned descriptors, each one below the last */
  size_t depth;
  bool regular;            /* the path must lead to a regular file */
  unsigned links;          /* followed so far */
  char rest[2 * PATH_MAX]; /* the part of the path not resolved yet */
};

static int walk_folder(const struct walk *walk)
{
  return walk->depth > 0 ? walk->folders[walk->depth - 1] : walk->root;
}

static void walk_up(struct walk *walk)
{
  close(walk->folders[--walk->depth]);
}

/* Move the next name of the rest to `name`; *last is set if no slash follows
   it. Returns false if there is none. */
static bool walk_take(struct walk *walk, char *name, bool *last)
{
  const char *from = walk->rest + strspn(walk->rest, "/");
  size_t length = strcspn(from, "/");
  const char *after = from + length;

  memcpy(name, from, length);
  name[length] = '\0';
  *last = after[0] == '\0';
  memmove(walk->rest, after, strlen(after) + 1);
  return length > 0;
}

/* Put the target of a link before the rest. Returns 0, or an errno. */
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

/* Whether a name is a link. Asked after a failure, because the errno of an open
   with O_NOFOLLOW depends on the system. */
static bool is_link(const struct walk *walk, const char *name)
{
  struct stat status;

  return fstatat(walk_folder(walk), name, &status, AT_SYMLINK_NOFOLLOW) == 0 &&
         S_ISLNK(status.st_mode);
}

/* Whether fd is a link: O_PATH with O_NOFOLLOW opens the link itself. */
static bool is_open_link(int fd)
{
  struct stat status;

  return fstat(fd, &status) == 0 && S_ISLNK(status.st_mode);
}

/* Returns EISDIR or NG_OUTSIDE if a name is of neither a regular file nor a
   link, else 0. If its type cannot be read it is 0 too, and the open fails. */
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

/* Step to a name: into a folder, or, if it is the last one, to the file, which
   becomes *fd. Returns 0, or an errno. */
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
    else /* an empty path, or a slash at the end */
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

/* struct open_how of <linux/openat2.h>, a header that many systems lack. */
struct how {
  uint64_t flags;
  uint64_t mode;
  uint64_t resolve;
};

#define RESOLVE_NO_MAGIC 0x02
#define RESOLVE_BELOW 0x08

/* The call returns EAGAIN if a rename, anywhere, happened while it ran. */
#define TRIES_MAX 32

/* Returns 0 or an errno: ENOSYS if ng_beneath_walk() has to be called instead.
 */
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
    error =
        check_open(*fd); /* the name may have changed since it was checked */
  if (error && *fd >= 0) {
    close(*fd);
    *fd = -1;
  }
  return error;
}

#ifdef O_PATH

#define OWN_DESCRIPTORS "/proc/self/fd"

/* Open the file of a descriptor, whatever its name means now. Returns 0 or an
   errno: ENOSYS if there is no /proc. */
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
