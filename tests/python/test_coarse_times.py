# SPDX-License-Identifier: MIT
"""A file system that keeps times in seconds (ext2 with small inodes): a file that is
written anew, of the same size and in the same second, is read anew.

    NGRAM_SO=build/release/ngram.so python3 tests/python/test_coarse_times.py
"""

import os
import shutil
import sqlite3
import subprocess
import tempfile
import time
import unittest

import tap

EXTENSION = os.path.abspath(
    os.environ.get("NGRAM_SO")
    or os.environ.get("NGRAM_EXTENSION")
    or "build/release/ngram.so"
)


def connect():
    db = sqlite3.connect(":memory:")
    db.enable_load_extension(True)
    db.load_extension(EXTENSION)
    return db


class CoarseTimes(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp()
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        cls.mounted = os.path.join(cls.folder, "mounted")
        image = os.path.join(cls.folder, "image")
        os.mkdir(cls.mounted)
        with open(image, "wb") as file:
            file.truncate(8 << 20)
        for command in (["mkfs.ext2", "-q", "-I", "128", image],
                        ["mount", "-o", "loop", image, cls.mounted]):
            try:
                done = subprocess.run(command, capture_output=True, timeout=30,
                                      check=False).returncode == 0
            except (OSError, subprocess.TimeoutExpired):
                done = False
            if not done:
                raise unittest.SkipTest(f"{command[0]} does not work here")
        cls.addClassCleanup(subprocess.run, ["umount", cls.mounted], check=False)

    @staticmethod
    def wait_for_second():
        """Until a second has begun, by more than a step of fine times."""
        time.sleep(1.3 - time.time() % 1)

    def path(self, name, text):
        path = os.path.join(self.mounted, name)
        with open(path, "w", encoding="ascii") as file:
            file.write(text)
        return path

    def test_times_are_seconds(self):
        status = os.stat(self.path("times", "a"))
        self.assertEqual(status.st_mtime_ns % 10**9, 0)
        self.assertEqual(status.st_ctime_ns % 10**9, 0)

    def ask_twice(self, name, sql, old, new):
        """What two contents, written one after the other, are answered by."""
        db = connect()
        self.wait_for_second()
        answers = [db.execute(sql, (self.path(name, text),)).fetchall()
                   for text in (old, new)]
        db.close()
        return answers

    def test_counts(self):
        for sql in ("SELECT total FROM ngram_counts(?)",
                    "SELECT total FROM ngram_counts(? || '*')"):
            with self.subTest(sql=sql):
                got = self.ask_twice("rows", sql, "a\t2000\t3\t1\n", "a\t2000\t4\t1\n")
                self.assertEqual(got, [[(3,)], [(4,)]])

    def test_words(self):
        got = self.ask_twice("words", "SELECT word, total FROM word_counts(?)",
                             "one", "two")
        self.assertEqual(got, [[("one", 1)], [("two", 1)]])

    def test_totals(self):
        got = self.ask_twice("totals", "SELECT * FROM ngram_totals(?)",
                             "\t1999,3,2,1\t", "\t1999,4,2,1\t")
        self.assertEqual([rows[0][1] for rows in got], [3, 4])

    def test_later_it_is_kept(self):
        path = self.path("kept", "a\t2000\t3\t1\n")
        db = connect()
        deadline = time.monotonic() + 70  # a second that begins a minute
        kept = 0
        while not kept and time.monotonic() < deadline:
            time.sleep(0.2)
            self.assertEqual(
                db.execute("SELECT total FROM ngram_counts(?)", (path,)).fetchall(),
                [(3,)])
            kept = db.execute("SELECT from_cache FROM ngram_stats LIMIT 1").fetchone()[0]
        db.close()
        self.assertTrue(kept)


if __name__ == "__main__":
    tap.main()
