/* SPDX-License-Identifier: MIT */
/*
 * ngram_count(): the result for one file, or for the files of a pattern, from
 * the cache or counted.
 *
 *   check_options()    refuse options that are not allowed
 *   find_or_count()    make a request, which all passes share (scan/request.h)
 *     count_one()        open a pass over the file (scan/scan.h) and look for
 *                        its identity in the cache; else plan and run the pass
 *                        into one table for each worker (tally/tally.h), reduce
 *                        the tables to a result (tally/table_set.h), keep it
 *     count_many()       match the pattern (store/files.h), identify the files
 *                        and look in the cache; else count them together
 *                        (tally/count_files.h) and keep the result
 *   view()             choose words and columns for the caller (tally/view.h)
 *
 * A single file is identified by what is open, never by its path. If a pass
 * fails and one of its seek points was wrong, find_or_count() runs once more
 * without seek points.
 *
 * Memory: find_or_count() makes an empty result with a budget of its own, which
 * counts all memory of the call. Reducing moves the tables into the result. An
 * answer holds one reference; the view takes that over, and the caller of
 * ngram_count() frees the view.
 *
 * Threads: all of this runs in the caller's thread. Workers are made and joined
 * in ng_scan_run(), ng_table_set_reduce() and ng_count_files().
 */
#include <stdlib.h>
#include <string.h>

#include "api/cache.h"
#include "base/clock.h"
#include "base/hash.h"
#include "base/poll.h"
#include "fault/fail.h"
#include "ngram.h"
#include "scan/options.h"
#include "scan/scan.h"
#include "scan/stats.h"
#include "store/files.h"
#include "store/root.h"
#include "tally/count_files.h"
#include "tally/table_set.h"
#include "tally/tally.h"
#include "tally/view.h"

/* A result that was found or counted. */
struct ng_answer {
  struct ng_result *result; /* a reference; NULL: none yet */
  bool has_more;            /* it may have words that were not asked for */
  bool from_cache;
};

void ngram_count_options_init(struct ngram_count_options *options)
{
  *options = (struct ngram_count_options){
      .size = sizeof *options,
      .year_from = INT64_MIN,
      .year_to = INT64_MAX,
  };
}

static enum ngram_status
check_choices(const struct ngram_count_options *options,
              struct ngram_error *error)
{
  const unsigned all_columns = NGRAM_VOLUMES | NGRAM_YEARS | NGRAM_ROW_COUNT;

  if ((unsigned)options->tokenizer > NGRAM_TOKENIZER_UNICODE)
    return ng_fail(error, NGRAM_BAD_ARGUMENT,
                   "tokenizer is %u, allowed is an enum ngram_tokenizer",
                   (unsigned)options->tokenizer);
  if (options->columns & ~all_columns)
    return ng_fail(error, NGRAM_BAD_ARGUMENT,
                   "columns is %u, allowed is a set of enum ngram_columns",
                   options->columns);
  return ng_options_check(options->threads, options->memory_limit,
                          options->tags, options->on_error, error);
}

/* Whether an option is set that only rows have. */
static bool asks_for_rows(const struct ngram_count_options *options)
{
  return options->year_from != INT64_MIN || options->year_to != INT64_MAX ||
         options->tags != NGRAM_TAGS_KEEP || options->columns != 0;
}

static enum ngram_status
check_options(const struct ngram_count_options *options,
              struct ngram_error *error)
{
  if (options->size != sizeof *options)
    return ng_fail(error, NGRAM_BAD_ARGUMENT,
                   "options.size is %zu, expected %zu: call "
                   "ngram_count_options_init() first",
                   options->size, sizeof *options);
  if (options->tokenizer != NGRAM_TOKENIZER_NONE && asks_for_rows(options))
    return ng_fail(error, NGRAM_BAD_ARGUMENT,
                   "free text has no years, tags or columns: with a tokenizer, "
                   "options for them are not allowed");
  return check_choices(options, error);
}

/* ------------------------------------------------------------- one file -- */

/* Look for a result in the cache. Returns NGRAM_OK with answer->result NULL if
   there is none. */
static enum ngram_status find_kept(struct ng_answer *answer,
                                   const struct ng_cache_key *key,
                                   struct ng_request *request,
                                   struct ngram_error *error)
{
  const struct ngram_count_options *options = request->options;
  const struct ng_stop stop = ng_poll_stop(&request->poll);

  if (!options->cache)
    return NGRAM_OK;
  if (!ng_cache_find(options->cache, key, options, &stop, &answer->result,
                     &answer->has_more))
    return ng_fail_interrupted(error);
  answer->from_cache = answer->result != NULL;
  /* An environment override that cannot be met is an error here too. */
  return answer->from_cache ? ng_scan_check_overrides(options, error)
                            : NGRAM_OK;
}

/* Refuse standard input that was read before: it can be read only once. */
static enum ngram_status check_stdin(const struct ng_cache_key *key,
                                     const struct ng_pass *pass,
                                     struct ngram_error *error)
{
  const struct ngram_cache *cache = pass->options->cache;

  if (!cache || !key->is_stdin || !ng_cache_has(cache, key))
    return NGRAM_OK;
  return ng_fail(error, NGRAM_BAD_ARGUMENT,
                 "%s: standard input was read already, with other arguments",
                 pass->path);
}

/* Keep a result that was counted, and make it the answer. */
static enum ngram_status keep(struct ng_answer *answer,
                              const struct ng_cache_key *key,
                              struct ng_request *request,
                              struct ng_result *result,
                              struct ngram_error *error)
{
  const struct ngram_count_options *options = request->options;
  const struct ng_stop stop = ng_poll_stop(&request->poll);

  result->stats.peak_bytes = atomic_load(&result->budget.peak_bytes);
  result->stats.spilled_bytes = atomic_load(&result->budget.spilled_bytes);
  if (options->cache &&
      !ng_cache_keep(options->cache, key, options, &stop, result))
    return ng_fail_interrupted(error);
  answer->result = ng_result_hold(result);
  return NGRAM_OK;
}

/* Run a planned pass into tables, one for each worker, and reduce them to the
   empty `result`. The caller frees the set, whatever is returned. */
static enum ngram_status count_into(struct ng_table_set *set,
                                    struct ng_tally *tally,
                                    struct ng_pass *pass,
                                    struct ng_result *result,
                                    struct ngram_error *error)
{
  enum ngram_status status;

  if (!ng_table_set_init(set, pass->budget, pass->plan.workers,
                         pass->options->columns != 0, pass->plan.table_bytes))
    return ng_fail_memory(error);
  tally->tables = set->tables;
  status = ng_scan_run(pass, &pass->request->has_bad_point, error);
  ng_tally_free(tally);
  if (status == NGRAM_NO_MEMORY) {
    int system_error = ng_table_set_spill_error(set->tables, set->count);

    return system_error ? ng_fail_spill(error, system_error) : status;
  }
  return status == NGRAM_OK
             ? ng_table_set_reduce(set, &pass->control, result, error)
             : status;
}

/* Count the open pass's file and keep the result. */
static enum ngram_status count_new(struct ng_answer *answer,
                                   const struct ng_cache_key *key,
                                   struct ng_tally *tally, struct ng_pass *pass,
                                   struct ng_result *result,
                                   struct ngram_error *error)
{
  struct ng_table_set set = {.tables = NULL};
  enum ngram_status status =
      ng_scan_plan(pass, pass->request->use_points, error);

  if (status == NGRAM_OK)
    status = count_into(&set, tally, pass, result, error);
  ng_table_set_free(&set);
  if (status != NGRAM_OK)
    return status;
  ng_stats_fill(&result->stats, pass);
  return keep(answer, key, pass->request, result, error);
}

/* Find the file's result in the cache, or count it into the empty `result`. */
static enum ngram_status count_one(struct ng_answer *answer, const char *path,
                                   struct ng_request *request,
                                   struct ng_result *result,
                                   struct ngram_error *error)
{
  struct ng_source_identity identity;
  struct ng_cache_key key;
  struct ng_tally tally;
  struct ng_pass pass;
  enum ngram_status status;

  ng_tally_init(&tally);
  status =
      ng_scan_open(&pass, path, request, &tally.sink, request->options, error);
  if (status == NGRAM_OK) {
    key = ng_cache_key_of(pass.source, &identity);
    status = find_kept(answer, &key, request, error);
  }
  if (status == NGRAM_OK && !answer->result)
    status = check_stdin(&key, &pass, error);
  if (status == NGRAM_OK && !answer->result)
    status = count_new(answer, &key, &tally, &pass, result, error);
  ng_scan_close(&pass);
  return status;
}

/* ----------------------------------------------------------- many files -- */

/* Identify all files and make their key. An identity is zero if the file is not
   a regular one or has not settled; the key then has no files. */
static enum ngram_status identify(struct ng_request *request,
                                  const struct ng_files *files,
                                  struct ng_source_identity *identities,
                                  struct ng_cache_key *key,
                                  struct ngram_error *error)
{
  const struct ngram_root *root = request->options->root;
  bool known = true;

  *key = (struct ng_cache_key){identities, 0, false};
  for (size_t i = 0; i < files->count; i++) {
    if (ng_poll_asked(&request->poll))
      return ng_fail_interrupted(error);
    known &= ng_root_identify(root, files->paths[i], &identities[i]);
  }
  key->file_count = known ? files->count : 0;
  return NGRAM_OK;
}

static enum ngram_status
find_or_count_files(struct ng_answer *answer, const struct ng_files *files,
                    struct ng_cache_key *key, struct ng_request *request,
                    struct ng_result *result, struct ngram_error *error)
{
  enum ngram_status status = find_kept(answer, key, request, error);
  bool has_moved = false;

  if (status != NGRAM_OK || answer->from_cache)
    return status;
  status =
      ng_count_files(files, key->files, &has_moved, request, result, error);
  if (has_moved)
    key->file_count = 0; /* nothing is to be kept */
  if (status == NGRAM_OK)
    status = keep(answer, key, request, result, error);
  return status;
}

/* Find the result of the files that a pattern matches, or count them into the
   empty `result`. */
static enum ngram_status count_many(struct ng_answer *answer,
                                    const char *pattern,
                                    struct ng_request *request,
                                    struct ng_result *result,
                                    struct ngram_error *error)
{
  struct ng_files files;
  struct ng_cache_key key;
  struct ng_source_identity *identities = NULL;
  const struct ng_stop stop = ng_poll_stop(&request->poll);
  enum ngram_status status;

  ng_request_stay(request, pattern);
  status =
      ng_files_match(request->options->root, pattern, &stop, &files, error);
  if (status == NGRAM_OK) {
    identities = calloc(files.count, sizeof *identities);
    if (!identities)
      status = ng_fail_memory(error);
  }
  if (status == NGRAM_OK)
    status = identify(request, &files, identities, &key, error);
  if (status == NGRAM_OK)
    status = find_or_count_files(answer, &files, &key, request, result, error);
  free(identities);
  ng_match_free(&files);
  return status;
}

/* ---------------------------------------------------------------- count -- */

/* Find a result in the cache or count. *has_bad_point: a seek point was wrong,
   so after an error the caller counts again without seek points. */
static enum ngram_status
find_or_count(struct ng_answer *answer, const char *path,
              const struct ngram_count_options *options, bool use_points,
              bool *has_bad_point, struct ngram_error *error)
{
  struct ng_result *result = ng_result_new();
  struct ngram_count_options planned = *options;
  enum ngram_status status;
  struct ng_request request;

  *has_bad_point = false;
  if (!result)
    return ng_fail_memory(error);
  result->budget.limit_bytes = options->memory_limit;
  status = ng_request_init(&request, &planned, &result->budget, error);
  request.use_points = use_points;
  if (status == NGRAM_OK && ng_files_is_pattern(options->root, path))
    status = count_many(answer, path, &request, result, error);
  else if (status == NGRAM_OK)
    status = count_one(answer, path, &request, result, error);
  *has_bad_point = request.has_bad_point;
  ng_request_free(&request);
  if (status == NGRAM_NO_MEMORY)
    ng_request_explain_limit(&result->budget, error);
  ng_result_release(result);
  if (status != NGRAM_OK) {
    ng_result_release(answer->result);
    answer->result = NULL;
  }
  return status;
}

/* Make the view that the caller gets. Takes over the answer's reference. */
static enum ngram_status view(const struct ng_answer *answer,
                              const struct ngram_count_options *options,
                              struct ngram_counts **counts,
                              struct ngram_error *error)
{
  struct ng_poll poll = ng_poll_begin(options->poll, options->poll_context);
  const struct ng_stop stop = ng_poll_stop(&poll);

  return ng_view_new(answer->result, answer->has_more, options, &stop, counts,
                     error);
}

enum ngram_status ngram_count(const char *path,
                              const struct ngram_count_options *options,
                              struct ngram_counts **counts,
                              struct ngram_error *error)
{
  double began = ng_clock_seconds();
  struct ng_answer answer = {.result = NULL};
  enum ngram_status status;
  bool has_bad_point = false;

  *counts = NULL;
  ng_hash_draw_key();
  status = check_options(options, error);
  if (status == NGRAM_OK)
    status = find_or_count(&answer, path, options, true, &has_bad_point, error);
  if (status == NGRAM_BAD_INPUT && has_bad_point)
    status =
        find_or_count(&answer, path, options, false, &has_bad_point, error);
  if (status != NGRAM_OK)
    return status;
  status = view(&answer, options, counts, error);
  if (status != NGRAM_OK)
    return status;
  (*counts)->stats.from_cache = answer.from_cache;
  (*counts)->stats.seconds = ng_clock_seconds() - began;
  return NGRAM_OK;
}
