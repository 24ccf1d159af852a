# SPDX-License-Identifier: MIT
"""What a long life leaves behind: memory, descriptors and threads are back where
they were after many statements, connections, loads and forks.

    NGRAM_SO=build/release/ngram.so python3 tests/python/test_resources.py

NGRAM_STATEMENTS (10,000) and NGRAM_LOADS (500) say how many.
"""

import gc
import gzip
import os
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import unittest

import tap
from process import held
from tables import EXTENSION, connect

STATEMENTS = int(os.environ.get("NGRAM_STATEMENTS") or 10_000)
LOADS = int(os.environ.get("NGRAM_LOADS") or 500)
# The C library keeps some of what is freed, and Python is not quite still.
SLACK_BYTES = 16 << 20


def is_sanitized():
    """A sanitizer keeps what is freed for a while, to see whether it is used."""
    with open("/proc/self/maps", encoding="utf-8", errors="replace") as file:
        maps = file.read()
    return "libasan" in maps or "libclang_rt" in maps


def resident_bytes():
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


@unittest.skipUnless(os.path.isdir("/proc/self/task"), "there is no /proc")
class Resources(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        rng = random.Random(1)
        rows = "".join(f"w{i // 20}\t{1900 + i % 20}\t{rng.randrange(99)}\t1\n"
                       for i in range(20_000)).encode()
        cls.inputs = {"rows.tsv": rows, "rows.gz": gzip.compress(rows),
                      "bad.tsv": rows + b"bad\n", "cut.gz": gzip.compress(rows)[:-9],
                      "totals.txt": b"\t1900,5,1,1\t1901,6,1,1\t",
                      "text.txt": b"the cat and the hat\n" * 2000}
        cls.paths = {}
        for name, data in cls.inputs.items():
            cls.paths[name] = os.path.join(cls.folder.name, name)
            with open(cls.paths[name], "wb") as file:
                file.write(data)
        time.sleep(1.1)

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def statement(self, db, rng):
        """One of all sorts, to its end or not, with an error or without."""
        name = rng.choice(list(self.paths))
        sql = rng.choice([
            "SELECT count(*) FROM ngram_counts(:p, NULL, :t)",
            "SELECT word, total FROM ngram_counts(:p, :t) ORDER BY total DESC LIMIT 3",
            "SELECT total, volumes FROM ngram_counts(:p) WHERE word = 'w7'",
            "SELECT count(*) FROM ngram_counts(:p, NULL, :t) WHERE on_error = 'skip' "
            "AND memory_limit = 2097152",
            "SELECT * FROM ngram_rows(:p, :t) LIMIT 5",
            "SELECT sum(match_count) FROM ngram_rows(:p, :t) WHERE word = 'w9'",
            "SELECT count(*), sum(total) FROM word_counts(:p, NULL, :t, 'unicode')",
            "SELECT count(*) FROM text_words('one two three')",
            "SELECT * FROM ngram_totals(:p)",
            "SELECT count(*) FROM ngram_stats",
            "SELECT count(*) FROM ngram_counts(:p || '*', NULL, :t)",
            "SELECT * FROM ngram_counts(:p, -1)",
        ])
        try:
            cursor = db.execute(sql, {"p": self.paths[name], "t": rng.randrange(1, 4)})
            if rng.randrange(3):
                cursor.fetchall()
            else:
                cursor.fetchone()
            cursor.close()
        except sqlite3.Error:
            pass

    def live(self, db, rng, count):
        for _ in range(count):
            self.statement(db, rng)

    @staticmethod
    def state():
        return held(), resident_bytes()

    def check_left(self, before, memory):
        gc.collect()
        self.assertEqual(held(), before)
        if not is_sanitized():
            self.assertLess(resident_bytes(), memory + SLACK_BYTES)

    def test_many_statements_of_one_connection(self):
        db = connect()
        rng = random.Random(2)
        db.execute("SELECT ngram_config('cache_limit', 1000000)")
        self.live(db, rng, 500)
        before = self.state()
        self.live(db, rng, STATEMENTS)
        self.check_left(*before)
        db.close()

    def test_connections_in_threads(self):
        def work(seed):
            db = connect()
            db.execute("SELECT ngram_config('cache_limit', 0)")
            self.live(db, random.Random(seed), STATEMENTS // 40)
            answers.append(db.execute(
                "SELECT count(*), sum(total) FROM ngram_counts(?)",
                (self.paths["rows.gz"],)).fetchone())
            db.close()

        answers = []
        before, memory = self.state()
        workers = [threading.Thread(target=work, args=(seed,)) for seed in range(8)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        self.check_left(before, memory + (64 << 20))
        self.assertEqual(len(answers), 8)
        self.assertEqual(len(set(answers)), 1)

    def test_many_loads_and_unloads(self):
        def load(times):
            for i in range(times):
                db = connect()
                db.execute("SELECT count(*) FROM ngram_counts(?, NULL, 2)",
                           (self.paths["rows.gz"],)).fetchone()
                if i % 2:  # a statement that stands between two rows
                    db.execute("SELECT * FROM ngram_rows(?, 2)",
                               (self.paths["rows.tsv"],)).fetchone()
                db.close()

        load(20)
        before = self.state()
        load(LOADS)
        self.check_left(*before)

    def test_fork_in_mid_life(self):
        db = connect()
        sql = "SELECT count(*), sum(total) FROM ngram_counts(?, NULL, 3)"
        path = (self.paths["rows.gz"],)
        wanted = db.execute(sql, path).fetchone()
        before = self.state()
        for _ in range(20):
            child = os.fork()
            if child == 0:
                status = 1
                try:
                    own = connect()
                    status = own.execute(sql, path).fetchone() != wanted
                finally:
                    os._exit(status)
            self.assertEqual(db.execute(sql, path).fetchone(), wanted)
            self.assertEqual(os.waitpid(child, 0)[1], 0)
        self.check_left(*before)
        db.close()

    def test_fork_between_two_rows(self):
        large = os.path.join(self.folder.name, "large.tsv")
        with open(large, "wb") as file:
            file.write(self.inputs["rows.tsv"] * 100)
        before, memory = self.state()
        for threads in (1, 2, 3):
            db = connect()
            rows = db.execute("SELECT position FROM ngram_rows(?, ?)", (large, threads))
            self.assertEqual(rows.fetchone(), (1,))
            child = os.fork()
            if child == 0:
                status = 1
                try:
                    signal.alarm(20)
                    if threads > 1:
                        try:
                            rows.fetchall()
                        except sqlite3.Error as error:
                            status = "was forked" not in str(error)
                    else:  # no other thread was there
                        status = len(rows.fetchall()) != 2_000_000 - 1
                    rows.close()
                    status |= db.execute(
                        "SELECT count(*) FROM ngram_rows(?, ?) WHERE year = 1900",
                        (large, threads)).fetchone() != (100_000,)
                    db.close()
                finally:
                    os._exit(status)
            self.assertEqual(os.waitpid(child, 0)[1], 0)
            self.assertEqual(len(rows.fetchall()), 2_000_000 - 1)
            rows.close()
            db.close()
        self.check_left(before, memory + (64 << 20))
        os.unlink(large)

    def test_heap_limit_of_the_host(self):
        run = subprocess.run(
            [sys.executable, "-c", HEAP_LIMITS, self.paths["rows.gz"]],
            capture_output=True, text=True, check=False,
            cwd=os.path.dirname(os.path.abspath(__file__)),
            env={**os.environ, "NGRAM_SO": EXTENSION})
        self.assertEqual((run.stdout, run.stderr), ("right\n", ""))


# A hard_heap_limit can only be lowered, so this has a process of its own. What goes
# through SQLite keeps to it (a long list of words, long texts); what a scan holds
# does not go through SQLite.
HEAP_LIMITS = """
import sqlite3, sys
from tables import connect

path = sys.argv[1]
db = connect()
db.execute("CREATE TABLE list(word)")
db.executemany("INSERT INTO list VALUES (?)", ((f"w{i}" * 9,) for i in range(20000)))
db.execute("INSERT INTO list SELECT 'w' || value FROM json_each('[0, 1, 2]')")
statements = [
    ("SELECT count(*) FROM ngram_counts(?1)", 1000),
    ("SELECT count(*) FROM ngram_counts(?1) WHERE word IN (SELECT word FROM list)", 3),
    ("SELECT count(*) FROM ngram_rows(?1, 2) WHERE word IN (SELECT word FROM list)", 60),
    ("SELECT count(*) FROM text_words(replace(hex(zeroblob(150000)), '0', 'a '))", 300000),
    ("SELECT length(max(word)) FROM text_words(hex(zeroblob(300000)))", 600000),
    ("SELECT count(*) FROM (SELECT word FROM ngram_rows(?1, 2) ORDER BY volume_count, word)", 20000),
]
failed = 0
db.execute("SELECT ngram_config('cache_limit', 0)").fetchone()
for kib in (65536, 16384, 8192, 6144, 5120, 4096, 3584, 3072):
    db.execute(f"PRAGMA hard_heap_limit = {kib << 10}").fetchone()
    for sql, wanted in statements:
        try:
            # (A parameter that a statement has not is one too many for Python.)
            got = db.execute(sql, (path,) if "?1" in sql else ()).fetchone()[0]
            assert got == wanted, (kib, sql, got)
        except (MemoryError, sqlite3.OperationalError) as error:
            assert isinstance(error, MemoryError) or "memory" in str(error), error
            failed += 1
            assert kib < 65536, sql
    got = db.execute("SELECT total > 0 FROM ngram_counts(?) WHERE word = 'w1'",
                     (path,)).fetchone()
    assert got == (1,), (kib, got)
assert 0 < failed < 7 * len(statements), failed
print("right")
"""


if __name__ == "__main__":
    tap.main()
