/* SPDX-License-Identifier: MIT */
/* Tests of files made to keep speculative decoding busy. */
#include "unit/answer.h"
#include "unit/bytes.h"
#include "unit/files.h"
#include "unit/test.h"

/* Each position in the name looks like the start of a member whose name is all
   the rest: to read each of these would be to read about 10^12 bytes. */
#define NAME_WORDS 500000

static void members_within_a_name_do_not_keep_speculation_busy(void)
{
  static const unsigned char header[] = {0x1f, 0x8b, 8, 8, 0, 0, 0, 0, 0, 0};
  static const unsigned char rest[] = {0, 1, 0, 0, 0xff, 0xff, 0,
                                       0, 0, 0, 0, 0,    0,    0};
  struct ngram_count_options options = answer_options(3, NULL);
  struct bytes file = {.data = NULL};
  struct answer wanted;
  struct answer got;
  const char *path;

  bytes_add(&file, header, sizeof header);
  for (size_t i = 0; i < NAME_WORDS; i++)
    bytes_add(&file, header, 4);
  bytes_add(&file, rest, sizeof rest);
  path = file_make("name.gz", file.data, file.size);
  answer_of_one(path, &wanted);
  CHECK_EQ(wanted.status, NGRAM_OK);
  setenv("NGRAM_AHEAD", "on", 1);
  answer_of(path, &options, &got);
  unsetenv("NGRAM_AHEAD");
  check_same(&got, &wanted);
  CHECK_STR(got.stats.strategy, "ahead");
  bytes_free(&file);
}

int main(int argc, char **argv)
{
  static const struct test tests[] = {
      TEST(members_within_a_name_do_not_keep_speculation_busy),
  };

  return test_main(tests, COUNT(tests), argc, argv);
}
