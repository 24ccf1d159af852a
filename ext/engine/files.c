/* SPDX-License-Identifier: MIT */
/*
 * Patterns are those of glob(3). Its order depends on the locale, so names are
 * sorted by their bytes here; and a folder that cannot be read is an error,
 * because files would be missing in silence. Below a root, glob(3) would look
 * beyond it, through links: there match.c matches.
 */
#include "engine/files.h"

#include <errno.h>
#include <glob.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/fault.h"
#include "engine/match.h"
#include "engine/root.h"
#include "source/beneath.h"

/* What leads out of the root is none, so that it is refused as any path is. */
static bool is_nothing_below(const struct ngram_root *root, const char *path)
{
  int fd;
  int error = ng_root_look(root, path, &fd);

  if (!error)
    close(fd);
  return error && error != NG_OUTSIDE;
}

bool ng_path_is_pattern(const struct ngram_root *root, const char *path)
{
  const char *part = root ? ng_root_part(root, path) : path;
  struct stat status;

  if (!part || !strpbrk(part, "*?["))
    return false;
  return root ? is_nothing_below(root, path) : lstat(path, &status) != 0;
}

/* The folder is not told: glob() gives no context for it to be kept in. */
static int refuse_unreadable(const char *path, int system_error)
{
  (void)path;
  return system_error != ENOENT && system_error != ENOTDIR;
}

static bool is_folder(const char *path)
{
  struct stat status;

  return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

static int compare_paths(const void *a, const void *b)
{
  return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Copy what is no folder. False: no memory. */
static bool take_paths(struct ng_files *files, const glob_t *found)
{
  files->paths = calloc(found->gl_pathc + 1, sizeof *files->paths);
  if (!files->paths)
    return false;
  for (size_t i = 0; i < found->gl_pathc; i++) {
    if (is_folder(found->gl_pathv[i]))
      continue;
    files->paths[files->count] = strdup(found->gl_pathv[i]);
    if (!files->paths[files->count])
      return false;
    files->count++;
  }
  qsort(files->paths, files->count, sizeof *files->paths, compare_paths);
  return true;
}

static enum ngram_status fail_match(struct ngram_error *error,
                                    const char *pattern, int code)
{
  if (code == GLOB_NOSPACE)
    return ng_fail_memory(error);
  if (code == GLOB_ABORTED)
    return ng_fail(error, NGRAM_CANNOT_OPEN,
                   "cannot open %s: a folder cannot be read", pattern);
  return ng_fail(error, NGRAM_CANNOT_OPEN, "cannot open %s: no file matches",
                 pattern);
}

static enum ngram_status match_anywhere(const char *pattern,
                                        struct ng_files *files,
                                        struct ngram_error *error)
{
  glob_t found = {.gl_pathc = 0};
  int code = glob(pattern, GLOB_NOSORT, refuse_unreadable, &found);
  enum ngram_status status = NGRAM_OK;

  *files = (struct ng_files){.count = 0};
  if (code != 0)
    status = fail_match(error, pattern, code);
  else if (!take_paths(files, &found))
    status = ng_fail_memory(error);
  else if (files->count == 0)
    status = fail_match(error, pattern, GLOB_NOMATCH);
  globfree(&found);
  return status;
}

/* `system_error` is that of match.c, at `place` or of the pattern itself. */
static enum ngram_status fail_below(struct ngram_error *error,
                                    const char *pattern, const char *place,
                                    int system_error)
{
  if (system_error == ENOENT)
    return fail_match(error, pattern, GLOB_NOMATCH);
  if (system_error == NG_OUTSIDE && !place)
    return ng_fail(error, NGRAM_FORBIDDEN,
                   "cannot open %s: with a root, a pattern has no \"..\"",
                   pattern);
  if (system_error == NG_OUTSIDE)
    return ng_fail(error, NGRAM_FORBIDDEN,
                   "cannot open %s: it leads out of the root folder", place);
  if (system_error == E2BIG)
    return ng_fail(error, NGRAM_CANNOT_OPEN,
                   "cannot open %s: more than %d names to look at", pattern,
                   NG_MATCH_NAMES_MAX);
  return ng_fail_open(error, place ? place : pattern, system_error);
}

static enum ngram_status match_below(const struct ngram_root *root,
                                     const char *pattern,
                                     struct ng_files *files,
                                     struct ngram_error *error)
{
  char *place = NULL;
  int system_error = ng_match_below(root, pattern, files, &place);
  enum ngram_status status = NGRAM_OK;

  if (system_error)
    status = fail_below(error, pattern, place, system_error);
  free(place);
  return status;
}

enum ngram_status ng_files_match(const struct ngram_root *root,
                                 const char *pattern, struct ng_files *files,
                                 struct ngram_error *error)
{
  return root ? match_below(root, pattern, files, error)
              : match_anywhere(pattern, files, error);
}

void ng_files_free(struct ng_files *files)
{
  for (size_t i = 0; i < files->count; i++)
    free(files->paths[i]);
  free(files->paths);
  *files = (struct ng_files){.count = 0};
}
