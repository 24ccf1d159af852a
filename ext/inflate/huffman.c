/* SPDX-License-Identifier: MIT */
/*
 * Symbols are sorted by length of code, which puts canonical codes in
 * ascending order (RFC 1951, section 3.2.2), and each code is written to all
 * places of the table whose index ends in it. The stream gives a code's first
 * bit in the lowest place, so codes are counted up in reversed order of bits.
 */
#include "inflate/huffman.h"

#include <string.h>

#define SYMBOLS_MAX 288

/* A code on its way to a table. */
struct builder {
  uint32_t *table;
  unsigned index_bits;
  size_t capacity; /* entries of the table */
  size_t used;     /* subtables go here */
  unsigned longest;
  unsigned left[NG_CODE_BITS_MAX + 1]; /* codes of each length to come */
  size_t sub_start;
  unsigned sub_bits;
};

#define ENTRY(value, kind, extra)                                              \
  ((uint32_t)(value) << 16 | (uint32_t)(kind) | (uint32_t)(extra))

/* An entry but for the bits of its code. */
static uint32_t finish_entry(uint32_t entry, unsigned bits)
{
  return entry + (bits << 8) + bits;
}

/* How the symbols of a code stand in its table. */
typedef uint32_t entry_fn(unsigned symbol);

static uint32_t precode_entry(unsigned symbol)
{
  return ENTRY(symbol, NG_HUFFMAN_LITERAL, 0);
}

/* RFC 1951, section 3.2.5. */
static uint32_t literal_entry(unsigned symbol)
{
  static const unsigned short bases[] = {
      3,  4,  5,  6,  7,  8,  9,  10, 11,  13,  15,  17,  19,  23, 27,
      31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258};
  static const unsigned char extra[] = {0, 0, 0, 0, 0, 0, 0, 0, 1, 1,
                                        1, 1, 2, 2, 2, 2, 3, 3, 3, 3,
                                        4, 4, 4, 4, 5, 5, 5, 5, 0};

  if (symbol < 256)
    return ENTRY(symbol, NG_HUFFMAN_LITERAL, 0);
  if (symbol == 256)
    return ENTRY(0, NG_HUFFMAN_END, 0);
  if (symbol > 285)
    return ENTRY(0, NG_HUFFMAN_INVALID, 0);
  return ENTRY(bases[symbol - 257], NG_HUFFMAN_BASE, extra[symbol - 257]);
}

static uint32_t distance_entry(unsigned symbol)
{
  unsigned extra = symbol < 2 ? 0 : symbol / 2 - 1;
  unsigned base = symbol < 2 ? symbol + 1 : ((2 + symbol % 2) << extra) + 1;

  if (symbol > 29)
    return ENTRY(0, NG_HUFFMAN_INVALID, 0);
  return ENTRY(base, NG_HUFFMAN_BASE, extra);
}

/* The next code of so many bits in reversed order: the highest bits count. */
static unsigned next_code(unsigned code, unsigned bits)
{
  unsigned bit = 1u << (bits - 1);

  while (code & bit)
    bit >>= 1;
  return bit ? (code & (bit - 1)) | bit : 0;
}

/* A subtable at `prefix`, as large as the codes that begin with it need. */
static bool open_subtable(struct builder *b, unsigned prefix, unsigned bits)
{
  unsigned sub_bits = bits - b->index_bits;
  unsigned room = 1u << sub_bits;

  while (sub_bits + b->index_bits < b->longest &&
         b->left[sub_bits + b->index_bits] < room) {
    room = (room - b->left[sub_bits + b->index_bits]) << 1;
    sub_bits++;
  }
  if (b->used + ((size_t)1 << sub_bits) > b->capacity)
    return false;
  b->table[prefix] =
      ENTRY(b->used, NG_HUFFMAN_SUBTABLE, sub_bits << 8 | b->index_bits);
  b->sub_start = b->used;
  b->sub_bits = sub_bits;
  b->used += (size_t)1 << sub_bits;
  return true;
}

static void fill(uint32_t *table, size_t size, size_t first, size_t step,
                 uint32_t entry)
{
  for (size_t i = first; i < size; i += step)
    table[i] = entry;
}

static void add_short(struct builder *b, unsigned code, unsigned bits,
                      uint32_t entry)
{
  fill(b->table, (size_t)1 << b->index_bits, code, (size_t)1 << bits,
       finish_entry(entry, bits));
}

static bool add_long(struct builder *b, unsigned code, unsigned bits,
                     unsigned *open_prefix, uint32_t entry)
{
  unsigned prefix = code & ((1u << b->index_bits) - 1);

  if (prefix != *open_prefix && !open_subtable(b, prefix, bits))
    return false;
  *open_prefix = prefix;
  bits -= b->index_bits;
  fill(b->table + b->sub_start, (size_t)1 << b->sub_bits, code >> b->index_bits,
       (size_t)1 << bits, finish_entry(entry, bits));
  return true;
}

/* Symbols in the order of their codes; how many there are. */
static size_t sort_symbols(const unsigned char *lengths, size_t symbols,
                           const unsigned *counts, unsigned short *sorted)
{
  unsigned at[NG_CODE_BITS_MAX + 1];

  at[1] = 0;
  for (unsigned bits = 1; bits < NG_CODE_BITS_MAX; bits++)
    at[bits + 1] = at[bits] + counts[bits];
  for (size_t i = 0; i < symbols; i++)
    if (lengths[i])
      sorted[at[lengths[i]]++] = (unsigned short)i;
  return at[NG_CODE_BITS_MAX];
}

/* What no code uses of the space of codes, in units of 2^-15; negative when
   there are too many. */
static int unused_space(const unsigned *counts)
{
  int space = 1 << NG_CODE_BITS_MAX;

  for (unsigned bits = 1; bits <= NG_CODE_BITS_MAX; bits++)
    space -= (int)(counts[bits] << (NG_CODE_BITS_MAX - bits));
  return space;
}

static bool build(struct builder *b, const unsigned char *lengths,
                  size_t symbols, bool may_be_incomplete, entry_fn *entry_of)
{
  unsigned short sorted[SYMBOLS_MAX];
  unsigned open_prefix = ~0u;
  unsigned code = 0;
  size_t count;
  int space;

  memset(b->left, 0, sizeof b->left);
  for (size_t i = 0; i < symbols; i++)
    b->left[lengths[i]]++;
  b->left[0] = 0;
  for (b->longest = NG_CODE_BITS_MAX; b->longest > 0; b->longest--)
    if (b->left[b->longest])
      break;
  space = unused_space(b->left);
  if (space < 0 ||
      (space > 0 && b->longest > 0 && !(may_be_incomplete && b->longest == 1)))
    return false;
  b->used = (size_t)1 << b->index_bits;
  if (space > 0)
    fill(b->table, b->used, 0, 1,
         finish_entry(ENTRY(0, NG_HUFFMAN_INVALID, 0), 1));
  count = sort_symbols(lengths, symbols, b->left, sorted);
  for (size_t i = 0; i < count; i++) {
    unsigned bits = lengths[sorted[i]];

    if (bits <= b->index_bits)
      add_short(b, code, bits, entry_of(sorted[i]));
    else if (!add_long(b, code, bits, &open_prefix, entry_of(sorted[i])))
      return false;
    b->left[bits]--;
    code = next_code(code, bits);
  }
  return true;
}

bool ng_huffman_literals(uint32_t table[NG_LITERAL_ENTRIES],
                         const unsigned char *lengths, size_t symbols)
{
  struct builder b = {.table = table,
                      .index_bits = NG_LITERAL_BITS,
                      .capacity = NG_LITERAL_ENTRIES};

  return build(&b, lengths, symbols, true, literal_entry);
}

/* A packed entry for a literal of so many bits, which is left 0, and what the
   rest of the index says. */
static uint64_t pack_rest(const uint32_t *literals, unsigned bits, size_t rest)
{
  unsigned before = bits;
  uint32_t entry = literals[rest];
  uint64_t bytes = 0;
  unsigned count = 1;

  while (count < 3 && NG_HUFFMAN_KIND(entry) == NG_HUFFMAN_LITERAL &&
         bits + NG_HUFFMAN_DROP(entry) <= NG_LITERAL_BITS) {
    bytes |= (uint64_t)NG_HUFFMAN_VALUE(entry) << (8 * count++);
    bits += NG_HUFFMAN_DROP(entry);
    entry = literals[rest >> (bits - before)];
  }
  bytes |= (uint64_t)count << 24;
  if (NG_HUFFMAN_KIND(entry) == NG_HUFFMAN_BASE &&
      bits + NG_HUFFMAN_CODE_BITS(entry) <= NG_LITERAL_BITS)
    return bytes << 32 | finish_entry(entry, bits);
  return bytes << 32 | finish_entry(ENTRY(0, NG_HUFFMAN_LITERAL, 0), bits);
}

/*
 * What follows a literal depends on nothing but how many bits it leaves, so
 * that is found once for each length of code and copied for each literal. (To
 * take every index by itself took five times as long, as no processor can
 * guess what comes next.)
 */
void ng_huffman_pack(uint64_t packed[NG_PACKED_ENTRIES],
                     const uint32_t literals[NG_LITERAL_ENTRIES])
{
  uint64_t rests[NG_PACKED_ENTRIES]; /* of length n: 2^(index bits - n) of them,
                                        from as many on */
  unsigned known = 0;                /* lengths whose rests are there */

  for (size_t i = 0; i < NG_PACKED_ENTRIES; i++)
    packed[i] = literals[i];
  for (size_t i = 0; i < NG_PACKED_ENTRIES; i++) {
    unsigned bits = NG_HUFFMAN_CODE_BITS(literals[i]);
    size_t count = NG_PACKED_ENTRIES >> bits;
    uint64_t *rest = rests + count;

    if ((NG_HUFFMAN_KIND(literals[i]) | i >> bits) != 0)
      continue; /* not a literal, or one that was met before */
    if (!(known >> bits & 1))
      for (size_t j = 0; j < count; j++)
        rest[j] = pack_rest(literals, bits, j);
    known |= 1u << bits;
    for (size_t j = 0; j < count; j++)
      packed[i | j << bits] = rest[j] | (uint64_t)NG_HUFFMAN_VALUE(literals[i])
                                            << 32;
  }
}

bool ng_huffman_distances(uint32_t table[NG_DISTANCE_ENTRIES],
                          const unsigned char *lengths, size_t symbols)
{
  struct builder b = {.table = table,
                      .index_bits = NG_DISTANCE_BITS,
                      .capacity = NG_DISTANCE_ENTRIES};

  return build(&b, lengths, symbols, true, distance_entry);
}

bool ng_huffman_precode(uint32_t table[NG_PRECODE_ENTRIES],
                        const unsigned char *lengths, size_t symbols)
{
  struct builder b = {.table = table,
                      .index_bits = NG_PRECODE_BITS,
                      .capacity = NG_PRECODE_ENTRIES};

  return build(&b, lengths, symbols, false, precode_entry);
}
