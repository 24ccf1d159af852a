# SPDX-License-Identifier: MIT
"""Results that have no room in memory: statements give what they give without a
limit, whatever they ask for, and an error leaves nothing behind.

    NGRAM_SO=build/release/ngram.so python3 tests/python/test_spill.py
"""

import gzip
import os
import random
import resource
import signal
import sqlite3
import tempfile
import time
import unittest

import tap
from process import held
from tables import by_type, connect, is_since, quote

LEAST = 2097152
WORDS = 120_000
SQLITE_FULL = 13

# {f} is the table. Those that are ordered leave nothing open.
ORDERED = [
    "SELECT count(*), sum(total), min(word), max(word), max(total) FROM {f}",
    "SELECT word, total FROM {f} ORDER BY word",
    "SELECT word, total FROM {f} ORDER BY word DESC LIMIT 2000",
    "SELECT word, total FROM {f} ORDER BY total DESC LIMIT 10",
    "SELECT word, total FROM {f} ORDER BY total DESC, word LIMIT 3000 OFFSET 500",
    "SELECT word, total FROM {f} ORDER BY total, word LIMIT 1001",
    "SELECT word, volumes, first_year, last_year, row_count FROM {f} ORDER BY word "
    "LIMIT 5000",
    "SELECT word, total FROM {f} WHERE word IN ('w7', 'w77', 'none') ORDER BY word",
    "SELECT total FROM {f} WHERE word = 'w1234'",
    "SELECT count(*), sum(total) FROM {f} WHERE word >= 'w5' AND word < 'w7'",
    "SELECT count(*), sum(total) FROM {f} WHERE word GLOB 'w12*'",
    "SELECT w, total FROM list LEFT JOIN {f} ON word = w ORDER BY w",
    "SELECT w, (SELECT total FROM {f} WHERE word = w) FROM list ORDER BY w",
    "SELECT w FROM list WHERE EXISTS (SELECT 1 FROM {f} WHERE word = w) ORDER BY w",
    "SELECT word, sum(total) FROM {f} GROUP BY word ORDER BY word LIMIT 100",
    "SELECT total, count(*) FROM {f} GROUP BY total ORDER BY total",
    "SELECT count(*) FROM (SELECT DISTINCT word FROM {f})",
    "SELECT count(*) FROM {f} WHERE total > (SELECT avg(total) FROM {f})",
    "SELECT word FROM {f} UNION SELECT w FROM list ORDER BY 1 LIMIT 70000",
    "SELECT word, rank() OVER (ORDER BY total DESC, word) AS r FROM {f} ORDER BY r "
    "LIMIT 20",
]
if is_since("3.38"):  # before, each row of one is compared with all of the other
    ORDERED.append("SELECT count(*) FROM {f} a JOIN {f} b USING (word)")
UNORDERED = ["SELECT word, total FROM {f}", "SELECT * FROM {f} WHERE total % 7 = 0"]


class Spilled(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        rng = random.Random(1)
        rows = [f"w{i}\t{1800 + i % 200}\t{rng.randrange(1000)}\t{i % 5}\n"
                for i in range(WORDS)]
        rows += rows[::3]
        rng.shuffle(rows)
        cls.path = os.path.join(cls.folder.name, "words.gz")
        with open(cls.path, "wb") as file:
            file.write(gzip.compress("".join(rows).encode(), 1))
        time.sleep(1.1)

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def connect(self, limit):
        db = connect()
        db.execute("SELECT ngram_config('memory_limit', ?)", (limit,))
        db.execute("CREATE TABLE list(w)")
        db.executemany("INSERT INTO list VALUES (?)",
                       [(f"w{i}",) for i in range(0, 300, 7)] + [("none",), (None,)])
        return db

    def setUp(self):
        self.free = self.connect(0)
        self.limited = self.connect(LEAST)
        self.before = held()

    def tearDown(self):
        self.free.close()
        self.limited.close()

    def spilled(self, db):
        return db.execute("SELECT spilled_bytes, peak_bytes FROM ngram_stats ORDER BY "
                          "rowid DESC LIMIT 1").fetchone()

    def test_statements_give_the_same(self):
        for arguments in ("", ", 1000, 1"):
            table = f"ngram_counts({quote(self.path)}{arguments})"
            for sql in ORDERED + UNORDERED:
                asked = sql.format(f=table)
                with self.subTest(sql=asked):
                    wanted = self.free.execute(asked).fetchall()
                    got = self.limited.execute(asked).fetchall()
                    if sql in UNORDERED:
                        wanted.sort(key=by_type)
                        got.sort(key=by_type)
                    self.assertTrue(got == wanted)
            self.limited.execute(f"SELECT count(*) FROM {table}").fetchall()
            spilled, peak = self.spilled(self.limited)
            self.assertGreater(spilled, 0)
            self.assertLessEqual(peak, LEAST)

    def test_order_is_that_of_a_count_in_memory(self):
        sql = "SELECT word FROM ngram_counts(?)"
        self.assertTrue(self.limited.execute(sql, (self.path,)).fetchall() ==
                        self.free.execute(sql, (self.path,)).fetchall())

    def test_two_cursors_at_once(self):
        sql = "SELECT word, total FROM ngram_counts(?) ORDER BY {}"
        first = self.limited.execute(sql.format("word"), (self.path,))
        second = self.limited.execute(sql.format("total DESC"), (self.path,))
        third = self.free.execute(sql.format("word"), (self.path,))
        for _ in range(5000):
            self.assertEqual(first.fetchone(), third.fetchone())
            second.fetchone()
        first.close()
        second.close()
        third.close()
        self.limited.execute("SELECT ngram_config('cache_limit', 0)")
        self.assertEqual(held(), self.before)

    def test_a_kept_result_is_found_again(self):
        self.limited.execute("SELECT count(*) FROM ngram_counts(?)", (self.path,))
        total = self.limited.execute("SELECT sum(total) FROM ngram_counts(?)",
                                     (self.path,)).fetchone()
        self.assertEqual(total, self.free.execute(
            "SELECT sum(total) FROM ngram_counts(?)", (self.path,)).fetchone())
        self.assertEqual(self.limited.execute(
            "SELECT from_cache FROM ngram_stats ORDER BY rowid DESC LIMIT 1"
        ).fetchone(), (1,))

    def test_full_disk(self):
        before = signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
        limits = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, limits[1]))
        try:
            with self.assertRaises(sqlite3.Error) as caught:
                self.limited.execute("SELECT count(*) FROM ngram_counts(?)",
                                     (self.path,)).fetchall()
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, limits)
            signal.signal(signal.SIGXFSZ, before)
        if hasattr(caught.exception, "sqlite_errorcode"):
            self.assertEqual(caught.exception.sqlite_errorcode, SQLITE_FULL)
        self.assertEqual(self.limited.execute(
            "SELECT count(*) FROM ngram_counts(?)", (self.path,)).fetchone(), (WORDS,))


if __name__ == "__main__":
    tap.main()
