/* SPDX-License-Identifier: MIT */
/* Tests of words: UTF-8 and part-of-speech tags. */
#include "text/word.h"
#include "unit/test.h"

/* Write a code point as UTF-8, by the definition. Returns the length. */
static size_t encode(uint32_t point, unsigned char *bytes)
{
  if (point < 0x80) {
    bytes[0] = (unsigned char)point;
    return 1;
  }
  if (point < 0x800) {
    bytes[0] = (unsigned char)(0xC0 | point >> 6);
    bytes[1] = (unsigned char)(0x80 | (point & 63));
    return 2;
  }
  if (point < 0x10000) {
    bytes[0] = (unsigned char)(0xE0 | point >> 12);
    bytes[1] = (unsigned char)(0x80 | (point >> 6 & 63));
    bytes[2] = (unsigned char)(0x80 | (point & 63));
    return 3;
  }
  bytes[0] = (unsigned char)(0xF0 | point >> 18);
  bytes[1] = (unsigned char)(0x80 | (point >> 12 & 63));
  bytes[2] = (unsigned char)(0x80 | (point >> 6 & 63));
  bytes[3] = (unsigned char)(0x80 | (point & 63));
  return 4;
}

/* The length of the character at p: read it loosely, and see whether writing
   what was read gives the same bytes. 0: no character. */
static size_t character_length(const unsigned char *p, size_t left)
{
  size_t length = p[0] < 0x80 ? 1 : p[0] < 0xE0 ? 2 : p[0] < 0xF0 ? 3 : 4;
  uint32_t point = p[0] & (length == 1 ? 0x7Fu : 0xFFu >> (length + 1));
  unsigned char bytes[4];

  if (length > left)
    return 0;
  for (size_t i = 1; i < length; i++)
    point = point << 6 | (p[i] & 63);
  if ((point >= 0xD800 && point < 0xE000) || point > 0x10FFFF)
    return 0;
  return encode(point, bytes) == length && memcmp(bytes, p, length) == 0
             ? length
             : 0;
}

static enum ng_word_fault check_slowly(const unsigned char *word, size_t length)
{
  if (length == 0)
    return NG_WORD_EMPTY;
  for (size_t i = 0; i < length; i++)
    if (word[i] == 0)
      return NG_WORD_HAS_NUL;
  for (size_t i = 0; i < length;) {
    size_t step = character_length(word + i, length - i);

    if (step == 0)
      return NG_WORD_NOT_UTF8;
    i += step;
  }
  return NG_WORD_OK;
}

static bool check_word(const unsigned char *word, size_t length)
{
  enum ng_word_fault got = ng_word_check((const char *)word, length);

  if (got == check_slowly(word, length))
    return true;
  NOTE("%zu bytes, %02x %02x %02x %02x", length, word[0], word[1], word[2],
       word[3]);
  return CHECK_EQ(got, check_slowly(word, length));
}

static void every_short_sequence_is_judged(void)
{
  /* Under a sanitizer only every 7th, which is no divisor of 256. */
  uint32_t step = TEST_SANITIZED ? 7 : 1;
  unsigned char word[4] = {0};

  CHECK_EQ(ng_word_check("", 0), NG_WORD_EMPTY);
  for (uint32_t value = 0; value < 1u << 24; value += step) {
    word[0] = (unsigned char)(value >> 16);
    word[1] = (unsigned char)(value >> 8);
    word[2] = (unsigned char)value;
    if (!check_word(word, 3) || (word[2] == 0 && !check_word(word, 2)) ||
        (word[1] == 0 && !check_word(word, 1)))
      return;
  }
  for (uint32_t value = 0; value < 1u << 16; value++) {
    word[0] = (unsigned char)(value >> 8);
    word[1] = (unsigned char)value;
    if (!check_word(word, 2) || !check_word(word, 1))
      return;
  }
}

static void four_byte_sequences_are_judged(void)
{
  unsigned char word[4];

  for (unsigned round = 0; round < test_rounds(2000000); round++) {
    uint64_t bits = random_next();

    word[0] = (unsigned char)(0xF0 | (bits & 7));
    for (int i = 1; i < 4; i++)
      word[i] = (unsigned char)((bits >> (8 * i + 3) & 0xFF) |
                                (bits >> 60 ? 0x80 : 0));
    if (!check_word(word, 4))
      return;
  }
}

static void every_code_point_is_judged(void)
{
  unsigned char word[8];

  for (uint32_t point = 0; point < 0x120000; point += TEST_SANITIZED ? 5 : 1) {
    size_t length = encode(point, word);

    word[length] = 'x';
    if (!check_word(word, length) || !check_word(word, length + 1) ||
        !check_word(word, length - 1))
      return;
  }
}

/* Plain and other bytes side by side, in words of up to 60 bytes: they are
   looked at eight at a time. */
static void long_words_are_judged(void)
{
  static const char *const parts[] = {
      "a",           "abcdefgh", "\xc3\x98", "\xe4\xbd\xa0", "\xf0\x9f\x98\x80",
      "\x7f",        "\x01",     "\x80",     "\xc3",         "\xe4\xbd",
      "\xed\xa0\x80"};

  for (unsigned round = 0; round < test_rounds(400000); round++) {
    unsigned char word[64] = {0};
    size_t kinds = random_once_in(2) ? 7 : COUNT(parts);
    size_t length = 0;

    while (length < 44 && !random_once_in(12)) {
      const char *part = parts[random_below(kinds)];

      memcpy(word + length, part, strlen(part));
      length += strlen(part);
    }
    if (random_once_in(50) && length > 0)
      word[random_below(length)] = 0;
    if (!check_word(word, length))
      return;
  }
}

static const struct {
  const char *word;
  bool tagged;
} tag_cases[] = {
    {"watch_VERB", true},
    {"watch_NOUN", true},
    {"a_ADJ", true},
    {"a_ADV", true},
    {"a_PRON", true},
    {"a_DET", true},
    {"a_ADP", true},
    {"a_NUM", true},
    {"a_CONJ", true},
    {"a_PRT", true},
    {"._.", true},
    {"a_X", true},
    {"_NOUN_", true},
    {"_VERB_", true},
    {"_._", true},
    {"_X_", true},
    {"__NOUN", true},
    {"a_b_VERB", true},
    {"\xc3\x98verst_ADV", true},
    {"to watch_VERB", true},
    {"watch_VERB it", true},
    {"_DET_ dog", true},
    {"dog _DET_", true},
    {"watch", false},
    {"", false},
    {"_", false},
    {"__", false},
    {"___", false},
    {" ", false},
    {"_START_", false},
    {"_END_", false},
    {"_ROOT_", false},
    {"_START_ watch", false},
    {"snake_case", false},
    {"_NOUN", false},
    {"NOUN", false},
    {"watch_", false},
    {"watch_VERBS", false},
    {"watch_verb", false},
    {"watch_VERB_", false},
    {"watch_ VERB", false},
    {"watch _VERB", false},
    {"watchVERB", false},
    {"a_.b", false},
    {"watch_NOU", false},
    {"a_Xx", false},
    {"it is", false},
};

static void tagged_words_are_told_from_others(void)
{
  for (size_t i = 0; i < COUNT(tag_cases); i++) {
    NOTE("'%s'", tag_cases[i].word);
    CHECK_EQ(ng_word_is_tagged(tag_cases[i].word, strlen(tag_cases[i].word)),
             tag_cases[i].tagged);
  }
}

/* Only `length` bytes are the word. */
static void tag_behind_the_word_does_not_count(void)
{
  CHECK(!ng_word_is_tagged("watch_VERB", 9));
  CHECK(!ng_word_is_tagged("watch_VERB", 5));
  CHECK(!ng_word_is_tagged("_NOUN_", 5));
  CHECK(ng_word_is_tagged("a_X b", 4));
}

int main(int argc, char **argv)
{
  static const struct test tests[] = {
      TEST(every_short_sequence_is_judged),
      TEST(four_byte_sequences_are_judged),
      TEST(every_code_point_is_judged),
      TEST(long_words_are_judged),
      TEST(tagged_words_are_told_from_others),
      TEST(tag_behind_the_word_does_not_count),
  };

  return test_main(tests, COUNT(tests), argc, argv);
}
