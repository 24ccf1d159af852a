/* SPDX-License-Identifier: MIT */
/*
 * Answers that depend on the host: which of SQLite's newer calls it has, and
 * how it compares text. xBestIndex asks the latter, by a statement without a
 * table, because a program may replace LIKE and a database may be UTF-16.
 */
#include "sqlite/host.h"

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

/* Whether a statement gives a number other than 0; false if it cannot be run.
 */
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

/* In UTF-16LE, U+0100 is less than 'a'; in UTF-16BE, U+10000 than U+FFFD. */
bool ng_host_compares_utf8(sqlite3 *db)
{
  return ask(db, "SELECT 'a' < '\xC4\x80'"
                 " AND '\xEF\xBF\xBD' < '\xF0\x90\x80\x80'");
}

/* U+00E4 and U+00C4 are a letter in both cases; U+212A is the Kelvin sign. */
bool ng_host_likes_ascii(sqlite3 *db)
{
  return ask(db, "SELECT '\xC3\xA4' NOT LIKE '\xC3\x84'"
                 " AND '\xE2\x84\xAA' NOT LIKE 'k'"
                 " AND 'xy' LIKE 'x_' AND 'xyz' LIKE 'x%'"
                 " AND 'yx' NOT LIKE 'x%'");
}

/* The length of the UTF-8 character at `text`, NUL-terminated; 0 if there is
   none. */
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
