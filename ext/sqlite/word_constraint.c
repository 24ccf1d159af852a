/* SPDX-License-Identifier: MIT */
/*
 * How values of SQL become a constraint on words.
 *
 * SQLite lends a value of a list only until the next one is asked for, so the
 * words are copied into one block of bytes. The block moves as it grows:
 * ng_word_constraint_apply() sets the pointers into it, after the last word.
 *
 * A text is taken as it is. A NULL and a blob equal no word. A number lifts the
 * constraint, because how it compares with text depends on where the value
 * comes from ('05' = 5 may be true), which SQLite does not tell.
 */
#include "sqlite/word_constraint.h"

#include <string.h>

/* ------------------------------------------------------------------ list -- */

static int list_grow(struct ng_word_constraint *constraint, size_t length)
{
  if (constraint->count == constraint->capacity) {
    size_t capacity = constraint->capacity ? 2 * constraint->capacity : 1;
    void *list = sqlite3_realloc64(constraint->list,
                                   capacity * sizeof *constraint->list);
    if (!list)
      return SQLITE_NOMEM;
    constraint->list = list;
    constraint->capacity = capacity;
  }
  if (constraint->room - constraint->used < length) {
    size_t room = 2 * constraint->room + length;
    char *bytes = sqlite3_realloc64(constraint->bytes, room);
    if (!bytes)
      return SQLITE_NOMEM;
    constraint->bytes = bytes;
    constraint->room = room;
  }
  return SQLITE_OK;
}

static int add_word(struct ng_word_constraint *constraint, sqlite3_value *value)
{
  int type = sqlite3_value_type(value);
  const unsigned char *text;
  size_t length;

  if (type == SQLITE_INTEGER || type == SQLITE_FLOAT)
    constraint->any = true;
  if (type != SQLITE_TEXT)
    return SQLITE_OK;
  text = sqlite3_value_text(value);
  length = (size_t)sqlite3_value_bytes(value);
  if (!text || list_grow(constraint, length) != SQLITE_OK)
    return SQLITE_NOMEM;
  if (length > 0)
    memcpy(constraint->bytes + constraint->used, text, length);
  constraint->list[constraint->count++].length = length;
  constraint->used += length;
  return SQLITE_OK;
}

/* The values of an IN. A host before 3.38 has no such plan. */
static int add_list(struct ng_word_constraint *constraint,
                    sqlite3_value *values)
{
#if SQLITE_VERSION_NUMBER >= 3038000
  sqlite3_value *value = NULL;
  int code = sqlite3_vtab_in_first(values, &value);

  for (size_t i = 0; code == SQLITE_OK; i++) {
    code = add_word(constraint, value);
    if (code == SQLITE_OK)
      code = ng_watch_list(constraint->watch, i);
    if (code == SQLITE_OK)
      code = sqlite3_vtab_in_next(values, &value);
  }
  return code == SQLITE_DONE ? SQLITE_OK : code;
#else
  return add_word(constraint, values);
#endif
}

/* ---------------------------------------------------------------- bounds -- */

/* A bound that is not text bounds nothing, and is left to SQLite. */
static int set_bound(struct ngram_word *bound, sqlite3_value *value)
{
  if (sqlite3_value_type(value) != SQLITE_TEXT)
    return SQLITE_OK;
  bound->bytes = (const char *)sqlite3_value_text(value);
  bound->length = (size_t)sqlite3_value_bytes(value);
  return bound->bytes ? SQLITE_OK : SQLITE_NOMEM;
}

/* The length of the prefix that the pattern sets, in either case. It ends
   before the first byte that is not ASCII, whose case LIKE does not fold. */
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

/* For 'ab%', the bounds are "AB" and "ab\xff", a byte that is in no UTF-8. The
   host's LIKE has to be the one of ng_host_likes_ascii(). */
static int set_like(struct ng_word_constraint *constraint,
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
  constraint->like = sqlite3_malloc64(2 * length + 1);
  if (!constraint->like)
    return SQLITE_NOMEM;
  for (size_t i = 0; i < length; i++) {
    constraint->like[i] = to_upper(text[i]);
    constraint->like[length + i] = to_lower(text[i]);
  }
  constraint->like[2 * length] = '\xff';
  constraint->from = (struct ngram_word){constraint->like, length};
  constraint->to = (struct ngram_word){constraint->like + length, length + 1};
  return SQLITE_OK;
}

int ng_word_constraint_read(struct ng_word_constraint *constraint, int plan,
                            sqlite3_value ***values)
{
  int code = SQLITE_OK;

  if (plan & NG_WORD_CONSTRAINT_ONE)
    return add_word(constraint, *(*values)++);
  if (plan & NG_WORD_CONSTRAINT_LIST)
    return add_list(constraint, *(*values)++);
  constraint->any = true;
  if (plan & NG_WORD_CONSTRAINT_FROM)
    code = set_bound(&constraint->from, *(*values)++);
  if (code == SQLITE_OK && plan & NG_WORD_CONSTRAINT_TO)
    code = set_bound(&constraint->to, *(*values)++);
  if (code == SQLITE_OK && plan & NG_WORD_CONSTRAINT_LIKE)
    code = set_like(constraint, *(*values)++);
  return code;
}

/* ------------------------------------------------------------------- use -- */

void ng_word_constraint_apply(struct ng_word_constraint *constraint,
                              struct ngram_count_options *options)
{
  static const struct ngram_word none;
  const char *bytes = constraint->bytes ? constraint->bytes : "";

  if (constraint->from.bytes)
    options->word_from = &constraint->from;
  if (constraint->to.bytes)
    options->word_to = &constraint->to;
  if (constraint->any)
    return;
  for (size_t i = 0; i < constraint->count; i++) {
    constraint->list[i].bytes = bytes;
    bytes += constraint->list[i].length;
  }
  options->words = constraint->count > 0 ? constraint->list : &none;
  options->word_count = constraint->count;
}

enum ngram_status
ng_word_constraint_find(const struct ng_word_constraint *constraint,
                        struct ngram_counts *counts, uint64_t *index,
                        struct ngram_error *error)
{
  *index = ngram_counts_size(counts);
  if (constraint->count == 0)
    return NGRAM_OK;
  return ngram_counts_find(counts, constraint->bytes ? constraint->bytes : "",
                           constraint->list[0].length, index, error);
}

void ng_word_constraint_free(struct ng_word_constraint *constraint)
{
  sqlite3_free(constraint->list);
  sqlite3_free(constraint->bytes);
  sqlite3_free(constraint->like);
}
