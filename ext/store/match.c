/* SPDX-License-Identifier: MIT */
/*
 * Matches a pattern, called by ng_files_match() (store/files.c).
 *
 * The names of a pattern, which `/` separates, are taken from the left. For
 * each, a new list of paths is made from the list of the paths that fit the
 * names before it. A name with `*`, `?`, `[` or a backslash is compared
 * (base/pattern.h) with the entries of each folder of that list; folders are
 * opened below the root as every file is. Any other name is appended to each
 * path that has an entry of this name. The list is sorted after each name, so
 * if two folders fail, it is always the same one that is reported. At the end
 * folders are dropped.
 *
 * With a root, a folder that is a link is followed if it stays below the root.
 * One that leads out is an error even if nothing in it would fit, because that
 * cannot be known without looking there. A match that is such a link is found,
 * and fails when it is opened.
 *
 * Refused: glob(3). It follows links anywhere, cannot be told to stop, and
 * calls itself for each `/`, so a long pattern overflows a thread's stack.
 *
 * Memory: both lists own their paths; the last one becomes the caller's.
 */
#include "store/match.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/array.h"
#include "base/long_sort.h"
#include "base/pattern.h"
#include "source/beneath.h"
#include "store/root.h"

/* Names between two questions whether to stop; each may take a system call. */
#define ASK_NAMES 64
/* Memory of a path beside its bytes: a pointer, a second one while the list is
   sorted, and the allocator's overhead. */
#define PATH_OVERHEAD 32

struct list {
  struct ng_files files;
  size_t capacity; /* of files.paths */
};

struct match {
  const struct ngram_root *root; /* borrowed, as `stop`; NULL: anywhere */
  const struct ng_stop *stop;    /* NULL: never */
  struct list found;             /* paths that fit the names so far */
  struct list next;              /* those that fit the current name, too */
  size_t looked_at;              /* entries of folders, and names */
  size_t bytes;                  /* of the paths in both lists */
  char *failed;                  /* owned: the path of an error, or NULL */
};

/* ----------------------------------------------------------------- list -- */

static size_t path_bytes(const char *path)
{
  return strlen(path) + 1 + PATH_OVERHEAD;
}

/* Add a path, which is taken over; NULL is ENOMEM. Returns 0 or an errno:
   ENOMEM, E2BIG. */
static int list_take(struct match *match, struct list *list, char *path)
{
  if (!path || !NG_ARRAY_RESERVE(list->files.paths, list->capacity,
                                 list->files.count + 1)) {
    free(path);
    return ENOMEM;
  }
  list->files.paths[list->files.count++] = path;
  match->bytes += path_bytes(path);
  return match->bytes > NG_MATCH_BYTES_MAX ? E2BIG : 0;
}

static void list_free(struct match *match, struct list *list)
{
  for (size_t i = 0; i < list->files.count; i++)
    match->bytes -= path_bytes(list->files.paths[i]);
  ng_match_free(&list->files);
  list->capacity = 0;
}

/* Returns a new path, or NULL if there is no memory. */
static char *join(const char *folder, const char *name)
{
  size_t length = strlen(folder);
  size_t size = length + 1 + strlen(name) + 1;
  char *path = malloc(size);

  if (path)
    snprintf(path, size, "%s%s%s", folder,
             length > 0 && folder[length - 1] != '/' ? "/" : "", name);
  return path;
}

/* ---------------------------------------------------------------- names -- */

/* Whether an errno means that nothing is there that could fit. */
static bool is_nothing(int error)
{
  return error == ENOENT || error == ENOTDIR || error == ELOOP;
}

/* Returns the errno, of `path`, after noting the path; 0 if it only means that
   nothing is there. */
static int fail_at(struct match *match, const char *path, int error)
{
  if (is_nothing(error))
    return 0;
  match->failed = strdup(path[0] ? path : ".");
  return match->failed ? error : ENOMEM;
}

static bool fits(const char *name, const char *found)
{
  return strcmp(found, ".") != 0 && strcmp(found, "..") != 0 &&
         ng_pattern_fits(name, found);
}

/* Add the entries of an open folder that fit. */
static int read_folder(struct match *match, DIR *open, const char *folder,
                       const char *name)
{
  int error = 0;

  while (!error) {
    const struct dirent *entry;

    errno = 0;
    entry = readdir(open);
    if (!entry)
      return errno ? fail_at(match, folder, errno) : 0;
    if (++match->looked_at > NG_MATCH_NAMES_MAX)
      error = E2BIG;
    else if (match->looked_at % ASK_NAMES == 0 && ng_stop_asked(match->stop))
      error = ECANCELED;
    else if (fits(name, entry->d_name))
      error = list_take(match, &match->next, join(folder, entry->d_name));
  }
  return error;
}

static int search_folder(struct match *match, const char *folder,
                         const char *name)
{
  DIR *open = NULL;
  int fd;
  int error = ng_root_open_folder(match->root, folder[0] ? folder : ".", &fd);

  if (error)
    return fail_at(match, folder, error);
  open = fdopendir(fd);
  if (!open) {
    close(fd);
    return ENOMEM; /* the only error left for fdopendir() */
  }
  error = read_folder(match, open, folder, name);
  closedir(open);
  return error;
}

static int look_below(struct match *match, const char *folder, const char *name)
{
  struct stat status;
  int fd;
  int error = ng_root_look(match->root, folder[0] ? folder : ".", &fd);

  if (error)
    return error;
  if (fstatat(fd, name, &status, AT_SYMLINK_NOFOLLOW) != 0)
    error = errno;
  close(fd);
  return error;
}

/* Add a name without special characters if it is in the folder. A link counts,
   whatever it leads to. */
static int look_for(struct match *match, const char *folder, const char *name)
{
  char *path = join(folder, name);
  struct stat status;
  int error = 0;

  if (!path)
    return ENOMEM;
  if (match->root)
    error = look_below(match, folder, name);
  else if (lstat(path, &status) != 0)
    error = errno;
  if (error) {
    free(path);
    /* No file has a name of this length. */
    return error == ENAMETOOLONG && strlen(name) > NAME_MAX
               ? 0
               : fail_at(match, folder, error);
  }
  if (++match->looked_at <= NG_MATCH_NAMES_MAX)
    return list_take(match, &match->next, path);
  free(path);
  return E2BIG;
}

static int compare_paths(const void *a, const void *b)
{
  return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Returns 0 or an errno: ENOMEM, ECANCELED. */
static int sort_paths(const struct match *match, struct ng_files *files)
{
  return ng_long_sort(files->paths, files->count, sizeof *files->paths,
                      compare_paths, match->stop);
}

/* Make the next list, for one name of the pattern. Returns 0 or an errno. */
static int match_name(struct match *match, const char *name)
{
  bool search = ng_pattern_is_one(name);
  int error = 0;

  for (size_t i = 0; !error && i < match->found.files.count; i++) {
    const char *folder = match->found.files.paths[i];

    if (i % ASK_NAMES == 0 && ng_stop_asked(match->stop))
      return ECANCELED;
    error = search ? search_folder(match, folder, name)
                   : look_for(match, folder, name);
  }
  list_free(match, &match->found);
  match->found = match->next;
  match->next = (struct list){.capacity = 0};
  return error ? error : sort_paths(match, &match->found.files);
}

/* -------------------------------------------------------------- pattern -- */

static bool is_folder(const struct match *match, const char *path)
{
  struct stat status;
  bool yes = false;
  int fd;

  if (!match->root)
    return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
  if (ng_root_look(match->root, path, &fd) == 0) {
    yes = fstat(fd, &status) == 0 && S_ISDIR(status.st_mode);
    close(fd);
  }
  return yes;
}

static int drop_folders(struct match *match)
{
  struct ng_files *files = &match->found.files;
  size_t kept = 0;
  int error = 0;

  for (size_t i = 0; i < files->count; i++) {
    if (i % ASK_NAMES == 0 && ng_stop_asked(match->stop))
      error = ECANCELED;
    if (!error && is_folder(match, files->paths[i]))
      free(files->paths[i]);
    else
      files->paths[kept++] = files->paths[i];
  }
  files->count = kept;
  return error;
}

/* Rename a file called "-" to "./-" and sort again, because "-" as a path is
   standard input. Returns 0 or an errno. */
static int name_plainly(struct match *match)
{
  struct ng_files *files = &match->found.files;

  for (size_t i = 0; i < files->count; i++) {
    char *path;

    if (strcmp(files->paths[i], "-") != 0)
      continue;
    path = strdup("./-");
    if (!path)
      return ENOMEM;
    free(files->paths[i]);
    files->paths[i] = path;
    return sort_paths(match, files);
  }
  return 0;
}

static bool has_dot_dot(const char *pattern)
{
  const char *at = pattern;

  while ((at = strstr(at, ".."))) {
    bool begins = at == pattern || at[-1] == '/';

    if (begins && (at[2] == '/' || at[2] == '\0'))
      return true;
    at += 2;
  }
  return false;
}

/* Match the names of a pattern, which is cut up. Returns 0 or an errno. */
static int match_names(struct match *match, char *names)
{
  const char *begin = !match->root && names[0] == '/' ? "/" : "";
  char *rest = NULL;
  int error = list_take(match, &match->found, strdup(begin));

  for (char *name = strtok_r(names, "/", &rest); name && !error;
       name = strtok_r(NULL, "/", &rest))
    error = match_name(match, name);
  return error;
}

/* Make the paths absolute, as the pattern is. */
static int make_absolute(struct match *match)
{
  struct ng_files *files = &match->found.files;

  for (size_t i = 0; i < files->count; i++) {
    char *full = ng_root_full_path(match->root, files->paths[i]);

    if (!full)
      return ENOMEM;
    free(files->paths[i]);
    files->paths[i] = full;
  }
  return 0;
}

int ng_match(const struct ngram_root *root, const char *pattern,
             const struct ng_stop *stop, struct ng_files *files, char **failed)
{
  struct match match = {.root = root, .stop = stop};
  const char *part = root ? ng_root_part(root, pattern) : pattern;
  char *names = NULL;
  int error = 0;

  *files = (struct ng_files){.count = 0};
  *failed = NULL;
  if (!part || (root && has_dot_dot(part)))
    return NG_OUTSIDE;
  if (strlen(part) >= PATH_MAX)
    return ENAMETOOLONG;
  if (part[strlen(part) - 1] == '/')
    return ENOENT; /* it matches only folders */
  names = strdup(part);
  error = names ? match_names(&match, names) : ENOMEM;
  free(names);
  if (!error)
    error = drop_folders(&match);
  if (!error)
    error = name_plainly(&match);
  if (!error && root && pattern[0] == '/')
    error = make_absolute(&match);
  ng_match_free(&match.next.files);
  *files = match.found.files;
  *failed = match.failed;
  return error || files->count > 0 ? error : ENOENT;
}

void ng_match_free(struct ng_files *files)
{
  for (size_t i = 0; i < files->count; i++)
    free(files->paths[i]);
  free(files->paths);
  *files = (struct ng_files){.count = 0};
}
