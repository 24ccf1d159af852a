/* SPDX-License-Identifier: MIT */
/*
 * How a scan learns that its host wants it to stop.
 *
 * A virtual table cannot ask SQLite before 3.41 whether sqlite3_interrupt()
 * was called, and in no version whether the progress handler says stop. But a
 * statement that is stepped while another runs on the same connection is told
 * both: it returns SQLITE_INTERRUPT. So the watch steps a statement of its own
 * from within xFilter, in the thread that runs the query.
 *
 * That statement
 * - names no table, so it reads no schema, takes no lock, and ends no
 *   transaction;
 * - calls no function, has no recursion and uses a column of every table it
 *   makes, so that it needs only the leave (SQLITE_SELECT) that the authorizer
 *   has given to the query itself;
 * - runs some 12,000 steps of the virtual machine, because a progress handler
 *   is called once in so many steps: one set for as many or fewer is called at
 *   every poll. They take about 0.2 ms, of 50;
 * - opens with a comment, for those who read it in a trace;
 * - is prepared by the first poll, so that short scans do not pay for it, and
 *   finalized with the scan: left open it would keep sqlite3_close() from
 *   closing.
 *
 * It cannot be prepared when an authorizer set since forbids every SELECT or
 * when a limit of the connection is too low. That is no reason to refuse the
 * query: the scan goes on, and from SQLite 3.41 on still sees interrupts.
 */
#include "sqlite/host.h"

/* The condition needs all four tables, so no planner can decide it early; 6^4
   rows are tried and none is found. */
static const char poll_sql[] =
    "/* ngram: stop? */"
    " WITH v(x) AS (VALUES(0),(0),(0),(0),(0),(0))"
    " SELECT 1 FROM v AS a CROSS JOIN v AS b CROSS JOIN v AS c"
    " CROSS JOIN v AS d WHERE a.x+b.x+c.x+d.x<0";

bool ng_host_has(int version)
{
  return sqlite3_libversion_number() >= version;
}

bool ng_host_compares_bytes(sqlite3_index_info *info, int i)
{
#if SQLITE_VERSION_NUMBER >= 3038000
  return ng_host_has(3038000) &&
         sqlite3_stricmp(sqlite3_vtab_collation(info, i), "BINARY") == 0;
#else
  (void)info;
  (void)i;
  return false;
#endif
}

bool ng_host_is_list(sqlite3_index_info *info, int i)
{
#if SQLITE_VERSION_NUMBER >= 3038000
  return ng_host_has(3038000) && sqlite3_vtab_in(info, i, -1);
#else
  (void)info;
  (void)i;
  return false;
#endif
}

void ng_host_take_list(sqlite3_index_info *info, int i)
{
#if SQLITE_VERSION_NUMBER >= 3038000
  sqlite3_vtab_in(info, i, 1);
#else
  (void)info;
  (void)i;
#endif
}

/* SQLITE_INDEX_CONSTRAINT_LIMIT and _OFFSET, since 3.38. */
bool ng_host_is_limit(const struct sqlite3_index_constraint *constraint)
{
  return constraint->op == 73 || constraint->op == 74;
}

sqlite3_value *ng_host_known_value(sqlite3_index_info *info, int i)
{
  sqlite3_value *value = NULL;

#if SQLITE_VERSION_NUMBER >= 3038000
  if (ng_host_has(3038000) &&
      sqlite3_vtab_rhs_value(info, i, &value) != SQLITE_OK)
    return NULL;
#else
  (void)info;
  (void)i;
#endif
  return value;
}

/* What a statement of one number says; false as well where it cannot be run. */
static bool ask(sqlite3 *db, const char *sql)
{
  sqlite3_stmt *statement;
  bool answer = false;

  if (sqlite3_prepare_v2(db, sql, -1, &statement, NULL) == SQLITE_OK &&
      sqlite3_step(statement) == SQLITE_ROW)
    answer = sqlite3_column_int(statement, 0) != 0;
  sqlite3_finalize(statement);
  return answer;
}

/* In UTF-16LE, U+0100 goes before 'a'; in UTF-16BE, U+10000 before U+FFFD. */
bool ng_host_compares_utf8(sqlite3 *db)
{
  return ask(db, "SELECT 'a' < '\xC4\x80'"
                 " AND '\xEF\xBF\xBD' < '\xF0\x90\x80\x80'");
}

/* U+00E4 and U+00C4 are a with two dots, small and large; U+212A is another K.
 */
bool ng_host_likes_ascii(sqlite3 *db)
{
  return ask(db, "SELECT '\xC3\xA4' NOT LIKE '\xC3\x84'"
                 " AND '\xE2\x84\xAA' NOT LIKE 'k'"
                 " AND 'xy' LIKE 'x_' AND 'xyz' LIKE 'x%'"
                 " AND 'yx' NOT LIKE 'x%'");
}

/* The length of the character at `text`, NUL-terminated; 0: it is none. */
static size_t character_length(const unsigned char *text)
{
  static const struct {
    unsigned char first, last; /* of the first byte */
    unsigned char low, high;   /* of the second */
    size_t length;
  } forms[] = {
      {0xC2, 0xDF, 0x80, 0xBF, 2}, {0xE0, 0xE0, 0xA0, 0xBF, 3},
      {0xE1, 0xEC, 0x80, 0xBF, 3}, {0xED, 0xED, 0x80, 0x9F, 3},
      {0xEE, 0xEF, 0x80, 0xBF, 3}, {0xF0, 0xF0, 0x90, 0xBF, 4},
      {0xF1, 0xF3, 0x80, 0xBF, 4}, {0xF4, 0xF4, 0x80, 0x8F, 4},
  };
  size_t form = 0;
  size_t i = 2;

  if (text[0] < 0x80)
    return 1;
  while (form < sizeof forms / sizeof *forms &&
         !(text[0] >= forms[form].first && text[0] <= forms[form].last))
    form++;
  if (form == sizeof forms / sizeof *forms || text[1] < forms[form].low ||
      text[1] > forms[form].high)
    return 0;
  while (i < forms[form].length && (text[i] & 0xC0) == 0x80)
    i++;
  return i == forms[form].length ? i : 0;
}

char *ng_host_make_text(char *message)
{
  unsigned char *at = (unsigned char *)message;

  while (at && *at) {
    size_t length = character_length(at);

    if (length == 0)
      *at = '?';
    at += length > 0 ? length : 1;
  }
  return message;
}

int ng_vtab_error_set(sqlite3_vtab *table, int code, char *message)
{
  sqlite3_free(table->zErrMsg);
  table->zErrMsg = ng_host_make_text(message);
  return message ? code : SQLITE_NOMEM;
}

/* Without the statement: interrupts are seen where the host tells them. */
static int blind_poll(sqlite3 *db)
{
#if SQLITE_VERSION_NUMBER >= 3041000
  if (ng_host_has(3041000) && sqlite3_is_interrupted(db))
    return SQLITE_INTERRUPT;
#endif
  (void)db;
  return SQLITE_OK;
}

static int watch_prepare(struct ng_watch *watch)
{
  int code =
      sqlite3_prepare_v2(watch->db, poll_sql, -1, &watch->statement, NULL);

  if (code == SQLITE_OK || code == SQLITE_NOMEM || code == SQLITE_INTERRUPT)
    return code;
  watch->blind = true;
  return SQLITE_OK;
}

int ng_watch_poll(void *context)
{
  struct ng_watch *watch = context;

  if (!watch->statement && !watch->blind)
    watch->code = watch_prepare(watch);
  if (watch->code == SQLITE_OK && watch->blind)
    watch->code = blind_poll(watch->db);
  else if (watch->code == SQLITE_OK) {
    sqlite3_step(watch->statement);
    /* It tells what became of the step. */
    watch->code = sqlite3_reset(watch->statement);
  }
  return watch->code != SQLITE_OK;
}

void ng_watch_end(struct ng_watch *watch)
{
  sqlite3_finalize(watch->statement);
  watch->statement = NULL;
}

static int code_of_status(enum ngram_status status,
                          const struct ng_watch *watch)
{
  switch (status) {
  case NGRAM_OK:
    return SQLITE_OK;
  case NGRAM_CANNOT_OPEN:
    return SQLITE_CANTOPEN;
  case NGRAM_IO_ERROR:
    return SQLITE_IOERR;
  case NGRAM_NO_MEMORY:
    return SQLITE_NOMEM;
  case NGRAM_DISK_FULL:
    return SQLITE_FULL;
  case NGRAM_FORBIDDEN:
    return SQLITE_AUTH;
  case NGRAM_INTERRUPTED:
    return watch->code != SQLITE_OK ? watch->code : SQLITE_INTERRUPT;
  case NGRAM_BAD_INPUT:
  case NGRAM_BAD_ARGUMENT:
  case NGRAM_CHANGED:
  case NGRAM_OVERFLOW:
    break;
  }
  return SQLITE_ERROR;
}

int ng_vtab_error_set_scan(sqlite3_vtab *table, const char *module,
                           const struct ngram_error *error,
                           const struct ng_watch *watch)
{
  int code = code_of_status(error->status, watch);

  /* SQLite's own words, as after sum() and sqlite3_interrupt(). */
  if (error->status == NGRAM_OVERFLOW)
    return ng_vtab_error_set(table, code, sqlite3_mprintf("integer overflow"));
  if (error->status == NGRAM_INTERRUPTED)
    return ng_vtab_error_set(table, code,
                             sqlite3_mprintf("%s", sqlite3_errstr(code)));
  return ng_vtab_error_set(table, code,
                           sqlite3_mprintf("%s: %s", module, error->message));
}
