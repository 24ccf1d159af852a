# SPDX-License-Identifier: MIT
"""Standard input in statements that ask for it more than once.

    NGRAM_SO=build/release/ngram.so python3 tests/python/test_stdin.py
"""

import os
import subprocess
import sys
import tempfile
import unittest

import tap

EXTENSION = os.path.abspath(
    os.environ.get("NGRAM_SO")
    or os.environ.get("NGRAM_EXTENSION")
    or "build/release/ngram.so"
)
ROWS = b"a\t1900\t1\t1\nb\t1900\t2\t1\nc\t1900\t3\t1\n"
CHILD = """
import sqlite3, sys
db = sqlite3.connect(":memory:")
db.enable_load_extension(True)
db.load_extension(sys.argv[1])
db.execute("CREATE TABLE t AS SELECT 'a' AS w UNION VALUES ('b'), ('c'), ('d')")
for sql in sys.argv[2:]:
    try:
        print(db.execute(sql).fetchall())
    except sqlite3.Error as error:
        print(error)
"""


class Stdin(unittest.TestCase):
    def check(self, *asked, given=ROWS):
        """Statement and answer in turn; from a pipe and from a file."""
        command = [sys.executable, "-c", CHILD, EXTENSION, *asked[::2]]
        with tempfile.TemporaryFile() as file:
            file.write(given)
            file.seek(0)
            from_file = subprocess.run(command, stdin=file, check=True,
                                       capture_output=True, text=True)
        from_pipe = subprocess.run(command, input=given, check=True,
                                   capture_output=True)
        self.assertEqual(from_file.stdout.splitlines(), list(asked[1::2]))
        self.assertEqual(from_pipe.stdout.decode(), from_file.stdout)

    def test_left_join(self):
        self.check("SELECT w, total FROM t LEFT JOIN ngram_counts('-') ON word = w",
                   "[('a', 1), ('b', 2), ('c', 3), ('d', None)]")

    def test_correlated(self):
        self.check("SELECT w, (SELECT total FROM ngram_counts('-') "
                   "WHERE word = w) FROM t",
                   "[('a', 1), ('b', 2), ('c', 3), ('d', None)]")

    def test_twice_in_one_statement(self):
        self.check("SELECT count(*) FROM ngram_counts('-') x, ngram_counts('-') y",
                   "[(9,)]")

    def test_second_statement(self):
        self.check("SELECT sum(total) FROM ngram_counts('-')", "[(6,)]",
                   "SELECT total FROM ngram_counts('-') WHERE word = 'b'", "[(2,)]")

    def test_other_arguments_are_refused(self):
        self.check("SELECT sum(total) FROM ngram_counts('-')", "[(6,)]",
                   "SELECT count(*) FROM ngram_counts('-') WHERE year_from = 1",
                   "ngram_counts: -: standard input was read already, with other "
                   "arguments")

    def test_totals(self):
        self.check("SELECT count(*) FROM ngram_totals('-') x, ngram_totals('-') y",
                   "[(4,)]",
                   "SELECT (SELECT match_count FROM ngram_totals('-') t "
                   "WHERE t.year = y.year) FROM ngram_totals('-') y",
                   "[(1,), (2,)]", given=b" \t1505,1,1,1\t1507,2,1,1\t")


if __name__ == "__main__":
    tap.main()
