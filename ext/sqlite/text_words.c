/* SPDX-License-Identifier: MIT */
/*
 * text_words(text, tokenizer): the words of one SQL value, in their order.
 *
 *     SELECT word, count(*) FROM feedback, text_words(feedback.body) GROUP BY 1
 *
 * It opens no file and changes nothing: INNOCUOUS, so views and triggers may
 * use it. A struct ngram_splitter finds the words. xFilter begins a text, and
 * each xNext finds one word.
 *
 * The words of a text are numbered from 1 on, and the number is their rowid,
 * but not by itself: the table is WITHOUT ROWID, `rowid` is a column of that
 * name, and the key is the number with the text and the tokenizer. SQLite tells
 * rows apart by key when it answers `text = 'a' OR text = 'b'` with one scan
 * per branch; by the number alone, it would take the words of 'b' for those of
 * 'a' and lose them.
 *
 * The arguments are found as file_plan.c does for all tables; the text is in
 * the place of the path. A text of NULL has no words.
 */
#include "sqlite/file_plan.h"
#include "sqlite/keywords.h"
#include "sqlite/register.h"
#include "sqlite/vtab_error.h"

static const char schema_sql[] =
    "CREATE TABLE x(word TEXT, text TEXT HIDDEN, tokenizer TEXT HIDDEN,"
    " rowid INTEGER HIDDEN, PRIMARY KEY (rowid, text, tokenizer))"
    " WITHOUT ROWID";

enum column {
  COLUMN_WORD,
  COLUMN_TEXT, /* the first argument */
  COLUMN_TOKENIZER,
  COLUMN_ROWID,
};

enum argument {
  TEXT,
  TOKENIZER,
  ARGUMENTS /* their number */
};

static const struct ng_argument argument_list[ARGUMENTS] = {
    {.name = "text", .kind = NG_ARGUMENT_ANY, .required = true},
    NG_TOKENIZER_ARGUMENT,
};

static const struct ng_arguments arguments = {"text_words", argument_list,
                                              ARGUMENTS};

/* One more than the greatest enum ngram_tokenizer. */
#define TOKENIZERS (NGRAM_TOKENIZER_UNICODE + 1)

/* A scalar subquery opens a cursor for each row, so the table keeps splitters
   that a cursor no longer needs for the next one. */
struct words_table {
  sqlite3_vtab base;
  sqlite3 *db;
  struct ngram_splitter *spare[TOKENIZERS]; /* owned, or NULL */
};

struct words_cursor {
  sqlite3_vtab_cursor base;
  enum ngram_tokenizer tokenizer;  /* of the splitter */
  struct ngram_splitter *splitter; /* owned, or NULL; kept for the next text */
  sqlite3_value *text;             /* an owned copy, or NULL */
  struct ngram_word word;
  struct ng_watch watch;
  int64_t rowid; /* of that word, from 1 on */
  int more;      /* 0 after the last word */
};

static int words_connect(sqlite3 *db, void *context, int argc,
                         const char *const *argv, sqlite3_vtab **vtab,
                         char **message)
{
  int code = sqlite3_declare_vtab(db, schema_sql);
  struct words_table *table;

  (void)context;
  (void)argc;
  (void)argv;
  (void)message;
  if (code == SQLITE_OK)
    code = sqlite3_vtab_config(db, SQLITE_VTAB_INNOCUOUS);
  if (code != SQLITE_OK)
    return code;
  table = sqlite3_malloc64(sizeof *table);
  if (!table)
    return SQLITE_NOMEM;
  *table = (struct words_table){.db = db};
  *vtab = &table->base;
  return SQLITE_OK;
}

static int words_disconnect(sqlite3_vtab *vtab)
{
  struct words_table *table = (struct words_table *)vtab;

  for (size_t i = 0; i < TOKENIZERS; i++)
    ngram_splitter_free(table->spare[i]);
  sqlite3_free(table);
  return SQLITE_OK;
}

/* -------------------------------------------------------------- planning -- */

/* idxNum: bit i says that argument i is in argv. */
static int words_best_index(sqlite3_vtab *vtab, sqlite3_index_info *info)
{
  struct ng_file_plan plan;

  (void)vtab;
  ng_file_plan_find(&plan, info, COLUMN_TEXT, ARGUMENTS);
  if (plan.waits)
    return SQLITE_CONSTRAINT;
  info->idxNum = 0;
  ng_file_plan_tell(&plan, info);
  if (info->nOrderBy == 1 && info->aOrderBy[0].iColumn == COLUMN_ROWID &&
      !info->aOrderBy[0].desc)
    info->orderByConsumed = 1;
  info->estimatedRows = 50;
  info->estimatedCost = 100;
  return ng_file_plan_finish(&plan, &arguments, NULL, COLUMN_TEXT, info);
}

/* ---------------------------------------------------------------- cursor -- */

static int words_open(sqlite3_vtab *vtab, sqlite3_vtab_cursor **out)
{
  const struct words_table *table = (const struct words_table *)vtab;
  struct words_cursor *cursor = sqlite3_malloc64(sizeof *cursor);

  if (!cursor)
    return SQLITE_NOMEM;
  *cursor = (struct words_cursor){.watch = {.db = table->db}};
  *out = &cursor->base;
  return SQLITE_OK;
}

/* Give the cursor's splitter to the table, or free it if the table has one. */
static void give_splitter(struct words_cursor *cursor)
{
  struct words_table *table = (struct words_table *)cursor->base.pVtab;

  if (cursor->splitter && !table->spare[cursor->tokenizer])
    table->spare[cursor->tokenizer] = cursor->splitter;
  else
    ngram_splitter_free(cursor->splitter);
  cursor->splitter = NULL;
}

static int words_close(sqlite3_vtab_cursor *base)
{
  struct words_cursor *cursor = (struct words_cursor *)base;

  give_splitter(cursor);
  sqlite3_value_free(cursor->text);
  sqlite3_free(cursor);
  return SQLITE_OK;
}

static int cursor_fail(struct words_cursor *cursor,
                       const struct ngram_error *error)
{
  cursor->more = 0;
  return ng_vtab_error_set_scan(cursor->base.pVtab, arguments.module, error,
                                &cursor->watch);
}

static int words_next(sqlite3_vtab_cursor *base)
{
  struct words_cursor *cursor = (struct words_cursor *)base;
  struct ngram_error error;

  error.status = ngram_splitter_next(cursor->splitter, &cursor->word,
                                     &cursor->more, &error);
  ng_watch_end(&cursor->watch);
  if (error.status != NGRAM_OK)
    return cursor_fail(cursor, &error);
  cursor->rowid++;
  return SQLITE_OK;
}

/* Make sure that the cursor has a splitter for this tokenizer: its own, the
   table's, or a new one. */
static int set_tokenizer(struct words_cursor *cursor,
                         enum ngram_tokenizer tokenizer)
{
  struct words_table *table = (struct words_table *)cursor->base.pVtab;
  struct ngram_error error;

  if (cursor->splitter && cursor->tokenizer == tokenizer)
    return SQLITE_OK;
  give_splitter(cursor);
  cursor->tokenizer = tokenizer;
  cursor->splitter = table->spare[tokenizer];
  table->spare[tokenizer] = NULL;
  if (cursor->splitter)
    return SQLITE_OK;
  if (ngram_splitter_create(tokenizer, &cursor->splitter, &error) != NGRAM_OK)
    return cursor_fail(cursor, &error);
  return SQLITE_OK;
}

/* Read the argument `tokenizer`; `given` is NULL if it is not in argv. */
static int read_tokenizer(struct words_cursor *cursor, sqlite3_value *given)
{
  struct ng_argument_value value = {.given = false};
  char *message = NULL;
  int code = SQLITE_OK;

  if (given)
    code = ng_argument_read(&arguments, TOKENIZER, given, &value, &message);
  if (code == SQLITE_ERROR)
    return ng_vtab_error_set(cursor->base.pVtab, code, message);
  return code == SQLITE_OK ? set_tokenizer(cursor, ng_keyword_tokenizer(&value))
                           : code;
}

/* Begin a text and find its first word. */
static int begin_text(struct words_cursor *cursor, sqlite3_value *given)
{
  const unsigned char *text;

  if (sqlite3_value_type(given) == SQLITE_NULL)
    return SQLITE_OK;
  cursor->text = sqlite3_value_dup(given);
  if (!cursor->text)
    return SQLITE_NOMEM;
  text = sqlite3_value_text(cursor->text);
  if (!text)
    return SQLITE_NOMEM;
  ngram_splitter_set_poll(cursor->splitter, ng_watch_poll, &cursor->watch);
  ngram_splitter_begin(cursor->splitter, (const char *)text,
                       (size_t)sqlite3_value_bytes(cursor->text));
  return words_next(&cursor->base);
}

static int words_filter(sqlite3_vtab_cursor *base, int plan,
                        const char *plan_text, int argc, sqlite3_value **argv)
{
  struct words_cursor *cursor = (struct words_cursor *)base;
  int code;

  sqlite3_value_free(cursor->text);
  cursor->text = NULL;
  cursor->rowid = 0;
  cursor->more = 0;
  if (plan_text)
    return ng_vtab_error_set(
        base->pVtab, SQLITE_ERROR,
        sqlite3_mprintf("%s: %s", arguments.module, plan_text));
  if (!(plan & 1 << TEXT))
    return ng_vtab_error_set(base->pVtab, SQLITE_ERROR,
                             ng_argument_missing(&arguments, TEXT));
  code = read_tokenizer(cursor, plan & 1 << TOKENIZER ? argv[argc - 1] : NULL);
  return code == SQLITE_OK ? begin_text(cursor, argv[0]) : code;
}

static int words_eof(sqlite3_vtab_cursor *base)
{
  return !((const struct words_cursor *)base)->more;
}

static int words_column(sqlite3_vtab_cursor *base, sqlite3_context *context,
                        int column)
{
  const struct words_cursor *cursor = (const struct words_cursor *)base;

  switch (column) {
  case COLUMN_WORD:
    sqlite3_result_text(context, cursor->word.bytes, (int)cursor->word.length,
                        SQLITE_TRANSIENT);
    break;
  case COLUMN_TEXT:
    sqlite3_result_value(context, cursor->text);
    break;
  case COLUMN_TOKENIZER:
    ng_keyword_result_tokenizer(context, cursor->tokenizer);
    break;
  case COLUMN_ROWID:
    sqlite3_result_int64(context, cursor->rowid);
    break;
  }
  return SQLITE_OK;
}

static const sqlite3_module words_module = {
    .xConnect = words_connect, /* no xCreate: a function only */
    .xBestIndex = words_best_index,
    .xDisconnect = words_disconnect,
    .xDestroy = words_disconnect,
    .xOpen = words_open,
    .xClose = words_close,
    .xFilter = words_filter,
    .xNext = words_next,
    .xEof = words_eof,
    .xColumn = words_column,
};

int ng_register_text_words(sqlite3 *db)
{
  return sqlite3_create_module_v2(db, "text_words", &words_module, NULL, NULL);
}
