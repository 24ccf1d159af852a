# SPDX-License-Identifier: MIT
"""The tables of the extension, so that one test can ask them all: for each, how
its input is made, how it is called, and the ordinary rows that it has to give.

A test knows a table as pairs of a word (of a year, for ngram_totals) and a
number. Each class says which columns these are, and writes an input for them.
"""

import os
import sqlite3

EXTENSION = os.path.abspath(
    os.environ.get("NGRAM_SO")
    or os.environ.get("NGRAM_EXTENSION")
    or "build/release/ngram.so"
)
VERSION = sqlite3.sqlite_version_info


def is_since(version):
    return VERSION >= tuple(map(int, version.split(".")))


def or_loses_collate():
    """Whether this SQLite makes IN of an OR of equalities, and drops a COLLATE
    that they have. It does so for every table with an index on the column."""
    db = sqlite3.connect(":memory:")
    db.execute("CREATE TABLE t(word TEXT UNIQUE)")
    db.execute("INSERT INTO t VALUES ('a')")
    found = db.execute("SELECT word FROM t WHERE word = 'A' COLLATE NOCASE "
                       "OR word = 'B' COLLATE NOCASE").fetchall()
    db.close()
    return not found


OR_LOSES_COLLATE = or_loses_collate()


def either(rng, first, second):
    """Two conditions joined by AND or OR, if this SQLite is right about that."""
    verb = rng.choice(("AND", "OR"))
    if OR_LOSES_COLLATE and "COLLATE" in first + second:
        verb = "AND"
    return f"({first} {verb} {second})"


def connect(path=":memory:"):
    db = sqlite3.connect(path, isolation_level=None)
    db.enable_load_extension(True)
    db.load_extension(EXTENSION)
    return db


def quote(text):
    return "'" + text.replace("'", "''") + "'"


def by_type(row):
    """A key to sort rows of mixed types and NULLs."""
    return [(value is not None, str(type(value)), value or 0) for value in row]


class Table:
    """`module` with `word` and `number`, the columns of the pairs; `others`, the
    columns of no pair; `argument`, the first argument's name. `order` leaves
    nothing open. Rows have the columns word, number and `others`."""

    module = ""
    word, number, argument = "word", "total", "path"
    word_type = "TEXT"
    others = ()
    order, order_down = "word", "word DESC"
    rest = ""  # more arguments, that change nothing
    is_module = True  # for CREATE VIRTUAL TABLE; and it opens files

    @classmethod
    def columns(cls):
        return (cls.word, cls.number, *cls.others)

    @classmethod
    def rows(cls, pairs):
        return list(pairs)

    @classmethod
    def input(cls, path, pairs):
        """The first argument for a table with these pairs."""
        with open(path, "w", encoding="utf-8", newline="\n") as file:
            file.write(cls.text(pairs))
        return path

    @classmethod
    def call(cls, argument):
        return f"{cls.module}({quote(argument)})"

    @classmethod
    def create_plain(cls, db, name, pairs):
        columns = cls.columns()
        marks = ", ".join("?" * len(columns))
        db.execute(f"CREATE TABLE {name}({cls.word} {cls.word_type}, "
                   f"{' INTEGER, '.join(columns[1:])} INTEGER)")
        db.executemany(f"INSERT INTO {name} VALUES ({marks})", cls.rows(pairs))


class Counts(Table):
    """Each count as two rows of the file."""

    module = "ngram_counts"
    rest = ", 10, 1"

    @staticmethod
    def text(pairs):
        return "".join(f"{word}\t1900\t{n - 1}\t1\n{word}\t1901\t1\t1\n"
                       for word, n in pairs)


class WordCounts(Table):
    module = "word_counts"
    rest = ", 10, 1, 'space'"

    @staticmethod
    def text(pairs):
        return "".join(f" {word}\n" * n for word, n in pairs)


class Rows(Table):
    """A word comes in as many rows as the pairs have it in."""

    module = "ngram_rows"
    number = "match_count"
    others = ("year", "volume_count", "position")
    order, order_down = "word, position", "word DESC, position DESC"
    rest = ", 1, 'skip'"

    @classmethod
    def rows(cls, pairs):
        return [(word, n, 1900 + i, i % 3, i + 1)
                for i, (word, n) in enumerate(pairs)]

    @classmethod
    def text(cls, pairs):
        return "".join(f"{word}\t{year}\t{n}\t{volumes}\n"
                       for word, n, year, volumes, _ in cls.rows(pairs))


class Totals(Table):
    module = "ngram_totals"
    word, number, word_type = "year", "match_count", "INTEGER"
    others = ("page_count", "volume_count")
    order, order_down = "year", "year DESC"

    @classmethod
    def rows(cls, pairs):
        return [(year, n, n + 1, n % 3) for year, n in sorted(pairs)]

    @classmethod
    def text(cls, pairs):
        return "\t".join(",".join(map(str, row)) for row in cls.rows(pairs))


class TextWords(Table):
    """No file: the argument is the text. The number is that of the word."""

    module = "text_words"
    number, argument = "rowid", "text"
    order, order_down = "word, rowid", "word DESC, rowid DESC"
    rest = ", 'space'"
    is_module = False

    @classmethod
    def rows(cls, pairs):
        return [(word, i + 1) for i, (word, _) in enumerate(pairs)]

    @classmethod
    def input(cls, path, pairs):
        return " ".join(word for word, _ in pairs)


TABLES = (Counts, WordCounts, Rows, Totals, TextWords)
