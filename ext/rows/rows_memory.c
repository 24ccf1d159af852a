/* SPDX-License-Identifier: MIT */
/*
 * A question for few words, for one year, or for no year at all may be answered
 * by what earlier readings of the file have left: postings (postings.c), its
 * rows sorted by year (by_year.c), or the fact that it is good. The functions
 * of this file ask lookups.c for these, and hand in new ones, which lookups.c
 * keeps. For all other questions the answer is NG_LOOKUPS_SCAN.
 *
 * rows_file.c and reading.c call them in the caller's thread, while no worker
 * runs. A file is known by its identity, and only once it has settled; standard
 * input is not remembered.
 */
#include "rows/rows_memory.h"

#include "rows/rows_sort.h"
#include "source/settled.h"

static void trim(const struct ngram_rows *rows)
{
  if (rows->memory.trim)
    rows->memory.trim(rows->memory.owner);
}

/* For more words than this a pass is run. */
#define LOOKUP_WORDS_MAX 16

bool ng_rows_memory_asks_for_words(const struct ngram_rows *rows)
{
  const struct ngram_count_options *options = &rows->question.options;

  return options->words && options->word_count <= LOOKUP_WORDS_MAX;
}

static bool asks_for_a_year(const struct ngram_rows *rows)
{
  const struct ngram_count_options *options = &rows->question.options;

  return !options->words && !options->word_from && !options->word_to &&
         options->year_from == options->year_to && ng_rows_sort_fits(rows);
}

static bool asks_for_nothing(const struct ngram_rows *rows)
{
  const struct ngram_count_options *options = &rows->question.options;

  return options->year_from > options->year_to;
}

/* Whether the question is one for lookups, and the file one that can be known
   again: *file is its identity. */
static bool may_look_up(const struct ngram_rows *rows,
                        struct ng_source_identity *file)
{
  const struct ng_source *source = rows->pass.source;

  if (!rows->memory.lookups ||
      rows->question.options.on_error == NGRAM_ON_ERROR_SALVAGE ||
      (!ng_rows_memory_asks_for_words(rows) && !asks_for_a_year(rows) &&
       !asks_for_nothing(rows)))
    return false;
  return !ng_source_identify_stdin(source, file) &&
         ng_source_is_settled(source) && ng_source_identify(source, file);
}

uint64_t ng_rows_memory_room(const struct ngram_rows *rows)
{
  const struct ngram_count_options *options = &rows->question.options;
  uint64_t room = rows->memory.limit_bytes / 2;

  room -= room < NG_LOOKUPS_ENTRY_BYTES ? room : NG_LOOKUPS_ENTRY_BYTES;
  return options->memory_limit > 0 && options->memory_limit / 4 < room
             ? options->memory_limit / 4
             : room;
}

/* Postings without any part, for a question that no row can answer. */
static const struct ng_postings nothing;

static enum ng_lookups_answer ask(struct ngram_rows *rows,
                                  const struct ng_source_identity *file,
                                  struct ng_rows_memory_known *known)
{
  const struct ngram_count_options *options = &rows->question.options;
  struct ng_lookups *lookups = rows->memory.lookups;

  if (asks_for_nothing(rows)) {
    known->postings = &nothing;
    return ng_lookups_know_good(lookups, file, options->on_error)
               ? NG_LOOKUPS_READ
               : NG_LOOKUPS_SCAN;
  }
  if (ng_rows_memory_asks_for_words(rows))
    return ng_lookups_ask(lookups, file, options->on_error,
                          ng_rows_memory_room(rows), &known->postings);
  return ng_lookups_ask_year(lookups, file, options->on_error, &known->by_year);
}

enum ng_lookups_answer ng_rows_memory_ask(struct ngram_rows *rows,
                                          struct ng_rows_memory_known *known)
{
  struct ng_source_identity file;
  enum ng_lookups_answer answer = NG_LOOKUPS_SCAN;

  *known = (struct ng_rows_memory_known){.postings = NULL};
  if (may_look_up(rows, &file))
    answer = ask(rows, &file, known);
  if (answer == NG_LOOKUPS_SCAN)
    trim(rows);
  return answer;
}

void ng_rows_memory_keep_postings(struct ngram_rows *rows,
                                  struct ng_postings *postings, uint64_t room)
{
  const struct ngram_count_options *options = &rows->question.options;
  struct ng_source_identity file;

  if (may_look_up(rows, &file))
    ng_lookups_keep(rows->memory.lookups, &file, options->on_error, room,
                    postings);
  else
    ng_postings_free(postings);
  trim(rows);
}

void ng_rows_memory_keep_years(struct ngram_rows *rows,
                               struct ng_by_year *by_year, bool never)
{
  const struct ngram_count_options *options = &rows->question.options;
  struct ng_source_identity file;

  if (may_look_up(rows, &file))
    ng_lookups_keep_years(rows->memory.lookups, &file, options->on_error,
                          by_year, never);
  else
    ng_by_year_release(by_year);
  trim(rows);
}

void ng_rows_memory_note_scan(const struct ngram_rows *rows)
{
  const struct ngram_count_options *options = &rows->question.options;
  struct ng_source_identity file;

  if (may_look_up(rows, &file))
    ng_lookups_note_scan(rows->memory.lookups, &file, options->on_error,
                         asks_for_a_year(rows));
}
