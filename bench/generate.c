/* SPDX-License-Identifier: MIT */
/*
 * generate.c - write a file that looks like one of Google Books Ngrams; or,
 * with
 * --layout text, like English (generate_text.h).
 *
 *     ngram_generate --bytes 2030000000 --seed 1 | gzip -6 > a.gz
 *
 * The same arguments give the same bytes on every machine: all arithmetic is
 * in integers, and the random numbers are our own (splitmix64).
 *
 * What it imitates, and where the numbers come from:
 *
 * - Rows. `ngram TAB year TAB match_count TAB volume_count`, the layout of
 *   2012. Some 58 rows a word and 21 bytes a row (the real `a` file: 58.7 and
 *   20.8), so --bytes alone sets the number of words; gzip -6 packs 2 GB 5.7:1
 *   (about 6:1).
 * - Order. The rows of a word stand together, years ascending, but the file
 *   is not sorted: it is thousands of byte-sorted runs laid end to end. We
 *   build RUNS_IN_BATCH runs at a time and drop each word into any of them.
 * - Counts. How often a word is printed follows total_curve, read off the
 *   real vocabulary of `a` (from 40, the least that Google kept, to billions);
 *   in how many books it stands, and when, follows the books printed each
 *   year. Rare words come in bursts: one book, many times.
 * - Tags. `watch` is followed by `watch_VERB` and `watch_NOUN` in some other
 *   run; the tagged rows add up to the untagged ones, year by year.
 * - Words. Letters in English order, with the real distribution of lengths,
 *   lower, Title and UPPER case, all beginning with `a` as in a real file;
 *   and one in ODD_ONE_IN something else: quotes, apostrophes, digits, other
 *   scripts, more than a hundred letters. No word comes twice.
 *
 * The first run is always fixed_words, Aardvark among them, whatever --bytes
 * says. The file ends with the first row at which it holds --bytes.
 *
 * One translation unit, its parts in generate_*.h: `cc bench/generate.c` is
 * enough to build it anywhere.
 *
 * Refused: a real word list (the project ships only what it generates) and
 * floating point (libm and fused multiply-adds differ between machines).
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "generate_counts.h"
#include "generate_random.h"
#include "generate_text.h"
#include "generate_words.h"
#include "generate_writer.h"

#define RUNS_IN_BATCH 64
#define WORDS_IN_RUN 400 /* thousands of runs in a file of 1.6 M words */
#define ODD_ONE_IN 160
#define COMMON_VOLUMES 200 /* words in so many books are shorter */
#define ROW_MAX_BYTES (WORD_MAX_BYTES + 64)

/* --------------------------------------------------------------- output -- */

static char *put_number(char *to, uint64_t n)
{
  char digits[20];
  size_t at = sizeof(digits);

  do
    digits[--at] = (char)('0' + n % 10);
  while (n /= 10);
  memcpy(to, digits + at, sizeof(digits) - at);
  return to + sizeof(digits) - at;
}

struct text {
  const char *bytes;
  size_t length;
};

static void put_row(struct writer *out, struct text word, uint32_t year,
                    uint64_t matches, uint64_t volumes)
{
  char *start, *to;

  if (out->used + ROW_MAX_BYTES > sizeof(out->buffer))
    flush_out(out);
  start = to = out->buffer + out->used;
  memcpy(to, word.bytes, word.length);
  to += word.length;
  *to++ = '\t';
  to = put_number(to, year);
  *to++ = '\t';
  to = put_number(to, matches);
  *to++ = '\t';
  to = put_number(to, volumes);
  *to++ = '\n';
  out->used += (size_t)(to - start);
  out->written += (size_t)(to - start);
}

/* ----------------------------------------------------- entries and runs -- */

/* One word of the file: a whole word, or what a tag has of it. */
struct entry {
  struct text text;
  uint64_t seed; /* of the story */
  uint32_t from; /* the share of its matches, in parts of 256 */
  uint32_t to;
};

/* A share of n. With the same offset, 0 to 255, shares that lie end to end
   from 0 to 256 add up to n. */
static uint64_t share_of(uint64_t n, const struct entry *entry, uint32_t offset)
{
  return ((n * entry->to + offset) >> 8) - ((n * entry->from + offset) >> 8);
}

static void write_entry(struct writer *out, const struct entry *entry,
                        bool always)
{
  struct story story = draw_story(entry->seed);
  struct random random = {mix(story.seed)};
  uint32_t volumes[YEARS];

  if (story.volumes < FEW_VOLUMES)
    draw_volumes_few(&random, &story, volumes);
  else
    draw_volumes_many(&random, &story, volumes);
  for (uint32_t i = 0; i < YEARS && (always || !file_full(out)); i++) {
    uint64_t matches, books;
    uint32_t offset;

    if (volumes[i] == 0)
      continue;
    matches = draw_matches(&random, story.ratio_q8, volumes[i]);
    offset = draw_below(&random, 256);
    matches = share_of(matches, entry, offset);
    books = share_of(volumes[i], entry, offset);
    if (matches > 0)
      put_row(out, entry->text, YEAR_FIRST + i, matches, books ? books : 1);
  }
}

/* A run has room for any number of entries: words are dropped in by chance. */
struct run {
  struct entry *entries;
  size_t count, room;
};

static void add_entry(struct run *run, struct entry entry)
{
  if (run->count == run->room) {
    run->room = run->room ? 2 * run->room : 64;
    run->entries = grow(run->entries, run->room * sizeof(*run->entries));
  }
  run->entries[run->count++] = entry;
}

static int compare_entries(const void *a, const void *b)
{
  const struct text *left = &((const struct entry *)a)->text;
  const struct text *right = &((const struct entry *)b)->text;
  size_t shorter = left->length < right->length ? left->length : right->length;
  int order = memcmp(left->bytes, right->bytes, shorter);

  if (order != 0)
    return order;
  return (left->length > right->length) - (left->length < right->length);
}

static void write_run(struct writer *out, struct run *run, bool always)
{
  if (run->count > 0)
    qsort(run->entries, run->count, sizeof(*run->entries), compare_entries);
  for (size_t i = 0; i < run->count && (always || !file_full(out)); i++)
    write_entry(out, &run->entries[i], always);
  run->count = 0;
}

/* -------------------------------------------------------------- batches -- */

struct generator {
  struct random random;
  struct seen seen;
  struct writer *out;
  char *texts; /* of the words of this batch */
  size_t texts_used, texts_room;
  struct run runs[RUNS_IN_BATCH];
};

static const char *const tag_names[] = {
    "_NOUN", "_VERB", "_ADJ", "_ADV", "_X",    "_PRON",
    "_ADP",  "_DET",  "_NUM", "_PRT", "_CONJ",
};

/* First tags are commoner: chances out of 64. */
static const char *draw_tag(struct random *random)
{
  static const uint32_t chances[] = {38, 48, 57, 60, 61};
  uint32_t dice = draw_below(random, 64);

  for (size_t i = 0; i < COUNT(chances); i++)
    if (dice < chances[i])
      return tag_names[i];
  return tag_names[COUNT(chances) +
                   draw_below(random, COUNT(tag_names) - COUNT(chances))];
}

static struct text keep_text(struct generator *g, const char *word,
                             size_t length, const char *tag)
{
  struct text text = {g->texts + g->texts_used, length + strlen(tag)};

  memcpy(g->texts + g->texts_used, word, length);
  memcpy(g->texts + g->texts_used + length, tag, strlen(tag));
  g->texts_used += text.length;
  return text;
}

static struct run *draw_run(struct generator *g)
{
  return &g->runs[draw_below(&g->random, RUNS_IN_BATCH)];
}

/* The word itself and, four times out of five, up to three tags of it. */
static size_t add_word(struct generator *g, const char *word, size_t length,
                       uint64_t seed)
{
  uint32_t dice = draw_below(&g->random, 16), from = 0;
  uint32_t tags = dice < 3 ? 0 : dice < 9 ? 1 : dice < 13 ? 2 : 3;
  struct entry entry = {keep_text(g, word, length, ""), seed, 0, 256};
  const char *used[3] = {"", "", ""};

  add_entry(draw_run(g), entry);
  for (uint32_t i = 0; i < tags; i++) {
    do
      used[i] = draw_tag(&g->random);
    while (used[i] == used[(i + 1) % 3] || used[i] == used[(i + 2) % 3]);
    entry.text = keep_text(g, word, length, used[i]);
    entry.from = from;
    /* The first tag has most of the word; the last one has the rest. */
    entry.to = i + 1 == tags ? 256 : from + (256 - from) * 3 / 4;
    from = entry.to;
    add_entry(draw_run(g), entry);
  }
  return 1 + tags;
}

static size_t add_new_word(struct generator *g)
{
  uint64_t seed = draw(&g->random);
  bool common = draw_story(seed).volumes >= COMMON_VOLUMES;
  char word[WORD_MAX_BYTES];
  size_t length, tries = 0;

  do { /* short words run out: after some tries, a longer one */
    if (draw_below(&g->random, ODD_ONE_IN) == 0)
      length = make_odd_word(&g->random, word, tries / 4);
    else
      length = make_plain_word(&g->random, word, common, tries / 4);
    tries++;
  } while (!add_seen(&g->seen, word, length));
  return add_word(g, word, length, seed);
}

static void write_batch(struct generator *g)
{
  size_t words = 0;

  g->texts_used = 0;
  while (words < RUNS_IN_BATCH * WORDS_IN_RUN)
    words += add_new_word(g);
  for (size_t i = 0; i < RUNS_IN_BATCH; i++)
    write_run(g->out, &g->runs[i], false);
}

#define WORD_OF_109_LETTERS                                                    \
  "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"   \
  "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaargh"

/* Words that every file holds, whatever its size. */
static const char *const fixed_words[] = {
    "\"",          "\"\"",
    "'s",          "a\"b",
    "Aardvark",    "Aardvark_NOUN",
    "A'Aang_NOUN", "A'que_ADJ",
    "Øverst_ADV",  "中國",
    "שלום",        "Аарон",
    "_NOUN_",      WORD_OF_109_LETTERS,
};

static void write_fixed_words(struct generator *g)
{
  uint64_t seed = draw(&g->random);

  for (size_t i = 0; i < COUNT(fixed_words); i++) {
    struct text text = {fixed_words[i], strlen(fixed_words[i])};
    bool aardvark = strncmp(text.bytes, "Aardvark", 8) == 0;
    struct entry entry = {text, aardvark ? seed : draw(&g->random), 0, 256};

    add_seen(&g->seen, text.bytes, text.length);
    add_entry(&g->runs[0], entry);
  }
  write_run(g->out, &g->runs[0], true);
}

static void generate(struct writer *out, uint64_t seed)
{
  struct generator g = {.random = {seed}, .out = out};

  build_years();
  g.texts_room = (RUNS_IN_BATCH * WORDS_IN_RUN + 8) * WORD_MAX_BYTES;
  g.texts = grow(NULL, g.texts_room);
  write_fixed_words(&g);
  while (!file_full(out))
    write_batch(&g);
  flush_out(out);
  for (size_t i = 0; i < RUNS_IN_BATCH; i++)
    free(g.runs[i].entries);
  free(g.seen.slots);
  free(g.texts);
}

/* ------------------------------------------------------------ arguments -- */

static void usage(void)
{
  fprintf(stderr, "usage: ngram_generate --bytes N [--seed N] [--out FILE] "
                  "[--layout 2012|text]\n");
  exit(2);
}

static uint64_t parse_number(const char *text)
{
  uint64_t n = 0;

  for (const char *p = text; *p || p == text; p++) {
    if (*p < '0' || *p > '9' || n > (UINT64_MAX - 9) / 10)
      usage();
    n = 10 * n + (uint64_t)(*p - '0');
  }
  return n;
}

int main(int argc, char **argv)
{
  static struct writer out; /* a megabyte: too much for some stacks */
  const char *layout = "2012", *path = NULL;
  uint64_t seed = 1;

  out.file = stdout;
  for (int i = 1; i < argc; i += 2) {
    if (i + 1 == argc)
      usage();
    if (strcmp(argv[i], "--bytes") == 0)
      out.limit = parse_number(argv[i + 1]);
    else if (strcmp(argv[i], "--seed") == 0)
      seed = parse_number(argv[i + 1]);
    else if (strcmp(argv[i], "--out") == 0)
      path = argv[i + 1];
    else if (strcmp(argv[i], "--layout") == 0)
      layout = argv[i + 1];
    else
      usage();
  }
  if (out.limit == 0 ||
      (strcmp(layout, "2012") != 0 && strcmp(layout, "text") != 0))
    usage();
  if (path && !(out.file = fopen(path, "wb"))) {
    perror(path);
    return 1;
  }
  if (strcmp(layout, "text") == 0)
    generate_text(&out, seed);
  else
    generate(&out, seed);
  if (fclose(out.file) != 0) {
    perror("ngram_generate: close");
    return 1;
  }
  return 0;
}
