/* SPDX-License-Identifier: MIT */
/*
 * Builds decoding tables from the lengths of codes, once for each DEFLATE block
 * with dynamic codes: called by native_header.c, on memory of the decoder.
 *
 * Symbols are sorted by length of code, which puts canonical codes in
 * ascending order (RFC 1951, section 3.2.2). The stream has a code's first bit
 * in the lowest position, so codes are counted up in reversed order of bits.
 *
 * A code fills all entries of the table whose index has it in its lowest bits.
 * So the table grows with the length of the codes: each code is written once to
 * a table with an index of as many bits as the code has, and this table is
 * doubled, by a copy of itself after it, for the next longer codes. Entries
 * that no code has taken yet are copied, too, and overwritten by longer codes.
 */
#include "inflate/huffman.h"

#include <string.h>

#include "base/le.h"

#define SYMBOLS_MAX 288

/* The state of building a table. */
struct builder {
  uint32_t *table;
  unsigned index_bits;
  size_t capacity;         /* entries of the table */
  const uint32_t *entries; /* of the symbols, but for the bits of their codes */
  unsigned short
      by_code[SYMBOLS_MAX]; /* symbols, in the order of their codes */
  unsigned counts[NG_CODE_BITS_MAX + 1]; /* codes of each length */
  size_t used; /* entries; the next subtable is there */
  unsigned longest;
  unsigned left[NG_CODE_BITS_MAX + 1]; /* codes of each length not added yet */
  unsigned code;                       /* the next one, reversed */
  unsigned open_prefix;                /* of the current subtable */
  size_t sub_start;
  unsigned sub_bits;
};

#define ENTRY(value, kind, extra)                                              \
  ((uint32_t)(value) << 16 | (uint32_t)(kind) | (uint32_t)(extra))

/* An entry but for the bits of its code. */
static inline uint32_t finish_entry(uint32_t entry, unsigned bits)
{
  return entry + (bits << 8) + bits;
}

/* -------------------------------------------------------------- symbols -- */

#define FOUR(OF, n) OF(n), OF((n) + 1), OF((n) + 2), OF((n) + 3)
#define SIXTEEN(OF, n)                                                         \
  FOUR(OF, n), FOUR(OF, (n) + 4), FOUR(OF, (n) + 8), FOUR(OF, (n) + 12)
#define SIXTY_FOUR(OF, n)                                                      \
  SIXTEEN(OF, n), SIXTEEN(OF, (n) + 16), SIXTEEN(OF, (n) + 32),                \
      SIXTEEN(OF, (n) + 48)

#define LITERAL(value) ENTRY(value, NG_HUFFMAN_LITERAL, 0)
#define BASE(value, extra) ENTRY(value, NG_HUFFMAN_BASE, extra)
#define INVALID ENTRY(0, NG_HUFFMAN_INVALID, 0)
/* Four lengths, or two distances, with the same number of extra bits. */
#define BASES(value, extra)                                                    \
  BASE(value, extra), BASE((value) + (1 << (extra)), extra),                   \
      BASE((value) + (2 << (extra)), extra),                                   \
      BASE((value) + (3 << (extra)), extra)
#define TWO_BASES(extra)                                                       \
  BASE((2 << (extra)) + 1, extra), BASE((3 << (extra)) + 1, extra)

static const uint32_t precode_entries[] = {SIXTEEN(LITERAL, 0), LITERAL(16),
                                           LITERAL(17), LITERAL(18)};

/* RFC 1951, section 3.2.5. */
static const uint32_t literal_entries[SYMBOLS_MAX] = {
    SIXTY_FOUR(LITERAL, 0),
    SIXTY_FOUR(LITERAL, 64),
    SIXTY_FOUR(LITERAL, 128),
    SIXTY_FOUR(LITERAL, 192),
    ENTRY(0, NG_HUFFMAN_END, 0),
    BASES(3, 0),
    BASES(7, 0),
    BASES(11, 1),
    BASES(19, 2),
    BASES(35, 3),
    BASES(67, 4),
    BASES(131, 5),
    BASE(258, 0),
    INVALID,
    INVALID,
};

static const uint32_t distance_entries[] = {
    BASE(1, 0),    BASE(2, 0),   TWO_BASES(0),  TWO_BASES(1),  TWO_BASES(2),
    TWO_BASES(3),  TWO_BASES(4), TWO_BASES(5),  TWO_BASES(6),  TWO_BASES(7),
    TWO_BASES(8),  TWO_BASES(9), TWO_BASES(10), TWO_BASES(11), TWO_BASES(12),
    TWO_BASES(13), INVALID,      INVALID,
};

/* ---------------------------------------------------------------- codes -- */

/* Returns the code of `bits` bits after `code`, both reversed: the highest bit
   counts up first. 0 after the last one. */
static inline unsigned next_code(unsigned code, unsigned bits)
{
  unsigned zeros = ~code & ((1u << bits) - 1);
  unsigned bit;

  if (zeros == 0)
    return 0;
  bit = 1u << (31 - __builtin_clz(zeros));
  return (code & (bit - 1)) | bit;
}

/* Begin the subtable of codes that begin with `prefix`; `bits` is the length of
   the first. It is as large as these codes need. */
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
  b->open_prefix = prefix;
  b->sub_start = b->used;
  b->sub_bits = sub_bits;
  b->used += (size_t)1 << sub_bits;
  return true;
}

static bool add_long(struct builder *b, unsigned bits, uint32_t entry)
{
  unsigned prefix = b->code & ((1u << b->index_bits) - 1);

  if (prefix != b->open_prefix && !open_subtable(b, prefix, bits))
    return false;
  bits -= b->index_bits;
  for (size_t i = b->code >> b->index_bits; i >> b->sub_bits == 0;
       i += (size_t)1 << bits)
    b->table[b->sub_start + i] = finish_entry(entry, bits);
  return true;
}

/* Add the codes that fit the index. Returns the first symbol with a longer
   one. */
static const unsigned short *add_short_codes(struct builder *b)
{
  const unsigned short *symbol = b->by_code;

  for (unsigned bits = 1; bits <= b->index_bits; bits++) {
    size_t half = (size_t)1 << (bits - 1);

    memcpy(b->table + half, b->table, half * sizeof *b->table);
    for (unsigned i = 0; i < b->counts[bits]; i++) {
      b->table[b->code] = finish_entry(b->entries[*symbol++], bits);
      b->code = next_code(b->code, bits);
    }
  }
  return symbol;
}

static bool add_long_codes(struct builder *b, const unsigned short *symbol)
{
  memcpy(b->left, b->counts, sizeof b->left);
  b->used = (size_t)1 << b->index_bits;
  b->open_prefix = ~0u;
  for (unsigned bits = b->index_bits + 1; bits <= b->longest; bits++)
    for (; b->left[bits] > 0; b->left[bits]--) {
      if (!add_long(b, bits, b->entries[*symbol++]))
        return false;
      b->code = next_code(b->code, bits);
    }
  return true;
}

/* List the symbols that have a code, and count those of each length; returns
   their number. Most symbols have none, so eight are tested together. */
static size_t list_symbols(const unsigned char *lengths, size_t symbols,
                           unsigned short *list, unsigned *counts)
{
  size_t count = 0;

  for (size_t i = 0; i < symbols; i += 8) {
    size_t size = symbols - i < 8 ? symbols - i : 8;
    uint64_t eight = 0;

    if (size == 8)
      eight = ng_le_load64((const char *)lengths + i);
    else
      memcpy(&eight, lengths + i, size);
    for (size_t j = 0; eight != 0 && j < size; j++)
      if (lengths[i + j]) {
        counts[lengths[i + j]]++;
        list[count++] = (unsigned short)(i + j);
      }
  }
  return count;
}

/* Sort the symbols of the list in the order of their codes. */
static void sort_symbols(const unsigned char *lengths,
                         const unsigned short *list, size_t count,
                         const unsigned *counts, unsigned short *sorted)
{
  unsigned at[NG_CODE_BITS_MAX + 1];

  at[1] = 0;
  for (unsigned bits = 1; bits < NG_CODE_BITS_MAX; bits++)
    at[bits + 1] = at[bits] + counts[bits];
  for (size_t i = 0; i < count; i++)
    sorted[at[lengths[list[i]]]++] = list[i];
}

/* The part of the space of codes that no code uses, in units of 2^-15; negative
   if there are too many codes. */
static int unused_space(const unsigned *counts)
{
  int space = 1 << NG_CODE_BITS_MAX;

  for (unsigned bits = 1; bits <= NG_CODE_BITS_MAX; bits++)
    space -= (int)(counts[bits] << (NG_CODE_BITS_MAX - bits));
  return space;
}

static bool build(struct builder *b, const unsigned char *lengths,
                  size_t symbols, bool may_be_incomplete)
{
  unsigned short list[SYMBOLS_MAX];
  size_t count = list_symbols(lengths, symbols, list, b->counts);
  int space = unused_space(b->counts);

  sort_symbols(lengths, list, count, b->counts, b->by_code);
  for (b->longest = NG_CODE_BITS_MAX; b->longest > 0; b->longest--)
    if (b->counts[b->longest])
      break;
  if (space < 0 ||
      (space > 0 && b->longest > 0 && !(may_be_incomplete && b->longest == 1)))
    return false;
  b->table[0] = finish_entry(INVALID, 1);
  return add_long_codes(b, add_short_codes(b));
}

/* The packed entry for a literal whose code has `bits` bits, with the other
   bits of the index, `rest`, decoded. The literal itself is left 0. */
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
 * The symbols after a literal depend only on the number of bits that it leaves,
 * so they are decoded once for each length of code, and copied for each
 * literal. (To decode each index by itself took five times as long, since its
 * branches cannot be predicted.)
 */
static void pack(const struct builder *b, uint64_t packed[NG_PACKED_ENTRIES])
{
  uint64_t rests[NG_PACKED_ENTRIES / 2];
  const unsigned short *symbol = b->by_code;
  unsigned code = 0;

  for (size_t i = 0; i < NG_PACKED_ENTRIES; i++)
    packed[i] = b->table[i];
  for (unsigned bits = 1; bits <= NG_LITERAL_BITS; bits++) {
    size_t count = (size_t)NG_PACKED_ENTRIES >> bits;

    for (size_t i = 0; b->counts[bits] > 0 && i < count; i++)
      rests[i] = pack_rest(b->table, bits, i);
    for (unsigned i = 0; i < b->counts[bits]; i++, symbol++) {
      if (*symbol < 256)
        for (size_t j = 0; j < count; j++)
          packed[code | j << bits] = rests[j] | (uint64_t)*symbol << 32;
      code = next_code(code, bits);
    }
  }
}

bool ng_huffman_literals(uint32_t table[NG_LITERAL_ENTRIES],
                         uint64_t packed[NG_PACKED_ENTRIES],
                         const unsigned char *lengths, size_t symbols)
{
  struct builder b = {.table = table,
                      .index_bits = NG_LITERAL_BITS,
                      .capacity = NG_LITERAL_ENTRIES,
                      .entries = literal_entries};

  if (!build(&b, lengths, symbols, true))
    return false;
  pack(&b, packed);
  return true;
}

bool ng_huffman_distances(uint32_t table[NG_DISTANCE_ENTRIES],
                          const unsigned char *lengths, size_t symbols)
{
  struct builder b = {.table = table,
                      .index_bits = NG_DISTANCE_BITS,
                      .capacity = NG_DISTANCE_ENTRIES,
                      .entries = distance_entries};

  return build(&b, lengths, symbols, true);
}

bool ng_huffman_precode(uint32_t table[NG_PRECODE_ENTRIES],
                        const unsigned char *lengths, size_t symbols)
{
  struct builder b = {.table = table,
                      .index_bits = NG_PRECODE_BITS,
                      .capacity = NG_PRECODE_ENTRIES,
                      .entries = precode_entries};

  return build(&b, lengths, symbols, false);
}
