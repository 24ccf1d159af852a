/* SPDX-License-Identifier: MIT */
/*
 * Says whether a path of the caller is a pattern, calls ng_match() (match.c)
 * for it, and puts the errors of that into words. Counts and rows call it
 * before they open a file (api/counts.c, rows/reading.c).
 */
#include "store/files.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fault/fail.h"
#include "source/beneath.h"
#include "store/match.h"
#include "store/root.h"

/* Whether no file is there. A path that leads out of the root is not taken for
   a pattern; opening it is refused later. */
static bool is_nothing_below(const struct ngram_root *root, const char *path)
{
  int fd;
  int error = ng_root_look(root, path, &fd);

  if (!error)
    close(fd);
  return error && error != NG_OUTSIDE;
}

bool ng_files_is_pattern(const struct ngram_root *root, const char *path)
{
  const char *part = root ? ng_root_part(root, path) : path;
  struct stat status;

  if (!part || !strpbrk(part, "*?["))
    return false;
  return root ? is_nothing_below(root, path) : lstat(path, &status) != 0;
}

/* `system_error` is that of ng_match(), for the path `failed` or, if that is
   NULL, for the pattern. */
static enum ngram_status fail_match(struct ngram_error *error,
                                    const char *pattern, const char *failed,
                                    int system_error)
{
  if (system_error == ECANCELED)
    return ng_fail_interrupted(error);
  if (system_error == ENOENT)
    return ng_fail(error, NGRAM_CANNOT_OPEN, "cannot open %s: no file matches",
                   pattern);
  if (system_error == NG_OUTSIDE && !failed)
    return ng_fail(error, NGRAM_FORBIDDEN,
                   "cannot open %s: with a root, a pattern has no \"..\"",
                   pattern);
  if (system_error == NG_OUTSIDE)
    return ng_fail(error, NGRAM_FORBIDDEN,
                   "cannot open %s: it leads out of the root folder", failed);
  if (system_error == ENAMETOOLONG && !failed)
    return ng_fail(error, NGRAM_CANNOT_OPEN,
                   "cannot open %.40s...: a pattern of %zu bytes, allowed are "
                   "fewer than %d",
                   pattern, strlen(pattern), PATH_MAX);
  if (system_error == E2BIG)
    return ng_fail(error, NGRAM_CANNOT_OPEN,
                   "cannot open %s: more than %d names to look at, or %zu "
                   "bytes of paths",
                   pattern, NG_MATCH_NAMES_MAX, NG_MATCH_BYTES_MAX);
  return ng_fail_open(error, failed ? failed : pattern, system_error);
}

enum ngram_status ng_files_match(const struct ngram_root *root,
                                 const char *pattern,
                                 const struct ng_stop *stop,
                                 struct ng_files *files,
                                 struct ngram_error *error)
{
  char *failed = NULL;
  int system_error = ng_match(root, pattern, stop, files, &failed);
  enum ngram_status status = NGRAM_OK;

  if (system_error)
    status = fail_match(error, pattern, failed, system_error);
  free(failed);
  return status;
}
