/* SPDX-License-Identifier: MIT */
/*
 * A tree of files with a folder `root` in it, for tests of what stays below
 * that: every file's first byte says where it is.
 */
#ifndef NG_TESTS_UNIT_TREE_H
#define NG_TESTS_UNIT_TREE_H

#include <ftw.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/stat.h>
#include <unistd.h>

#include "unit/files.h"
#include "unit/test.h"

static char tree[1200]; /* its folder, which has `root` and `outside` */

static inline const char *tree_path(const char *name)
{
  static char paths[8][1400];
  static unsigned next;
  char *path = paths[next++ % COUNT(paths)];

  snprintf(path, sizeof paths[0], "%s/%s", tree, name);
  return path;
}

/* Put text behind a path, which is an array. */
#define PATH_ADD(path, text)                                                   \
  snprintf((path) + strlen(path), sizeof(path) - strlen(path), "%s", text)

static inline void tree_file(const char *name, char content)
{
  FILE *file = fopen(tree_path(name), "wb");

  if (!file || fprintf(file, "%c\t1900\t1\t1\n", content) < 0 ||
      fclose(file) != 0) {
    perror(name);
    exit(1);
  }
}

static inline void tree_link(const char *name, const char *target)
{
  if (symlink(target, tree_path(name)) != 0) {
    perror(name);
    exit(1);
  }
}

static inline int remove_one(const char *path, const struct stat *status,
                             int kind, struct FTW *walk)
{
  (void)status;
  (void)kind;
  (void)walk;
  return remove(path);
}

static inline void tree_remove(void)
{
  if (tree[0])
    nftw(tree, remove_one, 16, FTW_DEPTH | FTW_PHYS);
  tree[0] = '\0';
}

/* 'i' is inside, 'o' outside. */
static inline void tree_make(void)
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

/* ----------------------------------------------------------------- race -- */

static atomic_bool race_over;

/* Swap a folder and a file for links that lead outside, over and over. */
static inline void *swap_names(void *memory)
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

#endif
