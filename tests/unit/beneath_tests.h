/* SPDX-License-Identifier: MIT */
/*
 * Tests of opening below a folder, for test_source.c. A tree is made, in which
 * every file says where it is, and each path is tried by the kernel's call, if
 * it has one, and by the walk.
 */
#ifndef NG_TESTS_UNIT_BENEATH_TESTS_H
#define NG_TESTS_UNIT_BENEATH_TESTS_H

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/stat.h>
#include <unistd.h>

#include "source/beneath.h"
#include "unit/files.h"
#include "unit/test.h"

typedef int beneath_open(int root, const char *path, int flags, int *fd);

static beneath_open *const beneath_ways[] = {ng_beneath_open, ng_beneath_walk};

/* ----------------------------------------------------------------- tree -- */

static char tree[1200]; /* its folder, which has `root` and `outside` */

static const char *tree_path(const char *name)
{
  static char paths[8][1400];
  static unsigned next;
  char *path = paths[next++ % COUNT(paths)];

  snprintf(path, sizeof paths[0], "%s/%s", tree, name);
  return path;
}

static void tree_file(const char *name, char content)
{
  FILE *file = fopen(tree_path(name), "wb");

  if (!file || fputc(content, file) == EOF || fclose(file) != 0) {
    perror(name);
    exit(1);
  }
}

static void tree_link(const char *name, const char *target)
{
  if (symlink(target, tree_path(name)) != 0) {
    perror(name);
    exit(1);
  }
}

static int remove_one(const char *path, const struct stat *status, int kind,
                      struct FTW *walk)
{
  (void)status;
  (void)kind;
  (void)walk;
  return remove(path);
}

static void tree_remove(void)
{
  if (tree[0])
    nftw(tree, remove_one, 16, FTW_DEPTH | FTW_PHYS);
  tree[0] = '\0';
}

/* 'i' is inside, 'o' outside. */
static void tree_make(void)
{
  static const char *const folders[] = {"",         "root",       "root/a",
                                        "root/a/b", "root/aroot", "outside"};
  static bool registered;

  snprintf(tree, sizeof tree, "%s-tree", file_path("beneath"));
  for (size_t i = 0; i < COUNT(folders); i++)
    mkdir(tree_path(folders[i]), 0700);
  tree_file("root/f", 'i');
  tree_file("root/a/f", 'i');
  tree_file("root/a/b/f", 'i');
  tree_file("root/..f", 'i');
  tree_file("outside/f", 'o');
  tree_file("f", 'o');
  tree_link("root/to_file", "a/f");
  tree_link("root/a/up", "../f");
  tree_link("root/a/b/chain", "../../to_file2");
  tree_link("root/to_file2", "a/../a/up");
  tree_link("root/to_folder", "a/b/");
  tree_link("root/self", ".");
  tree_link("root/out", "../outside/f");
  tree_link("root/out_folder", "../outside");
  tree_link("root/a/out2", "../../f");
  tree_link("root/out_and_in", "../root/f");
  tree_link("root/absolute", tree_path("outside/f"));
  tree_link("root/absolute_in", tree_path("root/f"));
  tree_link("root/loop", "loop");
  tree_link("root/loop2", "a/../loop3");
  tree_link("root/loop3", "loop2");
  tree_link("root/dangling", "nothing");
  tree_link("root/proc", "/proc/self/root");
  if (!registered)
    atexit(tree_remove);
  registered = true;
}

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

/* What a descriptor says; it is closed. */
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
      strcat(path, names[random_below(COUNT(names))]);
      strcat(path, left > 1 || random_below(8) == 0 ? "/" : "");
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
      strcat(path, "self/");
    strcat(path, "f");
    CHECK(beneath_ways[way](root, path, O_RDONLY, &fd) != 0);
    memset(path, 'x', sizeof path - 1);
    CHECK_EQ(beneath_ways[way](root, path, O_RDONLY, &fd), ENAMETOOLONG);
    path[300] = '\0';
    CHECK_EQ(beneath_ways[way](root, path, O_RDONLY, &fd), ENAMETOOLONG);
  }
  path[0] = '\0';
  for (size_t i = 0; i < 70; i++) {
    strcat(path, "d/");
    mkdirat(root, path, 0700);
  }
  CHECK_EQ(ng_beneath_walk(root, path, O_RDONLY, &fd), ENAMETOOLONG);
  close(root);
  tree_remove();
}

/* ----------------------------------------------------------------- race -- */

static atomic_bool race_over;

/* Swap a folder and a file for links that lead outside, over and over. */
static void *swap_names(void *memory)
{
  while (!atomic_load(&race_over)) {
    rename(tree_path("root/a"), tree_path("root/a.kept"));
    rename(tree_path("root/out_folder"), tree_path("root/a"));
    rename(tree_path("root/f"), tree_path("root/f.kept"));
    rename(tree_path("root/out"), tree_path("root/f"));
    rename(tree_path("root/a"), tree_path("root/out_folder"));
    rename(tree_path("root/a.kept"), tree_path("root/a"));
    rename(tree_path("root/f"), tree_path("root/out"));
    rename(tree_path("root/f.kept"), tree_path("root/f"));
  }
  return memory;
}

static void swapped_names_open_no_way_out(void)
{
  static const char *const paths[] = {"a/f", "f", "a/b/../f", "self/a/f"};
  int root = open_root();
  pthread_t thread;

  for (size_t way = 0; way < COUNT(beneath_ways); way++) {
    unsigned opened = 0;
    unsigned outside = 0;
    double end = (double)time(NULL) + 20;

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

#define BENEATH_TESTS                                                          \
  TEST(paths_stay_below_the_root), TEST(the_walk_does_as_the_kernel_does),     \
      TEST(long_and_deep_paths_are_refused),                                   \
      TEST(swapped_names_open_no_way_out),                                     \
      TEST(absolute_paths_are_below_by_their_letters)

#endif
