/* SPDX-License-Identifier: MIT */
/*
 * A program of somebody else's, built against an installed ngram: counts the
 * file that it is given and prints the total of Aardvark.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <ngram.h>

int main(int argc, char **argv)
{
  struct ngram_count_options options;
  struct ngram_error error;
  struct ngram_counts *counts;
  struct ngram_row row;

  if (argc != 2)
    return 2;
  ngram_count_options_init(&options);
  if (ngram_count(argv[1], &options, &counts, &error) != NGRAM_OK) {
    fprintf(stderr, "%s\n", error.message);
    return 1;
  }
  for (uint64_t i = 0; i < ngram_counts_size(counts); i++) {
    if (ngram_counts_row(counts, i, &row, &error) != NGRAM_OK) {
      fprintf(stderr, "%s\n", error.message);
      ngram_counts_free(counts);
      return 1;
    }
    if (row.length == 8 && memcmp(row.word, "Aardvark", 8) == 0)
      printf("%s %" PRId64 "\n", ngram_version(), row.total);
  }
  ngram_counts_free(counts);
  return 0;
}
