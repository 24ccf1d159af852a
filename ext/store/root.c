/* SPDX-License-Identifier: MIT */
/*
 * struct ngram_root: an open descriptor of a folder, so it stays the same
 * folder whatever happens to its name. Its path is for messages, and to
 * recognize absolute paths that lead below it.
 *
 * All paths below a root are opened here, by source/beneath.h and relative to
 * the descriptor: by ng_root_open_source() to be read; by ng_root_look(),
 * ng_root_open_folder(), ng_root_identify() and ngram_file_bytes() to be
 * examined, for patterns (match.c), for the key of the cache (api/counts.c) and
 * for the host. A function that is called without a root opens the path as it
 * is.
 *
 * Memory: roots are reference-counted, because rows of many files go on opening
 * files after their caller has freed the root.
 */
#include "store/root.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/descriptor.h"
#include "fault/fail.h"
#include "source/beneath.h"

#ifdef O_PATH
#define FOLDER_FLAGS (O_PATH | O_DIRECTORY | O_CLOEXEC)
#define LOOK_FLAGS (O_PATH | O_CLOEXEC) /* has no effect on a device */
#else
#define FOLDER_FLAGS (O_RDONLY | O_DIRECTORY | O_CLOEXEC)
#define LOOK_FLAGS (O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)
#endif

struct ngram_root {
  atomic_uint references;
  int fd;     /* of the folder; -1 while it is being made */
  char *path; /* owned, absolute */
};

void ngram_root_free(struct ngram_root *root)
{
  if (!root || atomic_fetch_sub(&root->references, 1) > 1)
    return;
  if (root->fd >= 0)
    close(root->fd);
  free(root->path);
  free(root);
}

struct ngram_root *ng_root_hold(struct ngram_root *root)
{
  if (root)
    atomic_fetch_add(&root->references, 1);
  return root;
}

const char *ngram_root_path(const struct ngram_root *root)
{
  return root->path;
}

/* Returns 0 or an errno, as open_within() does. */
static int open_anywhere(struct ngram_root *root, const char *path)
{
  root->path = realpath(path, NULL);
  if (!root->path)
    return errno;
  root->fd = ng_descriptor_lift(open(root->path, FOLDER_FLAGS));
  return root->fd < 0 ? errno : 0;
}

/* Whether the root's path leads to the folder that it has open. */
static bool is_at_path(const struct ngram_root *root)
{
  struct stat named;
  struct stat opened;

  return stat(root->path, &named) == 0 && fstat(root->fd, &opened) == 0 &&
         named.st_dev == opened.st_dev && named.st_ino == opened.st_ino;
}

static int open_within(struct ngram_root *root, const struct ngram_root *within,
                       const char *path)
{
  const char *part = ng_beneath_part(within->path, path);
  char *full;
  int error;

  if (!part)
    return NG_OUTSIDE;
  error = ng_beneath_open(within->fd, part, FOLDER_FLAGS, &root->fd);
  if (error)
    return error;
  full = ng_root_full_path(within, path);
  if (!full)
    return ENOMEM;
  root->path = realpath(full, NULL);
  error = errno;
  free(full);
  if (!root->path && error == ENOMEM)
    return ENOMEM;
  /* If the path was changed meanwhile, the caller learns nothing of what it
     leads to. */
  return root->path && ng_beneath_part(within->path, root->path) &&
                 is_at_path(root)
             ? 0
             : NG_OUTSIDE;
}

enum ngram_status ngram_root_create(const char *path,
                                    const struct ngram_root *within,
                                    struct ngram_root **root,
                                    struct ngram_error *error)
{
  struct ngram_root *created = calloc(1, sizeof *created);
  int system_error;

  *root = NULL;
  if (!created)
    return ng_fail_memory(error);
  atomic_init(&created->references, 1);
  created->fd = -1;
  system_error = within ? open_within(created, within, path)
                        : open_anywhere(created, path);
  if (system_error) {
    ngram_root_free(created);
    if (system_error == NG_OUTSIDE)
      return ng_fail(error, NGRAM_FORBIDDEN,
                     "cannot open %s: not below the root folder", path);
    return ng_fail_open(error, path, system_error);
  }
  *root = created;
  return NGRAM_OK;
}

const char *ng_root_part(const struct ngram_root *root, const char *path)
{
  return ng_beneath_part(root->path, path);
}

int ng_root_open_source(const struct ngram_root *root, const char *path,
                        struct ng_source **source)
{
  const char *part;

  if (!root)
    return ng_source_open(path, source);
  *source = NULL;
  part = ng_root_part(root, path);
  if (!part || strcmp(path, "-") == 0)
    return NG_OUTSIDE;
  return ng_source_open_beneath(root->fd, part, source);
}

char *ng_root_full_path(const struct ngram_root *root, const char *path)
{
  size_t size;
  char *full;

  if (!root || path[0] == '/')
    return strdup(path);
  size = strlen(root->path) + 1 + strlen(path) + 1;
  full = malloc(size);
  if (full)
    snprintf(full, size, "%s/%s", root->path, path);
  return full;
}

/* ----------------------------------------------------------------- look -- */

static int open_beneath(const struct ngram_root *root, const char *path,
                        int flags, int *fd)
{
  const char *part = ng_root_part(root, path);

  *fd = -1;
  return part ? ng_beneath_open(root->fd, part, flags, fd) : NG_OUTSIDE;
}

int ng_root_look(const struct ngram_root *root, const char *path, int *fd)
{
  return open_beneath(root, path, LOOK_FLAGS, fd);
}

int ng_root_open_folder(const struct ngram_root *root, const char *path,
                        int *fd)
{
  const int flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC;

  if (root)
    return open_beneath(root, path, flags, fd);
  *fd = ng_descriptor_lift(open(path, flags));
  return *fd < 0 ? errno : 0;
}

bool ng_root_identify(const struct ngram_root *root, const char *path,
                      struct ng_source_identity *identity)
{
  bool known;
  int fd;

  if (!root)
    return ng_source_identify_path(path, identity);
  if (ng_root_look(root, path, &fd) != 0)
    return false;
  known = ng_source_identify_fd(fd, identity);
  close(fd);
  return known;
}

int ngram_file_bytes(const char *path, const struct ngram_root *root,
                     uint64_t *bytes)
{
  struct stat status;
  bool known = false;
  int fd;

  *bytes = 0;
  if (!root)
    known = stat(path, &status) == 0;
  else if (ng_root_look(root, path, &fd) == 0) {
    known = fstat(fd, &status) == 0;
    close(fd);
  }
  if (!known || !S_ISREG(status.st_mode))
    return 0;
  *bytes = (uint64_t)status.st_size;
  return 1;
}
