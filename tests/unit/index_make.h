/* SPDX-License-Identifier: MIT */
/*
 * Makes gzip files of many short blocks, their seek points, and folders for
 * them: what tests of an index need.
 */
#ifndef NG_TESTS_UNIT_INDEX_MAKE_H
#define NG_TESTS_UNIT_INDEX_MAKE_H

#include <fcntl.h>
#include <sys/stat.h>

#include "inflate/seek_points.h"
#include "store/index_file.h"
#include "unit/answer.h"
#include "unit/bytes.h"
#include "unit/files.h"
#include "unit/gzip_make.h"

/* ----------------------------------------------------------------- files -- */

/* Add a member of `blocks` blocks with `rows` rows each, at which windows
   hardly compress. */
static inline void blocks_add_member(struct bytes *file, unsigned blocks,
                                     unsigned rows)
{
  unsigned char *out;
  z_stream stream = {.next_in = NULL};

  if (deflateInit2(&stream, 6, Z_DEFLATED, MAX_WBITS + 16, 8, 0) != Z_OK)
    exit(1);
  for (unsigned i = 0; i <= blocks; i++) {
    struct bytes text = {.data = NULL};

    for (unsigned j = 0; i < blocks && j < rows; j++)
      bytes_print(&text, "w%zu\t%zu\t%zu\t1\n", random_below(1000),
                  1800 + random_below(200), random_below(100000));
    out = bytes_reserve(file, text.size + 1000);
    stream.next_in = text.data;
    stream.avail_in = (uInt)text.size;
    stream.next_out = out;
    stream.avail_out = (uInt)text.size + 1000;
    deflate(&stream, i < blocks ? Z_FULL_FLUSH : Z_FINISH);
    file->size += (size_t)(stream.next_out - out);
    bytes_free(&text);
  }
  deflateEnd(&stream);
}

/* Of `members` such members. */
static inline const char *blocks_make(const char *name, struct bytes *file,
                                      unsigned members, unsigned blocks,
                                      unsigned rows)
{
  file->size = 0;
  for (unsigned i = 0; i < members; i++)
    blocks_add_member(file, blocks, rows);
  return file_make(name, file->data, file->size);
}

/* The same file with other bytes of the same size, which the clock does not
   tell from it. */
static inline void file_replace_quietly(const char *path,
                                        const struct bytes *bytes)
{
  struct timespec times[2];
  struct stat status;
  int fd = open(path, O_WRONLY);

  if (fd < 0 || fstat(fd, &status) != 0)
    exit(1);
#ifdef __APPLE__
  times[0] = status.st_atimespec;
  times[1] = status.st_mtimespec;
#else
  times[0] = status.st_atim;
  times[1] = status.st_mtim;
#endif
  CHECK_EQ(status.st_size, bytes->size);
  CHECK_EQ(pwrite(fd, bytes->data, bytes->size, 0), bytes->size);
  CHECK_EQ(futimens(fd, times), 0);
  close(fd);
}

/* ---------------------------------------------------------------- points -- */

/* All places of the file, at least `interval` bytes of text apart. */
static inline void points_make(const char *path, uint64_t interval,
                               struct ng_seek_points *points)
{
  char *text = test_memory(1 << 20);
  unsigned char window[NG_WINDOW_BYTES];
  struct ng_seek_point point = {.bit = 0, .window = window};
  struct ng_gzip_block in = {.last = false};
  struct ng_source *source;
  struct ng_budget budget;
  struct ng_reader *reader;

  *points = (struct ng_seek_points){.interval = interval};
  ng_budget_init(&budget);
  if (ng_source_open(path, &source) != 0)
    exit(1);
  reader = ng_reader_open(source, &ng_decoder_native, NULL, &budget);
  while (reader && !in.last) {
    /* a place that was met is passed by more bytes than a decoder holds */
    ng_reader_read_until(reader, text, 1 << 20, point.bit + 80, &in);
    point.text += in.size;
    point.members += in.end_count;
    if (in.arrived)
      point.bit = in.position.bit;
    if (in.arrived && ng_seek_points_wants(points, point.text)) {
      point.window_size = ng_reader_window(reader, window);
      ng_seek_points_add(points, &point);
    }
  }
  ng_reader_close(reader);
  ng_source_close(source);
  free(text);
}

/* Write them to the folder as those of the file. */
static inline void points_store(const char *folder, const char *path,
                                const struct ng_seek_points *points)
{
  struct ng_source *source;

  if (ng_source_open(path, &source) != 0)
    exit(1);
  ng_index_file_write(folder, source, path, points);
  ng_source_close(source);
}

/* --------------------------------------------------------------- folders -- */

static inline void folder_clear(const char *folder)
{
  DIR *entries = opendir(folder);
  struct dirent *entry;
  char path[3000];

  while (entries && (entry = readdir(entries))) {
    snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
    if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
      unlink(path);
  }
  if (entries)
    closedir(entries);
}

/* An empty folder. Its path is valid until another one is made. */
static inline const char *folder_make(const char *name)
{
  static char folder[1500];

  snprintf(folder, sizeof folder, "%s", file_path(name));
  if (mkdir(folder, 0700) != 0)
    folder_clear(folder);
  return folder;
}

static inline void folder_remove(const char *folder)
{
  folder_clear(folder);
  CHECK_EQ(rmdir(folder), 0);
}

/* The path of the one file in the folder; empty: there is none, or are more. */
static inline void folder_file(const char *folder, char *path, size_t size)
{
  DIR *entries = opendir(folder);
  struct dirent *entry;
  unsigned count = 0;

  while (entries && (entry = readdir(entries)))
    if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0) {
      snprintf(path, size, "%s/%s", folder, entry->d_name);
      count++;
    }
  if (count != 1)
    path[0] = '\0';
  if (entries)
    closedir(entries);
}

static inline void bytes_read_file(struct bytes *bytes, const char *path)
{
  FILE *file = fopen(path, "rb");
  size_t got;

  bytes->size = 0;
  do {
    unsigned char *place = bytes_reserve(bytes, 65536);

    got = file ? fread(place, 1, 65536, file) : 0;
    bytes->size += got;
  } while (got > 0);
  if (file)
    fclose(file);
}

static inline void bytes_write_file(const struct bytes *bytes, const char *path)
{
  FILE *file = fopen(path, "wb");

  if (!file || fwrite(bytes->data, 1, bytes->size, file) != bytes->size)
    exit(1);
  fclose(file);
}

#endif
