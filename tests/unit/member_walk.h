/* SPDX-License-Identifier: MIT */
/* A walk over the blocks and members of a gzip file. */
#ifndef NG_TESTS_UNIT_MEMBER_WALK_H
#define NG_TESTS_UNIT_MEMBER_WALK_H

#include "inflate/reader.h"
#include "unit/guarded.h"
#include "unit/gzip_blocks.h"
#include "unit/gzip_read.h"
#include "unit/test.h"

/* Reads a sample from position to position and holds every block of text to
   what zlib says of the file. */
struct walk {
  const struct sample *sample;
  struct ng_source *source;
  struct ng_reader *reader;
  struct ng_budget budget;
  struct guarded room; /* a block of text stands at its end */
  size_t capacity;
  size_t base;            /* text before what is read */
  size_t next_start;      /* the first start that was not given yet */
  struct reading reading; /* from the base on */
  struct ng_gzip_block block;
};

static inline void walk_open(struct walk *walk, const struct sample *sample,
                             const struct ng_decoder *decoder, size_t capacity)
{
  const struct bytes *file = &sample->file.bytes;

  *walk = (struct walk){.sample = sample, .capacity = capacity};
  ng_budget_init(&walk->budget);
  walk->source = ng_source_from_memory(file->data, file->size);
  walk->reader = ng_reader_open(walk->source, decoder, NULL, &walk->budget);
  walk->room = guarded_make(capacity + NG_WINDOW_BYTES);
  bytes_reserve(&walk->reading.text, 1);
}

static inline void walk_close(struct walk *walk)
{
  ng_reader_close(walk->reader);
  ng_source_close(walk->source);
  CHECK_EQ(walk->budget.held_bytes, 0);
  guarded_free(&walk->room);
  reading_free(&walk->reading);
}

#endif
