/* SPDX-License-Identifier: MIT */
/*
 * The finder of blocks, held to a search of every bit and to zlib's reading of
 * headers.
 */
#include "inflate/block_finder.h"
#include "unit/guarded.h"
#include "unit/gzip_blocks.h"
#include "unit/test.h"

/* Whether zlib reads a header there of a block with codes of its own that is
   not the last one. */
static bool zlib_reads_header(z_stream *stream, const unsigned char *bytes,
                              size_t size, size_t bit)
{
  int rest = (int)(8 - bit % 8) % 8;
  size_t at = bit / 8 + (rest > 0);
  unsigned char text;
  unsigned start = (unsigned)bytes[bit / 8] >> bit % 8;

  if (bit / 8 + 1 < size)
    start |= (unsigned)bytes[bit / 8 + 1] << (8 - bit % 8);
  if ((start & 7) != 4)
    return false;
  inflateReset(stream);
  if (rest > 0)
    inflatePrime(stream, rest, bytes[bit / 8] >> bit % 8);
  stream->next_in = (z_const Bytef *)bytes + at;
  stream->avail_in = (uInt)(size - at);
  stream->next_out = &text;
  stream->avail_out = 0;
  inflate(stream, Z_TREES);
  return (stream->data_type & 256) != 0;
}

struct search {
  struct ng_block_finder *finder;
  z_stream zlib;
  bool *wanted; /* for every bit */
  size_t found; /* in all */
};

static void search_init(struct search *search)
{
  *search = (struct search){.finder = ng_block_finder_new()};
  search->wanted = test_memory(8 * 65536);
  if (inflateInit2(&search->zlib, -MAX_WBITS) != Z_OK)
    exit(1);
}

static void search_free(struct search *search)
{
  ng_block_finder_free(search->finder);
  inflateEnd(&search->zlib);
  free(search->wanted);
}

/* Every bit is judged as zlib judges it. Bytes after `size` must not matter
   and may not be there. */
static void judge_every_bit(struct search *search, const unsigned char *bytes,
                            size_t size)
{
  for (size_t bit = 0; bit < 8 * size && !test_state.failed; bit++) {
    const unsigned char *at = bytes + bit / 8;
    size_t left = size - bit / 8;
    bool is_member = left >= 4 && memcmp(at, "\x1f\x8b\x08", 3) == 0 &&
                     at[3] < 0x20 && bit % 8 == 0;
    bool is_block = zlib_reads_header(&search->zlib, bytes, size, bit);

    if (bit % 8 == 0)
      CHECK_EQ(ng_block_finder_is_member(at, left), is_member);
    CHECK_EQ(ng_block_finder_is_block(search->finder, bytes, size, bit),
             is_block);
    search->wanted[bit] = is_member || is_block;
    search->found += search->wanted[bit];
  }
}

/* From anywhere to anywhere, what is found is the first that there is. */
static void check_finding(struct search *search, const unsigned char *bytes,
                          size_t size, unsigned times)
{
  judge_every_bit(search, bytes, size);
  for (unsigned i = 0; i < times && !test_state.failed; i++) {
    size_t from = i % 4 ? random_below(8 * size + 1) : 0;
    size_t to = i % 4 > 1 ? from + random_below(8 * size + 100) : 8 * size;
    size_t wanted = from;
    size_t found = SIZE_MAX;
    bool is_there;

    while (wanted < to && wanted < 8 * size && !search->wanted[wanted])
      wanted++;
    is_there = wanted < to && wanted < 8 * size;
    if (CHECK_EQ(
            ng_block_finder_find(search->finder, bytes, size, from, to, &found),
            is_there) &&
        is_there)
      CHECK_EQ(found, wanted);
  }
}

/* Bits are put one after the other. */
struct bit_writer {
  unsigned char *bytes;
  size_t bit;
};

static void put_bits(struct bit_writer *writer, unsigned value, unsigned count)
{
  for (unsigned i = 0; i < count; i++, writer->bit++) {
    unsigned char mask = (unsigned char)(1 << writer->bit % 8);

    if (value >> i & 1)
      writer->bytes[writer->bit / 8] |= mask;
    else
      writer->bytes[writer->bit / 8] &= (unsigned char)~mask;
  }
}

/* What looks like a header: its first numbers are about as they must be, its
   precode is complete or nearly so; the rest is what stood there. */
static void put_near_header(unsigned char *bytes, size_t bit)
{
  struct bit_writer writer = {bytes, bit};
  unsigned lengths[19] = {0};
  unsigned codes = 2 + (unsigned)random_below(18);
  unsigned count = 1;

  lengths[0] = 0;
  while (count < codes) { /* split some leaf */
    size_t leaf = random_below(count);

    if (lengths[leaf] < 7 || random_once_in(50))
      lengths[count++] = ++lengths[leaf];
    else if (random_once_in(100))
      break;
  }
  if (random_once_in(5))
    lengths[random_below(19)] ^= 1;
  put_bits(&writer, 4, 3);
  put_bits(&writer, (unsigned)random_below(32), 5);
  put_bits(&writer, (unsigned)random_below(32), 5);
  put_bits(&writer, 11 + (unsigned)random_below(5), 4);
  for (size_t i = 0; i < 19; i++)
    put_bits(&writer, lengths[(i * 7 + bit) % 19] & 7, 3);
}

/* A true header somewhere, perhaps with a bit that is not as it was. */
static void put_true_header(unsigned char *bytes, size_t size,
                            const struct sample *sample)
{
  size_t count = sample_start_count(sample);
  size_t byte = (size_t)(sample_start(sample, random_below(count))->bit / 8);
  size_t length = random_below(400);
  size_t at = random_below(size);

  length = length < size - at ? length : size - at;
  if (length > sample->file.bytes.size - byte)
    length = sample->file.bytes.size - byte;
  memcpy(bytes + at, sample->file.bytes.data + byte, length);
  if (length > 0 && random_once_in(2))
    bytes[at + random_below(length < 80 ? length : 80)] ^=
        (unsigned char)(1 << random_below(8));
}

static void finder_finds_what_a_search_of_every_bit_finds(void)
{
  struct sample sample = sample_make(SAMPLE_PLAIN, 300000);
  static unsigned char bytes[5000];
  struct search search;

  search_init(&search);
  for (unsigned round = 0; round < test_rounds(60); round++) {
    NOTE("round %u", round);
    random_fill(bytes, sizeof bytes);
    for (unsigned i = 0; i < 30 && round % 3 == 1; i++)
      put_near_header(bytes, random_below(8 * (sizeof bytes - 20)));
    for (unsigned i = 0; i < 10 && round % 3 == 2; i++)
      put_true_header(bytes, sizeof bytes, &sample);
    for (unsigned i = 0; i < 5; i++)
      memcpy(bytes + random_below(sizeof bytes - 4), "\x1f\x8b\x08",
             3 + random_below(2));
    check_finding(&search, bytes, sizeof bytes, 30);
  }
  CHECK(search.found > test_rounds(60) / 2);
  search_free(&search);
  sample_free(&sample);
}

static void finder_reads_nothing_outside(void)
{
  struct sample sample = sample_make(SAMPLE_PLAIN, 300000);
  struct guarded guarded = guarded_make(1000);
  struct search search;

  search_init(&search);
  for (size_t size = 0; size <= 600; size += TEST_SANITIZED ? 7 : 1) {
    unsigned char *bytes = guarded.end - size;

    NOTE("%zu bytes", size);
    random_fill(bytes, size);
    for (unsigned i = 0; i < 3 && size > 0; i++)
      put_true_header(bytes, size, &sample);
    if (size >= 20)
      put_near_header(bytes, random_below(8 * (size - 20)));
    if (size >= 4)
      memcpy(bytes + size - 4, "\x1f\x8b\x08", size % 2 ? 4 : 3);
    check_finding(&search, bytes, size, 8);
  }
  CHECK(search.found > 30);
  search_free(&search);
  guarded_free(&guarded);
  sample_free(&sample);
}

/* In order, with just so many bytes after each one, and hardly anything that
   is none. */
static void check_true_blocks(struct ng_block_finder *finder,
                              const struct sample *sample, size_t *found)
{
  const struct bytes *file = &sample->file.bytes;
  size_t strangers = 0;
  size_t at = 0;

  for (size_t i = 0; i < sample_start_count(sample); i++) {
    size_t bit = (size_t)sample_start(sample, i)->bit;
    size_t size = bit / 8 + NG_BLOCK_HEADER_BYTES;
    const unsigned char *header = file->data + bit / 8;
    unsigned start = header[0] | (unsigned)header[1] << 8;

    if ((start >> bit % 8 & 7) != 4)
      continue;
    ++*found;
    size = size < file->size ? size : file->size;
    CHECK(ng_block_finder_is_block(finder, file->data, size, bit));
    for (; at <= bit; at++) {
      if (!CHECK(ng_block_finder_find(finder, file->data, file->size, at,
                                      bit + 1, &at)))
        return;
      strangers += at < bit;
    }
  }
  if (sample->kind != SAMPLE_NESTED)
    CHECK(strangers <= gzip_file_end_count(&sample->file) + 2);
}

static void every_block_with_codes_of_its_own_is_found(void)
{
  struct ng_block_finder *finder = ng_block_finder_new();
  struct bytes text = {.data = NULL};
  size_t found = 0;

  for (int level = 1; level <= 9; level++) {
    struct sample sample = {.kind = SAMPLE_PLAIN};

    NOTE("level %d", level);
    text.size = 0;
    for (int i = 0; i < 12; i++) { /* the longest matches, too */
      gzip_make_text(&text, 10000);
      bytes_fill(&text, 'z', 600);
    }
    sample_add_as(&sample, &text, level, Z_DEFAULT_STRATEGY);
    sample_list(&sample);
    check_true_blocks(finder, &sample, &found);
    sample_free(&sample);
  }
  for (unsigned kind = 0; kind < SAMPLE_KINDS; kind++) {
    struct sample sample = sample_make(kind, 20000);

    NOTE("sample %u", kind);
    check_true_blocks(finder, &sample, &found);
    sample_free(&sample);
  }
  CHECK(found > 9);
  bytes_free(&text);
  ng_block_finder_free(finder);
}

int main(int argc, char **argv)
{
  static const struct test tests[] = {
      TEST(finder_finds_what_a_search_of_every_bit_finds),
      TEST(finder_reads_nothing_outside),
      TEST(every_block_with_codes_of_its_own_is_found),
  };

  return test_main(tests, COUNT(tests), argc, argv);
}
