/* SPDX-License-Identifier: MIT */
/*
 * Tests of opening below a folder. Each path is tried by the kernel's call, if
 * it has one, and by the walk.
 */
#include <errno.h>
#include <fcntl.h>

#include "source/beneath.h"
#include "unit/files.h"
#include "unit/test.h"
#include "unit/tree.h"

typedef int beneath_open(int root, const char *path, int flags, int *fd);

static beneath_open *const beneath_ways[] = {ng_beneath_open, ng_beneath_walk};

static int open_root(void)
{
  int root;

  tree_make();
  root = open(tree_path("root"), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  CHECK(root >= 0);
  return root;
}

/* ---------------------------------------------------------------- tests -- */

static const struct beneath_case {
  const char *path;
  int error;
} beneath_cases[] = {
    {"f", 0},
    {"./f", 0},
    {"a//b///f", 0},
    {"a/../f", 0},
    {"a/b/../../a/f", 0},
    {"..f", 0},
    {"to_file", 0},
    {"a/up", 0},
    {"a/b/chain", 0},
    {"to_folder/f", 0},
    {"to_folder/chain", 0},
    {"to_folder/../f", 0},
    {"self/self/self/f", 0},
    {"self/a/./f", 0},
    {"", ENOENT},
    {"none", ENOENT},
    {"a/none", ENOENT},
    {"none/f", ENOENT},
    {"dangling", ENOENT},
    {"f/", ENOTDIR},
    {"f/f", ENOTDIR},
    {"to_file/", ENOTDIR},
    {"loop", ELOOP},
    {"loop2", ELOOP},
    {"loop/f", ELOOP},
    {"..", NG_OUTSIDE},
    {"../f", NG_OUTSIDE},
    {"../outside/f", NG_OUTSIDE},
    {"../root/f", NG_OUTSIDE}, /* it does leave it on the way */
    {"a/../../f", NG_OUTSIDE},
    {"a/b/../../../outside/f", NG_OUTSIDE},
    {"to_folder/../../../f", NG_OUTSIDE},
    {"self/../f", NG_OUTSIDE},
    {"/", NG_OUTSIDE},
    {"/etc/passwd", NG_OUTSIDE},
    {"out", NG_OUTSIDE},
    {"out_folder/f", NG_OUTSIDE},
    {"out_folder", NG_OUTSIDE},
    {"a/out2", NG_OUTSIDE},
    {"out_and_in", NG_OUTSIDE},
    {"self/out", NG_OUTSIDE},
    {"absolute", NG_OUTSIDE},
    {"absolute_in", NG_OUTSIDE},
    {"proc/etc/passwd", NG_OUTSIDE},
};

/* Returns the content of a descriptor, and closes it. */
static char content_of(int fd)
{
  char content = '?';

  if (read(fd, &content, 1) != 1)
    content = '!';
  close(fd);
  return content;
}

static void paths_stay_below_the_root(void)
{
  unsigned files = test_open_files();
  int root = open_root();

  for (size_t way = 0; way < COUNT(beneath_ways); way++)
    for (size_t i = 0; i < COUNT(beneath_cases); i++) {
      const struct beneath_case *wanted = &beneath_cases[i];
      int fd;
      int error = beneath_ways[way](root, wanted->path, O_RDONLY, &fd);

      NOTE("way %zu, \"%s\"", way, wanted->path);
      CHECK_EQ(error, wanted->error);
      CHECK_EQ(fd >= 0, error == 0);
      if (fd >= 0)
        CHECK_EQ(content_of(fd), 'i');
    }
  close(root);
  CHECK_EQ(test_open_files(), files);
  tree_remove();
}

/* Paths put together at random: both ways say the same. */
static void the_walk_does_as_the_kernel_does(void)
{
  static const char *const names[] = {
      "a",    "b",         "f",          "..",       ".",        "",
      "self", "to_folder", "to_file",    "chain",    "up",       "out",
      "out2", "absolute",  "out_folder", "to_file2", "dangling", "loop"};
  int root = open_root();
  unsigned opened = 0;

  for (int round = 0; round < 20000 && !test_state.failed; round++) {
    char path[200] = "";
    int errors[2];
    int fds[2];

    for (size_t left = 1 + random_below(5); left > 0; left--) {
      PATH_ADD(path, names[random_below(COUNT(names))]);
      PATH_ADD(path, left > 1 || random_below(8) == 0 ? "/" : "");
    }
    NOTE("\"%s\"", path);
    for (size_t way = 0; way < 2; way++)
      errors[way] = beneath_ways[way](root, path, O_RDONLY, &fds[way]);
    CHECK_EQ(errors[0], errors[1]);
    if (errors[0] == 0 && errors[1] == 0) {
      struct stat a;
      struct stat b;

      CHECK(fstat(fds[0], &a) == 0 && fstat(fds[1], &b) == 0 &&
            a.st_ino == b.st_ino);
      opened++;
    }
    for (size_t way = 0; way < 2; way++)
      if (fds[way] >= 0)
        close(fds[way]);
  }
  CHECK(opened > 100);
  close(root);
  tree_remove();
}

static void long_and_deep_paths_are_refused(void)
{
  static char path[20000];
  int root = open_root();
  int fd;

  for (size_t way = 0; way < COUNT(beneath_ways); way++) {
    NOTE("way %zu", way);
    path[0] = '\0';
    for (size_t i = 0; i < 1000; i++)
      PATH_ADD(path, "self/");
    PATH_ADD(path, "f");
    CHECK(beneath_ways[way](root, path, O_RDONLY, &fd) != 0);
    memset(path, 'x', sizeof path - 1);
    CHECK_EQ(beneath_ways[way](root, path, O_RDONLY, &fd), ENAMETOOLONG);
    path[300] = '\0';
    CHECK_EQ(beneath_ways[way](root, path, O_RDONLY, &fd), ENAMETOOLONG);
  }
  path[0] = '\0';
  for (size_t i = 0; i < 70; i++) {
    PATH_ADD(path, "d/");
    mkdirat(root, path, 0700);
  }
  CHECK_EQ(ng_beneath_walk(root, path, O_RDONLY, &fd), ENAMETOOLONG);
  close(root);
  tree_remove();
}

/* ----------------------------------------------------------------- race -- */

static void swapped_names_open_no_way_out(void)
{
  static const char *const paths[] = {"a/f", "f", "a/b/../f", "self/a/f"};
  int root = open_root();
  pthread_t thread;

  for (size_t way = 0; way < COUNT(beneath_ways); way++) {
    unsigned opened = 0;
    unsigned outside = 0;
    time_t end = time(NULL) + 20;

    atomic_store(&race_over, false);
    if (!CHECK_EQ(pthread_create(&thread, NULL, swap_names, NULL), 0))
      return;
    for (unsigned i = 0;
         i < 20000 || ((opened == 0 || outside == 0) && time(NULL) < end);
         i++) {
      int fd;
      int error =
          beneath_ways[way](root, paths[i % COUNT(paths)], O_RDONLY, &fd);

      outside += error == NG_OUTSIDE;
      if (error)
        continue;
      opened++;
      if (!CHECK_EQ(content_of(fd), 'i'))
        break;
    }
    atomic_store(&race_over, true);
    pthread_join(thread, NULL);
    NOTE("way %zu: %u opened, %u outside", way, opened, outside);
    CHECK(opened > 0 && outside > 0);
  }
  close(root);
  tree_remove();
}

/* O_PATH opens the file that a link leads to, not the link. */
static void links_are_followed_for_a_look_too(void)
{
#ifdef O_PATH
  int root = open_root();

  for (size_t way = 0; way < COUNT(beneath_ways); way++) {
    struct stat status = {.st_mode = 0};
    int fd;

    NOTE("way %zu", way);
    CHECK_EQ(beneath_ways[way](root, "a/b/chain", O_PATH, &fd), 0);
    CHECK(fstat(fd, &status) == 0 && S_ISREG(status.st_mode));
    close(fd);
    CHECK_EQ(beneath_ways[way](root, "self/self", O_PATH, &fd), 0);
    CHECK(fstat(fd, &status) == 0 && S_ISDIR(status.st_mode));
    close(fd);
    CHECK_EQ(beneath_ways[way](root, "out", O_PATH, &fd), NG_OUTSIDE);
    CHECK_EQ(beneath_ways[way](root, "loop", O_PATH, &fd), ELOOP);
    CHECK_EQ(beneath_ways[way](root, "dangling", O_PATH, &fd), ENOENT);
  }
  close(root);
  tree_remove();
#endif
}

static void absolute_paths_are_below_by_their_letters(void)
{
  CHECK_STR(ng_beneath_part("/r", "a/f"), "a/f");
  CHECK_STR(ng_beneath_part("/r", "/r/a/f"), "a/f");
  CHECK_STR(ng_beneath_part("/r", "/r//a"), "a");
  CHECK_STR(ng_beneath_part("/r", "/r"), ".");
  CHECK_STR(ng_beneath_part("/r", "/r/"), ".");
  CHECK_STR(ng_beneath_part("/r", "/r/../x"), "../x");
  CHECK_STR(ng_beneath_part("/", "/a/f"), "a/f");
  CHECK_STR(ng_beneath_part("/", "/"), ".");
  CHECK(!ng_beneath_part("/r", "/root/f"));
  CHECK(!ng_beneath_part("/r/s", "/r/f"));
  CHECK(!ng_beneath_part("/r", "//r/f"));
  CHECK(!ng_beneath_part("/r", "/"));
}

int main(int argc, char **argv)
{
  static const struct test tests[] = {
      TEST(paths_stay_below_the_root),
      TEST(the_walk_does_as_the_kernel_does),
      TEST(long_and_deep_paths_are_refused),
      TEST(links_are_followed_for_a_look_too),
      TEST(swapped_names_open_no_way_out),
      TEST(absolute_paths_are_below_by_their_letters),
  };

  return test_main(tests, COUNT(tests), argc, argv);
}
