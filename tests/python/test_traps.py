# SPDX-License-Identifier: MIT
"""Uses of a table that trip virtual tables up, one a line: each is asked of
ngram_counts and of an ordinary table with the same rows, and the answers have
to be equal. What differs on purpose stands in a test of its own.

    NGRAM_SO=build/release/ngram.so python3 tests/python/test_traps.py

In a query {t} is the table under test and {u} one over a second file.
"""

import os
import shutil
import sqlite3
import tempfile
import unittest

EXTENSION = os.path.abspath(
    os.environ.get("NGRAM_SO")
    or os.environ.get("NGRAM_EXTENSION")
    or "build/release/ngram.so"
)
VERSION = sqlite3.sqlite_version_info

ROWS = {
    "t": [("ab", 3), ("a", 1), ("b", 2), ("B", 2), ("€", 9), ("05", 4)],
    "u": [("a", 7), ("zoo", 1), ("b", 2)],
}

# The oldest host that has it, and the query.
QUERIES = [
    ("3.31", "SELECT * FROM {t} ORDER BY word LIMIT 2"),
    ("3.31", "SELECT * FROM {t} ORDER BY word DESC LIMIT 2 OFFSET 3"),
    ("3.31", "SELECT * FROM {t} ORDER BY total DESC, word LIMIT 3 OFFSET 1"),
    ("3.31", "SELECT * FROM {t} ORDER BY word LIMIT -1 OFFSET 99"),
    ("3.31", "SELECT * FROM {t} WHERE total % 2 = 0 ORDER BY word LIMIT 1 OFFSET 1"),
    ("3.31", "SELECT * FROM {t} WHERE word = 'a' OR word = 'b' ORDER BY word"),
    ("3.31", "SELECT * FROM {t} WHERE word = 'a' OR total = 2 ORDER BY word"),
    ("3.31", "SELECT * FROM {t} WHERE NOT word = 'a' ORDER BY word"),
    ("3.31", "SELECT * FROM {t} WHERE NOT (word > 'a' OR total > 3) ORDER BY word"),
    ("3.31", "SELECT * FROM {t} WHERE word = NULL OR word IS NULL"),
    ("3.31", "SELECT * FROM {t} WHERE word IN (NULL, 'a', 5, x'61')"),
    ("3.31", "SELECT * FROM {t} WHERE word NOT IN (NULL, 'a')"),
    ("3.31", "SELECT * FROM {t} WHERE word > NULL"),
    ("3.31", "SELECT t.word, u.total FROM {t} t LEFT JOIN {u} u USING (word) ORDER BY 1"),
    ("3.31", "SELECT u.word, t.total FROM {u} u LEFT JOIN {t} t USING (word) ORDER BY 1"),
    ("3.31", "SELECT list.word, total FROM list LEFT JOIN {t} t USING (word) ORDER BY 1"),
    ("3.31", "SELECT t.word, list.n FROM {t} t LEFT JOIN list USING (word) ORDER BY 1"),
    ("3.31", "SELECT list.word FROM list LEFT JOIN {t} t USING (word) WHERE t.word IS NULL ORDER BY 1"),
    ("3.31", "SELECT word, (SELECT total FROM {t} t WHERE t.word = list.word) FROM list ORDER BY 1"),
    ("3.31", "SELECT word, (SELECT max(total) FROM {t} t WHERE t.word < list.word) FROM list ORDER BY 1"),
    ("3.31", "SELECT word FROM list WHERE EXISTS (SELECT 1 FROM {t} t WHERE t.word = list.word) ORDER BY 1"),
    ("3.31", "SELECT word FROM list WHERE NOT EXISTS (SELECT 1 FROM {t} t WHERE t.word = list.word) ORDER BY 1"),
    ("3.31", "SELECT word FROM {t} t WHERE EXISTS (SELECT 1 FROM {u} u WHERE u.total > t.total) ORDER BY 1"),
    ("3.31", "WITH c AS (SELECT * FROM {t}) SELECT x.word, y.word FROM c x JOIN c y ON x.total = y.total ORDER BY 1, 2"),
    ("3.35", "WITH c AS MATERIALIZED (SELECT * FROM {t}) SELECT x.word, y.word FROM c x LEFT JOIN c y ON x.total > y.total ORDER BY 1, 2"),
    ("3.35", "WITH c AS NOT MATERIALIZED (SELECT * FROM {t} ORDER BY word LIMIT 3) SELECT * FROM c, {u} u WHERE c.word = u.word ORDER BY 1"),
    ("3.31", "SELECT word FROM {t} UNION SELECT word FROM {u} ORDER BY 1"),
    ("3.31", "SELECT * FROM {t} UNION ALL SELECT * FROM {u} ORDER BY 1, 2"),
    ("3.31", "SELECT word FROM {t} EXCEPT SELECT word FROM {u} ORDER BY 1"),
    ("3.31", "SELECT word FROM {t} INTERSECT SELECT word FROM {u} ORDER BY 1"),
    ("3.31", "SELECT word, sum(total) OVER (ORDER BY word) FROM {t} ORDER BY word"),
    ("3.31", "SELECT word, lag(word) OVER (PARTITION BY total ORDER BY word DESC) FROM {t} ORDER BY 1"),
    ("3.31", "SELECT x.word, y.word FROM {t} x JOIN {t} y ON x.total < y.total ORDER BY 1, 2"),
    ("3.31", "SELECT DISTINCT word FROM {t} ORDER BY 1"),
    ("3.31", "SELECT count(DISTINCT word), count(DISTINCT total) FROM {t}"),
    ("3.31", "SELECT total, count(*) FROM {t} GROUP BY total ORDER BY total"),
    ("3.31", "SELECT word FROM {t} GROUP BY word HAVING sum(total) > 2 ORDER BY 1"),
    ("3.31", "SELECT count(*) FROM (SELECT DISTINCT t.word FROM {t} t, {u} u)"),
    ("3.31", "SELECT min(word), max(word), word FROM {t} WHERE total < 0"),
    ("3.39", "SELECT list.word, t.total FROM list RIGHT JOIN {named} t USING (word) ORDER BY t.word"),
    ("3.39", "SELECT list.n, t.word FROM list FULL JOIN {named} t USING (word) ORDER BY 1, 2"),
    ("3.39", "SELECT t.word, list.n FROM {t} t FULL JOIN list USING (word) ORDER BY 1, 2"),
]


def is_since(version):
    return VERSION >= tuple(map(int, version.split(".")))


class Traps(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.folder)
        self.db = self.connect(":memory:")
        self.addCleanup(lambda: self.db.close())
        self.db.execute("CREATE TABLE list(word, n)")
        self.db.executemany("INSERT INTO list VALUES (?, ?)", [
            ("a", 1), ("none", 2), (None, 3), (5, 4), ("ab", 5), ("a", 6)])
        for name, rows in ROWS.items():
            self.write(name, rows)
            self.db.execute(f"CREATE TABLE plain_{name}(word TEXT, total INTEGER)")
            self.db.executemany(f"INSERT INTO plain_{name} VALUES (?, ?)", rows)
            self.db.execute(f"CREATE VIRTUAL TABLE temp.named_{name} "
                            f"USING ngram_counts('{self.path(name)}')")

    def connect(self, path):
        db = sqlite3.connect(path, isolation_level=None)
        db.enable_load_extension(True)
        db.load_extension(EXTENSION)
        return db

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, rows):
        """Each count as two rows of the file."""
        with open(self.path(name), "w", encoding="utf-8", newline="\n") as file:
            for word, total in rows:
                file.write(f"{word}\t1900\t{total - 1}\t1\n{word}\t1901\t1\t1\n")

    def ask(self, sql, *arguments):
        return self.db.execute(sql, arguments).fetchall()

    def names(self, kind):
        """What stands for the two tables, as a function, a table, or plain."""
        if kind == "plain":
            t, u = "plain_t", "plain_u"
        elif kind == "table":
            t, u = "named_t", "named_u"
        else:
            t, u = (f"ngram_counts('{self.path(name)}')" for name in "tu")
        named = "plain_t" if kind == "plain" else "named_t"
        return {"t": t, "u": u, "named": named}

    def test_queries(self):
        asked = 0
        for since, sql in QUERIES:
            if not is_since(since):
                continue
            wanted = self.ask(sql.format(**self.names("plain")))
            for kind in ("function", "table"):
                with self.subTest(sql=sql, kind=kind):
                    self.assertEqual(
                        self.ask(sql.format(**self.names(kind))), wanted)
                    asked += 1
        self.assertGreater(asked, 70)

    def test_hidden_arguments_by_position_by_name_and_from_a_table(self):
        path = self.path("t")
        for sql in ("SELECT total FROM ngram_counts(?, 10, 1) WHERE word = 'ab'",
                    "SELECT total FROM ngram_counts WHERE word = 'ab' AND path = ?",
                    "SELECT total FROM (SELECT ? AS p) f, ngram_counts(f.p) c "
                    "WHERE c.word = 'ab'",
                    "SELECT total FROM (SELECT ? AS p) f JOIN ngram_counts c "
                    "ON c.path = f.p WHERE c.word = 'ab'"):
            with self.subTest(sql=sql):
                self.assertEqual(self.ask(sql, path), [(3,)])

    def test_a_row_has_no_rowid(self):
        with self.assertRaisesRegex(sqlite3.Error, "no such column: rowid"):
            self.ask("SELECT rowid FROM named_t")

    def test_a_view_or_trigger_of_the_database_is_refused(self):
        self.db.execute(f"CREATE VIEW v AS SELECT * FROM "
                        f"ngram_counts('{self.path('t')}')")
        with self.assertRaisesRegex(sqlite3.Error, "unsafe use of virtual table"):
            self.ask("SELECT * FROM v")
        self.db.execute("CREATE TEMP VIEW tv AS SELECT * FROM named_t")
        self.assertEqual(self.ask("SELECT count(*) FROM tv"), [(6,)])

    def test_the_file_changes_between_two_runs_and_under_a_cursor(self):
        cursor = self.db.execute("SELECT * FROM named_u ORDER BY word")
        self.assertEqual(cursor.fetchone(), ("a", 7))
        self.write("u", [("new", 5)])
        self.assertEqual(self.ask("SELECT * FROM named_u"), [("new", 5)])
        self.assertEqual(cursor.fetchall(), [("b", 2), ("zoo", 1)])

    def test_a_query_inside_a_query_and_two_cursors_at_once(self):
        sql = f"SELECT * FROM ngram_counts('{self.path('t')}') ORDER BY word"
        first, second = self.db.execute(sql), self.db.execute(sql)
        pairs = []
        for row in first:
            self.assertEqual(second.fetchone(), row)
            pairs += self.ask("SELECT * FROM named_t WHERE word = ?", row[0])
        self.assertEqual(sorted(pairs), sorted(ROWS["t"]))

    def test_a_table_after_closing_and_opening_the_database(self):
        file = self.path("kept.db")
        for create in (True, False):
            db = self.connect(file)
            if create:
                db.execute(f"CREATE VIRTUAL TABLE k USING "
                           f"ngram_counts('{self.path('t')}')")
            rows = db.execute("SELECT * FROM k").fetchall()
            db.close()
            self.assertEqual(sorted(rows), sorted(ROWS["t"]))
        self.db.execute("ATTACH ? AS kept", (file,))
        self.assertEqual(self.ask("SELECT count(*) FROM kept.k"), [(6,)])


if __name__ == "__main__":
    unittest.main()
