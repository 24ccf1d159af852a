/* SPDX-License-Identifier: MIT */
/* Seek points: which positions become one, and what is kept of it. */
#include "inflate/reader.h"
#include "inflate/seek_points.h"
#include "unit/failing_memory.h"
#include "unit/guarded.h"
#include "unit/gzip_blocks.h"
#include "unit/gzip_read.h"
#include "unit/member_walk.h"
#include "unit/test.h"

/* A point that tells its number in all that is kept of it. */
static void add_point(struct ng_seek_points *points, uint64_t number,
                      uint64_t text)
{
  size_t size = (size_t)(number % 50);
  unsigned char *window = test_memory(size);

  memset(window, (int)(number % 251), size);
  ng_seek_points_add(points, &(struct ng_seek_point){
                                 .bit = number,
                                 .text = text,
                                 .members = 3 * number,
                                 .window_size = size,
                                 .window = window,
                             });
  free(window);
}

static void check_point(const struct ng_seek_point *point)
{
  CHECK_EQ(point->members, 3 * point->bit);
  CHECK_EQ(point->window_size, point->bit % 50);
  for (size_t i = 0; i < point->window_size; i++)
    CHECK_EQ(point->window[i], point->bit % 251);
}

static void a_point_is_wanted_after_an_interval_of_text(void)
{
  struct ng_seek_points points = {.interval = 100};

  CHECK(!ng_seek_points_wants(&points, 0));
  CHECK(!ng_seek_points_wants(&points, 99));
  CHECK(ng_seek_points_wants(&points, 100));
  add_point(&points, 1, 130);
  CHECK(!ng_seek_points_wants(&points, 229));
  CHECK(ng_seek_points_wants(&points, 230));
  CHECK(ng_seek_points_wants(&points, UINT64_C(1) << 40));
  ng_seek_points_free(&points);
  CHECK_EQ(points.count, 0);
}

/* Every other one goes when one more comes than is kept, the first one first,
   so that those left have stood a double interval apart. */
static void too_many_points_are_thinned_out(void)
{
  struct ng_seek_points points = {.interval = 10};

  for (uint64_t number = 1; number <= NG_SEEK_POINTS_MAX; number++)
    add_point(&points, number, 10 * number);
  CHECK_EQ(points.count, NG_SEEK_POINTS_MAX);
  CHECK_EQ(points.interval, 10);
  add_point(&points, NG_SEEK_POINTS_MAX + 1, 10 * (NG_SEEK_POINTS_MAX + 1));
  CHECK_EQ(points.count, NG_SEEK_POINTS_MAX / 2 + 1);
  CHECK_EQ(points.interval, 20);
  for (size_t i = 0; i < points.count && !test_state.failed; i++) {
    CHECK_EQ(points.points[i].bit,
             i < NG_SEEK_POINTS_MAX / 2 ? 2 * i + 2 : NG_SEEK_POINTS_MAX + 1);
    check_point(&points.points[i]);
  }
  ng_seek_points_free(&points);
}

/* Text comes in blocks of any size: points spread over all of it, each an
   interval after the last but for those that made them too many. */
static void points_spread_over_any_amount_of_text(void)
{
  struct ng_seek_points points = {.interval = 10};
  uint64_t text = 0;
  size_t near = 0;
  size_t thinned = 0;

  for (uint64_t number = 1; number <= 20000; number++) {
    text += random_below(12);
    if (ng_seek_points_wants(&points, text))
      add_point(&points, number, text);
    CHECK(points.count <= NG_SEEK_POINTS_MAX);
  }
  CHECK(points.count >= NG_SEEK_POINTS_MAX / 4);
  for (uint64_t interval = 10; interval < points.interval; interval *= 2)
    thinned++;
  CHECK(thinned > 0);
  CHECK(text - points.points[points.count - 1].text < points.interval + 12);
  for (size_t i = 0; i < points.count && !test_state.failed; i++) {
    uint64_t before = i > 0 ? points.points[i - 1].text : 0;
    uint64_t apart = points.points[i].text - before;

    near += apart < points.interval;
    CHECK(2 * apart >= points.interval);
    CHECK(apart < 2 * points.interval);
    check_point(&points.points[i]);
  }
  CHECK(near <= thinned);
  ng_seek_points_free(&points);
}

/* A block of text with a position, after `ends` members in it. */
static struct ng_gzip_block block_with_position(size_t text, size_t ends)
{
  struct ng_gzip_block block = {.size = text + 10, .position = {8000, text}};

  block.end_count = ends + 1;
  for (size_t i = 0; i < ends; i++)
    block.ends[i] = (struct ng_member_end){.text_end = 10 * (i + 1),
                                           .file_offset = 500 + 100 * i};
  block.ends[ends] =
      (struct ng_member_end){.text_end = text + 5, .file_offset = 1200};
  return block;
}

static void a_position_is_taken_when_its_window_is_at_hand(void)
{
  static const struct {
    size_t position; /* in the block */
    size_t ends;     /* of members, before the position */
    uint64_t text;
    bool taken;
    size_t window;
  } cases[] = {
      {32768, 0, 1000, true, 32768}, {32767, 0, 1000, false, 0},
      {32767, 0, 0, true, 32767},    {50000, 0, 0, true, 32768},
      {50000, 0, 1000, true, 32768}, {100, 0, 0, true, 100},
      {100, 0, 1, false, 0},         {100, 1, 1000, true, 90},
      {100, 3, 1000, true, 70},      {30, 3, 1000, true, 0},
      {32777, 1, 1000, true, 32767}, {32778, 1, 1000, true, 32768},
      {40000, 2, 1000, true, 32768},
  };
  static char text[60000];

  random_fill(text, sizeof text);
  for (size_t i = 0; i < COUNT(cases); i++) {
    struct ng_gzip_block block =
        block_with_position(cases[i].position, cases[i].ends);
    struct ng_seek_points points = {.interval = 1};

    NOTE("case %zu", i);
    ng_seek_points_offer(&points, text, &block, cases[i].text, 7);
    if (CHECK_EQ(points.count, cases[i].taken) && cases[i].taken) {
      CHECK_EQ(points.points->bit, 8000);
      CHECK_EQ(points.points->text, cases[i].text + cases[i].position);
      CHECK_EQ(points.points->members, 7 + cases[i].ends);
      CHECK_BYTES(points.points->window, points.points->window_size,
                  text + cases[i].position - cases[i].window, cases[i].window);
    }
    ng_seek_points_offer(&points, text, &block, cases[i].text, 7);
    CHECK_EQ(points.count, cases[i].taken); /* not a second time */
    block.position.bit = 0;
    ng_seek_points_offer(&points, text, &block, 1000000, 7);
    CHECK_EQ(points.count, cases[i].taken);
    ng_seek_points_free(&points);
  }
}

/* Read a sample as the engine does, and make points of it. */
static void collect_points(struct walk *walk, struct ng_seek_points *points)
{
  char *text = (char *)walk->room.end - walk->capacity;
  uint64_t done = 0;
  uint64_t members = 0;

  walk->block.last = false;
  while (!walk->block.last) {
    ng_reader_read(walk->reader, text, walk->capacity, &walk->block);
    ng_seek_points_offer(points, text, &walk->block, done, members);
    done += walk->block.size;
    members += walk->block.end_count;
  }
}

static void points_of_a_file_are_where_zlib_says(void)
{
  size_t found = 0;

  for (unsigned round = 0; round < 2 * SAMPLE_KINDS; round++) {
    struct sample sample = sample_make(round / 2, 60000);
    struct ng_seek_points points = {.interval = 1 + random_below(9000)};
    struct walk walk;

    NOTE("sample %u, interval %zu", round / 2, (size_t)points.interval);
    walk_open(&walk, &sample, &ng_decoder_native,
              round % 4 ? 40000 + random_below(30000)
                        : random_below(40000) + 1);
    collect_points(&walk, &points);
    for (size_t i = 0; i < points.count && !test_state.failed; i++) {
      const struct ng_seek_point *point = &points.points[i];
      size_t at = sample_start_from(&sample, point->bit / 8);
      const struct block_start *start = sample_start(&sample, at);
      const unsigned char *window;
      size_t size;

      if (!CHECK(at < sample_start_count(&sample)))
        break;
      window = sample_window(&sample, start, &size);
      CHECK_EQ(point->bit, start->bit);
      CHECK_EQ(point->text, start->text);
      CHECK_EQ(point->members, start->members);
      CHECK_BYTES(point->window, point->window_size, window, size);
    }
    found += points.count;
    ng_seek_points_free(&points);
    walk_close(&walk);
    sample_free(&sample);
  }
  CHECK(found > SAMPLE_KINDS);
}

static void points_without_memory_are_not_complete(void)
{
  if (!MEMORY_CAN_FAIL) {
    test_skip("memory cannot fail here");
    return;
  }
  for (long requests = 0; requests < 2; requests++) {
    struct ng_seek_points points = {.interval = 10};
    unsigned char window[1] = {0};
    struct ng_seek_point point = {1, 10, 0, 1, window};

    memory_fail_after(requests, false);
    ng_seek_points_add(&points, &point);
    CHECK(memory_fail_no_more());
    CHECK(points.failed);
    CHECK_EQ(points.count, 0);
    CHECK(!ng_seek_points_wants(&points, 1000));
    ng_seek_points_free(&points);
  }
}

int main(int argc, char **argv)
{
  static const struct test tests[] = {
      TEST(a_point_is_wanted_after_an_interval_of_text),
      TEST(too_many_points_are_thinned_out),
      TEST(points_spread_over_any_amount_of_text),
      TEST(a_position_is_taken_when_its_window_is_at_hand),
      TEST(points_of_a_file_are_where_zlib_says),
      TEST(points_without_memory_are_not_complete),
  };

  return test_main(tests, COUNT(tests), argc, argv);
}
