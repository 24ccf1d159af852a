/* SPDX-License-Identifier: MIT */
/* The room base: arena, budget, hash, loads, processor, memory, files. */
#include <pthread.h>
#include <sched.h>

#include "base/arena.h"
#include "base/budget.h"
#include "base/clock.h"
#include "base/cpu.h"
#include "base/hash.h"
#include "base/le.h"
#include "base/pages.h"
#include "unit/test.h"

/* ---------------------------------------------------------------- budget -- */

static void budget_tells_what_is_held_and_its_peak(void)
{
  struct ng_budget budget;
  char *a;
  char *b;

  ng_budget_init(&budget);
  a = ng_budget_take(&budget, 1000);
  b = ng_budget_take(&budget, 24);
  CHECK_EQ(budget.held_bytes, 1024);
  ng_budget_give(&budget, a, 1000);
  CHECK_EQ(budget.held_bytes, 24);
  CHECK_EQ(budget.peak_bytes, 1024);
  a = ng_budget_take(&budget, 100);
  CHECK_EQ(budget.peak_bytes, 1024);
  ng_budget_give(&budget, a, 100);
  ng_budget_give(&budget, b, 24);
  ng_budget_give(&budget, NULL, 4096);
  CHECK_EQ(budget.held_bytes, 0);
  CHECK_EQ(budget.peak_bytes, 1024);
}

static void budget_keeps_its_limit_to_the_byte(void)
{
  struct ng_budget budget;
  void *a;
  void *b;

  ng_budget_init(&budget);
  budget.limit_bytes = 1000;
  a = ng_budget_take(&budget, 600);
  CHECK(a && !budget.refused);
  CHECK(!ng_budget_take(&budget, 401));
  CHECK(!ng_budget_take(&budget, SIZE_MAX));
  CHECK(budget.refused);
  CHECK_EQ(budget.held_bytes, 600);
  b = ng_budget_take(&budget, 400);
  CHECK(b != NULL);
  CHECK_EQ(budget.peak_bytes, 1000);
  ng_budget_give(&budget, a, 600);
  a = ng_budget_take(&budget, 600);
  CHECK(a != NULL);
  ng_budget_give(&budget, a, 600);
  ng_budget_give(&budget, b, 400);
  CHECK_EQ(budget.held_bytes, 0);
}

static void budget_gives_zeroed_memory(void)
{
  struct ng_budget budget;

  ng_budget_init(&budget);
  for (int round = 0; round < 20; round++) {
    unsigned char *memory = ng_budget_take(&budget, 5000);
    unsigned sum = 0;

    for (int i = 0; i < 5000; i++)
      sum |= memory[i];
    CHECK_EQ(sum, 0);
    memset(memory, 0xFF, 5000);
    ng_budget_give(&budget, memory, 5000);
  }
}

static void budget_without_memory_holds_nothing(void)
{
  struct ng_budget budget;

  ng_budget_init(&budget);
  CHECK(ng_budget_take(&budget, SIZE_MAX - (1 << 20)) == NULL);
  CHECK(ng_budget_take(&budget, SIZE_MAX) == NULL);
  CHECK_EQ(budget.held_bytes, 0);
  CHECK_EQ(budget.peak_bytes, 0);
}

static void *take_and_give(void *memory)
{
  struct ng_budget *budget = memory;

  for (size_t i = 1; i < 5000; i++)
    ng_budget_give(budget, ng_budget_take(budget, i % 64 + 1), i % 64 + 1);
  return NULL;
}

static void budget_is_right_with_many_threads(void)
{
  pthread_t threads[4];
  struct ng_budget budget;

  ng_budget_init(&budget);
  for (size_t i = 0; i < COUNT(threads); i++)
    pthread_create(&threads[i], NULL, take_and_give, &budget);
  for (size_t i = 0; i < COUNT(threads); i++)
    pthread_join(threads[i], NULL);
  CHECK_EQ(budget.held_bytes, 0);
  CHECK(budget.peak_bytes >= 64);
  CHECK(budget.peak_bytes <= 4 * 64);
}

/* ----------------------------------------------------------------- pages -- */

static bool is_filled(const unsigned char *memory, size_t size,
                      unsigned char with)
{
  for (size_t i = 0; i < size; i++)
    if (memory[i] != with)
      return false;
  return true;
}

static void pages_are_zeroed_and_aligned_to_huge_ones(void)
{
  static const size_t huge = (size_t)2 << 20;
  static const size_t sizes[] = {1,
                                 4096,
                                 ((size_t)2 << 20) - 1,
                                 (size_t)2 << 20,
                                 ((size_t)2 << 20) + 1,
                                 (size_t)5 << 20};

  for (int round = 0; round < 3; round++)
    for (size_t i = 0; i < COUNT(sizes); i++) {
      unsigned char *a = ng_pages_map(sizes[i]);
      unsigned char *b = ng_pages_map(sizes[i]);

      NOTE("%zu bytes", sizes[i]);
      CHECK_EQ((uintptr_t)a % huge, 0);
      CHECK_EQ((uintptr_t)b % huge, 0);
      CHECK(is_filled(a, sizes[i], 0));
      memset(a, 1, sizes[i]);
      memset(b, 2, sizes[i]);
      CHECK(is_filled(a, sizes[i], 1));
      ng_pages_unmap(a, sizes[i]);
      CHECK(is_filled(b, sizes[i], 2));
      ng_pages_unmap(b, sizes[i]);
    }
  CHECK(ng_pages_map(SIZE_MAX) == NULL);
  CHECK(ng_pages_map(SIZE_MAX - huge) == NULL);
  CHECK(ng_pages_map(SIZE_MAX - 8 * huge) == NULL);
}

/* ----------------------------------------------------------------- arena -- */

struct piece {
  size_t size;
  uint32_t ref;
  unsigned char fill;
};

static size_t chunk_bytes(size_t index)
{
  return index == 0 ? NG_ARENA_FIRST_CHUNK_BYTES : NG_ARENA_CHUNK_BYTES;
}

/* Whether a piece lies in one chunk. */
static bool is_in_one_chunk(uint32_t ref, size_t size)
{
  return (ref % NG_ARENA_CHUNK_UNITS) * 8 + size <=
         chunk_bytes(ref / NG_ARENA_CHUNK_UNITS);
}

static void arena_pieces_are_zeroed_aligned_and_apart(void)
{
  static struct piece pieces[20000];
  struct ng_budget budget;
  struct ng_arena arena;

  ng_budget_init(&budget);
  ng_arena_init(&arena, &budget);
  for (size_t i = 0; i < COUNT(pieces); i++) {
    struct piece *p = &pieces[i];
    unsigned char *memory;

    p->size =
        1 + (random_once_in(200) ? random_below(200000) : random_below(60));
    p->fill = (unsigned char)(1 + random_below(255));
    p->ref = ng_arena_add(&arena, p->size);
    NOTE("piece %zu of %zu bytes", i, p->size);
    if (!CHECK(p->ref != 0))
      break;
    memory = ng_arena_at(&arena, p->ref);
    CHECK_EQ((uintptr_t)memory % 8, 0);
    CHECK(is_in_one_chunk(p->ref, p->size));
    CHECK(is_filled(memory, p->size, 0));
    memset(memory, p->fill, p->size);
  }
  for (size_t i = 0; i < COUNT(pieces); i++) {
    NOTE("piece %zu of %zu bytes", i, pieces[i].size);
    CHECK(is_filled(ng_arena_at(&arena, pieces[i].ref), pieces[i].size,
                    pieces[i].fill));
  }
  CHECK_EQ(budget.held_bytes, (arena.chunk_count - 1) * NG_ARENA_CHUNK_BYTES +
                                  NG_ARENA_FIRST_CHUNK_BYTES);
  ng_arena_free(&arena);
  CHECK_EQ(budget.held_bytes, 0);
}

/* A count of a few words takes little memory. */
static void arena_begins_with_a_small_chunk(void)
{
  struct ng_budget budget;
  struct ng_arena arena;

  ng_budget_init(&budget);
  ng_arena_init(&arena, &budget);
  CHECK_EQ(budget.held_bytes, 0);
  CHECK_EQ(ng_arena_add(&arena, 1), 1);
  CHECK_EQ(budget.held_bytes, NG_ARENA_FIRST_CHUNK_BYTES);
  ng_arena_free(&arena);
}

static void arena_takes_its_biggest_piece(void)
{
  struct ng_budget budget;
  struct ng_arena arena;
  uint32_t refs[5];

  ng_budget_init(&budget);
  ng_arena_init(&arena, &budget);
  for (size_t i = 0; i < COUNT(refs); i++) {
    refs[i] = ng_arena_add(&arena, NG_ARENA_PIECE_MAX);
    CHECK(refs[i] != 0);
    CHECK(is_in_one_chunk(refs[i], NG_ARENA_PIECE_MAX));
    memset(ng_arena_at(&arena, refs[i]), (int)i + 1, NG_ARENA_PIECE_MAX);
  }
  CHECK_EQ(arena.chunk_count, COUNT(refs) + 1); /* the first is too small */
  for (size_t i = 0; i < COUNT(refs); i++)
    CHECK(is_filled(ng_arena_at(&arena, refs[i]), NG_ARENA_PIECE_MAX,
                    (unsigned char)(i + 1)));
  ng_arena_free(&arena);
}

/* A piece that fits to the byte stays in its chunk; one unit more does not. */
static void arena_fills_a_chunk_to_its_last_unit(void)
{
  struct ng_budget budget;
  struct ng_arena arena;

  ng_budget_init(&budget);
  for (uint32_t chunk = 0; chunk < 3; chunk++)
    for (uint32_t extra = 0; extra < 2; extra++) {
      uint32_t start = chunk * (uint32_t)NG_ARENA_CHUNK_UNITS;
      size_t left;
      uint32_t ref;

      ng_arena_init(&arena, &budget);
      do
        ref = ng_arena_add(&arena, 800);
      while (arena.chunk_count <= chunk);
      left = chunk_bytes(chunk) - (ref - start) * 8 - 800;
      NOTE("chunk %u, %zu bytes left, %u units more", chunk, left, extra);
      ref = ng_arena_add(&arena, left + 8 * extra);
      CHECK_EQ(arena.chunk_count, chunk + 1 + extra);
      CHECK_EQ(ref / NG_ARENA_CHUNK_UNITS, chunk + extra);
      if (!extra)
        CHECK_EQ(ng_arena_add(&arena, 1), start + NG_ARENA_CHUNK_UNITS);
      ng_arena_free(&arena);
    }
  CHECK_EQ(budget.held_bytes, 0);
}

/* More chunks than the list has places at first: 16, then 32. */
static void arena_chunks_never_move(void)
{
  struct ng_budget budget;
  struct ng_arena arena;
  char *places[40];
  uint32_t refs[40];

  ng_budget_init(&budget);
  ng_arena_init(&arena, &budget);
  for (size_t i = 0; i < COUNT(refs); i++) {
    refs[i] = ng_arena_add(&arena, NG_ARENA_PIECE_MAX);
    places[i] = ng_arena_at(&arena, refs[i]);
    places[i][0] = (char)i;
  }
  for (size_t i = 0; i < COUNT(refs); i++) {
    CHECK(ng_arena_at(&arena, refs[i]) == places[i]);
    CHECK_EQ(places[i][0], i);
  }
  ng_arena_free(&arena);
  CHECK_EQ(budget.held_bytes, 0);
}

static void arena_can_be_used_again_after_free(void)
{
  struct ng_budget budget;
  struct ng_arena arena;

  ng_budget_init(&budget);
  ng_arena_init(&arena, &budget);
  ng_arena_free(&arena);
  CHECK_EQ(ng_arena_add(&arena, 16), 1);
  ng_arena_free(&arena);
  CHECK_EQ(ng_arena_add(&arena, 16), 1);
  ng_arena_free(&arena);
  CHECK_EQ(budget.held_bytes, 0);
}

/* ------------------------------------------------------------------ bits -- */

static void loads_are_little_endian_at_any_place(void)
{
  char bytes[24];

  for (size_t i = 0; i < sizeof bytes; i++)
    bytes[i] = (char)(0xF1 + i);
  for (size_t at = 0; at < 16; at++) {
    uint64_t wanted = 0;

    for (size_t i = 8; i-- > 0;)
      wanted = wanted << 8 | (unsigned char)bytes[at + i];
    CHECK_EQ(ng_le_load64(bytes + at), wanted);
    CHECK_EQ(ng_le_load32(bytes + at), (uint32_t)wanted);
  }
}

static void clock_counts_seconds(void)
{
  double began = ng_clock_seconds();

  test_sleep_ms(20);
  CHECK(ng_clock_seconds() - began >= 0.019);
  CHECK(ng_clock_seconds() - began < 10);
}

/* ------------------------------------------------------------------- cpu -- */

static void cpu_count_follows_what_the_process_may_use(void)
{
#if defined(__linux__)
  cpu_set_t before;
  cpu_set_t one;
  size_t cpu = 0;

  CHECK_EQ(sched_getaffinity(0, sizeof before, &before), 0);
  CHECK_EQ(ng_cpu_count(), CPU_COUNT(&before));
  while (!CPU_ISSET(cpu, &before))
    cpu++;
  CPU_ZERO(&one);
  CPU_SET(cpu, &one);
  CHECK_EQ(sched_setaffinity(0, sizeof one, &one), 0);
  CHECK_EQ(ng_cpu_count(), 1);
  sched_setaffinity(0, sizeof before, &before);
#endif
  CHECK(ng_cpu_count() >= 1);
}

/* Whether the system lists a feature of the processor. */
static bool system_says(const char *flags, const char *name)
{
  char wanted[32];

  snprintf(wanted, sizeof wanted, " %s ", name);
  return strstr(flags, wanted) != NULL;
}

static bool read_flags(char *line, size_t size)
{
  FILE *file = fopen("/proc/cpuinfo", "r");
  bool found = false;

  while (file && !found && fgets(line, (int)size, file))
    found = strncmp(line, "flags", 5) == 0;
  if (file)
    fclose(file);
  line[strcspn(line, "\n")] = ' ';
  return found;
}

static void cpu_features_are_those_that_the_system_lists(void)
{
  static char flags[16384];
  unsigned features = ng_cpu_features();

  if (sizeof(void *) == 4) { /* there are kernels for 64 bits only */
    CHECK_EQ(features, 0);
    return;
  }
  if (!read_flags(flags, sizeof flags)) {
    test_skip("no flags in /proc/cpuinfo");
    return;
  }
  CHECK_EQ((features & NG_CPU_SSE2) != 0, system_says(flags, "sse2"));
  CHECK_EQ((features & NG_CPU_AVX2) != 0,
           system_says(flags, "avx2") && system_says(flags, "bmi1"));
  CHECK_EQ((features & NG_CPU_AVX512) != 0,
           system_says(flags, "avx512bw") && system_says(flags, "avx512vl") &&
               system_says(flags, "avx512_vbmi2"));
  CHECK_EQ((features & NG_CPU_PCLMUL) != 0,
           system_says(flags, "pclmulqdq") && system_says(flags, "sse4_1"));
  CHECK_EQ((features & NG_CPU_BMI2) != 0,
           system_says(flags, "bmi1") && system_says(flags, "bmi2"));
  CHECK_EQ((features & NG_CPU_VPCLMUL) != 0,
           system_says(flags, "avx512f") && system_says(flags, "vpclmulqdq"));
  CHECK_EQ(features & (NG_CPU_NEON | NG_CPU_ARM_CRC), 0);
  CHECK_EQ(ng_cpu_features(), features);
}

int main(int argc, char **argv)
{
  static const struct test tests[] = {
      TEST(budget_tells_what_is_held_and_its_peak),
      TEST(budget_keeps_its_limit_to_the_byte),
      TEST(budget_gives_zeroed_memory),
      TEST(budget_without_memory_holds_nothing),
      TEST(budget_is_right_with_many_threads),
      TEST(pages_are_zeroed_and_aligned_to_huge_ones),
      TEST(arena_pieces_are_zeroed_aligned_and_apart),
      TEST(arena_begins_with_a_small_chunk),
      TEST(arena_takes_its_biggest_piece),
      TEST(arena_fills_a_chunk_to_its_last_unit),
      TEST(arena_chunks_never_move),
      TEST(arena_can_be_used_again_after_free),
      TEST(loads_are_little_endian_at_any_place),
      TEST(clock_counts_seconds),
      TEST(cpu_count_follows_what_the_process_may_use),
      TEST(cpu_features_are_those_that_the_system_lists),
  };

  return test_main(tests, COUNT(tests), argc, argv);
}
