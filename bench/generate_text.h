/* SPDX-License-Identifier: MIT */
/*
 * generate_text.h - text that looks like English.
 *
 * Part of generate.c; see there.
 *
 * - Words. A word is known by its rank; the first ones are what English is held
 *   together by, the others are made of `pieces`, longer where they are rarer.
 *   Each octave of ranks is drawn about as often as the next, which is Zipf's
 *   law, and the last ones less, as it is in English. New words hardly end
 *   (Heaps' law).
 * - Repetition. Half of the words follow the word before as they did earlier
 *   (`of the`), and one in twelve was used not long ago, as names are. Without,
 *   it would hardly shrink: gzip -6 packs it 2.44:1 (Moby-Dick, 2.46:1).
 * - Sentences of 4 to 31 words, in paragraphs of lines of some 70 characters;
 *   commas, quotation marks, numbers, a capital letter where one belongs, and
 *   now and then a dash or an accent that is no ASCII.
 */
#ifndef NGRAM_BENCH_GENERATE_TEXT_H
#define NGRAM_BENCH_GENERATE_TEXT_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "generate_random.h"
#include "generate_words.h"
#include "generate_writer.h"

#define RECENT_WORDS 512
#define LINE_WIDTH 70
#define TOKEN_MAX_BYTES 64

static const char *const function_words[] = {
    "the",  "of",   "and",   "to",   "a",    "in",    "that", "he",   "was",
    "it",   "his",  "is",    "with", "as",   "I",     "had",  "for",  "at",
    "by",   "on",   "not",   "be",   "from", "but",   "were", "her",  "she",
    "you",  "have", "which", "him",  "they", "all",   "this", "are",  "or",
    "my",   "one",  "their", "an",   "we",   "there", "no",   "been", "who",
    "when", "them", "would", "me",   "so",   "will",  "more", "if",   "out",
    "said", "what", "up",    "into", "than", "its",   "any",  "only", "some",
};

/* How often each octave of ranks is drawn. */
static const uint32_t octave_chances[] = {24, 24, 24, 24, 24, 22, 19, 17,
                                          16, 15, 14, 13, 12, 10, 8,  6,
                                          5,  4,  3,  2,  2,  1};
#define RANK_BITS COUNT(octave_chances)

/* A word of the vocabulary. */
struct known_word {
  char length;
  char bytes[15];
};

struct text_generator {
  struct random random;
  struct writer *out;
  struct known_word *words; /* by rank */
  uint32_t chances;         /* of all octaves */
  uint32_t last;            /* rank of the word before */
  uint32_t recent[RECENT_WORDS];
  uint32_t recent_next;
  uint32_t column;
  uint32_t sentence_left; /* words of it */
  uint32_t paragraph_left;
  bool quoted;
};

static void make_known_word(struct known_word *word, uint32_t rank,
                            uint64_t seed)
{
  struct random random = {mix(seed + rank)};
  uint32_t octave = 31 - (uint32_t)__builtin_clz(rank + 1);
  uint32_t least = octave < 8 ? 3 : octave < 12 ? 4 : 5;
  uint32_t target =
      least + draw_below(&random, 2) + draw_below(&random, octave / 4 + 1);
  uint32_t length = 0;

  if (rank < COUNT(function_words)) {
    word->length = (char)strlen(function_words[rank]);
    memcpy(word->bytes, function_words[rank], (size_t)word->length);
    return;
  }
  while (length < target)
    for (const char *p = draw_piece(&random); *p && length < target; p++)
      word->bytes[length++] = *p;
  word->length = (char)length;
  if (draw_below(&random, 12) == 0) /* a name */
    word->bytes[0] = (char)(word->bytes[0] - 'a' + 'A');
}

static uint32_t draw_rank(struct random *random, uint32_t chances)
{
  uint32_t dice = draw_below(random, chances);
  uint32_t octave = 0;

  while (dice >= octave_chances[octave])
    dice -= octave_chances[octave++];
  return (1u << octave) + draw_below(random, 1u << octave) - 1;
}

/* Some other word that likes to follow the one before; it is the same one for
   the same dice. */
static uint32_t draw_follower(struct text_generator *g)
{
  uint32_t a = draw_below(&g->random, 6), b = draw_below(&g->random, 6);
  struct random random = {mix(g->last * 6ull + (a < b ? a : b))};

  return draw_rank(&random, g->chances);
}

static uint32_t draw_word(struct text_generator *g)
{
  uint32_t dice = draw_below(&g->random, 36);
  uint32_t rank;

  if (dice < 19)
    rank = draw_follower(g);
  else if (dice < 22)
    rank = g->recent[draw_below(&g->random, RECENT_WORDS)];
  else
    rank = draw_rank(&g->random, g->chances);
  if (rank > 1000)
    g->recent[g->recent_next++ % RECENT_WORDS] = rank;
  g->last = rank;
  return rank;
}

static char *put_string(char *to, const char *string)
{
  size_t length = strlen(string);

  memcpy(to, string, length);
  return to + length;
}

/* What is no word of the vocabulary. */
static char *put_odd_token(struct random *random, char *to)
{
  static const char *const tokens[] = {
      "\xE2\x80\x94", "caf\xC3\xA9", "na\xC3\xAFve", "\302\243100", "&c.",
      "r\xC3\xB4le",  "--"};
  uint32_t number = draw_below(random, 2000);

  if (draw_below(random, 8) == 0)
    return put_string(to, tokens[draw_below(random, COUNT(tokens))]);
  for (uint32_t digit = 1000; digit > 0; digit /= 10)
    if (number >= digit)
      *to++ = (char)('0' + number / digit % 10);
  return to;
}

/* What stands behind the last word of a sentence, or behind another one. */
static char *put_mark(struct text_generator *g, char *to)
{
  uint32_t dice = draw_below(&g->random, 64);

  if (g->sentence_left > 0)
    return dice < 7    ? put_string(to, ",")
           : dice < 8  ? put_string(to, ";")
           : dice == 8 ? put_string(to, "'s")
                       : to;
  to = put_string(to, dice < 56 ? "." : dice < 60 ? "?" : "!");
  if (g->quoted)
    to = put_string(to, "\"");
  return to;
}

static void begin_sentence(struct text_generator *g)
{
  g->sentence_left =
      4 + draw_below(&g->random, 14) + draw_below(&g->random, 15);
  g->quoted = draw_below(&g->random, 8) == 0;
}

/* The next word with what clings to it; returns its length. */
static size_t make_token(struct text_generator *g, char *token)
{
  bool first = g->sentence_left == 0;
  char *to = token;
  char *letters;

  if (first)
    begin_sentence(g);
  g->sentence_left--;
  if (first && g->quoted)
    *to++ = '"';
  letters = to;
  if (draw_below(&g->random, 128) == 0) {
    to = put_odd_token(&g->random, to);
  } else {
    const struct known_word *word = &g->words[draw_word(g)];

    memcpy(to, word->bytes, (size_t)word->length);
    to += word->length;
  }
  if (first && *letters >= 'a' && *letters <= 'z')
    *letters = (char)(*letters - 'a' + 'A');
  return (size_t)(put_mark(g, to) - token);
}

static void put_bytes(struct writer *out, const char *bytes, size_t count)
{
  if (out->used + count > sizeof(out->buffer))
    flush_out(out);
  memcpy(out->buffer + out->used, bytes, count);
  out->used += count;
  out->written += count;
}

static void put_token(struct text_generator *g)
{
  char token[TOKEN_MAX_BYTES];
  size_t length = make_token(g, token);

  if (g->column > 0 && g->column + 1 + length > LINE_WIDTH) {
    put_bytes(g->out, "\n", 1);
    g->column = 0;
  } else if (g->column > 0) {
    put_bytes(g->out, " ", 1);
    g->column++;
  }
  put_bytes(g->out, token, length);
  g->column += (uint32_t)length;
  if (g->sentence_left == 0 && g->paragraph_left-- == 0) {
    g->paragraph_left = 2 + draw_below(&g->random, 8);
    put_bytes(g->out, "\n\n", 2);
    g->column = 0;
  }
}

static void generate_text(struct writer *out, uint64_t seed)
{
  struct text_generator g = {.random = {seed}, .out = out};

  for (size_t i = 0; i < COUNT(octave_chances); i++)
    g.chances += octave_chances[i];
  g.words = grow(NULL, sizeof(*g.words) << RANK_BITS);
  for (uint32_t rank = 0; rank < 1u << RANK_BITS; rank++)
    make_known_word(&g.words[rank], rank, seed);
  while (!file_full(out))
    put_token(&g);
  put_bytes(out, "\n", 1);
  flush_out(out);
  free(g.words);
}

#endif
