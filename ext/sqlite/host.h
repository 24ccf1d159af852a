/* SPDX-License-Identifier: MIT */
/*
 * The SQLite that this code runs in: its header, its version, its errors, and
 * its wish to stop. Every file of this room includes this one and calls
 * SQLite from the thread that called it, never from another.
 *
 * The same sources make the loadable extension and, with SQLITE_CORE, a part
 * of a program that links SQLite itself.
 */
#ifndef NG_SQLITE_HOST_H
#define NG_SQLITE_HOST_H

#include <sqlite3ext.h>
#include <stdbool.h>

#include "ngram.h"

#ifndef SQLITE_CORE
SQLITE_EXTENSION_INIT3
#endif

/* The oldest SQLite that this code loads into, 3.31.0. */
#define NG_HOST_OLDEST 3031000

/*
 * Calls that came after NG_HOST_OLDEST are made where the header has them (an
 * #if) and the host has them too (this): an older host hands over a shorter
 * table of functions, and a call past its end is a crash.
 */
bool ng_host_has(int version);

/* ---------------------------------------------------------- constraints -- */

/*
 * Questions about constraint `i` of a plan, which hosts answer since 3.38. For
 * an older one the answer is no, and nothing is known.
 */

/* Whether it compares bytes: of its column's collations, only BINARY does. */
bool ng_host_compares_bytes(sqlite3_index_info *info, int i);

/* Whether it is an IN whose values can come all at once, in one xFilter. (To an
   older host an IN looks like an =.) */
bool ng_host_is_list(sqlite3_index_info *info, int i);

/* Let them come so. */
void ng_host_take_list(sqlite3_index_info *info, int i);

/* Whether it is a LIMIT or OFFSET, whose column number means nothing. */
bool ng_host_is_limit(const struct sqlite3_index_constraint *constraint);

/* Its value, where that is known before the query runs, and then the same in
   every xFilter; borrowed. NULL: it is not. */
sqlite3_value *ng_host_known_value(sqlite3_index_info *info, int i);

/* ------------------------------------------------------------------ text -- */

/*
 * Whether this connection's text compares as its UTF-8 bytes do. In a database
 * of UTF-16 it does not: BINARY compares the bytes that are stored.
 */
bool ng_host_compares_utf8(sqlite3 *db);

/*
 * Whether LIKE is SQLite's own, for which letters of ASCII alone are the same,
 * large and small. A host may have another one (ICU).
 */
bool ng_host_likes_ascii(sqlite3 *db);

/*
 * Make a message valid UTF-8, in place: a `?` for each byte that is none. It
 * quotes what the statement gave, which may be any bytes, and hosts take it for
 * text. Every message that goes to SQLite comes through here. Returns its
 * argument, which may be NULL.
 */
char *ng_host_make_text(char *message);

#endif
