/* SPDX-License-Identifier: MIT */
/* The room inflate: CRC-32 and decoders against zlib. */
#include <errno.h>
#include <fcntl.h>
#include <zlib.h>

#include "base/cpu.h"
#include "base/crc32.h"
#include "inflate/decoder.h"
#include "inflate/reader.h"
#include "unit/files.h"
#include "unit/guarded.h"
#include "unit/gzip_blocks.h"
#include "unit/gzip_make.h"
#include "unit/gzip_read.h"
#include "unit/test.h"

/* Bytes of a file that a reader of gzip holds. */
#define INPUT_BYTES ((size_t)256 << 10)

/* ------------------------------------------------------------------- crc -- */

static void crc_equals_zlib_at_all_sizes_and_places(void)
{
  static unsigned char data[2100];
  const struct ng_crc32_kernel *kernel;

  random_fill(data, sizeof data);
  for (size_t k = 0; (kernel = ng_crc32_kernel_at(k)); k++)
    for (size_t size = 0; size <= 2000; size++)
      for (size_t at = 0; at < 64; at += size < 300 ? 1 : 7) {
        uint32_t begin = (uint32_t)(size * 2654435761u * (at % 3));

        if ((kernel->features & ng_cpu_features()) != kernel->features)
          continue;
        NOTE("%s, size %zu at %zu", kernel->name, size, at);
        if (!CHECK_EQ(kernel->compute(begin, data + at, size),
                      crc32(begin, data + at, (uInt)size)))
          return;
      }
}

static void crc_equals_zlib_on_large_pieces(void)
{
  size_t size = (size_t)3 << 20;
  unsigned char *data = test_memory(size);

  random_fill(data, size);
  for (int round = 0; round < 20; round++) {
    size_t from = random_below(size);
    size_t length = random_below(size - from);

    CHECK_EQ(ng_crc32(7, data + from, length),
             crc32(7, data + from, (uInt)length));
  }
  free(data);
}

static void crc_reads_nothing_outside(void)
{
  struct guarded guarded = guarded_make(4096);

  random_fill(guarded.start, 4096);
  for (size_t size = 0; size < 600; size++) {
    CHECK_EQ(ng_crc32(0, guarded.start, size),
             crc32(0, guarded.start, (uInt)size));
    CHECK_EQ(ng_crc32(0, guarded.end - size, size),
             crc32(0, guarded.end - size, (uInt)size));
  }
  guarded_free(&guarded);
}

static void crcs_of_pieces_combine(void)
{
  /* The CRC of these four bytes is 0. */
  static const unsigned char zero_crc[] = {0x9d, 0x0a, 0xd9, 0x6d};
  static unsigned char data[3000];

  CHECK_EQ(ng_crc32(0, zero_crc, 4), 0);
  random_fill(data, sizeof data);
  for (int round = 0; round < 3000; round++) {
    size_t size = random_below(sizeof data);
    size_t cut = round % 3 == 0 ? 0 : random_below(size + 1);

    if (round % 5 == 0) { /* the first piece */
      memcpy(data, zero_crc, 4);
      cut = 4;
      size = size < 4 ? 4 : size;
    }
    if (round % 11 == 0) { /* the second one */
      cut = random_below(sizeof data - 4);
      memcpy(data + cut, zero_crc, 4);
      size = cut + 4;
    }
    if (round % 7 == 0)
      cut = size;
    NOTE("%zu of %zu bytes", cut, size);
    CHECK_EQ(ng_crc32_combine(ng_crc32(0, data, cut),
                              ng_crc32(0, data + cut, size - cut), size - cut),
             crc32(0, data, (uInt)size));
  }
}

/* -------------------------------------------------------------- decoders -- */

/* Calls `check` with every decoder of this machine. */
static void with_decoders(void (*check)(const struct ng_decoder *decoder))
{
  const struct ng_decoder *decoder;

  for (size_t i = 0; (decoder = ng_decoder_at(i)); i++)
    if (decoder->is_available())
      check(decoder);
}

struct decoded {
  enum ng_inflate_status status;
  size_t used; /* bytes of input, up to the end of the stream */
  struct bytes text;
};

#define TEXT_MAX ((size_t)1 << 20)

static void decode_by_zlib(const unsigned char *in, size_t size,
                           struct decoded *decoded)
{
  z_stream stream = {.next_in = (z_const Bytef *)in, .avail_in = (uInt)size};
  int result;

  decoded->text.size = 0;
  stream.next_out = bytes_reserve(&decoded->text, TEXT_MAX);
  stream.avail_out = (uInt)TEXT_MAX;
  if (inflateInit2(&stream, -MAX_WBITS) != Z_OK)
    exit(1);
  result = inflate(&stream, Z_SYNC_FLUSH);
  decoded->text.size = stream.total_out;
  decoded->used = stream.total_in;
  decoded->status = result == Z_STREAM_END   ? NG_INFLATE_END
                    : result == Z_DATA_ERROR ? NG_INFLATE_BAD
                                             : NG_INFLATE_MORE;
  inflateEnd(&stream);
}

/* Feeds a decoder pieces of up to in_step bytes, with room for out_step bytes,
   both at the end of guarded memory; of what came before a piece only
   NG_INFLATE_PUT_BACK bytes are there. */
struct feeder {
  const struct ng_decoder *decoder;
  void *state;
  struct guarded in;
  struct guarded out;
  size_t in_step;
  size_t out_step;
};

static size_t at_most(size_t size, size_t limit)
{
  return size < limit ? size : limit;
}

/* One step at offset `at` of the input, which is moved on. */
static enum ng_inflate_status feed(struct feeder *feeder,
                                   const unsigned char *in, size_t size,
                                   size_t *at, struct bytes *text)
{
  size_t piece = at_most(size - *at, feeder->in_step);
  size_t before = at_most(*at, NG_INFLATE_PUT_BACK);
  struct ng_inflate_io io = {.in = feeder->in.end - piece,
                             .in_size = piece,
                             .out = feeder->out.end - feeder->out_step,
                             .out_size = feeder->out_step};
  enum ng_inflate_status status;

  memset(feeder->in.end - piece - NG_INFLATE_PUT_BACK, 0xEE,
         NG_INFLATE_PUT_BACK);
  memcpy(feeder->in.end - piece - before, in + *at - before, piece + before);
  status = feeder->decoder->step(feeder->state, &io);
  CHECK(io.in == feeder->in.end - io.in_size);
  CHECK(io.out == feeder->out.end - io.out_size);
  CHECK(status == NG_INFLATE_MORE ? io.in_size <= piece
                                  : io.in_size <= piece + before);
  if (status == NG_INFLATE_MORE)
    CHECK(io.in_size == 0 || io.out_size == 0);
  bytes_add(text, feeder->out.end - feeder->out_step,
            feeder->out_step - io.out_size);
  *at += piece - io.in_size;
  return status;
}

static void decode(struct feeder *feeder, const unsigned char *in, size_t size,
                   struct decoded *decoded)
{
  size_t at = 0;
  size_t before;

  decoded->text.size = 0;
  CHECK_EQ(feeder->decoder->begin(feeder->state), NG_INFLATE_MORE);
  do {
    before = at + decoded->text.size;
    decoded->status = feed(feeder, in, size, &at, &decoded->text);
  } while (decoded->status == NG_INFLATE_MORE &&
           (at < size || at + decoded->text.size > before) &&
           decoded->text.size < TEXT_MAX && !test_state.failed);
  decoded->used = at;
}

static void feeder_init(struct feeder *feeder, const struct ng_decoder *decoder)
{
  feeder->decoder = decoder;
  feeder->state = decoder->create();
  feeder->in = guarded_make(INPUT_BYTES + 4096);
  feeder->out = guarded_make(INPUT_BYTES);
}

static void feeder_free(struct feeder *feeder)
{
  feeder->decoder->destroy(feeder->state);
  guarded_free(&feeder->in);
  guarded_free(&feeder->out);
}

static void choose_steps(struct feeder *feeder)
{
  static const size_t steps[] = {1,    2,    7,     9,     64,         1000,
                                 8191, 8192, 32768, 65536, INPUT_BYTES};

  feeder->in_step = steps[random_below(COUNT(steps))];
  feeder->out_step = steps[random_below(COUNT(steps))];
  NOTE("%s, in steps of %zu and %zu", feeder->decoder->name, feeder->in_step,
       feeder->out_step);
}

/* A text that stresses one side of DEFLATE or another. */
static void make_any_text(struct bytes *text)
{
  size_t size = random_below(random_once_in(4) ? 200000 : 3000);

  text->size = 0;
  switch (random_below(5)) {
  case 0: /* nothing repeats */
    random_fill(bytes_reserve(text, size), size);
    text->size = size;
    break;
  case 1: /* the longest matches */
    bytes_fill(text, 'x', size);
    break;
  case 2: /* matches at the far end of the window */
    gzip_make_text(text, 1 + random_below(200));
    random_fill(bytes_reserve(text, 32700), 32700);
    text->size += 32700;
    bytes_reserve(text, text->size);
    bytes_add(text, text->data, text->size);
    break;
  default:
    gzip_make_text(text, size);
  }
}

static void make_any_stream(struct bytes *stream, struct bytes *text)
{
  static const int strategies[] = {Z_DEFAULT_STRATEGY, Z_HUFFMAN_ONLY, Z_RLE,
                                   Z_FIXED, Z_FILTERED};

  make_any_text(text);
  stream->size = 0;
  add_deflate(stream, text->data, text->size, (int)random_below(10),
              strategies[random_below(COUNT(strategies))]);
}

static void decode_good_streams(const struct ng_decoder *decoder)
{
  struct decoded decoded = {.used = 0};
  struct bytes stream = {.data = NULL};
  struct bytes text = {.data = NULL};
  struct feeder feeder;

  feeder_init(&feeder, decoder);
  for (unsigned round = 0; round < test_rounds(150); round++) {
    size_t size;

    make_any_stream(&stream, &text);
    size = stream.size;
    bytes_fill(&stream, (int)random_below(256), random_below(40));
    choose_steps(&feeder);
    decode(&feeder, stream.data, stream.size, &decoded);
    CHECK_EQ(decoded.status, NG_INFLATE_END);
    CHECK_EQ(decoded.used, size);
    if (!CHECK_BYTES(decoded.text.data, decoded.text.size, text.data,
                     text.size))
      break;
  }
  feeder_free(&feeder);
  bytes_free(&decoded.text);
  bytes_free(&stream);
  bytes_free(&text);
}

static void decoders_decode_good_streams_in_any_pieces(void)
{
  with_decoders(decode_good_streams);
}

static void damage(struct bytes *stream)
{
  size_t times = 1 + random_below(3);

  for (size_t i = 0; i < times && stream->size > 0; i++) {
    size_t at = random_once_in(2) ? random_below(stream->size)
                                  : random_below(at_most(stream->size, 100));

    switch (random_below(3)) {
    case 0:
      stream->data[at] ^= (unsigned char)(1 << random_below(8));
      break;
    case 1:
      stream->data[at] = (unsigned char)random_next();
      break;
    default:
      if (random_once_in(2))
        stream->size = at;
    }
  }
}

/* A stream that zlib takes is taken the same way; another one is a fault or
   unfinished, or gives text that begins like zlib's (a CRC will tell). */
static void check_against_zlib(const struct decoded *got,
                               const struct decoded *wanted)
{
  size_t common = at_most(got->text.size, wanted->text.size);

  CHECK_BYTES(got->text.data, common, wanted->text.data, common);
  if (wanted->status == NG_INFLATE_END) {
    CHECK_EQ(got->status, NG_INFLATE_END);
    CHECK_EQ(got->used, wanted->used);
    CHECK_EQ(got->text.size, wanted->text.size);
  }
  if (wanted->status == NG_INFLATE_MORE)
    CHECK(got->status == NG_INFLATE_MORE || got->status == NG_INFLATE_BAD);
  CHECK(got->status != NG_INFLATE_NO_MEMORY);
}

static void decode_bad_streams(const struct ng_decoder *decoder)
{
  struct decoded decoded = {.used = 0};
  struct decoded wanted = {.used = 0};
  struct bytes stream = {.data = NULL};
  struct bytes text = {.data = NULL};
  struct feeder feeder;

  feeder_init(&feeder, decoder);
  for (unsigned round = 0; round < test_rounds(2500); round++) {
    if (round % 3 == 0) {
      stream.size = 0;
      random_fill(bytes_reserve(&stream, 300), 300);
      stream.size = random_below(300);
    } else {
      if (round % 25 == 1)
        make_any_stream(&stream, &text);
      damage(&stream);
    }
    decode_by_zlib(stream.data, stream.size, &wanted);
    choose_steps(&feeder);
    decode(&feeder, stream.data, stream.size, &decoded);
    check_against_zlib(&decoded, &wanted);
    if (test_state.failed)
      break;
  }
  feeder_free(&feeder);
  bytes_free(&decoded.text);
  bytes_free(&wanted.text);
  bytes_free(&stream);
  bytes_free(&text);
}

static void decoders_agree_on_bad_streams(void)
{
  with_decoders(decode_bad_streams);
}

static void last_decoder_is_zlib_and_always_there(void)
{
  const struct ng_decoder *last = NULL;
  const struct ng_decoder *decoder;

  for (size_t i = 0; (decoder = ng_decoder_at(i)); i++)
    last = decoder;
  CHECK(last == &ng_decoder_zlib);
  CHECK(ng_decoder_zlib.is_available());
  CHECK_STR(ng_decoder_zlib.name, "zlib");
  CHECK(ng_decoder_at(1000) == NULL);
}

/* -------------------------------------------------------- failing source -- */

static bool stop_at_once(void *context)
{
  (void)context;
  return true;
}

/* `fifo`: has given so many bytes of a header before, which are kept. */
static void give_head(struct ng_source *source, const char *fifo, size_t size)
{
  static const unsigned char head[] = {0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255};
  unsigned char given[sizeof head];
  int fd = open(fifo, O_WRONLY);
  size_t got;

  CHECK_EQ(write(fd, head, size), (ssize_t)size);
  ng_source_keep(source);
  CHECK_EQ(ng_source_read(source, given, size, 0, &got), 0);
  ng_source_rewind(source);
  close(fd);
}

static void check_source_fault(const char *path, size_t head_size, int error)
{
  const struct ng_stop stop = {stop_at_once, NULL};
  struct reading reading = {.text = {.data = NULL}};
  struct ng_source *source;
  struct ng_budget budget;
  struct ng_reader *reader;

  ng_budget_init(&budget);
  CHECK_EQ(ng_source_open(path, &source), 0);
  if (head_size > 0)
    give_head(source, path, head_size);
  ng_source_stop_by(source, error == ECANCELED ? &stop : NULL);
  reader = ng_reader_open(source, &ng_decoder_zlib, NULL, &budget);
  read_blocks(reader, 100, &reading);
  CHECK_EQ(reading.fault.kind, NG_GZIP_READ_FAILED);
  CHECK_EQ(reading.fault.system_error, error);
  CHECK_EQ(reading.fault.file_offset, head_size);
  ng_reader_close(reader);
  ng_source_close(source);
  reading_free(&reading);
}

static void failed_read_is_told_with_its_reason(void)
{
  const char *fifo = file_make_fifo("fifo");

  if (access("/proc/self/mem", R_OK) == 0)
    check_source_fault("/proc/self/mem", 0, EIO); /* nothing at address 0 */
  check_source_fault(fifo, 0, ECANCELED);
  check_source_fault(fifo, 5, ECANCELED);
  check_source_fault(fifo, 10, ECANCELED);
}

int main(int argc, char **argv)
{
  static const struct test tests[] = {
      TEST(crc_equals_zlib_at_all_sizes_and_places),
      TEST(crc_equals_zlib_on_large_pieces),
      TEST(crc_reads_nothing_outside),
      TEST(crcs_of_pieces_combine),
      TEST(last_decoder_is_zlib_and_always_there),
      TEST(decoders_decode_good_streams_in_any_pieces),
      TEST(decoders_agree_on_bad_streams),
      TEST(failed_read_is_told_with_its_reason),
  };

  return test_main(tests, COUNT(tests), argc, argv);
}
