/* SPDX-License-Identifier: MIT */
/* Makes zip archives of stored entries, and knows where their data lie. */
#ifndef NG_TESTS_UNIT_ZIP_MAKE_H
#define NG_TESTS_UNIT_ZIP_MAKE_H

#include <zlib.h>

#include "unit/bytes.h"

#define ZIP_ENTRIES_MAX 40

struct zip_form {
  bool zip64;    /* all numbers stand where zip64 has them */
  bool shuffled; /* the directory is in another order than the file */
  size_t comment;
  size_t name; /* of an entry; 0: a few bytes */
  size_t entry_comment;
};

/* In the order of the file. */
struct zip_made {
  struct bytes bytes;
  size_t count;
  uint64_t data[ZIP_ENTRIES_MAX]; /* offset */
  uint64_t local[ZIP_ENTRIES_MAX];
  uint64_t size[ZIP_ENTRIES_MAX];
  uint32_t crc[ZIP_ENTRIES_MAX];
  size_t name;
};

static inline void zip_made_free(struct zip_made *made)
{
  bytes_free(&made->bytes);
}

static inline void zip_put(struct bytes *bytes, size_t at, uint64_t number,
                           size_t size)
{
  for (size_t i = 0; i < size; i++)
    bytes->data[at + i] = (unsigned char)(number >> (8 * i));
}

/* Numbers of `size` bytes each. */
static inline void zip_add(struct bytes *to, size_t size, size_t count,
                           const uint64_t *numbers)
{
  for (size_t i = 0; i < count; i++)
    bytes_add_number(to, numbers[i], size);
}
#define ZIP_ADD(to, size, ...)                                                 \
  zip_add(to, size,                                                            \
          sizeof((const uint64_t[]){__VA_ARGS__}) / sizeof(uint64_t),          \
          (const uint64_t[]){__VA_ARGS__})

static inline void zip_add_text(struct zip_made *made, const void *text,
                                size_t size)
{
  struct bytes *to = &made->bytes;
  size_t i = made->count++;

  made->size[i] = size;
  made->crc[i] = (uint32_t)crc32(0, text, (uInt)size);
  made->local[i] = to->size;
  bytes_add(to, "PK\3\4", 4);
  ZIP_ADD(to, 2, 20, 0, 0, 0, 0);
  ZIP_ADD(to, 4, made->crc[i], size, size);
  ZIP_ADD(to, 2, made->name, 0);
  bytes_fill(to, 'n', made->name);
  made->data[i] = to->size;
  bytes_add(to, text, size);
}

static inline void zip_add_entry(struct zip_made *made, size_t size)
{
  unsigned char text[100];

  random_fill(text, size);
  zip_add_text(made, text, size);
}

static inline void zip_add_record(struct zip_made *made, size_t i,
                                  const struct zip_form *form)
{
  struct bytes *to = &made->bytes;
  bool zip64 = form->zip64;
  uint64_t size = zip64 ? UINT32_MAX : made->size[i];

  bytes_add(to, "PK\1\2", 4);
  ZIP_ADD(to, 2, 45, 20, 0, 0, 0, 0);
  ZIP_ADD(to, 4, made->crc[i], size, size);
  ZIP_ADD(to, 2, made->name, zip64 ? 9 + 32 : 0, form->entry_comment,
          zip64 ? 0xFFFF : 0, 0);
  ZIP_ADD(to, 4, 0, zip64 ? UINT32_MAX : made->local[i]);
  bytes_fill(to, 'n', made->name);
  if (zip64) {
    ZIP_ADD(to, 2, 0xCAFE, 5);
    bytes_fill(to, 'x', 5);
    ZIP_ADD(to, 2, 1, 28);
    ZIP_ADD(to, 8, made->size[i], made->size[i], made->local[i]);
    ZIP_ADD(to, 4, 0);
  }
  bytes_fill(to, 'c', form->entry_comment);
}

static inline void zip_add_end(struct zip_made *made, uint64_t directory,
                               const struct zip_form *form)
{
  struct bytes *to = &made->bytes;
  uint64_t end = to->size;
  uint64_t size = end - directory;

  if (form->zip64) {
    bytes_add(to, "PK\6\6", 4);
    ZIP_ADD(to, 8, 44);
    ZIP_ADD(to, 2, 45, 45);
    ZIP_ADD(to, 4, 0, 0);
    ZIP_ADD(to, 8, made->count, made->count, size, directory);
    bytes_add(to, "PK\6\7", 4);
    ZIP_ADD(to, 4, 0);
    ZIP_ADD(to, 8, end);
    ZIP_ADD(to, 4, 1);
  }
  bytes_add(to, "PK\5\6", 4);
  ZIP_ADD(to, 2, 0, 0, made->count, made->count);
  ZIP_ADD(to, 4, size, directory);
  ZIP_ADD(to, 2, form->comment);
  bytes_fill(to, 'c', form->comment);
}

/* The directory of the entries that were added, and the end. */
static inline void zip_add_directory(struct zip_made *made,
                                     const struct zip_form *form)
{
  size_t count = made->count;
  size_t first = form->shuffled ? random_below(count) : 0;
  uint64_t directory = made->bytes.size;

  for (size_t i = 0; i < count; i++) {
    size_t turned = (first + i) % count;

    zip_add_record(made, form->shuffled ? count - 1 - turned : turned, form);
  }
  zip_add_end(made, directory, form);
}

static inline void zip_make(struct zip_made *made, size_t count,
                            const struct zip_form *form)
{
  *made = (struct zip_made){.name = form->name ? form->name : 5};
  bytes_reserve(&made->bytes, 1);
  while (made->count < count)
    zip_add_entry(made, 1 + random_below(99));
  zip_add_directory(made, form);
}

#endif
