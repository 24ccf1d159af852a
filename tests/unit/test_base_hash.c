/* SPDX-License-Identifier: MIT */
/* Tests of the hash. */
#include "base/hash.h"
#include "unit/test.h"

/* The hash once more, with the multiplication of compilers without 128-bit
   numbers. */
#undef NG_BASE_HASH_H
#undef __SIZEOF_INT128__
#define ng_hash_mix portable_hash_mix
#define ng_hash_key portable_hash_key
#define ng_hash_draw_key portable_hash_draw_key
#define ng_hash_set_key portable_hash_set_key
#define ng_hash_word portable_hash_word
/* clang-format off */
#include "base/hash.h" /* NOLINT */
/* clang-format on */
#undef ng_hash_mix
#undef ng_hash_key
#undef ng_hash_draw_key
#undef ng_hash_set_key
#undef ng_hash_word

/* ------------------------------------------------------------------ hash -- */

struct portable_hash_key portable_hash_key;

static void use_key(struct ng_hash_key key)
{
  ng_hash_key = key;
  portable_hash_key = (struct portable_hash_key){key.start, key.step, key.end};
}

static void use_random_key(void)
{
  ng_hash_set_key(random_next());
  use_key(ng_hash_key);
}

static const struct ng_hash_key known_key = {UINT64_C(0xa0761d6478bd642f),
                                             UINT64_C(0xe7037ed1a0b428db),
                                             UINT64_C(0x8ebc6af09c88c6e3)};

/* Computed by the same formula with Python's unbounded integers. */
static void hash_has_its_known_values(void)
{
  static const struct {
    const char *word;
    uint32_t hash;
  } known[] = {
      {"", 0x96ebbe17},
      {"a", 0xda9c83ee},
      {"ab", 0x2435a96f},
      {"abc", 0x415f19bf},
      {"abcd", 0xa68ccd55},
      {"Aardvark", 0x65f02e58},
      {"Aardvark_NOUN", 0x9fd7ad26},
      {"0123456789abcdef", 0x77918f1e},
      {"0123456789abcdefg", 0x3fd97ce1},
      {"\xc3\x98verst_ADV", 0xb29c73d9},
      {"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", 0x131fd2b8},
      {"the quick brown fox jumps over the lazy dog", 0x8a06c7c3},
  };

  use_key(known_key);
  for (size_t i = 0; i < COUNT(known); i++) {
    size_t length = strlen(known[i].word);

    NOTE("'%s'", known[i].word);
    CHECK_EQ(ng_hash_word(known[i].word, length), known[i].hash);
    CHECK_EQ(portable_hash_word(known[i].word, length), known[i].hash);
  }
}

static void hash_is_the_same_with_portable_multiplication(void)
{
  static const uint64_t edges[] = {0,
                                   1,
                                   UINT32_MAX,
                                   UINT64_C(1) << 32,
                                   UINT64_MAX,
                                   UINT64_MAX - 1,
                                   UINT64_C(0xFFFFFFFF00000000)};
  char word[100];

  for (size_t i = 0; i < COUNT(edges); i++)
    for (size_t j = 0; j < COUNT(edges); j++)
      CHECK_EQ(portable_hash_mix(edges[i], edges[j]),
               ng_hash_mix(edges[i], edges[j]));
  for (int round = 0; round < 100000; round++) {
    size_t length = random_below(sizeof word);

    random_fill(word, length);
    if (round % 16 == 0)
      use_random_key();
    if (!CHECK_EQ(portable_hash_word(word, length), ng_hash_word(word, length)))
      break;
  }
}

static void hash_depends_on_every_bit_of_a_word(void)
{
  char word[80];

  use_random_key();
  for (size_t i = 0; i < sizeof word; i++)
    word[i] = (char)('a' + i % 26);
  for (size_t length = 1; length <= sizeof word; length++) {
    uint32_t hash = ng_hash_word(word, length);

    for (size_t bit = 0; bit < 8 * length; bit++) {
      word[bit / 8] ^= (char)(1 << bit % 8);
      NOTE("length %zu, bit %zu", length, bit);
      CHECK(ng_hash_word(word, length) != hash);
      word[bit / 8] ^= (char)(1 << bit % 8);
    }
    CHECK(ng_hash_word(word, length - 1) != hash);
  }
}

/* The upper bits choose a word's home: 1,024 of them for 102,400 words that
   differ little. Chi-square with 1,023 degrees of freedom: the mean is 1,023,
   the deviation 45. */
static void hash_spreads_like_words_evenly(void)
{
  static const char *const formats[] = {"%u", "word%u", "w%07u_NOUN",
                                        "a long common beginning %u"};

  for (size_t f = 0; f < COUNT(formats); f++) {
    unsigned homes[1024] = {0};
    double chi_square = 0;

    use_random_key();
    for (unsigned i = 0; i < 102400; i++) {
      char word[64];
      /* NOLINTNEXTLINE(clang-diagnostic-format-nonliteral) */
      int length = snprintf(word, sizeof word, formats[f], i);

      homes[ng_hash_word(word, (size_t)length) >> 22]++;
    }
    for (size_t i = 0; i < COUNT(homes); i++)
      chi_square += ((double)homes[i] - 100) * ((double)homes[i] - 100) / 100;
    NOTE("'%s': chi-square %.0f", formats[f], chi_square);
    CHECK(chi_square > 1023 - 5 * 45);
    CHECK(chi_square < 1023 + 5 * 45);
  }
}

/* With the key known, words that share a hash can be made: here the first eight
   bytes are the key's `step`, which multiplies the next eight by 0. */
static size_t make_word_of_a_known_key(char *word, unsigned number)
{
  memcpy(word, &known_key.step, 8);
  return 8 + (size_t)snprintf(word + 8, 18, "%08u a common", number);
}

static void words_of_a_known_key_share_no_hash_under_another(void)
{
  enum {
    WORDS = 1000
  };

  for (unsigned round = 0; round < 100; round++) {
    uint32_t first = 0;
    unsigned same = 0;

    use_random_key();
    if (round == 0)
      use_key(known_key);
    for (unsigned i = 0; i < WORDS; i++) {
      char word[26];
      uint32_t hash = ng_hash_word(word, make_word_of_a_known_key(word, i));

      first = i == 0 ? hash : first;
      same += hash == first;
    }
    if (round == 0)
      CHECK_EQ(same, WORDS);
    else
      CHECK(same < 3);
  }
}

static int compare_hashes(const void *a, const void *b)
{
  uint32_t x = *(const uint32_t *)a;
  uint32_t y = *(const uint32_t *)b;

  return x < y ? -1 : x > y;
}

/* Their ends look the same, 8 bytes of them from either side, and another byte
   may be chosen for each length. */
static void words_of_any_length_share_no_hash(void)
{
  enum {
    LENGTHS = 17,
    WORDS = 256 * LENGTHS
  };
  static uint32_t hashes[WORDS];
  char word[16 + LENGTHS];
  unsigned same = 0;

  use_random_key();
  memset(word, 'a', sizeof word);
  for (unsigned i = 0; i < WORDS; i++) {
    word[8] = (char)(i / LENGTHS);
    hashes[i] = ng_hash_word(word, 16 + i % LENGTHS);
  }
  qsort(hashes, WORDS, sizeof *hashes, compare_hashes);
  for (unsigned i = 1; i < WORDS; i++)
    same += hashes[i] == hashes[i - 1];
  CHECK(same < 3);
}

int main(int argc, char **argv)
{
  static const struct test tests[] = {
      TEST(hash_has_its_known_values),
      TEST(hash_is_the_same_with_portable_multiplication),
      TEST(hash_depends_on_every_bit_of_a_word),
      TEST(hash_spreads_like_words_evenly),
      TEST(words_of_any_length_share_no_hash),
      TEST(words_of_a_known_key_share_no_hash_under_another),
  };

  return test_main(tests, COUNT(tests), argc, argv);
}
