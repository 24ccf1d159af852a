/* SPDX-License-Identifier: MIT */
/*
 * Patterns for the names of files, as a shell has them (POSIX.1, Shell Command
 * Language, section 2.13), with one meaning on every machine: fnmatch(3) takes
 * characters, ranges and classes from the locale of the process.
 *
 *     *          any characters, also none
 *     ?          one character
 *     [a-z_]     one of these: ranges go by code point
 *     [!a-z]     one character that is none of these; also written [^a-z]
 *     [[:alpha:]]  a class, of ASCII; [[=a=]] and [[.a.]] are the character a
 *     \c         the character c itself, whatever it is: \* is a star
 *
 * A character is a code point of UTF-8, or a byte that is no UTF-8. A period at
 * the start of a name is matched by a period only.
 *
 * Threads: any number at once.
 */
#ifndef NG_BASE_PATTERN_H
#define NG_BASE_PATTERN_H

#include <stdbool.h>

/* Whether a text has to be compared by ng_pattern_fits(), because it contains a
   `*`, `?`, `[` or backslash. Any other text fits only itself. */
bool ng_pattern_is_one(const char *text);

/*
 * Whether a name, which has no slash, fits a pattern. A `[` that is never
 * closed stands for itself; a backslash at the end fits nothing. Takes time in
 * proportion to the product of both lengths, at most.
 */
bool ng_pattern_fits(const char *pattern, const char *name);

#endif
