/* SPDX-License-Identifier: MIT */
/*
 * The directory of a zip archive: entries in the order of the file, zip64,
 * false signatures, numbers that lie, and lack of memory.
 */
#include "inflate/zip.h"
#include "source/source.h"
#include "unit/failing_memory.h"
#include "unit/guarded.h"
#include "unit/zip_make.h"

struct opened {
  struct ng_source *source;
  struct ng_budget budget;
  struct ng_gzip_fault fault;
  struct ng_zip *zip;
  struct guarded guarded; /* the archive; nothing can be read after it */
};

static void open_bytes(struct opened *opened, const struct bytes *file,
                       uint64_t limit)
{
  opened->guarded = guarded_make(file->size);
  memcpy(opened->guarded.end - file->size, file->data, file->size);
  opened->source =
      ng_source_from_memory(opened->guarded.end - file->size, file->size);
  ng_budget_init(&opened->budget);
  opened->budget.limit_bytes = limit;
  opened->fault = (struct ng_gzip_fault){NG_GZIP_OK, 0, 0};
  opened->zip =
      ng_zip_open(opened->source, &opened->budget, NULL, &opened->fault);
}

static void close_opened(struct opened *opened)
{
  ng_zip_close(opened->zip);
  CHECK_EQ(opened->budget.held_bytes, 0);
  ng_source_close(opened->source);
  guarded_free(&opened->guarded);
}

/* What was made of the archive is what it gives. */
static void check_entries(const struct zip_made *made)
{
  struct opened opened;

  open_bytes(&opened, &made->bytes, 0);
  CHECK_EQ(opened.fault.kind, NG_GZIP_OK);
  if (CHECK(opened.zip != NULL) && CHECK_EQ(opened.zip->count, made->count))
    for (size_t i = 0; i < made->count; i++) {
      const struct ng_zip_entry *entry = &opened.zip->entries[i];

      CHECK_EQ(entry->data, made->data[i]);
      CHECK_EQ(entry->packed_bytes, made->size[i]);
      CHECK_EQ(entry->text_bytes, made->size[i]);
      CHECK_EQ(entry->crc, made->crc[i]);
      CHECK(entry->is_stored);
      CHECK_EQ(ng_zip_find(opened.zip, entry->data), i);
      CHECK_EQ(ng_zip_find(opened.zip, entry->data + 1), i + 1);
    }
  close_opened(&opened);
}

static void check_fault(const struct bytes *file, enum ng_gzip_fault_kind kind,
                        uint64_t offset)
{
  struct opened opened;

  open_bytes(&opened, file, 0);
  CHECK(opened.zip == NULL);
  CHECK_EQ(opened.fault.kind, kind);
  CHECK_EQ(opened.fault.file_offset, offset);
  close_opened(&opened);
}

static void entries_come_in_the_order_of_the_file(void)
{
  for (unsigned round = 0; round < test_rounds(200); round++) {
    struct zip_made made;
    struct zip_form form = {.zip64 = random_once_in(2),
                            .shuffled = random_once_in(2),
                            .comment = random_below(200)};

    NOTE("round %u", round);
    zip_make(&made, random_below(ZIP_ENTRIES_MAX), &form);
    check_entries(&made);
    zip_made_free(&made);
  }
}

static void longest_names_and_comments(void)
{
  struct zip_form form = {
      .zip64 = true, .comment = 65535, .name = 65535, .entry_comment = 65535};
  struct zip_made made;

  zip_make(&made, 5, &form);
  check_entries(&made);
  zip_made_free(&made);
}

static void signatures_in_a_comment(void)
{
  struct zip_made made;
  struct zip_form form = {.comment = 100};
  unsigned char *comment;

  zip_make(&made, 3, &form);
  comment = made.bytes.data + made.bytes.size - 100;
  for (size_t at = 0; at + 22 <= 100; at++) {
    NOTE("at %zu", at);
    memset(comment, 0, 100);
    memcpy(comment + at, "PK\5\6", 4);
    comment[at + 20] = (unsigned char)(100 - at - 22);
    check_entries(&made);
    comment[at + 16] = 0xFF; /* a directory beyond the file */
    check_entries(&made);
  }
  zip_made_free(&made);
}

/* Of the end record, in a file without a comment. */
static void the_end_is_held_to_the_directory(void)
{
  struct zip_made made;
  struct zip_form form = {.comment = 0};
  size_t end;

  zip_make(&made, 3, &form);
  end = made.bytes.size - 22;
  for (size_t at = 10; at < 20; at++) {
    NOTE("byte %zu", at);
    made.bytes.data[end + at] ^= 0x40;
    check_fault(&made.bytes, NG_ZIP_BAD_DIRECTORY, end);
    made.bytes.data[end + at] ^= 0x40;
  }
  made.bytes.size--;
  check_fault(&made.bytes, NG_ZIP_NO_DIRECTORY, made.bytes.size);
  zip_made_free(&made);
}

static void zip64_is_held_to_the_file(void)
{
  static const uint64_t wrong[] = {UINT64_MAX, INT64_MAX, (uint64_t)1 << 32, 0};
  struct zip_made made;
  struct zip_form form = {.zip64 = true};
  size_t locator;

  zip_make(&made, 3, &form);
  locator = made.bytes.size - 22 - 20;
  for (size_t i = 0; i < COUNT(wrong); i++)
    for (size_t at = 0; at < 3; at++) {
      static const size_t fields[] = {40, 48};
      size_t place = at < 2 ? locator - 56 + fields[at] : locator + 8;
      struct opened opened;
      uint64_t kept;

      NOTE("wrong %zu at %zu", i, at);
      memcpy(&kept, made.bytes.data + place, 8);
      zip_put(&made.bytes, place, wrong[i], 8);
      open_bytes(&opened, &made.bytes, 0);
      CHECK(opened.zip == NULL);
      CHECK_EQ(opened.fault.kind, NG_ZIP_BAD_DIRECTORY);
      close_opened(&opened);
      memcpy(made.bytes.data + place, &kept, 8);
    }
  check_entries(&made);
  zip_made_free(&made);
}

/* Whatever bytes are changed: what is opened lies in the file, in order. */
static void damage_leads_nowhere_else(void)
{
  for (unsigned round = 0; round < test_rounds(4000); round++) {
    struct zip_made made;
    struct zip_form form = {.zip64 = random_once_in(2),
                            .comment = random_below(9)};
    struct opened opened;
    uint64_t from = 0;

    NOTE("round %u", round);
    zip_make(&made, 1 + random_below(4), &form);
    for (size_t i = 0; i <= random_below(3); i++)
      made.bytes.data[random_below(made.bytes.size)] =
          (unsigned char)(random_once_in(3) ? 255 : random_next());
    open_bytes(&opened, &made.bytes, 0);
    CHECK((opened.zip == NULL) == (opened.fault.kind != NG_GZIP_OK));
    for (size_t i = 0; opened.zip && i < opened.zip->count; i++) {
      const struct ng_zip_entry *entry = &opened.zip->entries[i];

      CHECK(entry->data >= from + 30 && entry->packed_bytes > 0);
      from = entry->data + entry->packed_bytes;
      CHECK(from <= made.bytes.size);
    }
    close_opened(&opened);
    zip_made_free(&made);
  }
}

static void every_prefix_is_a_fault(void)
{
  struct zip_made made;
  struct zip_form form = {.zip64 = true};
  size_t size;

  zip_make(&made, 3, &form);
  size = made.bytes.size;
  for (made.bytes.size = 4; made.bytes.size < size; made.bytes.size++) {
    NOTE("%zu bytes", made.bytes.size);
    check_fault(&made.bytes, NG_ZIP_NO_DIRECTORY, made.bytes.size);
  }
  zip_made_free(&made);
}

static void lack_of_memory(void)
{
  struct zip_form form = {.zip64 = true};
  struct zip_made made;
  bool failed = MEMORY_CAN_FAIL;

  zip_make(&made, 9, &form);
  for (long requests = 0; failed; requests++) {
    struct ng_source *source =
        ng_source_from_memory(made.bytes.data, made.bytes.size);
    struct ng_gzip_fault fault = {NG_GZIP_OK, 0, 0};
    struct ng_budget budget;
    struct ng_zip *zip;

    ng_budget_init(&budget);
    NOTE("after %ld requests", requests);
    memory_fail_after(requests, false);
    zip = ng_zip_open(source, &budget, NULL, &fault);
    failed = memory_fail_no_more();
    CHECK((zip == NULL) == failed);
    CHECK_EQ(fault.kind, failed ? NG_GZIP_NO_MEMORY : NG_GZIP_OK);
    ng_zip_close(zip);
    CHECK_EQ(budget.held_bytes, 0);
    ng_source_close(source);
  }
  if (!MEMORY_CAN_FAIL)
    test_skip("memory does not fail here");
  zip_made_free(&made);
}

static void a_limit_is_kept(void)
{
  struct zip_form form = {.comment = 0};
  struct zip_made made;
  struct opened opened;

  zip_make(&made, ZIP_ENTRIES_MAX, &form);
  open_bytes(&opened, &made.bytes, 1000);
  CHECK(opened.zip == NULL);
  CHECK_EQ(opened.fault.kind, NG_GZIP_NO_MEMORY);
  CHECK(opened.budget.refused);
  close_opened(&opened);
  zip_made_free(&made);
}

int main(int argc, char **argv)
{
  static const struct test tests[] = {
      TEST(entries_come_in_the_order_of_the_file),
      TEST(longest_names_and_comments),
      TEST(signatures_in_a_comment),
      TEST(the_end_is_held_to_the_directory),
      TEST(zip64_is_held_to_the_file),
      TEST(damage_leads_nowhere_else),
      TEST(every_prefix_is_a_fault),
      TEST(lack_of_memory),
      TEST(a_limit_is_kept),
  };

  return test_main(tests, COUNT(tests), argc, argv);
}
