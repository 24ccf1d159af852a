/* SPDX-License-Identifier: MIT */
/*
 * fuzz_zip.c - any bytes as a zip archive: what its directory says lies in the
 * file, and our decoder and zlib read the same.
 *
 * The first byte of the input says in blocks of what size the text is read, the
 * rest is the archive. Where the bits of an entry make no sense, each decoder
 * gives up at a place of its own.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "inflate/reader.h"
#include "inflate/zip.h"

#define TEXT_MAX ((size_t)1 << 20)

struct reading {
  struct ng_gzip_fault fault;
  size_t ends;
  size_t size;
  char text[TEXT_MAX];
};

static void must(int condition, const char *what)
{
  if (condition)
    return;
  fprintf(stderr, "wrong: %s\n", what);
  abort();
}

/* Read up to TEXT_MAX bytes, in blocks of `step`. */
static void read_text(struct ng_source *source, const struct ng_zip *zip,
                      const struct ng_decoder *decoder, size_t step,
                      struct reading *reading)
{
  struct ng_gzip_block block = {.last = false};
  struct ng_budget budget;
  struct ng_reader *reader;

  ng_budget_init(&budget);
  reader = ng_reader_open(source, decoder, zip, &budget);
  if (!reader)
    exit(1);
  reading->size = reading->ends = 0;
  while (!block.last && reading->size + step <= TEXT_MAX) {
    ng_reader_read(reader, reading->text + reading->size, step, &block);
    must(block.size <= step, "size of a block");
    reading->size += block.size;
    reading->ends += block.end_count;
  }
  reading->fault = block.fault;
  ng_reader_close(reader);
}

static void check_directory(const struct ng_zip *zip, size_t size)
{
  uint64_t from = 0;

  for (size_t i = 0; i < zip->count; i++) {
    const struct ng_zip_entry *entry = &zip->entries[i];

    must(entry->data > from, "order");
    must(ng_zip_find(zip, entry->data) == i, "find");
    from = entry->data + entry->packed_bytes;
    must(entry->packed_bytes > 0 && from <= size, "place");
  }
}

static void compare(struct ng_source *source, const struct ng_zip *zip,
                    size_t step)
{
  static struct reading native;
  static struct reading zlib;

  read_text(source, zip, &ng_decoder_native, step, &native);
  read_text(source, zip, &ng_decoder_zlib, step, &zlib);
  must(native.fault.kind == zlib.fault.kind, "fault");
  if (native.fault.kind == NG_GZIP_BAD_DEFLATE)
    return;
  must(native.ends == zlib.ends, "entries");
  must(native.size == zlib.size, "length of the text");
  must(memcmp(native.text, zlib.text, native.size) == 0, "text");
  must(native.fault.kind || native.size + step > TEXT_MAX ||
           native.ends == zip->count,
       "every entry");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  struct ng_gzip_fault fault = {.kind = NG_GZIP_OK};
  struct ng_source *source;
  struct ng_budget budget;
  struct ng_zip *zip;

  if (size < 1)
    return 0;
  source = ng_source_from_memory(data + 1, size - 1);
  if (!source)
    exit(1);
  ng_budget_init(&budget);
  zip = ng_zip_open(source, &budget, NULL, &fault);
  must((zip == NULL) == (fault.kind != NG_GZIP_OK), "fault of the directory");
  if (zip) {
    check_directory(zip, size - 1);
    compare(source, zip, data[0] ? (size_t)data[0] * data[0] : TEXT_MAX);
  }
  ng_zip_close(zip);
  must(budget.held_bytes == 0, "memory is left");
  ng_source_close(source);
  return 0;
}
