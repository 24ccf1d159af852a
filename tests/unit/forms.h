/* SPDX-License-Identifier: MIT */
/*
 * The same rows in each form of a file (plain, gzip, BGZF), and options to read
 * them by.
 */
#ifndef NG_TESTS_UNIT_FORMS_H
#define NG_TESTS_UNIT_FORMS_H

#include "ngram.h"
#include "unit/answer.h"
#include "unit/any_count.h"
#include "unit/bytes.h"
#include "unit/count_check.h"
#include "unit/files.h"
#include "unit/gzip_make.h"
#include "unit/index_make.h"
#include "unit/naive_count.h"
#include "unit/rows_check.h"
#include "unit/rows_make.h"
#include "unit/shapes.h"
#include "unit/test.h"

static inline struct ngram_rows_options rows_options(unsigned threads,
                                                     struct ngram_index *index)
{
  struct ngram_rows_options options;

  ngram_rows_options_init(&options);
  options.threads = threads;
  options.index = index;
  return options;
}

static inline void override_any_way(void)
{
  static const char *const wishes[] = {NULL, "on", "off", "refuse"};

  override_anything();
  set_override("NGRAM_AHEAD", wishes[random_below(COUNT(wishes))]);
  set_override("NGRAM_STRETCH", random_once_in(2) ? any_stretch() : NULL);
}

/* BGZF as bgzip writes it: blocks of at most 64 KiB. */
static inline const char *make_bgzf_of(const struct bytes *text, size_t piece)
{
  struct gzip_file file = {.text = {.data = NULL}};
  const char *path;

  for (size_t at = 0; at <= text->size; at += piece) {
    size_t left = text->size - at;
    size_t size = left < piece ? left : piece;
    size_t start = file.bytes.size;
    size_t text_start = file.text.size;
    size_t bsize;

    bytes_add(&file.bytes, "\x1f\x8b\x08\4\0\0\0\0\0\xff\6\0BC\2\0\0\0", 18);
    add_deflate(&file.bytes, text->data + at, size, 6, 0);
    bytes_add(&file.text, text->data + at, size);
    gzip_file_end_member(&file, text_start);
    bsize = file.bytes.size - start - 1;
    file.bytes.data[start + 16] = (unsigned char)bsize;
    file.bytes.data[start + 17] = (unsigned char)(bsize >> 8);
  }
  path = file_make("rows.bgz", file.bytes.data, file.bytes.size);
  gzip_file_free(&file);
  return path;
}

/* Some blocks of 512 KiB, in each of its forms. */
struct forms {
  struct bytes text;
  struct bytes gzip;
  char plain_path[1500];
  char gzip_path[1500];
  char bgzf_path[1500];
};

static inline void forms_make(struct forms *forms, size_t size)
{
  static const struct ahead_shape shape = {1, 0, Z_NO_FLUSH, 1, 3};
  struct rows_taste taste = {.new_word = 12};

  *forms = (struct forms){.text = {.data = NULL}};
  rows_add(&forms->text, size, &taste);
  make_shape(&forms->gzip, &forms->text, &shape);
  snprintf(forms->plain_path, sizeof forms->plain_path, "%s",
           file_make("rows.tsv", forms->text.data, forms->text.size));
  snprintf(forms->gzip_path, sizeof forms->gzip_path, "%s",
           file_make("rows.gz", forms->gzip.data, forms->gzip.size));
  snprintf(forms->bgzf_path, sizeof forms->bgzf_path, "%s",
           make_bgzf_of(&forms->text, 60000));
}

static inline void forms_free(struct forms *forms)
{
  bytes_free(&forms->text);
  bytes_free(&forms->gzip);
}

#endif
