/* SPDX-License-Identifier: MIT */
/*
 * Tests of runs in files: what is written is what is read, from any piece to
 * any other, through buffers of any size; and any damage of the file is an
 * error before an entry is given that was not written.
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
  size_t piece_bytes;
  size_t cut; /* entries after which a piece ends, whatever they take */
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

static struct ng_entry *make_entry_of(size_t length)
{
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

static struct ng_entry *make_run_entry(size_t longest)
{
  return make_entry_of(random_below(random_once_in(10) ? longest + 1 : 20));
}

static void free_run_entries(void)
{
  for (size_t i = 0; i < RUN_ENTRIES; i++)
    free(ng_entry_wide(run_entries[i]));
}

static void write_run(const struct run_case *c, struct ng_temp_file *file)
{
  struct ng_run_file_writer writer = {.file = file,
                                      .wide = c->wide,
                                      .buffer = test_memory(c->write_bytes),
                                      .capacity = c->write_bytes,
                                      .piece_bytes = c->piece_bytes};

  for (size_t i = 0; i < RUN_ENTRIES; i++) {
    run_entries[i] = make_run_entry(c->longest);
    if (i % c->cut == 0)
      run_offsets[i] = ng_run_file_cut(&writer);
    CHECK_EQ(ng_run_file_write(&writer, run_entries[i]), 0);
  }
  CHECK_EQ(ng_run_file_flush(&writer), 0);
  run_offsets[RUN_ENTRIES] = ng_run_file_cut(&writer);
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
static void check_run_part(struct ng_run_file_reader *reader,
                           const struct ng_temp_file *file, size_t from,
                           size_t to)
{
  struct ng_entry *entry;

  ng_run_file_reader_set(reader, file, run_offsets[from], run_offsets[to]);
  for (size_t i = from; i < to && !test_state.failed; i++) {
    CHECK_EQ(ng_run_file_read(reader, &entry), 0);
    check_run_entry(entry, i, reader->wide);
  }
  CHECK_EQ(ng_run_file_read(reader, &entry), 0);
  CHECK(!entry);
}

/* A part that ends within its only piece is an error. */
static void check_run_cut(struct ng_run_file_reader *reader,
                          const struct ng_temp_file *file, size_t number)
{
  uint64_t bytes = run_offsets[number + 1] - run_offsets[number];
  uint64_t kept = 1 + random_below((size_t)bytes - 1);
  struct ng_entry *entry;

  ng_run_file_reader_set(reader, file, run_offsets[number],
                         run_offsets[number] + kept);
  CHECK_EQ(ng_run_file_read(reader, &entry), EIO);
  CHECK(!entry);
}

static void check_run(const struct run_case *c)
{
  struct ng_temp_file file;
  struct ng_budget budget;
  struct ng_run_file_reader reader;

  NOTE("wide %d, write %zu, read %zu, words of up to %zu", c->wide,
       c->write_bytes, c->read_bytes, c->longest);
  CHECK_EQ(ng_temp_file_open(&file), 0);
  write_run(c, &file);
  ng_budget_init(&budget);
  CHECK(ng_run_file_reader_init(&reader, &budget, c->read_bytes, c->wide));
  check_run_part(&reader, &file, 0, RUN_ENTRIES);
  for (int i = 0; i < 100 && !test_state.failed; i++) {
    size_t cuts = RUN_ENTRIES / c->cut;
    size_t from = random_below(cuts);
    size_t to = from + random_below(cuts - from + 1);

    check_run_part(&reader, &file, from * c->cut, to * c->cut);
    if (c->cut == 1)
      check_run_cut(&reader, &file, random_below(RUN_ENTRIES));
  }
  ng_run_file_reader_free(&reader);
  CHECK_EQ(budget.held_bytes, 0);
  ng_temp_file_close(&file);
  free_run_entries();
}

static void a_run_is_read_as_it_was_written(void)
{
  static const struct run_case cases[] = {
      {false, 64, 1, 20, 1, 1},
      {true, 64, 1, 100, 4096, 1},
      {false, 100, 40, 1000, 100, 3},
      {true, 1000, 64, 1000, 200, 100},
      {true, 1000, 3000, 1000, 500, 300},
      {false, (size_t)64 << 10, 4096, RUN_WORD_MAX, 512, 1},
      {true, (size_t)64 << 10, 100, RUN_WORD_MAX, 4096, 10},
      {true, (size_t)1 << 20, (size_t)256 << 10, RUN_WORD_MAX, 16384, 300},
  };

  for (size_t i = 0; i < COUNT(cases); i++)
    check_run(&cases[i]);
}

/* What the file has lost is not made up. */
static void a_run_whose_file_is_cut_is_an_error(void)
{
  static const struct run_case c = {true, 4096, 512, 100, 300, 50};
  struct ng_temp_file file;
  struct ng_budget budget;
  struct ng_run_file_reader reader;
  struct ng_entry *entry;
  int error = 0;

  CHECK_EQ(ng_temp_file_open(&file), 0);
  write_run(&c, &file);
  CHECK_EQ(ftruncate(file.fd, (off_t)(file.size / 2)), 0);
  ng_budget_init(&budget);
  CHECK(ng_run_file_reader_init(&reader, &budget, c.read_bytes, c.wide));
  ng_run_file_reader_set(&reader, &file, 0, file.size);
  for (size_t i = 0; i < RUN_ENTRIES && !error; i++) {
    error = ng_run_file_read(&reader, &entry);
    if (!error)
      check_run_entry(entry, i, true);
  }
  CHECK_EQ(error, EIO);
  ng_run_file_reader_free(&reader);
  ng_temp_file_close(&file);
  free_run_entries();
}

/* ---------------------------------------------------------------- damage -- */

/* A file whose bytes are known. */
struct written {
  struct ng_temp_file file;
  char *bytes; /* owned: as they were written */
  char *other; /* owned: as they are to be */
  size_t size;
  size_t piece; /* bytes of each */
};

static void flip_a_bit(struct written *run)
{
  run->other[random_below(run->size)] ^= (char)(1 << random_below(8));
}

/* Put zeros over some bytes, often over whole pieces. */
static void put_zeros(struct written *run)
{
  size_t at = random_below(run->size);
  size_t count = 1 + random_below(run->size - at);

  if (random_once_in(2)) {
    at = at / run->piece * run->piece;
    count = run->piece;
  }
  memset(run->other + at, 0, count);
}

static void put_noise(struct written *run)
{
  size_t at = random_below(run->size);

  random_fill(run->other + at, 1 + random_below(run->size - at));
}

static size_t any_piece(const struct written *run)
{
  return random_below(run->size / run->piece) * run->piece;
}

static void exchange_pieces(struct written *run)
{
  size_t a = any_piece(run);
  size_t b = any_piece(run);

  memcpy(run->other + a, run->bytes + b, run->piece);
  memcpy(run->other + b, run->bytes + a, run->piece);
}

static void repeat_a_piece(struct written *run)
{
  memcpy(run->other + any_piece(run), run->bytes + any_piece(run), run->piece);
}

static void move_bytes(struct written *run)
{
  size_t by = 1 + random_below(run->size - 1);

  memmove(run->other + by, run->bytes, run->size - by);
}

/* Entries of one length, ten in a piece. */
static void write_even_run(struct written *run)
{
  struct ng_run_file_writer writer = {.file = &run->file,
                                      .buffer = test_memory(1024),
                                      .capacity = 1024,
                                      .piece_bytes = 1024};

  for (size_t i = 0; i < RUN_ENTRIES; i++) {
    run_entries[i] = make_entry_of(8);
    run_entries[i]->total = 1 + random_below(100);
    if (i % 10 == 0)
      run_offsets[i] = ng_run_file_cut(&writer);
    CHECK_EQ(ng_run_file_write(&writer, run_entries[i]), 0);
  }
  CHECK_EQ(ng_run_file_flush(&writer), 0);
  free(writer.buffer);
  run->piece = (size_t)(run_offsets[10] - run_offsets[0]);
  run->size = (size_t)run->file.size;
  CHECK_EQ(run->size % run->piece, 0);
}

/* The entries before the damage are as they were written, and then there is an
   error, or none if nothing is `damaged`. */
static void check_reading(const struct written *run,
                          struct ng_run_file_reader *reader, bool damaged)
{
  struct ng_entry *entry;
  int error = 0;

  ng_run_file_reader_set(reader, &run->file, 0, run->file.size);
  for (size_t i = 0; !error && !test_state.failed; i++) {
    error = ng_run_file_read(reader, &entry);
    if (error || !entry) {
      CHECK_EQ(i < RUN_ENTRIES, damaged);
      break;
    }
    CHECK(i < RUN_ENTRIES);
    check_run_entry(entry, i, false);
  }
  CHECK_EQ(error, damaged ? EIO : 0);
}

static void check_damage(struct written *run, struct ng_run_file_reader *reader,
                         void damage(struct written *))
{
  for (int i = 0; i < 300 && !test_state.failed; i++) {
    memcpy(run->other, run->bytes, run->size);
    damage(run);
    CHECK_EQ(pwrite(run->file.fd, run->other, run->size, 0),
             (ssize_t)run->size);
    check_reading(run, reader, memcmp(run->other, run->bytes, run->size) != 0);
  }
}

static void check_lost_end(struct written *run,
                           struct ng_run_file_reader *reader)
{
  CHECK_EQ(pwrite(run->file.fd, run->bytes, run->size, 0), (ssize_t)run->size);
  for (size_t kept = run->size; kept > 0 && !test_state.failed;) {
    kept -= random_below(kept < 40 ? kept + 1 : 40);
    CHECK_EQ(ftruncate(run->file.fd, (off_t)kept), 0);
    check_reading(run, reader, kept < run->size);
  }
}

static void every_damage_is_found(void)
{
  static void (*const damages[])(struct written *) = {
      flip_a_bit,      put_zeros,      put_noise,
      exchange_pieces, repeat_a_piece, move_bytes,
  };
  static const size_t buffers[] = {1, 300, 4096};
  struct written run = {.bytes = NULL};
  struct ng_run_file_reader reader;
  struct ng_budget budget;

  CHECK_EQ(ng_temp_file_open(&run.file), 0);
  write_even_run(&run);
  run.bytes = test_memory(run.size);
  run.other = test_memory(run.size);
  CHECK_EQ(ng_temp_file_read(&run.file, run.bytes, run.size, 0), 0);
  ng_budget_init(&budget);
  for (size_t i = 0; i < COUNT(buffers) && !test_state.failed; i++) {
    CHECK(ng_run_file_reader_init(&reader, &budget, buffers[i], false));
    for (size_t k = 0; k < COUNT(damages); k++) {
      NOTE("damage %zu, a buffer of %zu bytes", k, buffers[i]);
      check_damage(&run, &reader, damages[k]);
    }
    check_lost_end(&run, &reader);
    ng_run_file_reader_free(&reader);
  }
  CHECK_EQ(budget.held_bytes, 0);
  ng_temp_file_close(&run.file);
  free(run.bytes);
  free(run.other);
  free_run_entries();
}

int main(int argc, char **argv)
{
  static const struct test tests[] = {
      TEST(a_run_is_read_as_it_was_written),
      TEST(a_run_whose_file_is_cut_is_an_error),
      TEST(every_damage_is_found),
  };

  return test_main(tests, COUNT(tests), argc, argv);
}
