/* SPDX-License-Identifier: MIT */
/*
 * Three kinds of source with one set of calls. A kind is one function that
 * reads some bytes once; loops, retries, stops and the life cycle are common. A
 * read of a pipe waits by poll(2) for bytes, so that a stop can end it.
 *
 * The start of a forward-only source can be read twice: from ng_source_keep()
 * to ng_source_rewind() the source copies what it reads to `kept`. At any time,
 * bytes at offsets below kept_size are copied from there, and those after them
 * are read. So the engine can tell the format and the layout of a stream before
 * it begins the pass. `kept` is freed when the source is closed.
 *
 * A pass opens one source for its file, from which its readers and workers
 * read. The source owns its descriptor (but standard input's) and `kept`.
 */
#include "source/source.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/array.h"
#include "base/descriptor.h"
#include "source/beneath.h"
#include "source/settled.h"

/* A wait for a stream checks for a stop this often. */
#define WAIT_MS 20

/* One system call reads at most this. Linux allows 2 GiB. */
#define READ_MAX ((size_t)1 << 30)

struct ng_source;

struct source_kind {
  bool forward_only;
  /* Read once. Returns the bytes read, 0 at the end, -1 with errno set. */
  ssize_t (*read)(struct ng_source *source, void *buffer, size_t size,
                  uint64_t offset);
};

struct ng_source {
  const struct source_kind *kind;
  int fd;             /* -1: none */
  bool close_fd;      /* fd is owned */
  struct stat opened; /* the state of the file at opened_at */
  struct timespec opened_at;
  const unsigned char *bytes; /* of a memory source, borrowed */
  uint64_t size;
  const struct ng_stop *stop;  /* borrowed, or NULL */
  _Atomic uint64_t bytes_read; /* added to by any thread that reads */

  /* Of a forward-only source, written by the one thread that reads it. */
  bool keeps; /* from ng_source_keep() to ng_source_rewind() */
  char *kept; /* owned: the first kept_size bytes */
  size_t kept_size;
  size_t kept_capacity;
};

static ssize_t read_file(struct ng_source *source, void *buffer, size_t size,
                         uint64_t offset)
{
  return pread(source->fd, buffer, size, (off_t)offset);
}

/* Wait until the stream has bytes, an end or an error. Returns false with errno
   set if that fails or is stopped. */
static bool wait_readable(struct ng_source *source)
{
  struct pollfd waited = {.fd = source->fd, .events = POLLIN};

  for (;;) {
    int ready;

    if (ng_stop_asked(source->stop)) {
      errno = ECANCELED;
      return false;
    }
    ready = poll(&waited, 1, WAIT_MS);
    if (ready > 0)
      return true;
    if (ready < 0 && errno != EINTR)
      return false;
  }
}

static ssize_t read_stream(struct ng_source *source, void *buffer, size_t size,
                           uint64_t offset)
{
  (void)offset;
  for (;;) {
    ssize_t got;

    if (!wait_readable(source))
      return -1;
    got = read(source->fd, buffer, size);
    if (got >= 0 || (errno != EAGAIN && errno != EWOULDBLOCK))
      return got;
  }
}

static ssize_t read_memory(struct ng_source *source, void *buffer, size_t size,
                           uint64_t offset)
{
  uint64_t left = offset < source->size ? source->size - offset : 0;
  size_t got = size < left ? size : (size_t)left;

  if (got > 0)
    memcpy(buffer, source->bytes + offset, got);
  return (ssize_t)got;
}

static const struct source_kind file_kind = {false, read_file};
static const struct source_kind stream_kind = {true, read_stream};
static const struct source_kind memory_kind = {false, read_memory};

/* Without O_NONBLOCK opening a FIFO would wait for a writer, and no stop would
   end that. */
#define OPEN_FLAGS (O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK)

static int open_fd(struct ng_source *source, int folder, const char *path)
{
  if (strcmp(path, "-") == 0) {
    source->fd = STDIN_FILENO;
    return 0;
  }
  do
    source->fd = ng_descriptor_lift(
        folder < 0 ? open(path, OPEN_FLAGS) : openat(folder, path, OPEN_FLAGS));
  while (source->fd < 0 && errno == EINTR);
  source->close_fd = source->fd >= 0;
  return source->fd < 0 ? errno : 0;
}

static int open_fd_beneath(struct ng_source *source, int root, const char *path)
{
  int error = ng_beneath_open_regular(root, path, OPEN_FLAGS, &source->fd);

  source->close_fd = !error;
  return error;
}

static int find_kind(struct ng_source *source)
{
  if (fstat(source->fd, &source->opened) != 0)
    return errno;
  clock_gettime(CLOCK_REALTIME, &source->opened_at);
  if (S_ISDIR(source->opened.st_mode))
    return EISDIR;
  if (S_ISREG(source->opened.st_mode) && source->close_fd) {
    source->kind = &file_kind;
    source->size = (uint64_t)source->opened.st_size;
  } else {
    source->kind = &stream_kind;
  }
  return 0;
}

/* If root is -1 the path may lead anywhere and begins at `folder`; else it
   stays below root. */
static int open_source(struct ng_source *source, int root, int folder,
                       const char *path)
{
  int error = root < 0 ? open_fd(source, folder, path)
                       : open_fd_beneath(source, root, path);

  if (!error)
    error = find_kind(source);
  if (!error && root >= 0 && source->kind != &file_kind)
    error = NG_OUTSIDE;
  return error;
}

static int open_new(int root, int folder, const char *path,
                    struct ng_source **source)
{
  struct ng_source *opened = calloc(1, sizeof *opened);
  int error;

  *source = NULL;
  if (!opened)
    return ENOMEM;
  opened->fd = -1;
  error = open_source(opened, root, folder, path);
  if (error) {
    ng_source_close(opened);
    return error;
  }
  *source = opened;
  return 0;
}

int ng_source_open(const char *path, struct ng_source **source)
{
  return open_new(-1, -1, path, source);
}

int ng_source_open_at(int folder, const char *path, struct ng_source **source)
{
  return open_new(-1, folder, path, source);
}

int ng_source_open_beneath(int root, const char *path,
                           struct ng_source **source)
{
  return open_new(root, -1, path, source);
}

struct ng_source *ng_source_from_memory(const void *bytes, size_t size)
{
  struct ng_source *source = calloc(1, sizeof *source);

  if (source) {
    source->kind = &memory_kind;
    source->fd = -1;
    source->bytes = bytes;
    source->size = size;
  }
  return source;
}

void ng_source_close(struct ng_source *source)
{
  if (!source)
    return;
  if (source->close_fd)
    close(source->fd);
  free(source->kept);
  free(source);
}

void ng_source_stop_by(struct ng_source *source, const struct ng_stop *stop)
{
  source->stop = stop;
}

static int read_all(struct ng_source *source, char *buffer, size_t size,
                    uint64_t offset, size_t *got)
{
  while (*got < size) {
    size_t left = size - *got;
    ssize_t step;

    if (ng_stop_asked(source->stop))
      return ECANCELED;
    step = source->kind->read(source, buffer + *got,
                              left < READ_MAX ? left : READ_MAX, offset + *got);
    if (step == 0)
      break;
    if (step > 0)
      *got += (size_t)step;
    else if (errno != EINTR)
      return errno;
  }
  return 0;
}

/* ----------------------------------------------------------- read twice -- */

/* Copy the kept bytes from `offset` on. Returns how many there are, at most
   `size`. */
static size_t read_kept(const struct ng_source *source, void *buffer,
                        size_t size, uint64_t offset)
{
  size_t left;

  if (offset >= source->kept_size)
    return 0;
  left = source->kept_size - (size_t)offset;
  if (left > size)
    left = size;
  memcpy(buffer, source->kept + offset, left);
  return left;
}

/* Append bytes that were read to those kept. Returns false if there is no
   memory. */
static bool keep(struct ng_source *source, const void *bytes, size_t size)
{
  if (size == 0)
    return true;
  if (!NG_ARRAY_RESERVE(source->kept, source->kept_capacity,
                        source->kept_size + size))
    return false;
  memcpy(source->kept + source->kept_size, bytes, size);
  source->kept_size += size;
  return true;
}

void ng_source_keep(struct ng_source *source)
{
  source->keeps = source->kind->forward_only;
}

void ng_source_rewind(struct ng_source *source)
{
  source->keeps = false;
  atomic_store(&source->bytes_read, 0);
}

int ng_source_read(struct ng_source *source, void *buffer, size_t size,
                   uint64_t offset, size_t *got)
{
  size_t before;
  int error;

  *got = before = read_kept(source, buffer, size, offset);
  error = read_all(source, buffer, size, offset, got);
  atomic_fetch_add(&source->bytes_read, *got);
  if (source->keeps && !keep(source, (char *)buffer + before, *got - before))
    return ENOMEM;
  return error;
}

uint64_t ng_source_bytes_read(const struct ng_source *source)
{
  return atomic_load(&source->bytes_read);
}

bool ng_source_is_forward_only(const struct ng_source *source)
{
  return source->kind->forward_only;
}

uint64_t ng_source_size(const struct ng_source *source)
{
  return source->size;
}

#if defined(__APPLE__)
#define MODIFIED(status) ((status).st_mtimespec)
#define CHANGED(status) ((status).st_ctimespec)
#else
#define MODIFIED(status) ((status).st_mtim)
#define CHANGED(status) ((status).st_ctim)
#endif

static bool is_same_time(struct timespec a, struct timespec b)
{
  return a.tv_sec == b.tv_sec && a.tv_nsec == b.tv_nsec;
}

static struct ng_source_identity identity_of(const struct stat *file)
{
  return (struct ng_source_identity){
      (uint64_t)file->st_dev,           (uint64_t)file->st_ino,
      (uint64_t)file->st_size,          (int64_t)MODIFIED(*file).tv_sec,
      (int64_t)MODIFIED(*file).tv_nsec, (int64_t)CHANGED(*file).tv_sec,
      (int64_t)CHANGED(*file).tv_nsec};
}

bool ng_source_identify(const struct ng_source *source,
                        struct ng_source_identity *identity)
{
  if (source->kind != &file_kind)
    return false;
  *identity = identity_of(&source->opened);
  return true;
}

bool ng_source_identify_stdin(const struct ng_source *source,
                              struct ng_source_identity *identity)
{
  if (source->kind != &stream_kind || source->close_fd)
    return false;
  *identity = (struct ng_source_identity){
      .device = (uint64_t)source->opened.st_dev,
      .inode = (uint64_t)source->opened.st_ino,
  };
  return true;
}

static bool is_settled(const struct stat *file, const struct timespec *seen_at)
{
  return ng_settled_at(&MODIFIED(*file), &CHANGED(*file), seen_at);
}

bool ng_source_is_settled(const struct ng_source *source)
{
  return source->kind == &file_kind &&
         is_settled(&source->opened, &source->opened_at);
}

static bool identify_file(const struct stat *file,
                          const struct timespec *seen_at,
                          struct ng_source_identity *identity)
{
  *identity = identity_of(file);
  return S_ISREG(file->st_mode) && is_settled(file, seen_at);
}

bool ng_source_identify_path(const char *path,
                             struct ng_source_identity *identity)
{
  struct timespec now;
  struct stat file;

  clock_gettime(CLOCK_REALTIME, &now);
  return stat(path, &file) == 0 && identify_file(&file, &now, identity);
}

bool ng_source_is_same(const struct ng_source_identity *a,
                       const struct ng_source_identity *b)
{
  return a->device == b->device && a->inode == b->inode && a->size == b->size &&
         a->modified_seconds == b->modified_seconds &&
         a->modified_nanoseconds == b->modified_nanoseconds &&
         a->changed_seconds == b->changed_seconds &&
         a->changed_nanoseconds == b->changed_nanoseconds;
}

bool ng_source_identify_fd(int fd, struct ng_source_identity *identity)
{
  struct timespec now;
  struct stat file;

  clock_gettime(CLOCK_REALTIME, &now);
  return fstat(fd, &file) == 0 && identify_file(&file, &now, identity);
}

/* The time of status change is not compared: link() and chmod() change it too.
 */
bool ng_source_has_changed(const struct ng_source *source)
{
  struct stat now;

  if (source->kind != &file_kind || fstat(source->fd, &now) != 0)
    return false;
  return now.st_size != source->opened.st_size ||
         !is_same_time(MODIFIED(now), MODIFIED(source->opened));
}
