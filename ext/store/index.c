/* SPDX-License-Identifier: MIT */
/*
 * struct ngram_index: a list of files by last use (base/lru.h), each with its
 * seek points, and perhaps a folder of index files (store/index_file.c).
 *
 * A file in the list is recognized by device, inode, size and time of
 * modification. The time of its last status change is left out: a rename or a
 * chmod does not invalidate points, and a wrong point is found in use.
 *
 * A pass (scan/scan.c) calls, when it begins, one of these:
 *
 *   ng_index_find()      borrows the points. If the list has none, they are
 *                        read from the folder into the list
 *   ng_index_take()      the same, but moves the points from the list to the
 *                        pass: for rows, which the caller reads while other
 *                        passes use the index
 *
 * and when it ends, of these, what applies:
 *
 *   ng_index_keep()      if it had no points and has collected some: writes
 *                        them to the folder and lists them
 *   ng_index_forget()    if a point was wrong: removes the file's points from
 *                        the list and the folder
 *   ng_index_put_back()  if it has taken points and none was wrong
 *
 * The list holds up to KEPT_POINTS points; the files used least recently are
 * dropped. Points in the folder can be read again. Errors of index files are
 * ignored, because a file without points is only slower to scan.
 *
 * Memory: the list owns its entries and their points.
 */
#include "store/index.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/lru.h"
#include "fault/fail.h"
#include "store/index_file.h"

/* The points of four large files, or of many small ones: 64 MiB of windows. */
#define KEPT_POINTS ((size_t)4 * NG_SEEK_POINTS_MAX)

struct entry {
  struct ng_lru link;
  struct ng_source_identity identity;
  struct ng_seek_points points;
};

struct ngram_index {
  struct ng_lru files;
  char *folder; /* owned, an absolute path; NULL: none */
  bool cleared; /* leftovers of killed processes were removed from the folder */
};

struct ngram_index *ngram_index_create(void)
{
  return calloc(1, sizeof(struct ngram_index));
}

static void entry_free(void *memory)
{
  struct entry *entry = memory;

  if (entry)
    ng_seek_points_free(&entry->points);
  free(entry);
}

void ngram_index_free(struct ngram_index *index)
{
  if (!index)
    return;
  while (index->files.next)
    entry_free(ng_lru_take(&index->files, NULL, NULL));
  free(index->folder);
  free(index);
}

/* Returns 0 if files can be made in the folder, or an errno. */
static int check_folder(const char *folder)
{
  struct stat status;

  if (stat(folder, &status) != 0)
    return errno;
  if (!S_ISDIR(status.st_mode))
    return ENOTDIR;
  return access(folder, R_OK | W_OK | X_OK) == 0 ? 0 : errno;
}

enum ngram_status ngram_index_set_folder(struct ngram_index *index,
                                         const char *folder,
                                         struct ngram_error *error)
{
  char *copy = NULL;

  if (folder) {
    int system_error = check_folder(folder);

    if (system_error)
      return ng_fail_open(error, folder, system_error);
    copy = realpath(folder, NULL); /* the host may change its own folder */
    if (!copy)
      return ng_fail_open(error, folder, errno);
  }
  free(index->folder);
  index->folder = copy;
  index->cleared = false;
  return NGRAM_OK;
}

const char *ngram_index_folder(const struct ngram_index *index)
{
  return index->folder;
}

static bool is_same(const void *entry, const void *identity)
{
  const struct ng_source_identity *a = &((const struct entry *)entry)->identity;
  const struct ng_source_identity *b = identity;

  return a->device == b->device && a->inode == b->inode && a->size == b->size &&
         a->modified_seconds == b->modified_seconds &&
         a->modified_nanoseconds == b->modified_nanoseconds;
}

static uint64_t point_count(const void *entry)
{
  return ((const struct entry *)entry)->points.count;
}

/* List these points, which are taken over, in place of those that the file may
   have. Returns NULL if there is no memory; the points are freed then. */
static struct entry *list_points(struct ngram_index *index,
                                 const struct ng_source_identity *identity,
                                 struct ng_seek_points *points)
{
  struct entry *entry = malloc(sizeof *entry);

  entry_free(ng_lru_take(&index->files, is_same, identity));
  if (entry) {
    *entry = (struct entry){.identity = *identity, .points = *points};
    ng_lru_put(&index->files, entry);
    ng_lru_trim(&index->files, KEPT_POINTS, SIZE_MAX, point_count, entry_free);
  } else
    ng_seek_points_free(points);
  *points = (struct ng_seek_points){.count = 0};
  return entry;
}

const struct ng_seek_points *ng_index_find(struct ngram_index *index,
                                           struct ng_source *source,
                                           const char *path)
{
  struct ng_source_identity identity;
  struct ng_seek_points points = {.count = 0};
  struct entry *entry;

  if (!ng_source_identify(source, &identity))
    return NULL;
  entry = ng_lru_use(&index->files, is_same, &identity);
  if (!entry && index->folder &&
      ng_index_file_read(index->folder, source, path, &points))
    entry = list_points(index, &identity, &points);
  return entry ? &entry->points : NULL;
}

bool ng_index_take(struct ngram_index *index, struct ng_source *source,
                   const char *path, struct ng_seek_points *points)
{
  struct entry *entry;

  if (!ng_index_find(index, source, path))
    return false;
  entry = ng_lru_take(&index->files, NULL, NULL); /* the first */
  *points = entry->points;
  free(entry);
  return true;
}

void ng_index_put_back(struct ngram_index *index, struct ng_source *source,
                       struct ng_seek_points *points)
{
  struct ng_source_identity identity;

  if (ng_source_identify(source, &identity))
    list_points(index, &identity, points);
  else
    ng_seek_points_free(points);
}

/* Leftovers are cleared after the first write to a folder, because that has set
   the folder's time, to which their age is compared. */
static void write_file(struct ngram_index *index, struct ng_source *source,
                       const char *path, const struct ng_seek_points *points)
{
  ng_index_file_write(index->folder, source, path, points);
  if (!index->cleared)
    ng_index_file_clear(index->folder);
  index->cleared = true;
}

void ng_index_keep(struct ngram_index *index, struct ng_source *source,
                   const char *path, struct ng_seek_points *points)
{
  struct ng_source_identity identity;

  if (!ng_source_identify(source, &identity) || points->failed ||
      points->count == 0) {
    ng_seek_points_free(points);
    return;
  }
  if (index->folder)
    write_file(index, source, path, points);
  list_points(index, &identity, points);
}

void ng_index_forget(struct ngram_index *index, struct ng_source *source,
                     const char *path)
{
  struct ng_source_identity identity;

  if (!ng_source_identify(source, &identity))
    return;
  entry_free(ng_lru_take(&index->files, is_same, &identity));
  if (index->folder)
    ng_index_file_remove(index->folder, path);
}
