# SPDX-License-Identifier: MIT
"""Settings from the environment.

    NGRAM_SO=build/release/ngram.so python3 tests/python/test_environment.py
"""

import os
import sqlite3
import tempfile
import unittest

import tap

EXTENSION = os.path.abspath(
    os.environ.get("NGRAM_SO")
    or os.environ.get("NGRAM_EXTENSION")
    or "build/release/ngram.so"
)


class Environment(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = os.path.realpath(folder.name)

    def connect(self, **environment):
        """A connection that has loaded the extension in this environment."""
        saved = {name: os.environ.get(name) for name in environment}
        os.environ.update(environment)
        try:
            db = sqlite3.connect(":memory:")
            self.addCleanup(db.close)
            db.enable_load_extension(True)
            db.load_extension(EXTENSION)
            return db
        finally:
            for name, value in saved.items():
                if value is None:
                    del os.environ[name]
                else:
                    os.environ[name] = value

    def setting(self, key, **environment):
        db = self.connect(**environment)
        return db.execute("SELECT ngram_config(?)", (key,)).fetchone()[0]

    def refusal(self, **environment):
        with self.assertRaises(sqlite3.OperationalError) as caught:
            self.connect(**environment)
        return str(caught.exception)

    def test_settings_begin_as_the_environment_says(self):
        self.assertEqual(self.setting("threads", NGRAM_THREADS="3"), 3)
        self.assertEqual(self.setting("cache_limit", NGRAM_CACHE="0"), 0)
        self.assertEqual(self.setting("cache_limit", NGRAM_CACHE="123"), 123)
        self.assertEqual(self.setting("memory_limit", NGRAM_MEMORY="3000000"),
                         3000000)
        self.assertEqual(self.setting("memory_limit", NGRAM_MEMORY="0"), 0)
        self.assertEqual(self.setting("progress", NGRAM_PROGRESS="1"), 1)
        self.assertEqual(self.setting("progress", NGRAM_PROGRESS="0"), 0)
        self.assertEqual(self.setting("index", NGRAM_INDEX=self.folder),
                         self.folder)
        self.assertEqual(self.setting("root", NGRAM_ROOT=self.folder),
                         self.folder)

    def test_empty_is_as_not_set(self):
        self.assertIsNone(self.setting("threads", NGRAM_THREADS=""))
        self.assertEqual(self.setting("cache_limit", NGRAM_CACHE=""), 1 << 28)
        self.assertGreater(self.setting("memory_limit", NGRAM_MEMORY=""), 1 << 21)
        self.assertEqual(self.setting("progress", NGRAM_PROGRESS=""), 0)
        self.assertIsNone(self.setting("index", NGRAM_INDEX=""))

    def test_empty_root_is_an_error(self):
        self.assertIn("ngram: NGRAM_ROOT is '', expected the name of a folder",
                      self.refusal(NGRAM_ROOT=""))

    def test_config_goes_before_it(self):
        db = self.connect(NGRAM_THREADS="3")
        db.execute("SELECT ngram_config('threads', 2)").fetchall()
        self.assertEqual(db.execute("SELECT ngram_config('threads')").fetchone(),
                         (2,))

    def test_threads_are_those_of_the_scan(self):
        path = os.path.join(self.folder, "a.tsv")
        with open(path, "w", encoding="ascii") as file:
            file.write("a\t1900\t1\t1\n" * 200000)
        db = self.connect(NGRAM_THREADS="3")
        db.execute("SELECT * FROM ngram_counts(?)", (path,)).fetchall()
        self.assertEqual(db.execute("SELECT threads FROM ngram_stats").fetchone(),
                         (3,))

    def test_what_cannot_be_is_refused(self):
        self.assertIn("ngram: NGRAM_THREADS is 'all', expected an integer from "
                      "1 to 1024", self.refusal(NGRAM_THREADS="all"))
        self.assertIn("ngram: NGRAM_THREADS is '0'",
                      self.refusal(NGRAM_THREADS="0"))
        self.assertIn("ngram: NGRAM_CACHE is '-1'",
                      self.refusal(NGRAM_CACHE="-1"))
        self.assertIn("ngram: NGRAM_MEMORY is '2097151', expected an integer, "
                      "2097152 or more, 0 for no limit",
                      self.refusal(NGRAM_MEMORY="2097151"))
        self.assertIn("ngram: NGRAM_MEMORY is 'all'",
                      self.refusal(NGRAM_MEMORY="all"))
        self.assertIn("ngram: NGRAM_PROGRESS is '2', expected an integer from "
                      "0 to 1", self.refusal(NGRAM_PROGRESS="2"))
        missing = os.path.join(self.folder, "missing")
        self.assertIn(f"ngram: NGRAM_INDEX: cannot open {missing}: No such file",
                      self.refusal(NGRAM_INDEX=missing))
        self.assertIn(f"ngram: NGRAM_ROOT: cannot open {missing}: No such file",
                      self.refusal(NGRAM_ROOT=missing))
        self.assertIn(f"ngram: NGRAM_ROOT: cannot open {EXTENSION}: Not a dir",
                      self.refusal(NGRAM_ROOT=EXTENSION))


if __name__ == "__main__":
    tap.main()
