# SPDX-License-Identifier: MIT
"""Joins of a list of words with ngram_rows: however they are written, and whatever
SQLite knows of the list, each word is looked up. The file is read whole at most
once, and its rows do not all come to SQLite.

    NGRAM_SO=build/release/ngram.so python3 tests/python/test_joins.py

Told by idxNum, which means the same in every host, and by ngram_stats.
"""

import os
import re
import shutil
import tempfile
import time
import unittest

import tap
from tables import connect, is_since

WORDS = ("w100", "w2000", "w29999")
VALUES = ", ".join(f"('{word}')" for word in WORDS)
USES_WORD = 1 << 8  # NG_WORD_CONSTRAINT_ONE
USES_WORDS = 1 << 9  # NG_WORD_CONSTRAINT_LIST

LISTS = {
    "typed": "CREATE TABLE list(word TEXT)",
    "untyped": "CREATE TABLE list(word)",
    "indexed": "CREATE TABLE list(word TEXT PRIMARY KEY)",
    "temporary": "CREATE TEMP TABLE list(word TEXT)",
}

# The oldest host that has it, and the query; {rows} is the table.
JOINS = [
    ("3.31", "SELECT year FROM list JOIN {rows} r USING (word)"),
    ("3.31", "SELECT year FROM {rows} r JOIN list USING (word)"),
    ("3.31", "SELECT year FROM {rows} r, list WHERE list.word = r.word"),
    ("3.31", "SELECT year FROM list NATURAL JOIN {rows} r"),
    ("3.31", "SELECT year FROM list CROSS JOIN {rows} r USING (word)"),
    ("3.31", "SELECT year FROM list LEFT JOIN {rows} r USING (word)"),
    ("3.31", "SELECT year FROM list JOIN {rows} r ON r.word = lower(list.word)"),
    ("3.31", "SELECT year FROM list JOIN {rows} r USING (word) "
             "WHERE year >= 1900"),
    ("3.31", "SELECT year FROM list JOIN {rows} r USING (word) "
             "ORDER BY r.word, year"),
    ("3.31", "SELECT r.word, year FROM list JOIN {rows} r USING (word) "
             "GROUP BY r.word, year"),
    ("3.31", "SELECT (SELECT sum(year) FROM {rows} r WHERE r.word = list.word) "
             "FROM list"),
    ("3.31", "SELECT year FROM (SELECT DISTINCT word FROM list) w "
             "JOIN {rows} r USING (word)"),
    ("3.31", "WITH w AS (SELECT word FROM list) "
             "SELECT year FROM w JOIN {rows} r USING (word)"),
    ("3.35", "WITH w AS MATERIALIZED (SELECT word FROM list) "
             "SELECT year FROM {rows} r JOIN w USING (word)"),
    ("3.31", f"WITH w(word) AS (VALUES {VALUES}) "
             "SELECT year FROM w JOIN {rows} r USING (word)"),
    ("3.31", f"WITH w(word) AS (VALUES {VALUES}) "
             "SELECT year FROM {rows} r JOIN w USING (word)"),
    ("3.31", f"WITH w(word) AS (VALUES {VALUES}) "
             "SELECT year FROM w LEFT JOIN {rows} r USING (word)"),
]
# All words at once, in one reading.
LISTED = [
    "SELECT year FROM {rows} r WHERE word IN (SELECT word FROM list)",
    f"SELECT year FROM {{rows}} r WHERE word IN (VALUES {VALUES})",
    "SELECT year FROM {rows} r WHERE word IN ('w100', 'w2000', 'w29999')",
    "WITH w AS (SELECT word FROM list) SELECT year FROM {rows} r "
    "WHERE word IN (SELECT word FROM w)",
]


class Joins(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp()
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        cls.file = os.path.join(cls.folder, "rows.tsv")
        with open(cls.file, "w", encoding="ascii") as file:
            for i in range(30000):
                file.writelines(f"w{i}\t{year}\t1\t1\n"
                                for year in range(1900, 1905))
        cls.large = os.path.join(cls.folder, "large.gz")  # it is only planned
        with open(cls.large, "wb") as file:
            file.truncate(100 << 20)
        time.sleep(1.2)  # of a young file nothing is kept

    def connections(self):
        """A connection for each kind of list, analyzed and not."""
        for name, create in LISTS.items():
            for analyzed in (False, True):
                db = connect()
                db.execute(create)
                db.executemany("INSERT INTO list VALUES (?)",
                               [(word,) for word in WORDS])
                if analyzed:
                    db.execute("ANALYZE")
                with self.subTest(list=name, analyzed=analyzed):
                    yield db
                db.close()

    def plan_numbers(self, db, path, sql):
        sql = sql.format(rows=f"ngram_rows('{path}')")
        plan = db.execute(f"EXPLAIN QUERY PLAN {sql}").fetchall()
        return [int(number) for row in plan for number in
                re.findall(r"\br VIRTUAL TABLE INDEX (\d+):", row[3])]

    def whole_readings(self, db, sql):
        """How often all of the file was read for an answer."""
        before = db.execute("SELECT ifnull(max(rowid), 0) FROM ngram_stats")
        before = before.fetchone()[0]
        db.execute(sql.format(rows=f"ngram_rows('{self.file}')")).fetchall()
        return db.execute(
            "SELECT count(*) FROM ngram_stats WHERE rowid > ? "
            "AND strategy <> 'lookup'", (before,)).fetchone()[0]

    def test_each_word_of_a_join_is_looked_up(self):
        if not is_since("3.38"):
            self.skipTest("no = is known from an IN before SQLite 3.38")
        for db in self.connections():
            for since, sql in JOINS:
                if not is_since(since):
                    continue
                with self.subTest(sql=sql):
                    for number in self.plan_numbers(db, self.large, sql):
                        self.assertTrue(number & USES_WORD)
                    self.assertEqual(
                        len(self.plan_numbers(db, self.large, sql)), 1)
                    self.assertLessEqual(self.whole_readings(db, sql), 1)

    def test_the_words_of_a_list_are_handed_over_at_once(self):
        for db in self.connections():
            for sql in LISTED:
                with self.subTest(sql=sql):
                    self.assertLessEqual(self.whole_readings(db, sql), 1)
                    numbers = self.plan_numbers(db, self.large, sql)
                    self.assertEqual(len(numbers), 1)
                    self.assertEqual(bool(numbers[0] & USES_WORDS),
                                     is_since("3.38"))


if __name__ == "__main__":
    tap.main()
