/* SPDX-License-Identifier: MIT */
/*
 * The one reader: the same text, plain and packed in each way, is read in
 * pieces of any size, from any position where reading may be resumed, and out
 * of a stream. What is right is known from the making, and is zlib's word.
 */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>
#include <zlib.h>

#include "inflate/reader.h"
#include "inflate/seek_points.h"
#include "inflate/zip.h"
#include "unit/failing_memory.h"
#include "unit/files.h"
#include "unit/guarded.h"
#include "unit/gzip_make.h"
#include "unit/test.h"
#include "unit/zip_make.h"

#define FORMATS 4

/* ----------------------------------------------------------------- files -- */

/* Reading may be resumed at that byte of the file. */
struct position {
  uint64_t byte;
  uint64_t text; /* before it */
};

struct packed {
  enum ng_format format;
  struct bytes file;
  struct bytes text;
  struct bytes
      positions; /* struct position; none of plain text, which has any */
};

static void packed_free(struct packed *packed)
{
  bytes_free(&packed->file);
  bytes_free(&packed->text);
  bytes_free(&packed->positions);
}

static void add_position(struct packed *packed, uint64_t byte, uint64_t text)
{
  struct position position = {byte, text};

  bytes_add(&packed->positions, &position, sizeof position);
}

static void add_bgzf_member(struct bytes *file, const unsigned char *text,
                            size_t size)
{
  size_t start = file->size;
  size_t last;

  bytes_add(file, "\x1f\x8b\x08\4\0\0\0\0\0\xff\6\0BC\2\0\0\0", 18);
  add_deflate(file, text, size, 6, 0);
  bytes_add_number(file, crc32(0, text, (uInt)size), 4);
  bytes_add_number(file, size, 4);
  last = file->size - start - 1;
  file->data[start + 16] = (unsigned char)last;
  file->data[start + 17] = (unsigned char)(last >> 8);
}

static void add_member(struct packed *packed, struct zip_made *zip,
                       const unsigned char *text, size_t size)
{
  struct gzip_file file = {.bytes = packed->file};

  switch (packed->format) {
  case NG_PLAIN:
    bytes_add(&packed->file, text, size);
    break;
  case NG_GZIP:
    gzip_file_add(&file, text, size);
    packed->file = file.bytes;
    bytes_free(&file.text);
    bytes_free(&file.ends);
    break;
  case NG_BGZF:
    add_bgzf_member(&packed->file, text, size);
    break;
  case NG_ZIP:
    zip_add_text(zip, text, size);
    break;
  }
}

/* Text in members of up to `most` bytes. */
static struct packed pack(enum ng_format format, size_t size, size_t most)
{
  struct packed packed = {.format = format};
  struct zip_made zip = {.name = 5};
  struct zip_form form = {.comment = 0};

  bytes_reserve(&packed.file, 1);
  gzip_make_text(&packed.text, size);
  for (size_t at = 0; at < size;) {
    size_t left = size - at;
    size_t piece = 1 + random_below(most);

    piece = piece < left ? piece : left;
    if (zip.count == ZIP_ENTRIES_MAX - 1)
      piece = left;
    if (format != NG_PLAIN)
      add_position(&packed,
                   format == NG_ZIP ? zip.bytes.size : packed.file.size, at);
    add_member(&packed, &zip, packed.text.data + at, piece);
    at += piece;
  }
  if (format == NG_ZIP) {
    zip_add_directory(&zip, &form);
    bytes_free(&packed.file);
    packed.file = zip.bytes;
  }
  return packed;
}

static struct packed pack_any(enum ng_format format)
{
  size_t most = random_once_in(2) ? 65280 : 1 + random_below(5000);
  size_t size = 1 + random_below(random_once_in(4) ? 600000 : 30000);

  NOTE("format %d, %zu bytes in members of %zu", (int)format, size, most);
  return pack(format, size, most);
}

/* Any position of the file where reading may be resumed. */
static struct position any_position(const struct packed *packed)
{
  size_t count = packed->positions.size / sizeof(struct position);
  uint64_t byte = random_below(packed->text.size + 1);

  if (packed->format == NG_PLAIN)
    return (struct position){byte, byte};
  return ((const struct position *)(const void *)
              packed->positions.data)[random_below(count)];
}

/* --------------------------------------------------------------- reading -- */

struct opened {
  const struct packed *packed;
  struct ng_source *source;
  struct ng_budget budget;
  struct ng_zip *zip;
  struct ng_reader *reader;
  struct guarded room; /* a block of text ends where it does */
  struct ng_gzip_block block;
  uint64_t at; /* bytes of text before what is read next */
};

static const struct ng_decoder *any_decoder(enum ng_format format)
{
  const struct ng_decoder *decoder;
  size_t count = 0;

  if (format == NG_PLAIN)
    return NULL;
  while (ng_decoder_at(count))
    count++;
  do
    decoder = ng_decoder_at(random_below(count));
  while (!decoder->is_available());
  return decoder;
}

static void open_source_of(struct opened *opened, const struct packed *packed,
                           struct ng_source *source,
                           const struct ng_decoder *decoder)
{
  struct ng_gzip_fault fault;

  *opened = (struct opened){.packed = packed, .source = source};
  ng_budget_init(&opened->budget);
  opened->room = guarded_make(1 << 20);
  ng_source_keep(source);
  CHECK_EQ(ng_reader_find_format(source, &opened->block), packed->format);
  CHECK_EQ(opened->block.fault.kind, NG_GZIP_OK);
  CHECK_EQ(opened->block.last, packed->file.size < 18);
  ng_source_rewind(source);
  if (packed->format == NG_ZIP)
    opened->zip = ng_zip_open(source, &opened->budget, NULL, &fault);
  opened->reader =
      ng_reader_open(source, decoder, opened->zip, &opened->budget);
}

static void open_packed(struct opened *opened, const struct packed *packed)
{
  open_source_of(opened, packed,
                 ng_source_from_memory(packed->file.data, packed->file.size),
                 any_decoder(packed->format));
}

static void close_opened(struct opened *opened)
{
  ng_reader_close(opened->reader);
  ng_zip_close(opened->zip);
  ng_source_close(opened->source);
  CHECK_EQ(opened->budget.held_bytes, 0);
  guarded_free(&opened->room);
}

/* The next text, up to `capacity` bytes. Returns it. */
static const char *read_piece(struct opened *opened, size_t capacity)
{
  const struct bytes *text = &opened->packed->text;
  const struct ng_gzip_block *block = &opened->block;
  char *out = (char *)opened->room.end - capacity;

  ng_reader_read(opened->reader, out, capacity, &opened->block);
  CHECK_EQ(block->fault.kind, NG_GZIP_OK);
  CHECK(block->size == capacity || block->last ||
        block->end_count == NG_MEMBER_ENDS_MAX);
  CHECK(!block->arrived);
  if (CHECK(opened->at + block->size <= text->size))
    CHECK_BYTES(out, block->size, text->data + opened->at, block->size);
  opened->at += block->size;
  if (opened->packed->format == NG_PLAIN) {
    CHECK_EQ(block->end_count, 0);
    CHECK_EQ(block->position.bit, 0);
    CHECK_EQ(ng_reader_offset(opened->reader), opened->at);
  }
  if (block->last) {
    CHECK_EQ(opened->at, text->size);
    CHECK_EQ(ng_reader_bytes_read(opened->reader), opened->packed->file.size);
  }
  return out;
}

static size_t any_capacity(void)
{
  static const size_t most[] = {1, 10, 1000, 70000, 1 << 20};

  return 1 + random_below(most[random_below(COUNT(most))]);
}

/* Up to `pieces` of them. */
static void read_pieces(struct opened *opened, size_t pieces)
{
  opened->block.last = false;
  while (pieces-- > 0 && !opened->block.last && !test_state.failed)
    read_piece(opened, any_capacity());
}

static void with_all_formats(unsigned rounds, void (*test)(struct packed *))
{
  for (unsigned round = 0; round < test_rounds(rounds); round++)
    for (int format = 0; format < FORMATS && !test_state.failed; format++) {
      struct packed packed = pack_any((enum ng_format)format);

      test(&packed);
      packed_free(&packed);
    }
}

/* ----------------------------------------------------------------- tests -- */

static void check_format(const void *file, size_t size, enum ng_format wanted)
{
  struct ng_source *source = ng_source_from_memory(file, size);
  struct ng_gzip_block block;

  CHECK_EQ(ng_reader_find_format(source, &block), wanted);
  CHECK_EQ(block.fault.kind, NG_GZIP_OK);
  CHECK_EQ(block.size, size < 18 ? size : 18);
  CHECK_EQ(block.last, size < 18);
  ng_source_close(source);
}

static void format_is_told_by_the_first_bytes(void)
{
  static unsigned char bgzf[18] = {0x1f, 0x8b, 8, 4,   0,   0, 0, 0,   0,
                                   255,  6,    0, 'B', 'C', 2, 0, 100, 0};

  check_format("", 0, NG_PLAIN);
  check_format("a\t", 2, NG_PLAIN);
  check_format("\x1f\x8c", 2, NG_PLAIN);
  check_format(bgzf, 1, NG_PLAIN);
  check_format(bgzf, 2, NG_GZIP);
  check_format(bgzf, 17, NG_GZIP);
  check_format(bgzf, 18, NG_BGZF);
  check_format("PK\3\4", 4, NG_ZIP);
  check_format("PK\3", 3, NG_PLAIN);
  for (size_t at = 0; at < sizeof bgzf; at++) {
    bool tells = at < 2 || (at >= 12 && at <= 15) || at == 3;

    bgzf[at] ^= 4;
    NOTE("byte %zu", at);
    check_format(bgzf, 18, at < 2 ? NG_PLAIN : tells ? NG_GZIP : NG_BGZF);
    bgzf[at] ^= 4;
  }
}

static void read_all(struct packed *packed)
{
  struct opened opened;

  open_packed(&opened, packed);
  read_pieces(&opened, SIZE_MAX);
  close_opened(&opened);
}

static void any_form_of_a_text_is_read_in_any_pieces(void)
{
  with_all_formats(40, read_all);
}

/* gzread() reads plain text as it stands, as we do. */
static void read_beside_zlib(struct packed *packed)
{
  static char wanted[1 << 20];
  struct opened opened;
  gzFile zlib;

  if (packed->format == NG_ZIP)
    return;
  zlib = gzopen(file_make("file", packed->file.data, packed->file.size), "rb");
  open_packed(&opened, packed);
  while (!opened.block.last && !test_state.failed) {
    const char *text = read_piece(&opened, any_capacity());

    CHECK_EQ(gzread(zlib, wanted, (unsigned)opened.block.size),
             opened.block.size);
    CHECK_BYTES(text, opened.block.size, wanted, opened.block.size);
  }
  CHECK_EQ(gzread(zlib, wanted, 1), 0);
  gzclose(zlib);
  close_opened(&opened);
}

static void zlib_reads_the_same_text_beside_it(void)
{
  with_all_formats(20, read_beside_zlib);
}

static void take_up_anywhere(struct packed *packed)
{
  struct opened opened;

  open_packed(&opened, packed);
  for (unsigned i = 0; i < 20 && !test_state.failed; i++) {
    struct position position = any_position(packed);

    ng_reader_seek(opened.reader, position.byte);
    opened.at = position.text;
    read_pieces(&opened, random_below(6));
  }
  read_pieces(&opened, opened.block.last ? 0 : SIZE_MAX);
  close_opened(&opened);
}

static void reading_is_resumed_at_any_position_of_any_form(void)
{
  with_all_formats(40, take_up_anywhere);
}

/* Points that one reader has left. */
static void collect_points(const struct packed *packed,
                           struct ng_seek_points *points)
{
  struct opened opened;
  uint64_t until = 0;

  open_source_of(&opened, packed,
                 ng_source_from_memory(packed->file.data, packed->file.size),
                 &ng_decoder_native);
  opened.block.last = false;
  while (!opened.block.last && !test_state.failed) {
    ng_reader_read_until(opened.reader, (char *)opened.room.start, 50000, until,
                         &opened.block);
    opened.at += opened.block.size;
    if (opened.block.arrived) {
      unsigned char window[NG_WINDOW_BYTES];
      size_t size = ng_reader_window(opened.reader, window);

      ng_seek_points_add(points,
                         &(struct ng_seek_point){opened.block.position.bit,
                                                 opened.at, 0, size, window});
      until = opened.block.position.bit + 80;
    }
  }
  close_opened(&opened);
}

static void take_up_at_points(struct packed *packed)
{
  struct ng_seek_points points = {.interval = 1};
  struct opened opened;

  if (packed->format == NG_PLAIN || packed->format == NG_ZIP)
    return;
  collect_points(packed, &points);
  CHECK(points.count > 0);
  open_source_of(&opened, packed,
                 ng_source_from_memory(packed->file.data, packed->file.size),
                 &ng_decoder_native);
  for (unsigned i = 0; i < 20 && !test_state.failed; i++) {
    const struct ng_seek_point *point =
        &points.points[random_below(points.count)];

    ng_reader_resume(opened.reader, point->bit, point->window,
                     point->window_size);
    opened.at = point->text;
    read_pieces(&opened, i % 5 ? random_below(6) : SIZE_MAX);
  }
  close_opened(&opened);
  ng_seek_points_free(&points);
}

static void reading_is_resumed_at_seek_points(void)
{
  with_all_formats(20, take_up_at_points);
}

static void after_the_end_of_plain_text_is_none(void)
{
  struct packed packed = pack(NG_PLAIN, 1000, 1000);
  struct opened opened;

  open_packed(&opened, &packed);
  for (unsigned i = 0; i < 20; i++) {
    ng_reader_seek(opened.reader, 1000 + i);
    ng_reader_read(opened.reader, (char *)opened.room.start, 100,
                   &opened.block);
    CHECK(opened.block.size == 0 && opened.block.last);
    CHECK_EQ(opened.block.fault.kind, NG_GZIP_OK);
    CHECK_EQ(ng_reader_offset(opened.reader), 1000 + i);
  }
  ng_reader_seek(opened.reader, opened.at = 900);
  read_piece(&opened, 100); /* a block that is full ends nothing */
  CHECK(!opened.block.last);
  read_piece(&opened, 100);
  CHECK(opened.block.size == 0 && opened.block.last);
  close_opened(&opened);
  packed_free(&packed);
}

/* --------------------------------------------------------------- streams -- */

/* A FIFO that has so many bytes of the file, and then its end or, where *held
   is to be closed, nothing for now. */
static struct ng_source *make_stream(const struct bytes *file, size_t size,
                                     int *held)
{
  const char *fifo = file_make_fifo("fifo");
  struct ng_source *source;
  int fd;

  CHECK_EQ(ng_source_open(fifo, &source), 0);
  fd = open(fifo, O_WRONLY);
  CHECK_EQ(write(fd, file->data, size), (ssize_t)size);
  if (held)
    *held = fd;
  else
    close(fd);
  return source;
}

static void a_stream_gives_again_what_told_its_format(void)
{
  for (unsigned round = 0; round < test_rounds(60); round++) {
    size_t size = random_once_in(3) ? random_below(30) : random_below(40000);
    struct packed packed = pack((enum ng_format)(round % 3), 1 + size, 65280);
    struct opened opened;

    NOTE("format %u, %zu bytes", round % 3, size);
    open_source_of(&opened, &packed,
                   make_stream(&packed.file, packed.file.size, NULL),
                   any_decoder(packed.format));
    read_pieces(&opened, SIZE_MAX);
    close_opened(&opened);
    packed_free(&packed);
  }
}

static bool stop_at_once(void *context)
{
  (void)context;
  return true;
}

static bool stop_at_second(void *context)
{
  unsigned *asked = context;

  return ++*asked > 2; /* before the read, and while it waits */
}

/* A stop, after so much of plain text. */
static void check_stop(const struct packed *packed, size_t size)
{
  unsigned asked = 0;
  const struct ng_stop stop = {size > 18 ? stop_at_second : stop_at_once,
                               &asked};
  struct opened opened;
  int held;
  char *out;

  open_source_of(&opened, packed, make_stream(&packed->file, size, &held),
                 NULL);
  ng_source_stop_by(opened.source, &stop);
  out = (char *)opened.room.end - 1000;
  ng_reader_read(opened.reader, out, 1000, &opened.block);
  CHECK_EQ(opened.block.fault.kind, NG_GZIP_READ_FAILED);
  CHECK_EQ(opened.block.fault.system_error, ECANCELED);
  CHECK_EQ(opened.block.fault.file_offset, size);
  CHECK(opened.block.last);
  CHECK_BYTES(out, opened.block.size, packed->text.data, size);
  close(held);
  close_opened(&opened);
}

static void text_before_a_failed_read_is_given(void)
{
  struct packed packed = pack(NG_PLAIN, 1000, 1000);

  check_stop(&packed, 18);
  check_stop(&packed, 19);
  check_stop(&packed, 500);
  packed_free(&packed);
}

static void a_read_that_fails_is_told_with_its_reason(void)
{
  struct ng_gzip_block block;
  struct ng_source *source;
  char text[100];

  if (access("/proc/self/mem", R_OK) != 0) {
    test_skip("no file fails here");
    return;
  }
  CHECK_EQ(ng_source_open("/proc/self/mem", &source), 0);
  for (unsigned i = 0; i < 3; i++) { /* nothing at address 0 */
    if (i == 0)
      ng_reader_find_format(source, &block);
    else
      ng_reader_read_plain(source, 7 * (i - 1), text, sizeof text, &block);
    CHECK(block.size == 0 && block.last);
    CHECK_EQ(block.fault.kind, NG_GZIP_READ_FAILED);
    CHECK_EQ(block.fault.system_error, EIO);
    CHECK_EQ(block.fault.file_offset, i == 2 ? 7 : 0);
  }
  ng_source_close(source);
}

static void lack_of_memory_is_told(void)
{
  struct ng_source *source = ng_source_from_memory("", 0);

  for (int format = 0; format < 2; format++)
    for (long requests = 0, failed = 1; failed && requests < 20; requests++) {
      const struct ng_decoder *decoder = format ? &ng_decoder_zlib : NULL;
      struct ng_reader *reader;
      struct ng_budget budget;

      ng_budget_init(&budget);
      NOTE("format %d, after %ld requests", format, requests);
      memory_fail_after(requests, false);
      reader = ng_reader_open(source, decoder, NULL, &budget);
      failed = memory_fail_no_more();
      CHECK((reader == NULL) == (failed != 0));
      CHECK(format || budget.held_bytes == 0);
      ng_reader_close(reader);
      CHECK_EQ(budget.held_bytes, 0);
    }
  ng_source_close(source);
  if (!MEMORY_CAN_FAIL)
    test_skip("memory does not fail here");
}

int main(int argc, char **argv)
{
  static const struct test tests[] = {
      TEST(format_is_told_by_the_first_bytes),
      TEST(any_form_of_a_text_is_read_in_any_pieces),
      TEST(zlib_reads_the_same_text_beside_it),
      TEST(reading_is_resumed_at_any_position_of_any_form),
      TEST(reading_is_resumed_at_seek_points),
      TEST(after_the_end_of_plain_text_is_none),
      TEST(a_stream_gives_again_what_told_its_format),
      TEST(text_before_a_failed_read_is_given),
      TEST(a_read_that_fails_is_told_with_its_reason),
      TEST(lack_of_memory_is_told),
  };

  return test_main(tests, COUNT(tests), argc, argv);
}
