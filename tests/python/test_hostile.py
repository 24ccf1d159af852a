# SPDX-License-Identifier: MIT
"""Inputs that are out of all proportion, under a memory limit: each ends with the
right answer or with one clear error, and the process stays as small as it should.

    NGRAM_SO=build/release/ngram.so python3 tests/python/test_hostile.py
    NGRAM_LONG=1 ... # in full size: some minutes, 10 GB of text and 3 GB of disk

Each statement runs in a process of its own, whose greatest size is looked at.
"""

import gzip
import json
import os
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
import unittest

import tap
from process import held
from stops import check_stops
from tables import connect

LONG = bool(os.environ.get("NGRAM_LONG"))
SCALE = 1 if LONG else 100
LIMIT = 64 << 20
# Python, SQLite and the extension, and a block of text for each of two workers.
OWN_BYTES = 64 << 20
LINE = 1 << 20


def ask(path, sql, parameters):
    """The child: prints the rows or the error, and its greatest size."""
    db = connect()
    db.execute("SELECT ngram_config('memory_limit', ?)", (LIMIT,))
    try:
        answer = db.execute(sql, (path, *parameters)).fetchall()
    except sqlite3.Error as error:
        answer = str(error)
    spilled = db.execute("SELECT spilled_bytes FROM ngram_stats LIMIT 1").fetchone()
    print(json.dumps([answer, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
                      * 1024, spilled[0] if spilled else 0]))


class Hostile(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory(dir=os.environ.get("TMPDIR"))
        self.path = os.path.join(self.folder.name, "hostile")

    def tearDown(self):
        self.folder.cleanup()

    def write(self, pieces):
        with open(self.path, "wb") as file:
            for piece in pieces:
                file.write(piece)

    def ask(self, sql, *parameters, path=None):
        result = subprocess.run(
            [sys.executable, __file__, "--ask", path or self.path, sql,
             json.dumps(parameters)],
            capture_output=True, check=False, text=True, timeout=1200)
        self.assertEqual(result.returncode, 0, result.stderr[-2000:])
        answer, size, self.spilled = json.loads(result.stdout)
        if "asan" not in os.environ.get("LD_PRELOAD", "") + os.environ.get(
                "ASAN_OPTIONS", ""):
            self.assertLess(size, LIMIT + OWN_BYTES)
        return answer

    def test_bomb_of_one_byte(self):
        """10 GB in 10 MB: a line that never ends."""
        member = gzip.compress(b"a" * 100_000_000, 9)
        self.write([member] * (100 // SCALE or 1))
        self.assertIn("line 1: longer than 1 MiB",
                      self.ask("SELECT count(*) FROM ngram_counts(?)"))
        self.assertEqual(self.ask("SELECT count(*) FROM ngram_counts(?) WHERE "
                                  "on_error = 'skip'"), [[0]])
        self.assertEqual(self.ask("SELECT count(*) FROM ngram_rows(?, 2, 'skip')"),
                         [[0]])
        self.assertIn("line 1: word longer than 1 MiB",
                      self.ask("SELECT count(*) FROM word_counts(?)"))

    def test_long_line_between_good_ones(self):
        """2 GiB without a newline."""
        row = b"good\t1900\t1\t1\n"
        long_line = [b"x" * LINE] * (2048 // SCALE)
        self.write([row, *long_line, b"\n", row])
        self.assertIn("line 2: longer than 1 MiB",
                      self.ask("SELECT * FROM ngram_counts(?)"))
        self.assertEqual(self.ask("SELECT * FROM ngram_counts(?) WHERE "
                                  "on_error = 'skip'"), [["good", 2]])
        for _ in range(3):
            self.assertEqual(self.ask(
                "SELECT word, position FROM ngram_rows(?) WHERE word = 'good' AND "
                "on_error = 'skip'"), [["good", 1], ["good", 2]])

    def test_many_rows_of_one_word(self):
        """A billion."""
        member = gzip.compress(b"a\t1900\t1\t1\n" * 1_000_000, 9)
        times = 1000 // SCALE
        self.write([member] * times)
        self.assertEqual(
            self.ask("SELECT word, total, row_count FROM ngram_counts(?)"),
            [["a", times * 1_000_000, times * 1_000_000]])

    def test_many_words_stop_in_100_ms(self):
        """50 million, of which none comes twice."""
        count = 50_000_000 // SCALE
        step = 500_000
        self.write("".join(f"{i * 2654435761 % (1 << 32):x}_{i:x}\t1900\t1\t1\n"
                           for i in range(at, at + step)).encode()
                   for at in range(0, count, step))
        self.assertEqual(self.ask("SELECT count(*), sum(total) FROM ngram_counts(?)"),
                         [[count, count]])
        if LONG:
            self.assertGreater(self.spilled, 0)
            got = self.ask("SELECT word FROM ngram_counts(?) ORDER BY word LIMIT 3")
            self.assertEqual(got[0], ["0_0"])
            self.check_late_stops()

    def check_late_stops(self):
        """Where a GB has been spilled, and where that is sorted."""
        db = connect()
        db.execute("SELECT ngram_config('memory_limit', ?)", (LIMIT,))
        db.execute("SELECT ngram_config('cache_limit', 0)")
        before = held()
        for sql in ("SELECT count(*) FROM ngram_counts(?)",
                    "SELECT word FROM ngram_counts(?) ORDER BY word LIMIT 1 OFFSET 9999"):
            seconds = time.monotonic()
            db.execute(sql, (self.path,)).fetchall()
            seconds = time.monotonic() - seconds
            for share in (0.3, 0.5, 0.6, 0.7, 0.8):
                check_stops(self, db, sql, self.path, share * seconds)
                self.assertEqual(held(), before)

    def test_many_members(self):
        """100,000, some of them empty."""
        members = [gzip.compress(f"w{i % 100}\t1900\t{i}\t1\n".encode())
                   for i in range(1000)] + [gzip.compress(b"")]
        times = 100 if LONG else 10
        self.write([*members] * times)
        self.assertEqual(self.ask("SELECT count(*), sum(total) FROM ngram_counts(?)"),
                         [[100, sum(range(1000)) * times]])

    def test_hashes_are_of_each_process_its_own(self):
        """Else anyone could make words that share one, and a table of them slow."""
        self.write([f"w{i}\t1900\t1\t1\n".encode() for i in range(1000)])
        sql = "SELECT word FROM ngram_counts(?)"
        orders = [self.ask(sql), self.ask(sql)]
        self.assertEqual(*map(sorted, orders))
        self.assertNotEqual(*orders)

    def test_files_that_are_none(self):
        for path, said in (("/dev/zero", "line 1"), ("/dev/null", [[0]]),
                           ("/proc/self/maps", "line 1"), ("/proc/self", "Is a directory"),
                           ("/proc/self/mem", "Input/output error"),
                           ("/proc/cpuinfo", "line 1")):
            if not os.path.exists(path):
                continue
            with self.subTest(path=path):
                got = self.ask("SELECT count(*) FROM ngram_counts(?)", path=path)
                if isinstance(said, str):
                    self.assertIn(said, got)
                else:
                    self.assertEqual(got, said)

    def test_endless_device_stops_in_100_ms(self):
        if not os.path.exists("/dev/zero"):
            self.skipTest("no /dev/zero")
        db = connect()
        check_stops(self, db, "SELECT count(*) FROM ngram_counts(?) WHERE "
                    "on_error = 'skip'", "/dev/zero")
        check_stops(self, db, "SELECT count(*) FROM ngram_rows(?, 2, 'skip')",
                    "/dev/zero")
        db.close()


if __name__ == "__main__":
    if sys.argv[1:2] == ["--ask"]:
        ask(sys.argv[2], sys.argv[3], json.loads(sys.argv[4]))
    else:
        tap.main()
