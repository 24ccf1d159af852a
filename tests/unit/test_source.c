/* SPDX-License-Identifier: MIT */
/* The room source: files, streams and memory behind one set of calls. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

#include "source/source.h"
#include "unit/content.h"
#include "unit/files.h"
#include "unit/test.h"

/* ------------------------------------------------------ files and memory -- */

/* Any stretch, within the content, across its end and after it. */
static void check_stretches(struct ng_source *source)
{
  static char got[CONTENT_BYTES + 5000];

  CHECK(!ng_source_is_forward_only(source));
  CHECK_EQ(ng_source_size(source), sizeof content);
  for (int round = 0; round < 500; round++) {
    size_t offset = random_below(sizeof content + 2000);
    size_t size =
        random_once_in(8) ? random_below(sizeof got) : random_below(3000);
    size_t left = offset < sizeof content ? sizeof content - offset : 0;
    size_t wanted = size < left ? size : left;
    size_t read_bytes = 77;

    NOTE("offset %zu, size %zu", offset, size);
    CHECK_EQ(ng_source_read(source, got, size, offset, &read_bytes), 0);
    CHECK_BYTES(got, read_bytes, content + (wanted ? offset : 0), wanted);
  }
}

static void file_reads_any_stretch(void)
{
  struct ng_source *source;

  fill_content();
  source = open_source(file_make("plain", content, sizeof content));
  check_stretches(source);
  ng_source_close(source);
}

static void memory_reads_any_stretch(void)
{
  struct ng_source *source;

  fill_content();
  source = ng_source_from_memory(content, sizeof content);
  check_stretches(source);
  CHECK(!ng_source_has_changed(source));
  ng_source_close(source);
  source = ng_source_from_memory(content, 0);
  CHECK_EQ(ng_source_size(source), 0);
  ng_source_close(source);
  ng_source_close(NULL);
}

static void *read_stretches(void *memory)
{
  struct ng_source *source = memory;
  uintptr_t wrong = 0;
  char got[4096];

  for (size_t at = 0; at < 3000; at++) {
    size_t offset = at * 7919 % sizeof content;
    size_t left = sizeof content - offset;
    size_t read_bytes;

    if (left > sizeof got)
      left = sizeof got;
    wrong += ng_source_read(source, got, sizeof got, offset, &read_bytes) != 0;
    wrong += read_bytes != left || memcmp(got, content + offset, left) != 0;
  }
  return (void *)wrong; /* NOLINT(performance-no-int-to-ptr) */
}

static void file_is_read_by_many_threads_at_once(void)
{
  struct ng_source *source;
  pthread_t threads[4];
  void *wrong;

  fill_content();
  source = open_source(file_make("plain", content, sizeof content));
  for (size_t i = 0; i < COUNT(threads); i++)
    pthread_create(&threads[i], NULL, read_stretches, source);
  for (size_t i = 0; i < COUNT(threads); i++) {
    pthread_join(threads[i], &wrong);
    CHECK(wrong == NULL);
  }
  ng_source_close(source);
}

static void closing_leaves_no_open_file(void)
{
  unsigned before = test_open_files();
  const char *path = file_make("plain", "x", 1);
  struct ng_source *source;

  for (int i = 0; i < 10; i++) {
    ng_source_close(open_source(path));
    CHECK_EQ(ng_source_open(file_path("."), &source), EISDIR);
    CHECK_EQ(ng_source_open(file_path("missing"), &source), ENOENT);
  }
  CHECK_EQ(test_open_files(), before);
}

/* A program that the host starts must not inherit it. */
static void file_is_closed_on_exec(void)
{
  int lowest = dup(0);
  struct ng_source *source;

  close(lowest);
  source = open_source(file_make("plain", "x", 1));
  CHECK(fcntl(lowest, F_GETFD) & FD_CLOEXEC);
  ng_source_close(source);
}

/* ------------------------------------------------------ cannot be opened -- */

static void opening_tells_why_not(void)
{
  struct ng_source *source = (struct ng_source *)(void *)content;
  char long_path[5000];

  CHECK_EQ(ng_source_open(file_path("missing"), &source), ENOENT);
  CHECK(source == NULL);
  CHECK_EQ(ng_source_open("", &source), ENOENT);
  CHECK_EQ(ng_source_open(file_path("."), &source), EISDIR);
  CHECK(source == NULL);
  file_make("plain", "x", 1);
  CHECK_EQ(ng_source_open(file_path("plain/below"), &source), ENOTDIR);
  memset(long_path, 'x', sizeof long_path);
  long_path[sizeof long_path - 1] = '\0';
  CHECK_EQ(ng_source_open(long_path, &source), ENAMETOOLONG);
}

/* Root may read everything, so it becomes nobody for a moment. */
static void no_permission_is_told(void)
{
  const char *path = file_make("secret", "x", 1);
  struct ng_source *source;
  bool is_root = geteuid() == 0;

  chmod(path, 0);
  if (is_root && seteuid(65534) != 0) {
    test_skip("root that cannot be anyone else");
    return;
  }
  CHECK_EQ(ng_source_open(path, &source), EACCES);
  if (is_root)
    CHECK_EQ(seteuid(0), 0);
}

/* The kernel refuses to read page 0 of this process. */
static void read_error_is_told(void)
{
  struct ng_source *source;
  size_t got;

  if (ng_source_open("/proc/self/mem", &source) != 0) {
    test_skip("no /proc/self/mem");
    return;
  }
  CHECK_EQ(ng_source_read(source, content, 10, 0, &got), EIO);
  CHECK_EQ(got, 0);
  ng_source_close(source);
}

/* --------------------------------------------------------------- changes -- */

static void set_old_time(const char *path)
{
  struct timeval times[2] = {{1000000000, 0}, {1000000000, 0}};

  CHECK_EQ(utimes(path, times), 0);
}

static void append(const char *path)
{
  int fd = open(path, O_WRONLY | O_APPEND);

  CHECK_EQ(write(fd, "y", 1), 1);
  close(fd);
}

/* As long as before. */
static void rewrite(const char *path)
{
  int fd = open(path, O_WRONLY);

  CHECK_EQ(write(fd, "XYZ", 3), 3);
  close(fd);
}

static void touch(const char *path)
{
  CHECK_EQ(utimes(path, NULL), 0);
}

/* Only the fraction of the second is another one. */
static void touch_in_the_same_second(const char *path)
{
  struct timeval times[2] = {{1000000000, 0}, {1000000000, 1}};

  CHECK_EQ(utimes(path, times), 0);
}

static void cut(const char *path)
{
  CHECK_EQ(truncate(path, 1), 0);
}

static void change_mode(const char *path)
{
  CHECK_EQ(chmod(path, 0600), 0);
}

static void make_link(const char *path)
{
  unlink(file_path("link"));
  CHECK_EQ(link(path, file_path("link")), 0);
  unlink(file_path("link"));
}

/* The bytes that are being read are still those of the old file. */
static void replace(const char *path)
{
  const char *other = file_make("other", "other content", 13);

  CHECK_EQ(rename(other, path), 0);
}

static void change_of_a_file_is_seen(void)
{
  static const struct {
    const char *name;
    void (*change)(const char *path);
    bool seen;
  } changes[] = {
      {"append", append, true},
      {"rewrite", rewrite, true},
      {"touch", touch, true},
      {"cut", cut, true},
      {"touch in the same second", touch_in_the_same_second, true},
      {"mode", change_mode, false},
      {"link", make_link, false},
      {"replace", replace, false},
  };

  for (size_t i = 0; i < COUNT(changes); i++) {
    const char *path = file_make("changing", "abcd", 4);
    struct ng_source *source;

    NOTE("%s", changes[i].name);
    set_old_time(path);
    source = open_source(path);
    CHECK(!ng_source_has_changed(source));
    changes[i].change(path);
    CHECK_EQ(ng_source_has_changed(source), changes[i].seen);
    ng_source_close(source);
  }
}

/* A file system without one of the times has the others. */
static void any_field_tells_files_apart(void)
{
  static const size_t fields[] = {
      offsetof(struct ng_source_identity, device),
      offsetof(struct ng_source_identity, inode),
      offsetof(struct ng_source_identity, size),
      offsetof(struct ng_source_identity, modified_seconds),
      offsetof(struct ng_source_identity, modified_nanoseconds),
      offsetof(struct ng_source_identity, changed_seconds),
      offsetof(struct ng_source_identity, changed_nanoseconds),
  };
  const struct ng_source_identity one = {1, 2, 3, 4, 5, 6, 7};

  CHECK_EQ(sizeof one, COUNT(fields) * sizeof one.inode);
  CHECK(ng_source_is_same(&one, &one));
  for (size_t i = 0; i < COUNT(fields); i++) {
    struct ng_source_identity other = one;

    NOTE("field %zu", i);
    *((unsigned char *)&other + fields[i]) ^= 16;
    CHECK(!ng_source_is_same(&one, &other));
    CHECK(!ng_source_is_same(&other, &one));
  }
}

int main(int argc, char **argv)
{
  static const struct test tests[] = {
      TEST(file_reads_any_stretch),
      TEST(memory_reads_any_stretch),
      TEST(file_is_read_by_many_threads_at_once),
      TEST(closing_leaves_no_open_file),
      TEST(file_is_closed_on_exec),
      TEST(opening_tells_why_not),
      TEST(no_permission_is_told),
      TEST(read_error_is_told),
      TEST(change_of_a_file_is_seen),
      TEST(any_field_tells_files_apart),
  };

  return test_main(tests, COUNT(tests), argc, argv);
}
