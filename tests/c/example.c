/* SPDX-License-Identifier: MIT */
/*
 * example.c - the C API at work, without SQLite: print the total of every
 * word of an n-gram file.
 *
 *     example [options] FILE            FILE may be -, standard input
 *
 *     --threads N        map workers; 0: all CPUs; 1: no thread is made
 *     --chunk-size N     rows in one map task; 0: chosen by the library
 *     --year-from N      only rows of these years, both included
 *     --year-to N
 *     --tags WHICH       keep, drop or only the words with a tag (watch_VERB),
 *                        or only plain ones
 *     --tokenizer HOW    the file is free text: words by space or by unicode
 *     --on-error WHAT    fail at a bad row, skip it, or salvage a damaged gz
 *     --word WORD        only this word; may be given more than once
 *     --columns          volumes, first year, last year and row count as well
 *     --stats            how the scan went, on standard error
 *
 * Prints word TAB total, one word a line, in no order. Exit status: 0; 1, if
 * the file cannot be counted, with the reason on standard error; 2, if the
 * command line is wrong.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ngram.h"

struct command {
  const char *path;
  struct ngram_count_options options;
  struct ngram_word *words; /* as many as there are arguments */
  bool stats;
};

static bool parse_number(const char *text, long long *number)
{
  char *end;

  errno = 0;
  *number = strtoll(text, &end, 10);
  return errno == 0 && end != text && *end == '\0';
}

/* The index of `text` among `names`, which end with NULL, or -1. */
static int find_name(const char *const *names, const char *text)
{
  for (int i = 0; names[i]; i++)
    if (strcmp(names[i], text) == 0)
      return i;
  return -1;
}

static bool set_number(struct ngram_count_options *options, const char *name,
                       const char *value)
{
  long long number;

  if (!parse_number(value, &number))
    return false;
  if (strcmp(name, "--year-from") == 0)
    options->year_from = number;
  else if (strcmp(name, "--year-to") == 0)
    options->year_to = number;
  else if (strcmp(name, "--chunk-size") == 0 && number >= 0)
    options->chunk_size = (uint64_t)number;
  else if (strcmp(name, "--threads") == 0 && number >= 0 &&
           number <= NGRAM_THREADS_MAX)
    options->threads = (unsigned)number;
  else
    return false;
  return true;
}

static bool set_option(struct command *command, const char *name,
                       const char *value)
{
  static const char *const tags[] = {"keep", "drop", "only", "plain", NULL};
  static const char *const on_error[] = {"fail", "skip", "salvage", NULL};
  static const char *const tokenizers[] = {"space", "unicode", NULL};
  struct ngram_count_options *options = &command->options;
  int choice;

  if (strcmp(name, "--word") == 0) {
    options->words = command->words;
    command->words[options->word_count++] =
        (struct ngram_word){value, strlen(value)};
    return true;
  }
  if (strcmp(name, "--tags") == 0) {
    choice = find_name(tags, value);
    options->tags = (enum ngram_tags)choice;
    return choice >= 0;
  }
  if (strcmp(name, "--tokenizer") == 0) {
    choice = find_name(tokenizers, value);
    options->tokenizer = (enum ngram_tokenizer)(NGRAM_TOKENIZER_SPACE + choice);
    return choice >= 0;
  }
  if (strcmp(name, "--on-error") == 0) {
    choice = find_name(on_error, value);
    options->on_error = (enum ngram_on_error)choice;
    return choice >= 0;
  }
  return set_number(options, name, value);
}

static bool parse_arguments(struct command *command, int argc, char **argv)
{
  for (int i = 1; i < argc; i++) {
    if (strcmp(argv[i], "--columns") == 0)
      command->options.columns = NGRAM_VOLUMES | NGRAM_YEARS | NGRAM_ROW_COUNT;
    else if (strcmp(argv[i], "--stats") == 0)
      command->stats = true;
    else if (strncmp(argv[i], "--", 2) != 0 && i == argc - 1)
      command->path = argv[i];
    else if (i + 1 == argc || !set_option(command, argv[i], argv[i + 1]))
      return false;
    else
      i++;
  }
  return command->path != NULL;
}

static void print_counts(struct ngram_counts *counts, bool all_columns)
{
  struct ngram_row row;

  for (uint64_t i = 0; i < ngram_counts_size(counts); i++) {
    ngram_counts_row(counts, i, &row, NULL);
    fwrite(row.word, 1, row.length, stdout);
    printf("\t%" PRId64, row.total);
    if (all_columns)
      printf("\t%" PRId64 "\t%" PRId64 "\t%" PRId64 "\t%" PRId64, row.volumes,
             row.first_year, row.last_year, row.row_count);
    putchar('\n');
  }
}

static void print_stats(const struct ngram_scan_stats *stats)
{
  fprintf(stderr, "format\t%s\n", stats->format);
  fprintf(stderr, "decoder\t%s\n", stats->decoder);
  fprintf(stderr, "strategy\t%s\n", stats->strategy);
  fprintf(stderr, "kernel\t%s\n", stats->kernel);
  fprintf(stderr, "threads\t%u\n", stats->threads);
  fprintf(stderr, "chunks\t%" PRIu64 "\n", stats->chunks);
  fprintf(stderr, "compressed_bytes\t%" PRIu64 "\n", stats->compressed_bytes);
  fprintf(stderr, "text_bytes\t%" PRIu64 "\n", stats->text_bytes);
  fprintf(stderr, "rows\t%" PRIu64 "\n", stats->rows);
  fprintf(stderr, "skipped\t%" PRIu64 "\n", stats->skipped);
  fprintf(stderr, "words\t%" PRIu64 "\n", stats->words);
  fprintf(stderr, "seconds\t%.6f\n", stats->seconds);
  fprintf(stderr, "decode_seconds\t%.6f\n", stats->decode_seconds);
  fprintf(stderr, "map_seconds\t%.6f\n", stats->map_seconds);
  fprintf(stderr, "reduce_seconds\t%.6f\n", stats->reduce_seconds);
  fprintf(stderr, "peak_bytes\t%" PRIu64 "\n", stats->peak_bytes);
}

static int count(const struct command *command)
{
  struct ngram_counts *counts;
  struct ngram_error error;

  if (ngram_count(command->path, &command->options, &counts, &error) !=
      NGRAM_OK) {
    fprintf(stderr, "%s\n", error.message);
    return 1;
  }
  print_counts(counts, command->options.columns != 0);
  if (command->stats)
    print_stats(ngram_counts_stats(counts));
  ngram_counts_free(counts);
  if (fflush(stdout) != 0 || ferror(stdout)) {
    perror("standard output");
    return 1;
  }
  return 0;
}

int main(int argc, char **argv)
{
  struct command command = {0};
  int status = 2;

  ngram_count_options_init(&command.options);
  command.words = calloc((size_t)argc, sizeof *command.words);
  if (!command.words) {
    perror("example");
    return 1;
  }
  if (parse_arguments(&command, argc, argv))
    status = count(&command);
  else
    fprintf(stderr, "usage: example [options] FILE (see example.c)\n");
  free(command.words);
  return status;
}
