/* SPDX-License-Identifier: MIT */
/*
 * The SQLite that this code runs in: its header, its version, and what it can
 * say of a plan and of text. Every file of this room that calls SQLite includes
 * this one, and calls SQLite only from the thread that called it.
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
 * Whether the host is of this version (of the form of NG_HOST_OLDEST) or newer.
 * A function that SQLite got after NG_HOST_OLDEST is called only if the header
 * has it (an #if) and the host has it too (this): an older host hands over a
 * shorter table of functions, and a call past its end is a crash.
 */
bool ng_host_has(int version);

/* ---------------------------------------------------------- constraints -- */

/*
 * Questions about constraint `i` of a plan, which hosts answer since 3.38. For
 * an older host the answer is no or NULL.
 */

/* Whether it compares bytes: of its column's collations, only BINARY does. */
bool ng_host_compares_bytes(sqlite3_index_info *info, int i);

/* Whether it is an IN whose values can come all at once, in one xFilter. (An
   older host shows an IN as an =.) */
bool ng_host_is_list(sqlite3_index_info *info, int i);

/* Have the values of such an IN come all at once. */
void ng_host_take_list(sqlite3_index_info *info, int i);

/* Whether it is a LIMIT or OFFSET, whose column number means nothing. */
bool ng_host_is_limit(const struct sqlite3_index_constraint *constraint);

/* Its value if that is known before the query runs, and so the same in every
   xFilter; else NULL. Borrowed. */
sqlite3_value *ng_host_known_value(sqlite3_index_info *info, int i);

/* ------------------------------------------------------------------ text -- */

/*
 * Whether text of this connection compares as its UTF-8 bytes do. In a database
 * of UTF-16 it does not: BINARY compares the bytes that are stored.
 */
bool ng_host_compares_utf8(sqlite3 *db);

/*
 * Whether LIKE is SQLite's own, which ignores the case of ASCII letters only. A
 * host may have another one (ICU).
 */
bool ng_host_likes_ascii(sqlite3 *db);

/*
 * Make a message valid UTF-8, in place: each byte that is none becomes a `?`. A
 * message may quote any bytes of the statement, and hosts take it for text, so
 * every message passes through here before SQLite gets it. Returns its
 * argument, which may be NULL.
 */
char *ng_host_make_text(char *message);

#endif
