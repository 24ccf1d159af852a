/* SPDX-License-Identifier: MIT */
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

#define MAGIC "NGRAMIX1"
#define HEADER_BYTES ((size_t)56)
#define POINT_BYTES ((size_t)32)
#define CRC_BYTES ((size_t)4)
#define FILE_BYTES_MAX                                                         \
  (HEADER_BYTES + NG_SEEK_POINTS_MAX * (POINT_BYTES + NG_WINDOW_BYTES) +       \
   CRC_BYTES)

/* A file that is being written, to be renamed; what mkstemp() makes of the X is
   six letters or digits. */
#define PART_PREFIX ".ngram-index."
#define PART_LETTERS ((size_t)6)
#define PART_PATTERN PART_PREFIX "XXXXXX"
/* Nobody is still writing what was last written to so many seconds ago. */
#define PART_SECONDS 3600
/* A folder with more names is not looked through for them to its end. */
#define PART_NAMES_MAX 100000
/* So many are looked at by one clearing, some 20 ms; the rest is left for the
   next one. */
#define PARTS_MAX 1000

/* What is compared of the counted file, at both of its ends. */
#define PROBE_BYTES ((size_t)64 << 10)

/* Bytes on their way to or from the file. */
struct image {
  unsigned char *bytes;
  size_t size;
  size_t at;
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

/* The name of the index file, to be freed; NULL: there is none. */
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

/* The same, if the path still leads to the file that is open: else it names the
   index of another one. */
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
  for (size_t i = 0; i < bytes; i++)
    image->bytes[image->at++] = (unsigned char)(value >> (8 * i));
}

static void put_bytes(struct image *image, const void *bytes, size_t size)
{
  memcpy(image->bytes + image->at, bytes, size);
  image->at += size;
}

static uint64_t get_number(struct image *image, size_t bytes)
{
  uint64_t value = 0;

  for (size_t i = 0; i < bytes; i++)
    value |= (uint64_t)image->bytes[image->at++] << (8 * i);
  return value;
}

static size_t left(const struct image *image)
{
  return image->size - image->at;
}

/* --------------------------------------------------------------- header -- */

/* What the index belongs to. */
struct owner {
  struct ng_source_identity identity;
  uint32_t head_crc;
  uint32_t tail_crc;
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

/* False: of another file, or of another state of this one. */
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

/* The next point, its window borrowed from the image. */
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

/* DEFLATE makes at most 1,032 bytes of one, and a member has 18 or more. */
static bool is_possible(const struct ng_seek_point *point, uint64_t file_bits)
{
  return point->bit < file_bits && point->text / 1032 <= point->bit / 8 &&
         point->members <= point->bit / 8 / 18;
}

static bool is_behind(const struct ng_seek_point *point,
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
        !is_behind(&point, &before))
      return false;
    ng_seek_points_add(points, &point);
    before = point;
  }
  return !points->failed && left(image) == 0;
}

/* ---------------------------------------------------------------- files -- */

/* To open a FIFO lets its writer go on. */
static bool is_regular(const char *name)
{
  struct stat status;

  return stat(name, &status) == 0 && S_ISREG(status.st_mode);
}

/* Read the whole file. False: it cannot be read, or is no index. */
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

/* Take the CRC off the end, if it agrees. */
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

/* Write it beside its place, then put it there. */
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

/* `now` is a time of the folder's file system, whatever its clock says. */
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
