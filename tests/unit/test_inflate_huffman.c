/* SPDX-License-Identifier: MIT */
/* The tables of prefix codes, held to a search through all codes. */
#include "inflate/huffman.h"
#include "unit/test.h"

#define CODE_SYMBOLS 288

struct code {
  unsigned char lengths[CODE_SYMBOLS];
  unsigned bits[CODE_SYMBOLS]; /* of the code, the first one lowest */
  size_t symbols;
};

static unsigned reverse_bits(unsigned value, unsigned count)
{
  unsigned reversed = 0;

  for (unsigned i = 0; i < count; i++)
    reversed |= (value >> i & 1) << (count - 1 - i);
  return reversed;
}

/* RFC 1951, section 3.2.2, word for word. */
static void number_code(struct code *code)
{
  unsigned counts[NG_CODE_BITS_MAX + 1] = {0};
  unsigned next[NG_CODE_BITS_MAX + 1] = {0};

  for (size_t i = 0; i < code->symbols; i++)
    counts[code->lengths[i]] += code->lengths[i] > 0;
  for (unsigned bits = 1; bits <= NG_CODE_BITS_MAX; bits++)
    next[bits] = (next[bits - 1] + counts[bits - 1]) << 1;
  for (size_t i = 0; i < code->symbols; i++)
    if (code->lengths[i])
      code->bits[i] = reverse_bits(next[code->lengths[i]]++, code->lengths[i]);
}

/* A complete code: a tree that grows by splitting some leaf, given to random
   symbols. */
static void make_code(struct code *code, size_t symbols)
{
  unsigned char leaves[CODE_SYMBOLS] = {1, 1};
  size_t count = 2;
  size_t wanted = 2 + random_below(symbols - 1);
  bool deep = random_once_in(2);

  *code = (struct code){.symbols = symbols};
  for (int tries = 0; count < wanted && tries < 3000; tries++) {
    size_t leaf = deep && random_once_in(2) ? count - 1 : random_below(count);

    if (leaves[leaf] == NG_CODE_BITS_MAX)
      continue;
    leaves[leaf]++;
    leaves[count++] = leaves[leaf];
  }
  for (size_t i = 0; i < count; i++) {
    size_t symbol = random_below(symbols);

    while (code->lengths[symbol])
      symbol = (symbol + 1) % symbols;
    code->lengths[symbol] = leaves[i];
  }
  number_code(code);
}

/* The symbol that `bits` begin with. */
static size_t search_code(const struct code *code, unsigned bits)
{
  for (size_t i = 0; i < code->symbols; i++)
    if (code->lengths[i] &&
        (bits & ((1u << code->lengths[i]) - 1)) == code->bits[i])
      return i;
  return SIZE_MAX;
}

/* Through a subtable, if there is one; *drop is what all of it drops. */
static uint32_t look_up_entry(const uint32_t *table, unsigned index_bits,
                              unsigned bits, unsigned *drop)
{
  uint32_t entry = table[bits & ((1u << index_bits) - 1)];

  *drop = 0;
  if (NG_HUFFMAN_KIND(entry) == NG_HUFFMAN_SUBTABLE) {
    *drop = NG_HUFFMAN_DROP(entry);
    entry = table[NG_HUFFMAN_VALUE(entry) +
                  (bits >> *drop & ((1u << NG_HUFFMAN_CODE_BITS(entry)) - 1))];
  }
  *drop += NG_HUFFMAN_DROP(entry);
  return entry;
}

static void check_literal(uint32_t entry, unsigned drop, size_t symbol,
                          unsigned length)
{
  if (symbol < 256) {
    CHECK_EQ(NG_HUFFMAN_KIND(entry), NG_HUFFMAN_LITERAL);
    CHECK_EQ(NG_HUFFMAN_VALUE(entry), symbol);
    CHECK_EQ(drop, length);
  } else if (symbol == 256) {
    CHECK_EQ(NG_HUFFMAN_KIND(entry), NG_HUFFMAN_END);
    CHECK_EQ(drop, length);
  } else if (symbol < 286) {
    CHECK_EQ(NG_HUFFMAN_KIND(entry), NG_HUFFMAN_BASE);
    CHECK(drop - length <= 5);
  } else {
    CHECK_EQ(NG_HUFFMAN_KIND(entry), NG_HUFFMAN_INVALID);
  }
}

static void tables_find_every_code(void)
{
  static uint32_t literals[NG_LITERAL_ENTRIES];
  static uint64_t packed[NG_PACKED_ENTRIES];
  static uint32_t distances[NG_DISTANCE_ENTRIES];

  for (unsigned round = 0; round < test_rounds(60); round++) {
    struct code code;
    struct code other;

    make_code(&code, CODE_SYMBOLS);
    make_code(&other, 32);
    CHECK(ng_huffman_literals(literals, packed, code.lengths, CODE_SYMBOLS));
    CHECK(ng_huffman_distances(distances, other.lengths, 32));
    for (int i = 0; i < 300 && !test_state.failed; i++) {
      unsigned bits = (unsigned)random_below(1u << NG_CODE_BITS_MAX);
      size_t symbol = search_code(&code, bits);
      unsigned drop;
      uint32_t entry = look_up_entry(literals, NG_LITERAL_BITS, bits, &drop);

      check_literal(entry, drop, symbol, code.lengths[symbol]);
      entry = look_up_entry(distances, NG_DISTANCE_BITS, bits, &drop);
      CHECK_EQ(NG_HUFFMAN_KIND(entry), search_code(&other, bits) < 30
                                           ? NG_HUFFMAN_BASE
                                           : NG_HUFFMAN_INVALID);
    }
  }
}

/* Take apart what a packed entry says, one single entry after the other. */
static void check_packed(const uint32_t *literals, uint64_t packed,
                         unsigned index)
{
  uint32_t last = (uint32_t)packed;
  unsigned dropped = 0;
  uint32_t entry;

  for (unsigned i = 0; i < NG_PACKED_LITERAL_COUNT(packed); i++) {
    entry = literals[index >> dropped];
    CHECK_EQ(NG_HUFFMAN_KIND(entry), NG_HUFFMAN_LITERAL);
    CHECK_EQ(NG_HUFFMAN_VALUE(entry),
             NG_PACKED_LITERALS(packed) >> (8 * i) & 255);
    dropped += NG_HUFFMAN_DROP(entry);
  }
  if (NG_HUFFMAN_KIND(last) == NG_HUFFMAN_LITERAL) {
    CHECK_EQ(NG_HUFFMAN_DROP(last), dropped);
    CHECK(NG_PACKED_LITERAL_COUNT(packed) > 0);
    return;
  }
  entry = literals[index >> dropped];
  CHECK_EQ(NG_HUFFMAN_KIND(last), NG_HUFFMAN_KIND(entry));
  CHECK_EQ(NG_HUFFMAN_VALUE(last), NG_HUFFMAN_VALUE(entry));
  if (NG_HUFFMAN_KIND(last) != NG_HUFFMAN_BASE) {
    CHECK_EQ(last, entry);
    CHECK_EQ(dropped, 0);
    return;
  }
  CHECK_EQ(NG_HUFFMAN_DROP(last), NG_HUFFMAN_DROP(entry) + dropped);
  CHECK_EQ(NG_HUFFMAN_CODE_BITS(last), NG_HUFFMAN_CODE_BITS(entry) + dropped);
}

static void packed_entries_say_what_single_ones_say(void)
{
  static uint32_t literals[NG_LITERAL_ENTRIES];
  static uint64_t packed[NG_PACKED_ENTRIES];

  for (unsigned round = 0; round < test_rounds(60); round++) {
    struct code code;

    make_code(&code, CODE_SYMBOLS);
    CHECK(ng_huffman_literals(literals, packed, code.lengths, CODE_SYMBOLS));
    for (unsigned i = 0; i < NG_PACKED_ENTRIES && !test_state.failed; i++)
      check_packed(literals, packed[i], i);
  }
}

/* As zlib has it: too many codes are refused; too few as well, but for one
   code of one bit, or none at all. */
static void lengths_that_make_no_code_are_refused(void)
{
  static uint32_t literals[NG_LITERAL_ENTRIES];
  static uint64_t packed[NG_PACKED_ENTRIES];
  static uint32_t precode[NG_PRECODE_ENTRIES];
  unsigned char lengths[CODE_SYMBOLS] = {0};

  CHECK(ng_huffman_literals(literals, packed, lengths, CODE_SYMBOLS));
  CHECK_EQ(NG_HUFFMAN_KIND(literals[0]), NG_HUFFMAN_INVALID);
  lengths[7] = 1;
  CHECK(ng_huffman_literals(literals, packed, lengths, CODE_SYMBOLS));
  CHECK_EQ(NG_HUFFMAN_KIND(literals[0]), NG_HUFFMAN_LITERAL);
  CHECK_EQ(NG_HUFFMAN_KIND(literals[1]), NG_HUFFMAN_INVALID);
  CHECK(!ng_huffman_precode(precode, lengths, 19));
  lengths[7] = 2;
  CHECK(!ng_huffman_literals(literals, packed, lengths, CODE_SYMBOLS));
  lengths[8] = lengths[9] = 1;
  CHECK(!ng_huffman_literals(literals, packed, lengths, CODE_SYMBOLS));
  lengths[9] = 2;
  CHECK(ng_huffman_literals(literals, packed, lengths, CODE_SYMBOLS));
  CHECK(ng_huffman_precode(precode, lengths, 19));
}

int main(int argc, char **argv)
{
  static const struct test tests[] = {
      TEST(tables_find_every_code),
      TEST(packed_entries_say_what_single_ones_say),
      TEST(lengths_that_make_no_code_are_refused),
  };

  return test_main(tests, COUNT(tests), argc, argv);
}
