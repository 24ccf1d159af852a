/* SPDX-License-Identifier: MIT */
/* Bytes that grow: texts and files of a test. */
#ifndef NG_TESTS_UNIT_BYTES_H
#define NG_TESTS_UNIT_BYTES_H

#include "unit/test.h"

struct bytes {
  unsigned char *data;
  size_t size;
  size_t capacity;
};

/* Room for `size` more bytes. Returns where they go. */
static inline unsigned char *bytes_reserve(struct bytes *bytes, size_t size)
{
  if (!bytes->data || bytes->size + size > bytes->capacity) {
    size_t capacity = 2 * (bytes->size + size) + 100;
    unsigned char *data = test_memory(capacity);

    if (bytes->data)
      memcpy(data, bytes->data, bytes->size);
    free(bytes->data);
    bytes->data = data;
    bytes->capacity = capacity;
  }
  return bytes->data + bytes->size;
}

static inline void bytes_add(struct bytes *bytes, const void *data, size_t size)
{
  unsigned char *place = bytes_reserve(bytes, size);

  if (size > 0)
    memcpy(place, data, size);
  bytes->size += size;
}

static inline void bytes_add_text(struct bytes *bytes, const char *text)
{
  bytes_add(bytes, text, strlen(text));
}

__attribute__((format(printf, 2, 3))) static inline void
bytes_print(struct bytes *bytes, const char *format, ...)
{
  char text[512];
  va_list arguments;
  int size;

  va_start(arguments, format);
  size = vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  bytes_add(bytes, text, (size_t)size);
}

/* A little-endian number. */
static inline void bytes_add_number(struct bytes *bytes, uint64_t number,
                                    size_t size)
{
  for (size_t i = 0; i < size; i++) {
    unsigned char byte = (unsigned char)(number >> 8 * i);

    bytes_add(bytes, &byte, 1);
  }
}

static inline void bytes_fill(struct bytes *bytes, int with, size_t size)
{
  memset(bytes_reserve(bytes, size), with, size);
  bytes->size += size;
}

static inline void bytes_free(struct bytes *bytes)
{
  free(bytes->data);
  *bytes = (struct bytes){.data = NULL};
}

#endif
