/* SPDX-License-Identifier: MIT */
/*
 * SQLite lends a value of a list only until the next one, so the words are
 * copied, into one block. It moves as it grows: the pointers into it are set
 * at the end, when the scan is about to begin.
 *
 * The words need only be enough: SQLite checks each row again. So text is
 * taken as it is; a NULL and a blob are equal to no word; and a number takes
 * the bound away, for how it compares with text depends on where it comes from
 * ('05' = 5 may be true), which is not told here.
 */
#include "sqlite/word_constraint.h"

#include <string.h>

static int words_grow(struct ng_word_constraint *words, size_t length)
{
  if (words->count == words->capacity) {
    size_t capacity = words->capacity ? 2 * words->capacity : 1;
    void *list = sqlite3_realloc64(words->list, capacity * sizeof *words->list);
    if (!list)
      return SQLITE_NOMEM;
    words->list = list;
    words->capacity = capacity;
  }
  if (words->room - words->used < length) {
    size_t room = 2 * words->room + length;
    char *bytes = sqlite3_realloc64(words->bytes, room);
    if (!bytes)
      return SQLITE_NOMEM;
    words->bytes = bytes;
    words->room = room;
  }
  return SQLITE_OK;
}

int ng_word_constraint_add(struct ng_word_constraint *words,
                           sqlite3_value *value)
{
  int type = sqlite3_value_type(value);
  const unsigned char *text;
  size_t length;

  if (type == SQLITE_INTEGER || type == SQLITE_FLOAT)
    words->any = true;
  if (type != SQLITE_TEXT)
    return SQLITE_OK;
  text = sqlite3_value_text(value);
  length = (size_t)sqlite3_value_bytes(value);
  if (!text || words_grow(words, length) != SQLITE_OK)
    return SQLITE_NOMEM;
  if (length > 0)
    memcpy(words->bytes + words->used, text, length);
  words->list[words->count++].length = length;
  words->used += length;
  return SQLITE_OK;
}

#if SQLITE_VERSION_NUMBER >= 3038000
/* Whether to go on, which is asked every so many words. */
static int ask_watch(struct ng_word_constraint *words, size_t number)
{
  const size_t words_between = 65536; /* some 10 ms */
  int code = SQLITE_OK;

  if (!words->watch || number % words_between != words_between - 1)
    return SQLITE_OK;
  if (ng_watch_poll(words->watch))
    code = words->watch->code;
  ng_watch_end(words->watch);
  return code;
}
#endif

int ng_word_constraint_add_list(struct ng_word_constraint *words,
                                sqlite3_value *values)
{
#if SQLITE_VERSION_NUMBER >= 3038000
  sqlite3_value *value = NULL;
  int code = sqlite3_vtab_in_first(values, &value);

  for (size_t i = 0; code == SQLITE_OK; i++) {
    code = ng_word_constraint_add(words, value);
    if (code == SQLITE_OK)
      code = ask_watch(words, i);
    if (code == SQLITE_OK)
      code = sqlite3_vtab_in_next(values, &value);
  }
  return code == SQLITE_DONE ? SQLITE_OK : code;
#else
  return ng_word_constraint_add(words, values); /* never planned */
#endif
}

int ng_word_constraint_set_bound(struct ngram_word *bound, sqlite3_value *value)
{
  if (sqlite3_value_type(value) != SQLITE_TEXT)
    return SQLITE_OK;
  bound->bytes = (const char *)sqlite3_value_text(value);
  bound->length = (size_t)sqlite3_value_bytes(value);
  return bound->bytes ? SQLITE_OK : SQLITE_NOMEM;
}

/* How much of the pattern a word has to begin with, letters large or small.
   Only ASCII: what LIKE makes of other bytes need not be known then. */
static size_t like_prefix(const unsigned char *pattern, size_t length)
{
  size_t i = 0;

  while (i < length && pattern[i] != '%' && pattern[i] != '_' &&
         pattern[i] > 0 && pattern[i] < 0x80)
    i++;
  return i;
}

static char to_upper(unsigned char c)
{
  return (char)(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
}

static char to_lower(unsigned char c)
{
  return (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

/* From AB to ab and all that may follow it: a byte that is in no UTF-8. */
int ng_word_constraint_bound_like(struct ng_word_constraint *words,
                                  sqlite3_value *pattern)
{
  const unsigned char *text;
  size_t length;

  if (sqlite3_value_type(pattern) != SQLITE_TEXT)
    return SQLITE_OK;
  text = sqlite3_value_text(pattern);
  if (!text)
    return SQLITE_NOMEM;
  length = like_prefix(text, (size_t)sqlite3_value_bytes(pattern));
  if (length == 0)
    return SQLITE_OK;
  words->like = sqlite3_malloc64(2 * length + 1);
  if (!words->like)
    return SQLITE_NOMEM;
  for (size_t i = 0; i < length; i++) {
    words->like[i] = to_upper(text[i]);
    words->like[length + i] = to_lower(text[i]);
  }
  words->like[2 * length] = '\xff';
  words->from = (struct ngram_word){words->like, length};
  words->to = (struct ngram_word){words->like + length, length + 1};
  return SQLITE_OK;
}

void ng_word_constraint_apply(struct ng_word_constraint *words,
                              struct ngram_count_options *options)
{
  static const struct ngram_word none;
  const char *bytes = words->bytes ? words->bytes : "";

  if (words->from.bytes)
    options->word_from = &words->from;
  if (words->to.bytes)
    options->word_to = &words->to;
  if (words->any)
    return;
  for (size_t i = 0; i < words->count; i++) {
    words->list[i].bytes = bytes;
    bytes += words->list[i].length;
  }
  options->words = words->count > 0 ? words->list : &none;
  options->word_count = words->count;
}

enum ngram_status
ng_word_constraint_find(const struct ng_word_constraint *words,
                        struct ngram_counts *counts, uint64_t *index,
                        struct ngram_error *error)
{
  *index = ngram_counts_size(counts);
  if (words->count == 0)
    return NGRAM_OK;
  return ngram_counts_find(counts, words->bytes ? words->bytes : "",
                           words->list[0].length, index, error);
}

void ng_word_constraint_free(struct ng_word_constraint *words)
{
  sqlite3_free(words->list);
  sqlite3_free(words->bytes);
  sqlite3_free(words->like);
}
