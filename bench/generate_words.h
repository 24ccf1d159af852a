/* SPDX-License-Identifier: MIT */
/*
 * generate_words.h - words that look like those of print, no word twice.
 *
 * Part of generate.c; see there.
 */
#ifndef NGRAM_BENCH_GENERATE_WORDS_H
#define NGRAM_BENCH_GENERATE_WORDS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "generate_random.h"

#define WORD_MAX_BYTES 256

/* realloc() that ends the program where there is no memory. */
static void *grow(void *old, size_t bytes)
{
  void *memory = realloc(old, bytes);

  if (!memory) {
    fprintf(stderr, "ngram_generate: out of memory\n");
    exit(1);
  }
  return memory;
}

/* What English words are made of, the commonest first. */
static const char *const pieces[] = {
    "e",  "in",   "er",   "s",  "an",   "t",    "on",  "re",  "al",  "a",
    "n",  "ti",   "l",    "i",  "or",   "en",   "r",   "at",  "ed",  "o",
    "es", "is",   "it",   "te", "ar",   "ic",   "st",  "d",   "c",   "le",
    "nt", "m",    "ri",   "ro", "ne",   "li",   "co",  "de",  "ra",  "ing",
    "ta", "la",   "me",   "us", "ve",   "p",    "ly",  "di",  "ma",  "ou",
    "un", "se",   "ch",   "ni", "tion", "ca",   "u",   "h",   "th",  "el",
    "mi", "na",   "om",   "ci", "si",   "as",   "ll",  "ur",  "ol",  "il",
    "io", "ce",   "pe",   "b",  "y",    "lo",   "vi",  "et",  "sh",  "tr",
    "ha", "ho",   "g",    "um", "ent",  "to",   "ss",  "pr",  "am",  "em",
    "po", "ac",   "ge",   "he", "mo",   "no",   "so",  "ul",  "ir",  "pa",
    "be", "ab",   "ant",  "f",  "ad",   "ia",   "ea",  "gr",  "bl",  "k",
    "v",  "ness", "ment", "ph", "w",    "able", "ism", "ist", "ous", "bi",
    "ck", "gi",   "fi",   "z",  "qu",   "x",    "j",   "ke",  "ov",  "ev",
};

/* Words out of 65,536 that are no longer than 2, 3, 4 ... bytes (vocabulary
   of the real `a` file). */
static const uint32_t length_curve[] = {
    5,     131,   1999,  7644,  16151, 25849, 35273, 43786, 50635,
    55612, 59029, 61265, 62752, 63734, 64348, 64753, 65023, 65198,
    65316, 65389, 65436, 65464, 65486, 65498, 65506, 65512, 65515,
    65517, 65520, 65522, 65524, 65526, 65528, 65530, 65532, 65536,
};

static size_t draw_length_once(struct random *random)
{
  uint32_t place = draw_below(random, 65536);
  size_t i = 0;

  while (length_curve[i] <= place)
    i++;
  return i + 2;
}

/* Common words are shorter. */
static size_t draw_length(struct random *random, bool common)
{
  size_t length = draw_length_once(random);
  size_t other = common ? draw_length_once(random) : length;

  return length < other ? length : other;
}

/* The smallest of three draws: the first pieces come oftenest. */
static const char *draw_piece(struct random *random)
{
  uint32_t a = draw_below(random, COUNT(pieces));
  uint32_t b = draw_below(random, COUNT(pieces));
  uint32_t c = draw_below(random, COUNT(pieces));

  a = a < b ? a : b;
  return pieces[a < c ? a : c];
}

static void change_case(struct random *random, char *word, size_t length)
{
  uint32_t dice = draw_below(random, 16);
  size_t upper = dice < 7 ? 0 : dice < 15 ? 1 : length;

  for (size_t i = 0; i < upper; i++)
    if (word[i] >= 'a' && word[i] <= 'z')
      word[i] = (char)(word[i] - 'a' + 'A');
}

static size_t make_plain_word(struct random *random, char *word, bool common,
                              size_t more)
{
  size_t target = draw_length(random, common) + more, length = 1;

  if (target > WORD_MAX_BYTES - 32)
    target = WORD_MAX_BYTES - 32;
  word[0] = 'a';
  while (length < target)
    for (const char *p = draw_piece(random); *p && length < target; p++)
      word[length++] = *p;
  change_case(random, word, length);
  return length;
}

/* Letters of other scripts, and odd things that print holds. */
static const char *const cyrillic[] = {"а", "в", "е", "и", "к", "л", "м", "н",
                                       "о", "п", "р", "с", "т", "у", "я"};
static const char *const hebrew[] = {"א", "ב", "ד", "ה", "ו", "י",
                                     "ל", "מ", "נ", "ר", "ש", "ת"};
static const char *const chinese[] = {"中", "國", "人", "大", "年", "日", "不",
                                      "學", "的", "一", "是", "有", "文", "書"};
static const char *const accented[] = {"å", "ø", "é", "r", "st", "e", "n", "ü",
                                       "t", "l", "a", "ç", "i",  "s", "ñ"};
static const char *const numerals[] = {"0", "1", "2", "3", "4", "5", "6",
                                       "7", "8", "9", ".", ",", "A"};
static const char *const marks[] = {"'", "\"", "a", "-", ".", "e", "n", "t",
                                    "s", "&",  "/", "i", "o", "r", "l"};

static const struct script {
  const char *const *letters;
  uint32_t count, shortest, longest;
} scripts[] = {
    {cyrillic, COUNT(cyrillic), 3, 10}, {hebrew, COUNT(hebrew), 3, 8},
    {chinese, COUNT(chinese), 2, 5},    {accented, COUNT(accented), 4, 10},
    {numerals, COUNT(numerals), 3, 8},  {marks, COUNT(marks), 3, 9},
    {marks, COUNT(marks), 3, 9},        {pieces, COUNT(pieces), 60, 70},
};

static size_t make_odd_word(struct random *random, char *word, size_t more)
{
  const struct script *script = &scripts[draw_below(random, COUNT(scripts))];
  size_t letters = script->shortest + more +
                   draw_below(random, script->longest - script->shortest + 1);
  size_t length = 0;

  for (size_t i = 0; i < letters && length < WORD_MAX_BYTES - 32; i++) {
    const char *letter = script->letters[draw_below(random, script->count)];

    memcpy(word + length, letter, strlen(letter));
    length += strlen(letter);
  }
  return length;
}

/* ---------------------------------------------- no word comes twice -- */

/* Hashes of the words so far; two words that share all 64 bits would only
   make the second one be drawn again. */
struct seen {
  uint64_t *slots;
  size_t mask, count;
};

static uint64_t hash_word(const char *word, size_t length)
{
  uint64_t hash = UINT64_C(0xcbf29ce484222325); /* FNV-1a */

  for (size_t i = 0; i < length; i++)
    hash = (hash ^ (unsigned char)word[i]) * UINT64_C(0x100000001b3);
  hash = mix(hash);
  return hash ? hash : 1; /* 0 is an empty slot */
}

/* False where the hash was there already. */
static bool put_hash(struct seen *seen, uint64_t hash)
{
  size_t slot = (size_t)hash & seen->mask;

  for (; seen->slots[slot]; slot = (slot + 1) & seen->mask)
    if (seen->slots[slot] == hash)
      return false;
  seen->slots[slot] = hash;
  seen->count++;
  return true;
}

static void resize_seen(struct seen *seen, size_t room)
{
  struct seen larger = {grow(NULL, room * sizeof(uint64_t)), room - 1, 0};

  memset(larger.slots, 0, room * sizeof(uint64_t));
  for (size_t i = 0; seen->slots && i <= seen->mask; i++)
    if (seen->slots[i])
      put_hash(&larger, seen->slots[i]);
  free(seen->slots);
  *seen = larger;
}

static bool add_seen(struct seen *seen, const char *word, size_t length)
{
  if (!seen->slots)
    resize_seen(seen, 1 << 16);
  else if (2 * seen->count > seen->mask)
    resize_seen(seen, 2 * (seen->mask + 1));
  return put_hash(seen, hash_word(word, length));
}

#endif
