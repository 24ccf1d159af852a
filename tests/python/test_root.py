# SPDX-License-Identifier: MIT
"""A root: no table reads, or tells of, what lies outside, however its path leads
there. All is tried again where the kernel has no openat2(2), or where a sandbox
refuses it.

    NGRAM_SO=build/release/ngram.so python3 tests/python/test_root.py
"""

import ctypes
import errno
import os
import platform
import sqlite3
import struct
import subprocess
import sys
import tempfile
import threading
import time
import unittest

import tap

EXTENSION = os.path.abspath(
    os.environ.get("NGRAM_SO")
    or os.environ.get("NGRAM_EXTENSION")
    or "build/release/ngram.so"
)
SQLITE_AUTH = 23
SQLITE_CANTOPEN = 14
TABLES = ("ngram_counts", "word_counts", "ngram_rows", "ngram_totals")
FORBIDDEN = ("../{}", "../none", "sub/../../{}", "out", "out_none",
             "out_folder/{}", "out_folder/none", "absolute", "absolute_in",
             "/etc/passwd", "/etc/none", "/proc/self/root/etc/passwd",
             "proc/etc/passwd", "fifo", "-", "/dev/stdin", "/dev/null")
FORBIDDEN_PATTERNS = ("../*", "../none*", "*/../../{}", "out_folder/*",
                      "out_folder/none*", "out_f*/*", "ou?", "absolut?",
                      "/etc/pass*", "/etc/none*", "fif?")
OPENAT2 = 437  # on every architecture


def refuse_openat2(code):
    """From now on, and for good, openat2 fails with this errno. False: this
    system cannot be told so."""
    def rule(operation, yes, no, number):
        return struct.pack("=HBBI", operation, yes, no, number)

    rules = (rule(0x20, 0, 0, 0) + rule(0x15, 0, 1, OPENAT2)
             + rule(0x06, 0, 0, 0x00050000 | code)
             + rule(0x06, 0, 0, 0x7FFF0000))
    buffer = ctypes.create_string_buffer(rules, len(rules))
    program = struct.pack("@HP", len(rules) // 8, ctypes.addressof(buffer))
    libc = ctypes.CDLL(None, use_errno=True)
    if platform.system() != "Linux" or libc.prctl(38, 1, 0, 0, 0) != 0:
        return False
    return libc.prctl(22, 2, ctypes.c_char_p(program), 0, 0) == 0


class Root(unittest.TestCase):
    """A folder `root` with files that hold the word `in`; beside it are files
    that hold `out`."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = os.path.realpath(folder.name)
        self.root = os.path.join(self.folder, "root")
        for name in ("root/sub", "outside"):
            os.makedirs(os.path.join(self.folder, name))
        for name in ("root/", "root/sub/", "outside/", ""):
            word = "in" if name.startswith("root") else "out"
            self.write(name + "a.tsv", f"{word}\t1900\t1\t1\n")
            self.write(name + "totals",
                       "1900,1,1,1" if word == "in" else "1800,1,1,1")
        for name, target in (("out", "../a.tsv"), ("out_none", "../none"),
                             ("out_folder", "../outside"),
                             ("absolute", "/etc/passwd"),
                             ("absolute_in", os.path.join(self.root, "a.tsv")),
                             ("proc", "/proc/self/root"),
                             ("chain", "sub/link"), ("sub/link", "../a.tsv")):
            os.symlink(target, os.path.join(self.root, name))
        os.mkfifo(os.path.join(self.root, "fifo"))

    def write(self, name, text):
        with open(os.path.join(self.folder, name), "w", encoding="ascii") as f:
            f.write(text)

    def connect(self, **environment):
        os.environ.update(environment)
        try:
            db = sqlite3.connect(":memory:", isolation_level=None)
            self.addCleanup(db.close)
            db.enable_load_extension(True)
            db.load_extension(EXTENSION)
            return db
        finally:
            for name in environment:
                del os.environ[name]

    @staticmethod
    def read(db, table, path):
        """The first column, as far as it tells where a row comes from."""
        rows = db.execute(f"SELECT * FROM {table}(?)", (path,)).fetchall()
        return {row[0] for row in rows if row[0] not in ("1900", "1")}

    def check_refused(self, db, table, path, code=SQLITE_AUTH):
        with self.assertRaises(sqlite3.Error, msg=(table, path)) as caught:
            self.read(db, table, path)
        message = str(caught.exception)
        if hasattr(caught.exception, "sqlite_errorcode"):
            self.assertEqual(caught.exception.sqlite_errorcode, code, message)
        self.assertTrue(message.startswith(f"{table}: cannot open "), message)
        self.assertNotIn(self.folder, message.replace(path, ""))
        return message.replace(path, "PATH")

    def test_every_table_reads_below_it(self):
        db = self.connect(NGRAM_ROOT=self.root)
        for table in TABLES:
            name = "totals" if table == "ngram_totals" else "a.tsv"
            for path in (name, f"sub/{name}", f"sub/../{name}",
                         f"{self.root}/sub/{name}"):
                self.assertEqual(self.read(db, table, path),
                                 {1900 if table == "ngram_totals" else "in"})
        for table in TABLES[:3]:
            for path in ("chain", "sub/link", "*.tsv", "s?b/*.tsv",
                         f"{self.root}/sub/[a]*"):
                self.assertEqual(self.read(db, table, path), {"in"}, path)

    def test_no_table_reads_outside(self):
        db = self.connect()
        db.execute("SELECT ngram_config('root', ?)", (self.root,)).fetchall()
        for table in TABLES:
            name = "totals" if table == "ngram_totals" else "a.tsv"
            messages = {self.check_refused(db, table, path.format(name))
                        for path in FORBIDDEN}
            # What is there and what is not cannot be told apart.
            self.assertEqual(len(messages), 1, messages)
            self.check_refused(db, table, "none", SQLITE_CANTOPEN)
            self.check_refused(db, table, "sub", SQLITE_CANTOPEN)
        for table in TABLES[:3]:
            for path in FORBIDDEN_PATTERNS:
                self.check_refused(db, table, path.format("a.tsv"))
            self.check_refused(db, table, "none*", SQLITE_CANTOPEN)
            self.assertEqual(
                self.check_refused(db, table, "out_folder/a*"),
                self.check_refused(db, table, "out_folder/none*"))

    def test_what_was_read_before_is_refused_after(self):
        """Although its result is kept."""
        db = self.connect()
        outside = os.path.join(self.folder, "a.tsv")
        time.sleep(1.1)
        self.assertEqual(self.read(db, "ngram_counts", outside), {"out"})
        db.execute("CREATE VIRTUAL TABLE t USING ngram_counts('%s')" % outside)
        self.assertEqual(db.execute("SELECT word FROM t").fetchall(),
                         [("out",)])
        db.execute("SELECT ngram_config('root', ?)", (self.root,)).fetchall()
        self.check_refused(db, "ngram_counts", outside)
        with self.assertRaises(sqlite3.DatabaseError):
            db.execute("SELECT word FROM t").fetchall()
        db.execute("DROP TABLE t")

    def test_config_narrows_what_the_environment_says(self):
        db = self.connect(NGRAM_ROOT=self.root)
        for value in (None, "..", "/", self.folder, "out_folder", "../root",
                      "absolute_in"):
            with self.assertRaises(sqlite3.DatabaseError) as caught:
                db.execute("SELECT ngram_config('root', ?)",
                           (value,)).fetchall()
            if hasattr(caught.exception, "sqlite_errorcode"):
                self.assertEqual(caught.exception.sqlite_errorcode,
                                 SQLITE_AUTH)
        self.assertEqual(
            db.execute("SELECT ngram_config('root', 'sub')").fetchone()[0],
            os.path.join(self.root, "sub"))
        self.assertEqual(self.read(db, "ngram_rows", "a.tsv"), {"in"})
        self.check_refused(db, "ngram_rows", "link")
        self.check_refused(db, "ngram_rows", "../a.tsv")

    def test_narrowing_while_rows_are_read(self):
        for number in range(5):
            self.write(f"root/sub/{number}.txt", "in\t1900\t1\t1\n" * 30000)
        for threads in (1, 2):
            db = self.connect(NGRAM_ROOT=self.root)
            rows = db.execute(
                "SELECT count(*), count(ngram_config('root', CASE position "
                "WHEN 10 THEN 'sub' ELSE '.' END)) "
                "FROM ngram_rows('sub/*.txt', ?)", (threads,)).fetchall()
            self.assertEqual(rows, [(150000, 150000)])
            self.check_refused(db, "ngram_rows", "../a.tsv")

    def test_names_that_are_swapped_open_no_way_out(self):
        """A folder and a file become links that lead outside, and back again."""
        over = threading.Event()
        names = [(os.path.join(self.root, name), os.path.join(self.root, link))
                 for name, link in (("sub", "out_folder"), ("a.tsv", "out"))]

        def swap():
            while not over.is_set():
                for name, link in names:
                    os.rename(name, name + ".kept")
                    os.rename(link, name)
                    os.rename(name, link)
                    os.rename(name + ".kept", name)

        db = self.connect(NGRAM_ROOT=self.root)
        thread = threading.Thread(target=swap)
        thread.start()
        seen = {True: 0, False: 0}
        until = time.monotonic() + 20
        try:
            number = 0
            while number < 1500 or (0 in seen.values()
                                    and time.monotonic() < until):
                path = ("sub/a.tsv", "a.tsv", "s?b/a*", "[a].tsv",
                        "sub/../a.tsv")[number % 5]
                try:
                    words = self.read(db, TABLES[number % 3], path)
                    self.assertEqual(words, {"in"})
                    seen[True] += 1
                except sqlite3.Error as error:
                    self.assertIn("cannot open", str(error))
                    seen[False] += 1
                number += 1
        finally:
            over.set()
            thread.join()
        self.assertNotIn(0, seen.values())

    def test_without_the_kernels_help(self):
        if os.environ.get("NGRAM_TEST_ERRNO"):
            self.skipTest("this is without it")
        for code in (errno.ENOSYS, errno.EPERM):
            done = subprocess.run(
                [sys.executable, os.path.abspath(__file__)],
                env={**os.environ, "NGRAM_TEST_ERRNO": str(code)},
                capture_output=True, text=True, check=False)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertIn("ok 1 - ", done.stdout)


if __name__ == "__main__":
    wish = os.environ.get("NGRAM_TEST_ERRNO")
    if wish and not refuse_openat2(int(wish)):
        print("ok 1 - root # SKIP it cannot be taken away here")
        sys.exit(0)
    tap.main()
