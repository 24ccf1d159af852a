/* SPDX-License-Identifier: MIT */
/*
 * A list of files, the one used last first. What does not fit is dropped from
 * its end, and read from the folder again if there is one.
 */
#include "engine/index.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/fault.h"
#include "engine/index_file.h"

/* Windows of four large files, or of many small ones. */
#define KEPT_POINTS ((size_t)4 * NG_SEEK_POINTS_MAX)

struct entry {
  struct entry *next;
  struct ng_source_identity identity;
  struct ng_seek_points points;
};

struct ngram_index {
  struct entry *first;
  char *folder; /* NULL: none */
  bool cleared; /* of what others have left there */
};

struct ngram_index *ngram_index_create(void)
{
  return calloc(1, sizeof(struct ngram_index));
}

static void entry_free(struct entry *entry)
{
  ng_seek_points_free(&entry->points);
  free(entry);
}

void ngram_index_free(struct ngram_index *index)
{
  struct entry *entry;

  if (!index)
    return;
  while ((entry = index->first)) {
    index->first = entry->next;
    entry_free(entry);
  }
  free(index->folder);
  free(index);
}

/* Whether files can be made in the folder: 0, or an errno. */
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

static bool is_same(const struct ng_source_identity *a,
                    const struct ng_source_identity *b)
{
  return a->device == b->device && a->inode == b->inode && a->size == b->size &&
         a->modified_seconds == b->modified_seconds &&
         a->modified_nanoseconds == b->modified_nanoseconds;
}

/* Take the file's entry out of the list; NULL: there is none. */
static struct entry *take_out(struct ngram_index *index,
                              const struct ng_source_identity *identity)
{
  struct entry **place = &index->first;
  struct entry *entry;

  while (*place && !is_same(&(*place)->identity, identity))
    place = &(*place)->next;
  entry = *place;
  if (entry)
    *place = entry->next;
  return entry;
}

static void drop_behind(struct ngram_index *index, size_t points)
{
  struct entry **place = &index->first;
  struct entry *entry;

  for (; *place && points >= (*place)->points.count; place = &(*place)->next)
    points -= (*place)->points.count;
  while ((entry = *place)) {
    *place = entry->next;
    entry_free(entry);
  }
}

static void put_first(struct ngram_index *index, struct entry *entry)
{
  entry->next = index->first;
  index->first = entry;
  drop_behind(index, KEPT_POINTS);
}

/* An entry that takes the points over; NULL: no memory, and they are freed. */
static struct entry *entry_new(const struct ng_source_identity *identity,
                               struct ng_seek_points *points)
{
  struct entry *entry = malloc(sizeof *entry);

  if (entry)
    *entry = (struct entry){NULL, *identity, *points};
  else
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
  entry = take_out(index, &identity);
  if (!entry && index->folder &&
      ng_index_file_read(index->folder, source, path, &points))
    entry = entry_new(&identity, &points);
  if (!entry)
    return NULL;
  put_first(index, entry);
  return &entry->points;
}

bool ng_index_take(struct ngram_index *index, struct ng_source *source,
                   const char *path, struct ng_seek_points *points)
{
  struct ng_source_identity identity;
  struct entry *entry = NULL;

  if (ng_index_find(index, source, path) &&
      ng_source_identify(source, &identity))
    entry = take_out(index, &identity);
  if (!entry)
    return false;
  *points = entry->points;
  free(entry);
  return true;
}

/* Drop what is known of the file and know these points instead. */
static void replace(struct ngram_index *index,
                    const struct ng_source_identity *identity,
                    struct ng_seek_points *points)
{
  struct entry *entry = take_out(index, identity);

  if (entry)
    entry_free(entry);
  entry = entry_new(identity, points);
  if (entry)
    put_first(index, entry);
}

void ng_index_put_back(struct ngram_index *index, struct ng_source *source,
                       struct ng_seek_points *points)
{
  struct ng_source_identity identity;

  if (ng_source_identify(source, &identity))
    replace(index, &identity, points);
  else
    ng_seek_points_free(points);
}

/* With the first file, leftovers go: it has set the folder's time. */
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
  replace(index, &identity, points);
}

void ng_index_forget(struct ngram_index *index, struct ng_source *source,
                     const char *path)
{
  struct ng_source_identity identity;
  struct entry *entry;

  if (!ng_source_identify(source, &identity))
    return;
  entry = take_out(index, &identity);
  if (entry)
    entry_free(entry);
  if (index->folder)
    ng_index_file_remove(index->folder, path);
}
