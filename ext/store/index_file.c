/* SPDX-License-Identifier: MIT */
/*
 * Index files, one for each counted file. index_file.h has their format. Called
 * by index.c.
 *
 * Name. 16 hexadecimal digits, a hash of the counted file's real path, and
 * ".ngram-index". It is used only if the path still leads to the open file.
 * Else the index file of another file would be read or replaced.
 *
 * Read. The whole index file is loaded. Its points are accepted if its CRC-32
 * agrees, if its header has the counted file's size, time of modification and
 * CRC-32 of both ends, and if the points ascend and are possible in a file of
 * this size. Whether they are true is found out by the pass that uses them
 * (scan/points.c).
 *
 * Write. An image of the file is made in memory and written to a part file,
 * PART_PREFIX and six letters, which then is renamed. So any number of
 * processes may share a folder, and none reads a half-written index file. A
 * process that is killed leaves its part file; ng_index_file_clear() removes
 * those that are older than PART_SECONDS.
 *
 * No function reports an error: without an index file a scan is only slower.
 *
 * Memory: images and names live during a call. Points that were read belong to
 * the caller.
 */
#include "store/index_file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/crc32.h"
#include "base/descriptor.h"
#include "base/file_limit.h"
#include "base/le.h"

#define MAGIC "NGRAMIX1"
#define HEADER_BYTES ((size_t)56)
#define POINT_BYTES ((size_t)32)
#define CRC_BYTES ((size_t)4)
#define FILE_BYTES_MAX                                                         \
  (HEADER_BYTES + NG_SEEK_POINTS_MAX * (POINT_BYTES + NG_WINDOW_BYTES) +       \
   CRC_BYTES)

/* The name of a part file; mkstemp() replaces each X by a letter or digit. */
#define PART_PREFIX ".ngram-index."
#define PART_LETTERS ((size_t)6)
#define PART_PATTERN PART_PREFIX "XXXXXX"
/* A part file that was last written to this long ago has no writer any more. */
#define PART_SECONDS 3600
/* The names and the part files that one clearing examines, which takes about
   20 ms; it leaves the rest to the next clearing. */
#define PART_NAMES_MAX 100000
#define PARTS_MAX 1000

/* The bytes compared at each end of the counted file. */
#define PROBE_BYTES ((size_t)64 << 10)

/* The content of an index file. */
struct image {
  unsigned char *bytes; /* owned */
  size_t size;          /* of a file that was read */
  size_t at;            /* offset of the next byte to get or put */
};

/* ---------------------------------------------------------------- names -- */

/* FNV-1a, 64 bits (G. Fowler, L. C. Noll, K.-P. Vo). */
static uint64_t hash_path(const char *path)
{
  uint64_t hash = 0xcbf29ce484222325u;

  for (; *path; path++)
    hash = (hash ^ (unsigned char)*path) * 0x100000001b3u;
  return hash;
}

/* Returns the path of the index file, which the caller frees, or NULL if the
   counted file has no real path or there is no memory. */
static char *name_file(const char *folder, const char *path)
{
  char *whole = realpath(path, NULL);
  size_t size = strlen(folder) + 32;
  char *name = whole ? malloc(size) : NULL;

  if (name)
    snprintf(name, size, "%s/%016llx.ngram-index", folder,
             (unsigned long long)hash_path(whole));
  free(whole);
  return name;
}

/* The same, but returns NULL if the path no longer leads to the file that is
   open, as it then names the index file of another one. */
static char *name_own_file(const char *folder, const struct ng_source *source,
                           const char *path)
{
  struct ng_source_identity identity;
  struct stat named;

  if (!ng_source_identify(source, &identity) || stat(path, &named) != 0 ||
      (uint64_t)named.st_dev != identity.device ||
      (uint64_t)named.st_ino != identity.inode)
    return NULL;
  return name_file(folder, path);
}

/* -------------------------------------------------------------- numbers -- */

static void put_number(struct image *image, uint64_t value, size_t bytes)
{
  ng_le_store(image->bytes + image->at, bytes, value);
  image->at += bytes;
}

static void put_bytes(struct image *image, const void *bytes, size_t size)
{
  memcpy(image->bytes + image->at, bytes, size);
  image->at += size;
}

static uint64_t get_number(struct image *image, size_t bytes)
{
  uint64_t value = ng_le_load(image->bytes + image->at, bytes);

  image->at += bytes;
  return value;
}

static size_t left(const struct image *image)
{
  return image->size - image->at;
}

/* --------------------------------------------------------------- header -- */

/* The counted file as a header describes it. */
struct owner {
  struct ng_source_identity identity;
  uint32_t head_crc; /* of its first PROBE_BYTES */
  uint32_t tail_crc; /* of its last PROBE_BYTES */
};

static bool probe(struct ng_source *source, uint64_t offset, uint32_t *crc)
{
  unsigned char *bytes = malloc(PROBE_BYTES);
  size_t got = 0;
  bool ok =
      bytes && ng_source_read(source, bytes, PROBE_BYTES, offset, &got) == 0;

  if (ok)
    *crc = ng_crc32(0, bytes, got);
  free(bytes);
  return ok;
}

static bool find_owner(struct ng_source *source, struct owner *owner)
{
  uint64_t size = ng_source_size(source);

  return ng_source_identify(source, &owner->identity) &&
         probe(source, 0, &owner->head_crc) &&
         probe(source, size > PROBE_BYTES ? size - PROBE_BYTES : 0,
               &owner->tail_crc);
}

static void put_header(struct image *image, const struct owner *owner,
                       const struct ng_seek_points *points)
{
  put_bytes(image, MAGIC, 8);
  put_number(image, owner->identity.size, 8);
  put_number(image, (uint64_t)owner->identity.modified_seconds, 8);
  put_number(image, (uint64_t)owner->identity.modified_nanoseconds, 8);
  put_number(image, owner->head_crc, 4);
  put_number(image, owner->tail_crc, 4);
  put_number(image, points->count, 8);
  put_number(image, points->interval, 8);
}

/* Returns false if the header is that of another file, or of another state of
   this one. */
static bool check_header(struct image *image, const struct owner *owner)
{
  image->at = 8;
  return memcmp(image->bytes, MAGIC, 8) == 0 &&
         get_number(image, 8) == owner->identity.size &&
         get_number(image, 8) == (uint64_t)owner->identity.modified_seconds &&
         get_number(image, 8) ==
             (uint64_t)owner->identity.modified_nanoseconds &&
         get_number(image, 4) == owner->head_crc &&
         get_number(image, 4) == owner->tail_crc;
}

/* --------------------------------------------------------------- points -- */

static void put_points(struct image *image, const struct ng_seek_points *points)
{
  for (size_t i = 0; i < points->count; i++) {
    const struct ng_seek_point *point = &points->points[i];

    put_number(image, point->bit, 8);
    put_number(image, point->text, 8);
    put_number(image, point->members, 8);
    put_number(image, point->window_size, 8);
    put_bytes(image, point->window, point->window_size);
  }
}

/* Get the next point, whose window is borrowed from the image. Returns false if
   there is none. */
static bool get_point(struct image *image, struct ng_seek_point *point)
{
  uint64_t window_size;

  if (left(image) < POINT_BYTES)
    return false;
  point->bit = get_number(image, 8);
  point->text = get_number(image, 8);
  point->members = get_number(image, 8);
  window_size = get_number(image, 8);
  if (window_size > NG_WINDOW_BYTES || left(image) < window_size)
    return false;
  point->window_size = (size_t)window_size;
  point->window = image->bytes + image->at;
  image->at += point->window_size;
  return true;
}

/* A byte of DEFLATE gives at most 1,032 bytes, and a member has at least 18. */
static bool is_possible(const struct ng_seek_point *point, uint64_t file_bits)
{
  return point->bit < file_bits && point->text / 1032 <= point->bit / 8 &&
         point->members <= point->bit / 8 / 18;
}

static bool is_after(const struct ng_seek_point *point,
                     const struct ng_seek_point *before)
{
  return point->bit > before->bit && point->text > before->text &&
         point->members >= before->members;
}

static bool get_points(struct image *image, uint64_t file_bits,
                       struct ng_seek_points *points)
{
  struct ng_seek_point before = {.bit = 0};
  uint64_t count = get_number(image, 8);

  points->interval = get_number(image, 8);
  if (count == 0 || count > NG_SEEK_POINTS_MAX)
    return false;
  for (; count > 0 && !points->failed; count--) {
    struct ng_seek_point point;

    if (!get_point(image, &point) || !is_possible(&point, file_bits) ||
        !is_after(&point, &before))
      return false;
    ng_seek_points_add(points, &point);
    before = point;
  }
  return !points->failed && left(image) == 0;
}

/* ---------------------------------------------------------------- files -- */

/* Anything else is not opened: opening a FIFO would let its writer go on. */
static bool is_regular(const char *name)
{
  struct stat status;

  return stat(name, &status) == 0 && S_ISREG(status.st_mode);
}

/* Read the whole file. Returns false if it cannot be read, or if its size is
   not that of an index file. */
static bool load(const char *name, struct image *image)
{
  struct ng_source *source;
  uint64_t size;
  bool ok = false;

  if (!is_regular(name) || ng_source_open(name, &source) != 0)
    return false;
  size = ng_source_size(source);
  if (size >= HEADER_BYTES + CRC_BYTES && size <= FILE_BYTES_MAX)
    image->bytes = malloc((size_t)size);
  if (image->bytes)
    ok = ng_source_read(source, image->bytes, (size_t)size, 0, &image->size) ==
             0 &&
         image->size == size;
  ng_source_close(source);
  return ok;
}

/* Take the CRC-32 off the end. Returns false if it does not agree. */
static bool check_crc(struct image *image)
{
  image->size -= CRC_BYTES;
  image->at = image->size;
  return get_number(image, 4) == ng_crc32(0, image->bytes, image->size);
}

bool ng_index_file_read(const char *folder, struct ng_source *source,
                        const char *path, struct ng_seek_points *points)
{
  struct image image = {.bytes = NULL};
  char *name = name_own_file(folder, source, path);
  struct owner owner;
  bool ok = name && load(name, &image) && check_crc(&image) &&
            find_owner(source, &owner) && check_header(&image, &owner) &&
            get_points(&image, owner.identity.size * 8, points);

  if (!ok)
    ng_seek_points_free(points);
  free(image.bytes);
  free(name);
  return ok;
}

static bool write_all(int fd, const struct image *image)
{
  if (!ng_file_limit_allows(image->at))
    return false;
  for (size_t done = 0; done < image->at;) {
    ssize_t step = write(fd, image->bytes + done, image->at - done);

    if (step > 0)
      done += (size_t)step;
    else if (step == 0 || errno != EINTR)
      return false;
  }
  return true;
}

/* Write the image to a part file and rename that to `name`. */
static void store(const char *folder, const char *name,
                  const struct image *image)
{
  size_t size = strlen(folder) + 32;
  char *part = malloc(size);
  bool ok;
  int fd;

  if (!part)
    return;
  snprintf(part, size, "%s/%s", folder, PART_PATTERN);
  fd = mkstemp(part);
  if (fd >= 0) {
    fd = ng_descriptor_lift(fd);
    ok = fd >= 0 && fcntl(fd, F_SETFD, FD_CLOEXEC) == 0 &&
         fchmod(fd, S_IRUSR | S_IWUSR) == 0 && write_all(fd, image);
    ok = fd >= 0 && close(fd) == 0 && ok;
    if (!ok || rename(part, name) != 0)
      unlink(part);
  }
  free(part);
}

static size_t image_bytes(const struct ng_seek_points *points)
{
  size_t size = HEADER_BYTES + points->count * POINT_BYTES + CRC_BYTES;

  for (size_t i = 0; i < points->count; i++)
    size += points->points[i].window_size;
  return size;
}

void ng_index_file_write(const char *folder, struct ng_source *source,
                         const char *path, const struct ng_seek_points *points)
{
  struct image image = {.bytes = malloc(image_bytes(points))};
  char *name = name_own_file(folder, source, path);
  struct owner owner;

  if (name && image.bytes && find_owner(source, &owner)) {
    put_header(&image, &owner, points);
    put_points(&image, points);
    put_number(&image, ng_crc32(0, image.bytes, image.at), CRC_BYTES);
    store(folder, name, &image);
  }
  free(image.bytes);
  free(name);
}

void ng_index_file_remove(const char *folder, const char *path)
{
  char *name = name_file(folder, path);

  if (name)
    unlink(name);
  free(name);
}

/* ------------------------------------------------------------- leftovers -- */

static bool is_part(const char *name)
{
  static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                "abcdefghijklmnopqrstuvwxyz0123456789";
  const size_t prefix = strlen(PART_PREFIX);

  return strncmp(name, PART_PREFIX, prefix) == 0 &&
         strspn(name + prefix, letters) == PART_LETTERS &&
         name[prefix + PART_LETTERS] == '\0';
}

/* `now` is by the clock of the folder's file system, as the file's time is. */
static bool is_left_over(int folder, const char *name, time_t now)
{
  struct stat status;

  return fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) == 0 &&
         S_ISREG(status.st_mode) &&
         difftime(now, status.st_mtime) > PART_SECONDS;
}

static void clear_folder(DIR *folder, time_t now)
{
  const struct dirent *entry;
  size_t names = 0;
  size_t parts = 0;

  while (names++ < PART_NAMES_MAX && parts < PARTS_MAX &&
         (entry = readdir(folder))) {
    if (!is_part(entry->d_name))
      continue;
    parts++;
    if (is_left_over(dirfd(folder), entry->d_name, now))
      unlinkat(dirfd(folder), entry->d_name, 0);
  }
}

void ng_index_file_clear(const char *folder)
{
  int fd = ng_descriptor_lift(open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  DIR *listed = fd >= 0 ? fdopendir(fd) : NULL;
  struct stat status;

  if (listed) {
    if (fstat(fd, &status) == 0)
      clear_folder(listed, status.st_mtime);
    closedir(listed);
  } else if (fd >= 0) {
    close(fd);
  }
}
