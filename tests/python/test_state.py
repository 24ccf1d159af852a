# SPDX-License-Identifier: MIT
"""An answer depends on no state of the process or of a file system that nobody has
named: a locale that the host has set, a folder that it went to, times as coarse as
a second.

    NGRAM_SO=build/release/ngram.so python3 tests/python/test_state.py
"""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
import unittest

import tap

EXTENSION = os.path.abspath(
    os.environ.get("NGRAM_SO")
    or os.environ.get("NGRAM_EXTENSION")
    or "build/release/ngram.so"
)
LOCALES = ("tr_TR", "de_DE")
LETTERS = "abcdefghijklmnopqrstuvwxyz"
OTHERS = ("é", "я", "中")
PATTERNS = ("x-[a-z].gz", "x-[!a-z].gz", "x-?.gz", "x-[[:lower:]].gz",
            "x-[а-я].gz", "x-*.gz", "[w-y]-[h-j].gz")


def connect():
    db = sqlite3.connect(":memory:")
    db.enable_load_extension(True)
    db.load_extension(EXTENSION)
    return db


def ask_in_locale(folder):
    """What a host says that has set the locale of its environment: a child."""
    import locale

    locale.setlocale(locale.LC_ALL, "")
    os.chdir(folder)
    db = connect()
    answers = {}
    for pattern in PATTERNS:
        answers[pattern] = db.execute(
            "SELECT group_concat(word || total, ' ') FROM (SELECT * FROM"
            " ngram_counts(?) ORDER BY word)", [pattern]).fetchone()[0]
    for path in ("none.gz", "none*.gz", "."):
        try:
            db.execute("SELECT * FROM ngram_counts(?)", [path]).fetchall()
        except sqlite3.Error as error:
            answers[path] = str(error)
    print(json.dumps([locale.setlocale(locale.LC_ALL), answers]))


class Locales(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="ngram-state-")
        self.addCleanup(shutil.rmtree, self.folder)
        for letter in (*LETTERS, *OTHERS):
            with open(os.path.join(self.folder, f"x-{letter}.gz"), "w",
                      encoding="utf-8") as file:
                file.write(f"{letter}\t1900\t1\t1\n")

    def ask(self, environment):
        run = subprocess.run(
            [sys.executable, os.path.abspath(__file__), "--ask", self.folder],
            env={**os.environ, "PYTHONUTF8": "1", **environment},
            stdout=subprocess.PIPE, check=True)
        return json.loads(run.stdout)

    def test_patterns_are_by_code_point(self):
        answers = self.ask({"LC_ALL": "C"})[1]
        letters = " ".join(f"{letter}1" for letter in LETTERS)
        others = " ".join(f"{letter}1" for letter in OTHERS)
        self.assertEqual(answers["x-[a-z].gz"], letters)
        self.assertEqual(answers["x-[[:lower:]].gz"], letters)
        self.assertEqual(answers["x-[!a-z].gz"], others)
        self.assertEqual(answers["x-?.gz"], f"{letters} {others}")
        self.assertEqual(answers["x-[а-я].gz"], "я1")
        self.assertEqual(answers["[w-y]-[h-j].gz"], "h1 i1 j1")

    def test_answers_are_the_same_in_every_locale(self):
        made = os.path.join(self.folder, "locales")
        os.mkdir(made)
        plain = self.ask({"LC_ALL": "C"})[1]
        seen = 0
        for name in LOCALES:
            try:
                subprocess.run(["localedef", "-i", name, "-f", "UTF-8",
                                os.path.join(made, f"{name}.UTF-8")],
                               stderr=subprocess.DEVNULL, check=False)
            except OSError:
                pass
            environment = {"LC_ALL": f"{name}.UTF-8", "LOCPATH": made}
            try:
                locale, answers = self.ask(environment)
            except subprocess.CalledProcessError:
                continue  # setlocale() knows no such locale
            with self.subTest(locale=locale):
                self.assertIn(name, locale)
                self.assertEqual(answers, plain)
            seen += 1
        if seen == 0:
            self.skipTest("no localedef with sources (Debian: locales) here")


class CoarseTimes(unittest.TestCase):
    """On a file system that notes seconds only."""

    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="ngram-state-")
        self.addCleanup(shutil.rmtree, self.folder)
        self.mounted = os.path.join(self.folder, "mounted")
        os.mkdir(self.mounted)
        image = os.path.join(self.folder, "image")
        with open(image, "wb") as file:
            file.truncate(8 << 20)
        if (not self.run_quietly("mke2fs", "-q", "-t", "ext2", "-I", "128", "-F",
                                 image)
                or not self.run_quietly("mount", "-o", "loop", image,
                                        self.mounted)):
            self.skipTest("no ext2 image can be mounted here")
        self.addCleanup(self.run_quietly, "umount", self.mounted)
        self.db = connect()
        self.addCleanup(self.db.close)
        status = os.stat(self.write(""))
        self.assertEqual((status.st_mtime_ns % 10**9, status.st_ctime_ns % 10**9),
                         (0, 0))

    @staticmethod
    def run_quietly(*command):
        try:
            return subprocess.run(command, stdout=subprocess.DEVNULL,
                                  stderr=subprocess.DEVNULL,
                                  check=False).returncode == 0
        except OSError:
            return False

    def write(self, text):
        path = os.path.join(self.mounted, "file")
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return path

    def check(self, ask, make, wanted):
        """From the start of a second on write and ask, some times, and write once
        more shortly before its end; of three seconds."""
        for second in (1, 4, 7):
            time.sleep(1 - time.time() % 1)
            for number in (second, second + 1):
                path = self.write(make(number))
                for _ in range(4):
                    self.assertEqual(ask(path), wanted(number))
            time.sleep(max(0, 0.9 - time.time() % 1))
            path = self.write(make(second + 2))
            self.assertEqual(ask(path), wanted(second + 2))

    def test_counts(self):
        self.check(
            lambda path: self.db.execute(
                "SELECT * FROM ngram_counts(?)", [path]).fetchall(),
            lambda n: f"a\t1900\t{n}\t1\n", lambda n: [("a", n)])

    def test_counts_of_a_pattern(self):
        self.check(
            lambda path: self.db.execute(
                "SELECT * FROM ngram_counts(?)", [path[:-1] + "?"]).fetchall(),
            lambda n: f"a\t1900\t{n}\t1\n", lambda n: [("a", n)])

    def test_words_of_texts(self):
        self.check(
            lambda path: self.db.execute(
                "SELECT * FROM word_counts(?)", [path]).fetchall(),
            lambda n: f"word{n}", lambda n: [(f"word{n}", 1)])

    def test_totals(self):
        self.check(
            lambda path: self.db.execute(
                "SELECT match_count FROM ngram_totals(?)", [path]).fetchall(),
            lambda n: f" \t1900,{n},1,1\t", lambda n: [(n,)])

    def test_rows_by_word(self):
        self.check(
            lambda path: self.db.execute(
                "SELECT match_count FROM ngram_rows(?) WHERE word = 'a'",
                [path]).fetchall(),
            lambda n: f"a\t1900\t{n}\t1\n", lambda n: [(n,)])

    def test_results_are_kept_when_times_can_tell(self):
        path = self.write("a\t1900\t1\t1\n")
        ask = "SELECT * FROM ngram_counts(?)"
        kept = "SELECT sum(from_cache) FROM ngram_stats"
        if os.stat(path).st_ctime % 60 == 0:  # may be a step of a minute
            time.sleep(1)
            self.write("a\t1900\t1\t1\n")
        for pause, wanted in ((0, 0), (3.2, 1)):
            time.sleep(pause)
            self.db.execute(ask, [path]).fetchall()
            self.db.execute(ask, [path]).fetchall()
            self.assertEqual(self.db.execute(kept).fetchone()[0], wanted)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--ask"]:
        ask_in_locale(sys.argv[2])
    else:
        tap.main()
