# SPDX-License-Identifier: MIT
"""Random queries, each over a table of the extension and over an ordinary table
with the same rows: SQLite's planner may use the one in ways that nobody thought
of. test_rows.py does the same for ngram_rows, where years are as interesting as
words.

    NGRAM_SO=build/release/ngram.so python3 tests/python/test_queries.py

NGRAM_SEED and NGRAM_QUERIES (how many of a table; 1,500, 500 with NGRAM_SHORT) repeat or extend a run.
"""

import os
import random
import re
import sqlite3
import tempfile
import time
import unittest

import tap
from tables import (Counts, TextWords, Totals, VERSION, WordCounts, by_type,
                    connect, either)

SEED = int(os.environ.get("NGRAM_SEED") or time.time_ns() // 1000)
QUERIES = int(os.environ.get("NGRAM_QUERIES") or
              (500 if os.environ.get("NGRAM_SHORT") else 1500))

COLUMNS = ("word", "total", "volumes", "first_year", "last_year", "row_count")
# Words of the small file. They are repeated in the large one, which has more
# rows than are sorted at first.
WORDS = ["a", "A", "ab", "abc", "abcdefgh", "abcdefghi", "b", "B_NOUN", "b c",
         "05", "5", '"', "''", "ä", "Ä", "€", "~", "\uff21", "\U00010400",
         "watch", "watch_VERB", "z"]
LARGE = WORDS + [f"w{i * 7919 % 3000}" for i in range(1500)]


def rows_of(rng, words):
    """Rows of a file: runs of years, some words met again later."""
    again = rng.sample(words, len(words) // 10)
    for word in [*words, *again]:
        for year in sorted(rng.sample(range(1900, 2000), rng.randint(1, 4))):
            yield word, year, rng.randint(0, 9), rng.randint(0, 3)


class Queries:
    """Makes queries over {x} and {y}, which stand for two tables, and a table
    `list` of words. They speak of the columns of ngram_counts; `names` has what
    takes their place in another table, and `tie` what has to follow a word in an
    order that leaves nothing open. `is_module`: whether {x_table} can be made."""

    def __init__(self, rng, words, names, tie="", is_module=True):
        self.rng = rng
        self.words = words
        self.names = names
        self.tie = tie
        self.is_module = is_module

    def one_of(self, *choices):
        return self.rng.choice(choices)

    def word(self):
        """A word as SQL text, mostly one that is there."""
        word = self.rng.choice(self.words)
        if isinstance(word, int):
            return self.one_of(str(word), str(word), f"{word}.0", f"'{word}'",
                               f"{word}.5", f"'{word}.0'", f"' {word}'",
                               f"-{word}", "9e999", "9223372036854775807")
        if self.rng.random() < 0.1:
            word = self.one_of("", "none", word + " ", word.upper(), word[:1])
        return "'" + word.replace("'", "''") + "'"

    def value(self):
        if self.rng.random() < 0.85:
            return self.word()
        return self.one_of("NULL", "5", "05", "5.0", "x'61'", "'5'", "1 + 4")

    def values(self, most=5):
        return ", ".join(self.value() for _ in range(self.rng.randint(0, most)))

    def word_condition(self, word):
        low, high = self.word(), self.word()
        return self.one_of(
            f"{word} = {self.value()}",
            f"{self.value()} = {word}",
            f"{word} IN ({self.values()})",
            f"{word} IN (SELECT word FROM list)",
            f"{word} NOT IN ({self.values(2)})",
            f"{word} IS {self.value()}",
            f"{word} IS NOT NULL",
            f"{word} <> {self.word()}",
            f"{word} >= {self.value()}",
            f"{word} > {low} AND {word} <= {high}",
            f"{word} < {self.value()}",
            f"{word} BETWEEN {low} AND {high}",
            f"{word} GLOB 'a*'",
            f"{word} GLOB '*c*'",
            f"{word} LIKE 'AB%'",
            f"{word} LIKE 'w_tch%'",
            f"{word} = {self.word()} COLLATE NOCASE",
            f"+{word} = {self.word()}",
            f"{word} || '' = {self.word()}",
            f"({word}, 1) IN (VALUES ({self.word()}, 1), ({self.word()}, 1))",
        )

    def number_condition(self, total):
        number = self.rng.randint(0, 30)
        return self.one_of(
            f"{total} = {number}",
            f"{total} > {number}",
            f"{total} % 3 = {number % 3}",
            f"{total} BETWEEN {number} AND {number + 9}",
            f"{total} IN ({number}, {number + 1}, NULL)",
        )

    def condition(self, table="", depth=2):
        dot = table and table + "."
        kind = self.rng.randint(0, 9)
        if depth == 0 or kind < 4:
            return (self.word_condition(dot + "word") if kind % 4 else
                    self.number_condition(dot + self.one_of(*COLUMNS[1:])))
        first = self.condition(table, depth - 1)
        if kind == 4:
            return f"NOT ({first})"
        return either(self.rng, first, self.condition(table, depth - 1))

    def where(self, table=""):
        return (f" WHERE {self.condition(table)}" if self.rng.random() < 0.8
                else "")

    def order(self, dot=""):
        """An order that leaves nothing open."""
        return " ORDER BY " + self.one_of(
            f"{dot}word", f"{dot}word DESC", f"{dot}word, {dot}total",
            f"{dot}total, {dot}word", f"{dot}total DESC, {dot}word",
            f"{dot}total DESC, {dot}word DESC",
            f"{dot}row_count, {dot}total DESC, {dot}word",
            f"{dot}word COLLATE NOCASE, {dot}word",
            f"length({dot}word), {dot}word") + (self.tie and f", {dot}{self.tie}")

    def limit(self):
        limit = self.one_of(0, 1, 3, 10, 999, 1000, 1001, 1500, -1)
        offset = self.one_of("", "", f" OFFSET {self.one_of(0, 1, 5, 998, 1400)}")
        return f" LIMIT {limit}{offset}"

    def columns(self, table=""):
        dot = table and table + "."
        count = self.rng.randint(1, 3)
        return ", ".join(dot + name for name in self.rng.sample(COLUMNS, count))

    def rows(self):
        order = self.one_of("", self.order())
        limit = self.limit() if order and self.rng.random() < 0.6 else ""
        sql = f"SELECT {self.columns()} FROM {{x}}{self.where()}{order}{limit}"
        return sql, bool(order)

    def key_of_an_order(self):
        """What is open in an order does not show."""
        key, columns = self.one_of(("total", "total"), ("total DESC", "total"),
                                   ("first_year, word", "first_year, word"))
        return (f"SELECT {columns} FROM {{x}}{self.where()} ORDER BY {key}"
                f"{self.limit()}", True)

    def aggregate(self):
        return (f"SELECT count(*), sum(total), min(word), max(word), "
                f"max(volumes) FROM {{x}}{self.where()}", True)

    def group(self):
        key = self.one_of("word", "total", "substr(word, 1, 1)", "word, total",
                          "total, word", "lower(word)", "first_year")
        having = self.one_of("", " HAVING count(*) > 1", " HAVING sum(total) > 9")
        order = self.one_of("", f" ORDER BY {key}")
        return (f"SELECT {key}, count(*), sum(total) FROM {{x}}{self.where()} "
                f"GROUP BY {key}{having}{order}", bool(order))

    def distinct_of_join(self):
        """Every word of a table several times, and once in the answer."""
        key = self.one_of("l.word", "r.word", "l.word, l.total", "l.total, r.word",
                          "r.word, r.total, l.word")
        on = self.one_of("l.total = r.total", "l.word = r.word",
                         "l.first_year > r.first_year")
        left, right = self.one_of(("{x}", "{y}"), ("{y}", "{x}"))
        return (f"SELECT DISTINCT {key} FROM {left} l JOIN {right} r ON {on} "
                f"AND {self.word_condition('r.word')}", False)

    def distinct(self):
        key = self.one_of("word", "word", "word, total", "total, word", "total",
                          "total, first_year", "row_count")
        order = self.one_of("", f" ORDER BY {key}", f" ORDER BY {key} DESC")
        limit = self.limit() if order and "," not in key else ""
        return (f"SELECT DISTINCT {key} FROM {{x}}{self.where()}{order}{limit}",
                bool(order) and "," not in key)

    def join(self):
        kinds = ["JOIN", "LEFT JOIN", "CROSS JOIN"]
        if VERSION >= (3, 39, 0) and self.is_module:
            kinds += ["RIGHT JOIN", "FULL JOIN"]
        left, right = self.one_of(("list l", "{x} r"), ("{x} l", "list r"),
                                  ("{x} l", "{y} r"), ("{y} l", "{y} r"))
        on = self.one_of("l.word = r.word", "r.word = l.word",
                         "l.word = r.word AND l.word > 'b'",
                         "r.word = l.word AND r.word IN ('a', 'ab', 'z')")
        order = self.one_of("", " ORDER BY l.word, r.word")
        kind = self.one_of(*kinds)
        if kind in ("RIGHT JOIN", "FULL JOIN"):
            # To find rows without a partner, SQLite reads the right table once
            # more, without a function's arguments: no function can stand there.
            right = right.replace("{x}", "{x_table}").replace("{y}", "{y_table}")
        columns = self.one_of("l.word, r.word", "l.word, r.word",
                              "DISTINCT l.word, r.word")
        return (f"SELECT {columns} FROM {left} {kind} {right} ON {on}{order}",
                bool(order))

    def correlated(self):
        inner = self.one_of("c.word = list.word", "c.word = list.word || ''",
                            "list.word = c.word AND c.total > 3",
                            "c.word > list.word AND c.word < 'b'",
                            "c.word IN (list.word, 'a')")
        return self.one_of(
            f"SELECT word, (SELECT sum(c.total) FROM {{y}} c WHERE {inner}) "
            f"FROM list",
            f"SELECT word FROM list WHERE EXISTS "
            f"(SELECT 1 FROM {{y}} c WHERE {inner})",
            f"SELECT word FROM list WHERE NOT EXISTS "
            f"(SELECT 1 FROM {{y}} c WHERE {inner})",
            f"SELECT word, (SELECT c.word FROM {{y}} c WHERE {inner} "
            f"ORDER BY c.total DESC, c.word LIMIT 1) FROM list",
            f"SELECT word FROM list WHERE word IN (SELECT c.word FROM {{x}} c"
            f"{self.where('c')})",
        ), False

    def compound(self):
        verb = self.one_of("UNION", "UNION ALL", "EXCEPT", "INTERSECT")
        order = self.one_of("", " ORDER BY 1", " ORDER BY 1 DESC LIMIT 7")
        return (f"SELECT word FROM {{x}}{self.where()} {verb} "
                f"SELECT word FROM {{y}}{self.where()}{order}", bool(order))

    def window(self):
        function = self.one_of(
            "row_number() OVER (ORDER BY total DESC, word)",
            "sum(total) OVER (PARTITION BY first_year ORDER BY word)",
            "lag(word) OVER (ORDER BY word)", "rank() OVER (ORDER BY total)")
        return f"SELECT word, {function} FROM {{x}}{self.where()}", False

    def nested(self):
        inner = f"SELECT word, total FROM {{x}}{self.where()}{self.order()}"
        inner = inner.replace("row_count, ", "")
        return self.one_of(
            f"SELECT count(*), sum(total), max(word) FROM ({inner}{self.limit()})",
            f"WITH c AS ({inner}{self.limit()}) SELECT p.word, q.total FROM c p "
            f"LEFT JOIN {{y}} q ON q.word = p.word AND q.total > 2",
            f"SELECT * FROM ({inner}{self.limit()}) WHERE {self.condition(depth=0)}"
            .replace(" volumes", " total").replace(" first_year", " total")
            .replace(" last_year", " total").replace(" row_count", " total"),
        ), False

    def any(self):
        sql, ordered = self.any_of_counts()
        for name, other in self.names.items():
            sql = re.sub(rf"\b{name}\b", other, sql)
        return sql, ordered

    def any_of_counts(self):
        return self.one_of(self.rows, self.rows, self.key_of_an_order,
                           self.aggregate, self.group, self.distinct,
                           self.distinct_of_join, self.join,
                           self.join, self.correlated, self.compound,
                           self.window, self.nested)()


class RandomQueries:
    """Its subclasses name a table, the words to ask for, and what Queries has to
    know; make_input() makes an input and an ordinary table."""

    table = None
    small, large = WORDS, LARGE
    names, tie = {}, ""

    @classmethod
    def setUpClass(cls):
        print(f"NGRAM_SEED={SEED}", flush=True)
        cls.rng = random.Random(f"{SEED} {cls.table.module}")
        cls.folder = tempfile.TemporaryDirectory()
        cls.db = connect()
        encoding = cls.rng.choice(("UTF-8", "UTF-8", "UTF-16le", "UTF-16be"))
        cls.db.execute(f"PRAGMA encoding = '{encoding}'")
        cls.inputs = {}
        for name in ("small", "large"):
            path = os.path.join(cls.folder.name, name)
            cls.inputs[name] = cls.make_input(name, path, getattr(cls, name))
            if cls.table.is_module:
                cls.db.execute(f"CREATE VIRTUAL TABLE temp.v_{name} USING "
                               f"{cls.table.call(path)}")
        cls.db.execute(f"CREATE TABLE list({cls.table.word})")
        words = [*cls.rng.sample(cls.small, 12), "none", None, 5, b"a",
                 cls.large[-1], cls.large[-1], str(cls.large[-1])]
        cls.db.executemany("INSERT INTO list VALUES (?)", [(w,) for w in words])
        time.sleep(1.1)  # so that results of the files are kept

    @classmethod
    def make_input(cls, name, path, words):
        pairs = cls.make_pairs(words)
        cls.table.create_plain(cls.db, f"t_{name}", pairs)
        return cls.table.input(path, pairs)

    @classmethod
    def make_pairs(cls, words):
        """Each word once, in any order."""
        return [(word, cls.rng.randint(1, 30))
                for word in cls.rng.sample(words, len(words))]

    @classmethod
    def tearDownClass(cls):
        cls.db.close()
        cls.folder.cleanup()

    def virtual(self, name):
        call = self.table.call(self.inputs[name])
        named = f"v_{name}" if self.table.is_module else call
        return self.rng.choice((named, call))

    def ask(self, sql, ordered):
        try:
            rows = self.db.execute(sql).fetchall()
        except sqlite3.Error as error:
            return [str(error)]
        return rows if ordered else sorted(rows, key=by_type)

    def check(self, sql, ordered):
        tables = self.rng.sample(("small", "large"), 2)
        x, y = [f"t_{name}" for name in tables]
        wanted = self.ask(sql.format(x=x, y=y, x_table=x, y_table=y), ordered)
        asked = sql.format(x=self.virtual(tables[0]), y=self.virtual(tables[1]),
                           x_table=f"v_{tables[0]}", y_table=f"v_{tables[1]}")
        for _ in range(2):
            got = self.ask(asked, ordered)
            self.assertEqual(got, wanted, asked[:2000])
        return bool(wanted) and not isinstance(wanted[0], str)

    def test_random_queries(self):
        queries = Queries(self.rng, self.small, self.names, self.tie,
                          self.table.is_module)
        answers = 0
        for i in range(QUERIES):
            if i % 100 == 0:
                limit = self.rng.choice((0, 20000, 1 << 28))
                self.db.execute("SELECT ngram_config('cache_limit', ?)",
                                (limit,)).fetchall()
            with self.subTest(query=i):
                answers += self.check(*queries.any())
        # Most queries have rows, and few are refused by both sides.
        self.assertGreater(answers, QUERIES // 3)


class QueriesOfCounts(RandomQueries, unittest.TestCase):
    """With all columns, and years."""

    table = Counts

    @classmethod
    def make_input(cls, name, path, words):
        with open(path, "w", encoding="utf-8", newline="\n") as file:
            for row in rows_of(cls.rng, words):
                file.write("\t".join(map(str, row)) + "\n")
        cls.db.execute(f"CREATE TABLE rows_{name}(word TEXT, year, m, v)")
        with open(path, encoding="utf-8") as file:
            cls.db.executemany(f"INSERT INTO rows_{name} VALUES (?, ?, ?, ?)",
                               (line.rstrip("\n").split("\t") for line in file))
        cls.db.execute(
            f"CREATE TABLE t_{name} AS SELECT word, sum(m) AS total, sum(v) AS "
            f"volumes, min(+year) AS first_year, max(+year) AS last_year, "
            f"count(*) AS row_count FROM (SELECT word, CAST(year AS INTEGER) AS "
            f"year, m, v FROM rows_{name}) GROUP BY word")
        return path


# Free text has no word with white space.
SMALL_TEXT, LARGE_TEXT = ([word for word in words if " " not in word]
                          for words in (WORDS, LARGE))


class QueriesOfWordCounts(RandomQueries, unittest.TestCase):
    table = WordCounts
    small, large = SMALL_TEXT, LARGE_TEXT
    names = dict.fromkeys(COLUMNS[2:], "total")


class QueriesOfTotals(RandomQueries, unittest.TestCase):
    table = Totals
    small, large = list(range(1895, 1915)), list(range(1500, 2020))
    names = {"word": "year", "total": "match_count", "volumes": "volume_count",
             "first_year": "page_count", "last_year": "page_count",
             "row_count": "volume_count"}


class QueriesOfTextWords(RandomQueries, unittest.TestCase):
    """Some words come several times."""

    table = TextWords
    small, large = SMALL_TEXT, LARGE_TEXT[:400]
    names = dict.fromkeys(COLUMNS[1:], "rowid")
    tie = "total"

    @classmethod
    def make_pairs(cls, words):
        return [(word, 0) for word in words + cls.rng.choices(words, k=20)]


if __name__ == "__main__":
    tap.main()
