/* SPDX-License-Identifier: MIT */
/*
 * Tests of runs in files: what is written is what is read, from any entry to
 * any other, through buffers of any size.
 */
#include <errno.h>
#include <unistd.h>

#include "count/run_file.h"
#include "unit/test.h"

#define RUN_ENTRIES 300
#define RUN_WORD_MAX 200000

struct run_case {
  bool wide;
  size_t write_bytes;
  size_t read_bytes;
  size_t longest;
};

/* All are wide, and begin in memory of their own. */
static struct ng_entry *run_entries[RUN_ENTRIES];
static uint64_t run_offsets[RUN_ENTRIES + 1];

/* Numbers of any magnitude, the least and the greatest among them. */
static uint64_t make_number(void)
{
  switch (random_below(8)) {
  case 0:
    return 0;
  case 1:
    return UINT64_MAX;
  case 2:
    return NG_SUM_OVERFLOW;
  default:
    return random_next() >> random_below(64);
  }
}

static struct ng_entry *make_run_entry(size_t longest)
{
  size_t length = random_below(random_once_in(10) ? longest + 1 : 20);
  struct ng_entry_wide *wide =
      test_memory(sizeof *wide + sizeof(struct ng_entry) + length);
  struct ng_entry *entry = (void *)(wide + 1);

  *wide =
      (struct ng_entry_wide){make_number(), make_number(),
                             (int32_t)make_number(), (int32_t)make_number()};
  entry->total = make_number();
  entry->length = (uint32_t)length;
  random_fill(entry->word, length);
  return entry;
}

static void free_run_entries(void)
{
  for (size_t i = 0; i < RUN_ENTRIES; i++)
    free(ng_entry_wide(run_entries[i]));
}

static void write_run(const struct run_case *c, struct ng_temp_file *file)
{
  struct ng_run_writer writer = {.file = file,
                                 .wide = c->wide,
                                 .buffer = test_memory(c->write_bytes),
                                 .capacity = c->write_bytes};

  for (size_t i = 0; i < RUN_ENTRIES; i++) {
    run_entries[i] = make_run_entry(c->longest);
    run_offsets[i] = ng_run_writer_offset(&writer);
    CHECK_EQ(ng_run_write(&writer, run_entries[i]), 0);
  }
  CHECK_EQ(ng_run_flush(&writer), 0);
  run_offsets[RUN_ENTRIES] = ng_run_writer_offset(&writer);
  CHECK_EQ(run_offsets[RUN_ENTRIES], file->size);
  free(writer.buffer);
}

static void check_run_entry(struct ng_entry *got, size_t number, bool wide)
{
  struct ng_entry *wanted = run_entries[number];
  struct ng_entry_wide *more = ng_entry_wide(wanted);

  CHECK(got && (uintptr_t)got % 8 == 0 && got->length == wanted->length);
  if (test_state.failed)
    return;
  CHECK_EQ(got->total, wanted->total);
  CHECK(memcmp(got->word, wanted->word, got->length) == 0);
  if (wide) {
    CHECK_EQ(ng_entry_wide(got)->volumes, more->volumes);
    CHECK_EQ(ng_entry_wide(got)->row_count, more->row_count);
    CHECK_EQ(ng_entry_wide(got)->first_year, more->first_year);
    CHECK_EQ(ng_entry_wide(got)->last_year, more->last_year);
  }
}

/* The entries between two of them, and no more. */
static void check_run_part(struct ng_run_reader *reader,
                           const struct ng_temp_file *file, size_t from,
                           size_t to)
{
  struct ng_entry *entry;

  ng_run_reader_set(reader, file, run_offsets[from], run_offsets[to]);
  for (size_t i = from; i < to && !test_state.failed; i++) {
    CHECK_EQ(ng_run_read(reader, &entry), 0);
    check_run_entry(entry, i, reader->wide);
  }
  CHECK_EQ(ng_run_read(reader, &entry), 0);
  CHECK(!entry);
}

/* A part that ends within an entry is an error. */
static void check_run_cut(struct ng_run_reader *reader,
                          const struct ng_temp_file *file, size_t number)
{
  uint64_t bytes = run_offsets[number + 1] - run_offsets[number];
  uint64_t kept = 1 + random_below((size_t)bytes - 1);
  struct ng_entry *entry;

  ng_run_reader_set(reader, file, run_offsets[number],
                    run_offsets[number] + kept);
  CHECK_EQ(ng_run_read(reader, &entry), EIO);
}

static void check_run(const struct run_case *c)
{
  struct ng_temp_file file;
  struct ng_budget budget;
  struct ng_run_reader reader;

  NOTE("wide %d, write %zu, read %zu, words of up to %zu", c->wide,
       c->write_bytes, c->read_bytes, c->longest);
  CHECK_EQ(ng_temp_file_open(&file), 0);
  write_run(c, &file);
  ng_budget_init(&budget);
  CHECK(ng_run_reader_init(&reader, &budget, c->read_bytes, c->wide));
  check_run_part(&reader, &file, 0, RUN_ENTRIES);
  for (int i = 0; i < 100 && !test_state.failed; i++) {
    size_t from = random_below(RUN_ENTRIES);

    check_run_part(&reader, &file, from,
                   from + random_below(RUN_ENTRIES - from + 1));
    check_run_cut(&reader, &file, random_below(RUN_ENTRIES));
  }
  ng_run_reader_free(&reader);
  CHECK_EQ(budget.held_bytes, 0);
  ng_temp_file_close(&file);
  free_run_entries();
}

static void a_run_is_read_as_it_was_written(void)
{
  static const struct run_case cases[] = {
      {false, 64, 1, 20},
      {true, 64, 1, 100},
      {false, 100, 40, 1000},
      {true, 1000, 64, 1000},
      {false, (size_t)64 << 10, 4096, RUN_WORD_MAX},
      {true, (size_t)64 << 10, 100, RUN_WORD_MAX},
      {true, (size_t)1 << 20, (size_t)256 << 10, RUN_WORD_MAX},
  };

  for (size_t i = 0; i < COUNT(cases); i++)
    check_run(&cases[i]);
}

/* What the file has lost is not made up. */
static void a_run_whose_file_is_cut_is_an_error(void)
{
  static const struct run_case c = {true, 4096, 512, 100};
  struct ng_temp_file file;
  struct ng_budget budget;
  struct ng_run_reader reader;
  struct ng_entry *entry;
  int error = 0;

  CHECK_EQ(ng_temp_file_open(&file), 0);
  write_run(&c, &file);
  CHECK_EQ(ftruncate(file.fd, (off_t)(file.size / 2)), 0);
  ng_budget_init(&budget);
  CHECK(ng_run_reader_init(&reader, &budget, c.read_bytes, c.wide));
  ng_run_reader_set(&reader, &file, 0, file.size);
  for (size_t i = 0; i < RUN_ENTRIES && !error; i++) {
    error = ng_run_read(&reader, &entry);
    if (!error)
      check_run_entry(entry, i, true);
  }
  CHECK_EQ(error, EIO);
  ng_run_reader_free(&reader);
  ng_temp_file_close(&file);
  free_run_entries();
}

int main(int argc, char **argv)
{
  static const struct test tests[] = {
      TEST(a_run_is_read_as_it_was_written),
      TEST(a_run_whose_file_is_cut_is_an_error),
  };

  return test_main(tests, COUNT(tests), argc, argv);
}
