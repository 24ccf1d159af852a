/* SPDX-License-Identifier: MIT */
/*
 * generate_counts.h - how often a word was printed, in how many books, and
 * when.
 *
 * Part of generate.c; see there. A word's story (struct story) follows from its
 * seed alone, so a tagged copy of the word, in another run of the file, tells
 * the same one.
 */
#ifndef NGRAM_BENCH_GENERATE_COUNTS_H
#define NGRAM_BENCH_GENERATE_COUNTS_H

#include <stdint.h>
#include <string.h>

#include "generate_random.h"

#define YEAR_FIRST 1505
#define YEAR_LAST 2008
#define YEARS (YEAR_LAST - YEAR_FIRST + 1)
#define PICK_SLOTS 8192     /* to draw a year by weight with one lookup */
#define FEW_VOLUMES 512     /* below this, books are drawn one by one */
#define VOLUMES_MAX 4200000 /* no word is in more books than were printed */

/* ------------------------------------------------- books over the years -- */

/* Books printed in a year, between the knots a straight line. */
static const struct knot {
  uint32_t year;
  uint32_t books;
} books_curve[] = {
    {1505, 1},      {1600, 2},      {1660, 5},      {1680, 22},
    {1700, 37},     {1720, 102},    {1740, 123},    {1760, 216},
    {1780, 262},    {1800, 669},    {1820, 1876},   {1840, 3196},
    {1860, 4921},   {1880, 6659},   {1900, 12204},  {1920, 14671},
    {1940, 11539},  {1960, 24048},  {1980, 47197},  {2000, 103405},
    {2004, 139616}, {2007, 155472}, {2008, 206272},
};

/* When a word was in use. */
enum era {
  ERA_ALWAYS,
  ERA_OLD,
  ERA_MODERN,
  ERA_COUNT
};

static struct year_table {
  uint32_t books[YEARS];
  uint32_t share_q32[ERA_COUNT][YEARS]; /* of a word's books; the sum is 1 */
  uint16_t pick[ERA_COUNT][PICK_SLOTS]; /* year index, by weight */
} years;

static uint32_t books_in(uint32_t year)
{
  const struct knot *knot = books_curve;
  int64_t rise, run;

  while (knot[1].year < year)
    knot++;
  rise = (int64_t)knot[1].books - knot->books;
  run = (int64_t)knot[1].year - knot->year;
  return (uint32_t)(knot->books + rise * (year - knot->year) / run);
}

/* Old words fade after 1900, modern ones are born then. */
static uint64_t era_weight(enum era era, uint32_t year, uint32_t books)
{
  uint64_t weight = (uint64_t)books << 8;

  if (era == ERA_OLD && year > 1900)
    return weight * 20 / (20 + 3 * (year - 1900));
  if (era == ERA_MODERN)
    return year < 1900 ? 1 : weight * (year - 1900) / 108;
  return weight;
}

static void build_era(enum era era)
{
  uint64_t sum = 0, below = 0;
  uint32_t slot = 0;

  for (uint32_t i = 0; i < YEARS; i++)
    sum += era_weight(era, YEAR_FIRST + i, years.books[i]);
  for (uint32_t i = 0; i < YEARS; i++) {
    uint64_t weight = era_weight(era, YEAR_FIRST + i, years.books[i]);

    years.share_q32[era][i] = (uint32_t)((weight << 32) / sum);
    below += weight;
    while (slot < PICK_SLOTS && slot * sum < below * PICK_SLOTS)
      years.pick[era][slot++] = (uint16_t)i;
  }
}

static void build_years(void)
{
  for (uint32_t i = 0; i < YEARS; i++)
    years.books[i] = books_in(YEAR_FIRST + i);
  for (int era = 0; era < ERA_COUNT; era++)
    build_era((enum era)era);
}

/* ---------------------------------------------------- counts of a word -- */

/* Total of a word, by its place among all words in parts of 2^20. */
static const struct curve_point {
  uint32_t place;
  uint64_t total;
} total_curve[] = {
    {0, 40},
    {104858, 50},
    {209715, 62},
    {314573, 85},
    {419430, 115},
    {524288, 160},
    {629146, 240},
    {734003, 400},
    {838861, 800},
    {943718, 2500},
    {996147, 8000},
    {1027604, 45000},
    {1038090, 170000},
    {1047527, 8000000},
    {1048471, 80000000},
    {1048565, 1000000000},
    {1048576, UINT64_C(3000000000)},
};

static uint64_t draw_total(struct random *random)
{
  uint32_t place = draw_below(random, 1 << 20);
  const struct curve_point *low = total_curve;
  uint64_t step;

  while (low[1].place <= place)
    low++;
  step = ((uint64_t)(place - low->place) << 10) / (low[1].place - low->place);
  /* Convex between the points, as the curve as a whole is. */
  return low->total + (((low[1].total - low->total) * step * step) >> 20);
}

static uint32_t floor_log2(uint64_t n)
{
  uint32_t log = 0;

  while (n >>= 1)
    log++;
  return log;
}

/* Matches in a book, times 256: more for common words. */
static uint64_t draw_ratio_q8(struct random *random, uint64_t total)
{
  uint64_t spread_q8 = 64 + draw_below(random, 448);

  return 256 + floor_log2(total) * spread_q8 / 8 + total / 32768;
}

/* Binomial(64, p). Each random word halves the chance of a bit or fills it up,
   from the lowest bit of p to the highest; then the bits set are counted. */
static uint32_t draw_binomial64(struct random *random, uint32_t p_q16)
{
  uint64_t bits = 0;
  uint32_t count = 0;

  if (p_q16 < 16) { /* nearly always nothing: one draw, not 16 */
    if (draw_below(random, 16) != 0)
      return 0;
    p_q16 *= 16;
  }
  for (int i = 0; i < 16; i++) {
    uint64_t word = draw(random);

    bits = (p_q16 >> i) & 1 ? bits | word : bits & word;
  }
  for (; bits; bits &= bits - 1)
    count++;
  return count;
}

/* What a word is made of, beside its letters. Tagged words share the story of
   the word they belong to. */
struct story {
  uint64_t seed;
  uint64_t volumes; /* books that the word stands in, about */
  uint64_t ratio_q8;
  enum era era;
};

static struct story draw_story(uint64_t seed)
{
  struct random random = {seed};
  struct story story = {.seed = seed};
  uint64_t total = draw_total(&random);
  uint32_t era = draw_below(&random, 8);

  story.ratio_q8 = draw_ratio_q8(&random, total);
  story.volumes = (total << 8) / story.ratio_q8;
  if (story.volumes > VOLUMES_MAX)
    story.volumes = VOLUMES_MAX;
  story.era = era < 4 ? ERA_ALWAYS : era < 5 ? ERA_OLD : ERA_MODERN;
  return story;
}

static void draw_volumes_few(struct random *random, const struct story *story,
                             uint32_t *volumes)
{
  const uint16_t *pick = years.pick[story->era];

  memset(volumes, 0, YEARS * sizeof(*volumes));
  for (uint64_t i = 0; i <= story->volumes; i++)
    volumes[pick[draw_below(random, PICK_SLOTS)]]++;
}

static void draw_volumes_many(struct random *random, const struct story *story,
                              uint32_t *volumes)
{
  for (uint32_t i = 0; i < YEARS; i++) {
    uint64_t mean_q16 = (story->volumes * years.share_q32[story->era][i]) >> 16;
    uint64_t books = years.books[i];

    if (mean_q16 < 16 << 16)
      volumes[i] = draw_binomial64(random, (uint32_t)(mean_q16 >> 6));
    else /* a quarter up or down, year by year */
      volumes[i] =
          (uint32_t)((mean_q16 * (192 + draw_below(random, 128))) >> 24);
    if (volumes[i] > books)
      volumes[i] = (uint32_t)books;
  }
}

static uint64_t draw_matches(struct random *random, uint64_t ratio_q8,
                             uint64_t volumes)
{
  uint64_t r = draw(random);
  uint64_t u = r & 255, burst = (r >> 8) & 255;

  if (volumes >= 16) /* three quarters to five quarters of the mean */
    return volumes + volumes * (ratio_q8 - 256) * (192 + u / 2) / 65536;
  if (((r >> 16) & 15) != 0)
    return volumes;
  /* In a sixteenth of the years, 16 times the mean; burst^2 has the mean 1/3.
   */
  return volumes +
         48 * volumes * (ratio_q8 - 256) * burst * burst / 256 / 65536;
}

#endif
