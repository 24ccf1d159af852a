# SPDX-License-Identifier: MIT
"""Uses of a table that trip virtual tables up, one a line: each is asked of every
table of the extension (tables.py) and of an ordinary table with the same rows,
and the answers have to be equal. What differs on purpose stands in a test of its
own.

    NGRAM_SO=build/release/ngram.so python3 tests/python/test_traps.py

In a query {t} is the table under test, {u} one over another input, and {named}
what CREATE VIRTUAL TABLE made of {t}: in a RIGHT or FULL JOIN, SQLite reads the
table on the right once more without a function's arguments. {w} and {n} are its
word and number, {all} all its columns, {order} those that leave nothing open,
{a}, {b}, {c} words.
"""

import os
import shutil
import sqlite3
import tempfile
import threading
import unittest

import tap
from tables import TABLES, by_type, connect, is_since

WORDS = {
    "t": [("ab", 3), ("a", 1), ("b", 2), ("B", 2), ("€", 9), ("05", 4)],
    "u": [("a", 7), ("zoo", 1), ("b", 2)],
    "list": ["a", "none", None, 5, "ab", "a"],
    "abc": ("'a'", "'b'", "'ab'"),
}
# Some words more than once.
PLACES = {**WORDS, "t": WORDS["t"] + [("a", 2), ("b", 2), ("ab", 1)]}
YEARS = {
    "t": [(1900, 3), (1901, 1), (1902, 2), (1903, 2), (5, 9), (2019, 4)],
    "u": [(1901, 7), (2020, 1), (1902, 2)],
    "list": [1901, "none", None, 5.0, "1900", 1901],
    "abc": ("1901", "1902", "1900"),
}
PAIRS = {"ngram_totals": YEARS, "ngram_rows": PLACES, "text_words": PLACES}

# The oldest host that has it, and the query.
QUERIES = [
    ("3.31", "SELECT {all} FROM {t} ORDER BY {order} LIMIT 2"),
    ("3.31", "SELECT {all} FROM {t} ORDER BY {order_down} LIMIT 2 OFFSET 3"),
    ("3.31", "SELECT {all} FROM {t} ORDER BY {n} DESC, {order} LIMIT 3 OFFSET 1"),
    ("3.31", "SELECT {all} FROM {t} ORDER BY {order} LIMIT -1 OFFSET 99"),
    ("3.31", "SELECT {all} FROM {t} WHERE {n} % 2 = 0 ORDER BY {order} LIMIT 1 OFFSET 1"),
    ("3.31", "SELECT {all} FROM {t} WHERE {w} = {a} OR {w} = {b} ORDER BY {w}"),
    ("3.31", "SELECT {all} FROM {t} WHERE {w} = {a} OR {n} = 2 ORDER BY {w}"),
    ("3.31", "SELECT {all} FROM {t} WHERE NOT {w} = {a} ORDER BY {w}"),
    ("3.31", "SELECT {all} FROM {t} WHERE NOT ({w} > {a} OR {n} > 3) ORDER BY {w}"),
    ("3.31", "SELECT {all} FROM {t} WHERE {w} = NULL OR {w} IS NULL"),
    ("3.31", "SELECT {all} FROM {t} WHERE {w} IN (NULL, {a}, 5, x'61')"),
    ("3.31", "SELECT {all} FROM {t} WHERE {w} NOT IN (NULL, {a})"),
    ("3.31", "SELECT {all} FROM {t} WHERE {w} > NULL"),
    ("3.31", "SELECT t.{w}, u.{n} FROM {t} t LEFT JOIN {u} u USING ({w}) ORDER BY 1"),
    ("3.31", "SELECT u.{w}, t.{n} FROM {u} u LEFT JOIN {t} t USING ({w}) ORDER BY 1"),
    ("3.31", "SELECT list.{w}, {n} FROM list LEFT JOIN {t} t USING ({w}) ORDER BY 1"),
    ("3.31", "SELECT t.{w}, list.k FROM {t} t LEFT JOIN list USING ({w}) ORDER BY 1"),
    ("3.31", "SELECT list.{w} FROM list LEFT JOIN {t} t USING ({w}) WHERE t.{w} IS NULL ORDER BY 1"),
    ("3.31", "SELECT {w}, (SELECT {n} FROM {t} t WHERE t.{w} = list.{w} ORDER BY 1 LIMIT 1) FROM list ORDER BY 1"),
    ("3.31", "SELECT {w}, (SELECT max({n}) FROM {t} t WHERE t.{w} < list.{w}) FROM list ORDER BY 1"),
    ("3.31", "SELECT {w} FROM list WHERE EXISTS (SELECT 1 FROM {t} t WHERE t.{w} = list.{w}) ORDER BY 1"),
    ("3.31", "SELECT {w} FROM list WHERE NOT EXISTS (SELECT 1 FROM {t} t WHERE t.{w} = list.{w}) ORDER BY 1"),
    ("3.31", "SELECT {w} FROM {t} t WHERE EXISTS (SELECT 1 FROM {u} u WHERE u.{n} > t.{n}) ORDER BY 1"),
    ("3.31", "WITH c AS (SELECT {all} FROM {t}) SELECT x.{w}, y.{w} FROM c x JOIN c y ON x.{n} = y.{n} ORDER BY 1, 2"),
    ("3.35", "WITH c AS MATERIALIZED (SELECT {all} FROM {t}) SELECT x.{w}, y.{w} FROM c x LEFT JOIN c y ON x.{n} > y.{n} ORDER BY 1, 2"),
    ("3.35", "WITH c AS NOT MATERIALIZED (SELECT {all} FROM {t} ORDER BY {order} LIMIT 3) SELECT c.{w}, c.{n}, u.{n} FROM c, {u} u WHERE c.{w} = u.{w} ORDER BY 1"),
    ("3.31", "SELECT {w} FROM {t} UNION SELECT {w} FROM {u} ORDER BY 1"),
    ("3.31", "SELECT {w}, {n} FROM {t} UNION ALL SELECT {w}, {n} FROM {u} ORDER BY 1, 2"),
    ("3.31", "SELECT {w} FROM {t} EXCEPT SELECT {w} FROM {u} ORDER BY 1"),
    ("3.31", "SELECT {w} FROM {t} INTERSECT SELECT {w} FROM {u} ORDER BY 1"),
    ("3.31", "SELECT {w}, sum({n}) OVER (ORDER BY {w}) FROM {t} ORDER BY {w}"),
    ("3.31", "SELECT {w}, lag({w}) OVER (PARTITION BY {n} ORDER BY {w} DESC) FROM {t} ORDER BY 1"),
    ("3.31", "SELECT x.{w}, y.{w} FROM {t} x JOIN {t} y ON x.{n} < y.{n} ORDER BY 1, 2"),
    ("3.31", "SELECT DISTINCT {w} FROM {t} ORDER BY 1"),
    ("3.31", "SELECT count(DISTINCT {w}), count(DISTINCT {n}) FROM {t}"),
    ("3.31", "SELECT {n}, count(*) FROM {t} GROUP BY {n} ORDER BY {n}"),
    ("3.31", "SELECT {w} FROM {t} GROUP BY {w} HAVING sum({n}) > 2 ORDER BY 1"),
    ("3.31", "SELECT count(*) FROM (SELECT DISTINCT t.{w} FROM {t} t, {u} u)"),
    ("3.31", "SELECT min({w}), max({w}), {w} FROM {t} WHERE {n} < 0"),
    ("3.39", "SELECT list.{w}, t.{n} FROM list RIGHT JOIN {named} t USING ({w}) ORDER BY t.{w}"),
    ("3.39", "SELECT list.k, t.{w} FROM list FULL JOIN {named} t USING ({w}) ORDER BY 1, 2"),
    ("3.39", "SELECT t.{w}, list.k FROM {t} t FULL JOIN list USING ({w}) ORDER BY 1, 2"),
    ("3.31", "SELECT list.k, t.{n} FROM list LEFT JOIN {t} t ON t.{w} = list.{w} AND t.{n} > 1 ORDER BY 1, 2"),
    ("3.31", "SELECT count(*) FROM list l LEFT JOIN ({t} t JOIN {u} u ON t.{w} = u.{w}) ON l.{w} = t.{w}"),
    ("3.31", "SELECT list.k, (SELECT count(*) FROM (SELECT 1 FROM {t} t WHERE t.{w} >= list.{w} LIMIT 2)) FROM list ORDER BY 1"),
    ("3.31", "SELECT k FROM list WHERE {w} IN (SELECT {w} FROM {t} t WHERE t.{n} < list.k) ORDER BY 1"),
    ("3.31", "SELECT {w} FROM {t} WHERE ({w}, {n}) IN (SELECT {w}, {n} FROM {t}) ORDER BY 1"),
    ("3.31", "SELECT {w} FROM {t} WHERE ({w}, {n}) > ({a}, 1) ORDER BY 1"),
    ("3.31", "SELECT {w} FROM {t} WHERE ({w}, {n}) BETWEEN ({a}, 1) AND ({b}, 2) ORDER BY 1"),
    ("3.31", "SELECT {w} FROM {t} WHERE {w} IS {a} OR {w} IS NOT {b} ORDER BY 1"),
    ("3.31", "SELECT {w} FROM {t} WHERE {w} IS NOT {a} ORDER BY 1"),
    ("3.31", "SELECT t.{w}, list.k FROM {t} t, list WHERE t.{w} LIKE list.{w} ORDER BY 1, 2"),
    ("3.31", "SELECT t.{w}, list.k FROM {t} t, list WHERE t.{w} GLOB list.{w} || '*' ORDER BY 1, 2"),
    ("3.31", "SELECT {w} FROM {t} WHERE {w} LIKE 'a!%' ESCAPE '!' OR {w} LIKE 'A!b' ESCAPE '!' ORDER BY 1"),
    ("3.31", "SELECT {w} FROM {t} WHERE {w} GLOB '[aB1]*' OR {w} GLOB '0[^4]' ORDER BY 1"),
    ("3.31", "SELECT {w} FROM {t} WHERE {w} GLOB 'a[]b]' ORDER BY 1"),
    ("3.31", "SELECT {w} FROM {t} WHERE {w} = {b} COLLATE NOCASE ORDER BY 1"),
    ("3.31", "SELECT {w} FROM {t} WHERE {w} COLLATE NOCASE IN ('A', 'B', 1901) ORDER BY 1"),
    ("3.31", "SELECT {w} FROM {t} WHERE {w} COLLATE RTRIM = 'a  ' ORDER BY 1"),
    ("3.31", "SELECT {w} FROM {t} WHERE {w} COLLATE NOCASE > 'A' AND {w} COLLATE NOCASE < 'c' ORDER BY 1"),
    ("3.31", "SELECT {w} FROM {t} WHERE {w} IN (5, '05', 5.0, 1901.0, '1902', x'61', NULL) ORDER BY 1"),
    ("3.31", "SELECT {w} FROM {t} WHERE {w} BETWEEN NULL AND {b}"),
    ("3.31", "SELECT {w} FROM {t} WHERE {n} > 1.5 AND {n} < 9e999 AND {n} <> '2' ORDER BY 1"),
    ("3.31", "SELECT {w} FROM {t} WHERE {w} = {a} AND {w} = {b}"),
    ("3.31", "SELECT {w} FROM {t} WHERE {w} = {a} AND {w} IN ({a}, {b}) AND {w} >= {a} ORDER BY 1"),
    ("3.31", "SELECT max({w}), max({n}), count(*) FROM {t} WHERE {w} > {a} OR {n} = 1"),
    ("3.31", "SELECT {all} FROM {t} ORDER BY {order} LIMIT -5 OFFSET -5"),
    ("3.31", "SELECT {n} FROM {t} LIMIT 0"),
]

# What a year, a number or a word may be compared with.
VALUES = [
    "1901", "1901.0", "1901.5", "'1901'", "' 1901'", "'1901 '", "'1901x'",
    "'1901.0'", "NULL", "x'31393031'", "9e999", "-9e999", "9007199254740993",
    "9223372036854775807", "-9223372036854775808", "'1e999'", "(SELECT '1901')",
    "CAST(1901 AS TEXT)", "CAST('1901' AS BLOB)", "+'1901'", "'ab'", "'ab '",
    "'ab' || char(0)", "''", "'%'", "'AB%'",
]
OPERATORS = ["=", "IS", "IS NOT", "<>", "<", "<=", ">", ">=", "LIKE", "NOT LIKE",
             "GLOB"]
# The same of two values.
RANGES = ["{x} BETWEEN {p} AND {q}", "{x} IN ({p}, {q})", "{x} = {p} OR {x} = {q}",
          "{x} > {p} AND {x} < {q}", "({x}, 1) >= ({p}, {q})",
          "({x}, 1) IN (VALUES ({p}, 1), ({q}, 1))",
          "{x} IN (SELECT {p} UNION ALL SELECT {q})"]

# What a table refuses, and why.
REFUSED = [
    ("INSERT INTO {t}({w}) VALUES (1)", "may not be modified"),
    ("REPLACE INTO {t}({w}) VALUES (1)", "may not be modified"),
    ("UPDATE {t} SET {w} = 1", "may not be modified"),
    ("DELETE FROM {t}", "may not be modified"),
    ("CREATE INDEX temp.i ON {t}({w})", "may not be indexed"),
]
# What it takes, one after the other.
ALLOWED = ["ANALYZE", "VACUUM", "PRAGMA integrity_check", "PRAGMA optimize",
           "ALTER TABLE {t} RENAME TO other", "SELECT count(*) FROM other",
           "DROP TABLE other"]


class Traps:
    """Its subclasses, at the end, name a table."""

    def setUp(self):
        self.folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.folder)
        self.db = connect()
        self.addCleanup(lambda: self.db.close())
        self.pairs = PAIRS.get(self.table.module, WORDS)
        self.db.execute(f"CREATE TABLE list({self.table.word}, k)")
        self.db.executemany("INSERT INTO list VALUES (?, ?)",
                            zip(self.pairs["list"], range(1, 9)))
        self.inputs = {name: self.write(name, self.pairs[name]) for name in "tu"}
        for name in "tu":
            self.table.create_plain(self.db, f"plain_{name}", self.pairs[name])
            if self.table.is_module:
                self.create(self.db, f"temp.named_{name}", name)

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, pairs):
        return self.table.input(self.path(name), pairs)

    def create(self, db, table, name):
        db.execute(f"CREATE VIRTUAL TABLE {table} USING "
                   f"{self.table.call(self.inputs[name])}")

    def ask(self, sql, *arguments):
        """The answer to a query in which {t} and {u} are functions."""
        return self.ask_of("function", sql, *arguments)

    def ask_of(self, kind, sql, *arguments):
        return self.db.execute(self.fill(kind, sql), arguments).fetchall()

    def fill(self, kind, sql):
        """Put in what stands for the tables: functions, tables, or plain ones."""
        names = {name: f"{'named' if kind == 'table' else kind}_{name}"
                 for name in "tu"}
        if kind == "function":
            names = {name: self.table.call(self.inputs[name]) for name in "tu"}
        table = self.table
        return sql.format(
            w=table.word, n=table.number, all=", ".join(table.columns()),
            order=table.order, order_down=table.order_down, f=table.module,
            arg=table.argument, rest=table.rest,
            named="plain_t" if kind == "plain" else "named_t",
            **dict(zip("abc", self.pairs["abc"])), **names)

    def check_same(self, got, wanted, sql):
        """The same rows; in the same order of what they are ordered by."""
        self.assertEqual(sorted(got, key=by_type), sorted(wanted, key=by_type))
        if "ORDER BY" in sql:
            self.assertEqual([row[0] for row in got], [row[0] for row in wanted])

    def kinds(self):
        return ("function", "table") if self.table.is_module else ("function",)

    def test_queries(self):
        asked = 0
        for since, sql in QUERIES:
            if not is_since(since) or ("{named}" in sql and
                                       not self.table.is_module):
                continue
            wanted = self.ask_of("plain", sql)
            for kind in self.kinds():
                with self.subTest(sql=sql, kind=kind):
                    self.check_same(self.ask_of(kind, sql), wanted, sql)
                    asked += 1
        self.assertGreater(asked, 50)

    def test_values_of_all_types(self):
        columns = {self.table.word, self.table.number, self.table.columns()[-1]}
        conditions = [f"{x} {operator} {value}" for x in sorted(columns)
                      for operator in OPERATORS for value in VALUES]
        conditions += [range_.format(x=x, p=p, q=q)
                       for x in (self.table.word, self.table.columns()[-1])
                       for range_ in RANGES for p in VALUES[::2] for q in VALUES[1::3]]
        for condition in conditions:
            condition = condition.replace("{", "{{").replace("}", "}}")
            sql = f"SELECT {{w}}, {{n}} FROM {{t}} WHERE {condition}"
            with self.subTest(sql=sql):
                self.check_same(self.ask(sql), self.ask_of("plain", sql), sql)

    def test_hidden_arguments_by_position_by_name_and_from_a_table(self):
        wanted = self.ask_of("plain", "SELECT {w}, {n} FROM plain_t ORDER BY {order}")
        for sql in ("FROM {f}(?)", "FROM {f}(?{rest})", "FROM {f} WHERE {arg} = ?",
                    "FROM {f} WHERE ? = {arg}",
                    "FROM (SELECT ? AS p) p, {f}(p.p)",
                    "FROM (SELECT ? AS p) p JOIN {f} f ON f.{arg} = p.p",
                    "FROM {f} f, (SELECT ? AS p) p WHERE f.{arg} = p.p",
                    "FROM (SELECT ? AS p) p LEFT JOIN {f} f ON f.{arg} = p.p",
                    "FROM {f} WHERE {arg} IN (?)"):
            sql = f"SELECT {{w}}, {{n}} {sql} ORDER BY {{order}}"
            with self.subTest(sql=sql):
                self.assertEqual(self.ask(sql, self.inputs["t"]), wanted)

    def test_inputs_of_another_table(self):
        self.db.execute("CREATE TABLE files(name, p)")
        self.db.executemany("INSERT INTO files VALUES (?, ?)", self.inputs.items())
        virtual = "(SELECT name, {w}, {n} FROM files, {f}(files.p))"
        plain = ("(SELECT 't' AS name, * FROM plain_t UNION ALL "
                 "SELECT 'u', * FROM plain_u)")
        for sql in ("SELECT name, {w}, {n} FROM %s ORDER BY 1, 2, 3",
                    "SELECT name, {w} FROM %s WHERE {w} = {a} ORDER BY 1, 2",
                    "SELECT {w}, count(*) FROM %s GROUP BY {w} ORDER BY 1"):
            with self.subTest(sql=sql):
                self.assertEqual(
                    self.ask(sql % virtual),
                    self.ask(sql % plain))
        rows = self.ask("SELECT name, (SELECT count(*) FROM {f}(files.p)) "
                        "FROM files ORDER BY 1")
        self.assertEqual(rows, [(name, len(self.pairs[name])) for name in "tu"])

    def test_inputs_that_are_told_by_or(self):
        t, u = self.inputs["t"], self.inputs["u"]
        both = sorted(self.ask("SELECT {w}, {n} FROM plain_t UNION ALL "
                               "SELECT {w}, {n} FROM plain_u"))
        only = sorted(self.ask("SELECT {w}, {n} FROM plain_t"))
        for condition, arguments, wanted in (
                ("{arg} = ? OR {arg} = ?", (t, u), both),
                ("{arg} = ? OR {arg} = ?", (t, t), only),
                ("{arg} IN (?, ?)", (t, u), both),
                ("({arg} = ? AND {w} = {a}) OR {arg} = ?", (t, t), only),
                ("({arg} = ? AND {w} > {a}) OR ({arg} = ? AND {w} <= {a})", (t, t),
                 only)):
            with self.subTest(condition=condition):
                got = self.ask(f"SELECT {{w}}, {{n}} FROM {{f}} WHERE {condition}",
                               *arguments)
                self.assertEqual(sorted(got), wanted)

    def test_an_input_that_is_null_or_nowhere(self):
        if self.table.is_module:
            with self.assertRaisesRegex(sqlite3.Error, "path"):
                self.ask("SELECT * FROM {f}(NULL)")
        else:
            self.assertEqual(self.ask("SELECT * FROM {f}(NULL)"), [])
        with self.assertRaisesRegex(sqlite3.Error, self.table.argument):
            self.ask("SELECT * FROM {f}")

    def test_a_row_has_no_rowid(self):
        """text_words has a column of that name, the number of the word."""
        if self.table.number == "rowid":
            self.assertEqual(self.ask("SELECT max(rowid) FROM {t}"),
                             [(len(self.pairs["t"]),)])
            return
        for kind in self.kinds():
            with self.assertRaisesRegex(sqlite3.Error, "no such column: rowid"):
                self.ask_of(kind, "SELECT rowid FROM {t}")

    def test_a_view_or_trigger_of_the_database_opens_no_file(self):
        count = len(self.pairs["t"])
        refused = self.table.is_module
        for temp in ("", "TEMP "):
            name = temp.lower().strip() or "main"
            self.ask(f"CREATE {temp}VIEW view_{name} AS SELECT * FROM {{t}}")
            self.ask(f"CREATE {temp}TABLE table_{name}(x)")
            self.ask(f"CREATE {temp}TRIGGER trigger_{name} AFTER INSERT ON "
                     f"table_{name} BEGIN UPDATE table_{name} SET x = "
                     "(SELECT count(*) FROM {f} WHERE {arg} = "
                     f"'{self.inputs['t']}'); END")
            for sql in (f"SELECT * FROM view_{name}",
                        f"INSERT INTO table_{name} VALUES (1)"):
                with self.subTest(sql=sql):
                    if refused and not temp:
                        with self.assertRaisesRegex(sqlite3.Error, "unsafe use"):
                            self.ask(sql)
                        continue
                    rows = self.ask(sql)
                    self.assertEqual(len(rows), count if rows else 0)
            rows = self.ask(f"SELECT x FROM table_{name}")
            self.assertEqual(rows, [] if refused and not temp else [(count,)])

    def test_a_statement_that_is_run_again_with_other_values(self):
        sql = self.fill("function", "SELECT {w}, {n} FROM {f}(?) WHERE {w} > ? "
                        "ORDER BY {order}")
        cursor = self.db.cursor()
        low = self.pairs["t"][1][0]
        for name in "tutu":
            wanted = self.ask(f"SELECT {{w}}, {{n}} FROM plain_{name} WHERE "
                              "{w} > ? ORDER BY {order}", low)
            rows = cursor.execute(sql, (self.inputs[name], low)).fetchall()
            self.assertEqual(rows, wanted)
            rows = cursor.execute(sql, (self.inputs[name], None)).fetchall()
            self.assertEqual(rows, [])
            cursor.execute(sql, (self.inputs["t"], low)).fetchone()  # and left

    def test_two_cursors_at_once_and_a_query_inside_a_query(self):
        sql = self.fill("function", "SELECT {w}, {n} FROM {t} ORDER BY {order}")
        first, second = self.db.execute(sql), self.db.execute(sql)
        pairs = []
        for row in first:
            self.assertEqual(second.fetchone(), row)
            pairs += self.ask("SELECT {w}, {n} FROM {t} WHERE {w} = ? AND {n} = ?",
                              *row)
        self.assertIsNone(second.fetchone())
        self.assertEqual(sorted(set(pairs)), sorted(
            self.ask("SELECT DISTINCT {w}, {n} FROM plain_t")))


class FileTraps(Traps):
    """What only tables that open files do."""

    def test_the_file_changes_between_two_runs_and_under_a_cursor(self):
        sql = "SELECT {w}, {n} FROM {u} ORDER BY {order}"
        before, after = self.pairs["u"], [(self.pairs["t"][1][0], 5)]
        wanted = sorted(before)
        for kind in self.kinds():
            with self.subTest(kind=kind):
                cursor = self.db.execute(self.fill(kind, sql))
                self.assertEqual(cursor.fetchone(), wanted[0])
                self.write("u", after)
                self.assertEqual(self.ask_of(kind, sql), after)
                self.assertEqual(cursor.fetchall(), wanted[1:])
                self.write("u", before)
                self.assertEqual(self.ask_of(kind, sql), wanted)

    def test_what_may_be_done_to_a_table(self):
        for sql, why in REFUSED:
            with self.subTest(sql=sql):
                with self.assertRaisesRegex(sqlite3.Error, why):
                    self.ask_of("table", sql)
        cursor = self.db.execute(self.fill("table", "SELECT * FROM {t}"))
        cursor.fetchone()
        with self.assertRaisesRegex(sqlite3.Error, "locked"):
            self.ask_of("table", "DROP TABLE {t}")
        cursor.close()
        for sql in ALLOWED:
            with self.subTest(sql=sql):
                self.ask_of("table", sql)

    def test_a_table_of_a_transaction_that_is_rolled_back(self):
        self.ask("BEGIN")
        self.create(self.db, "temp.brief", "t")
        self.assertEqual(self.ask("SELECT count(*) FROM brief"),
                         [(len(self.pairs["t"]),)])
        self.ask("ROLLBACK")
        with self.assertRaisesRegex(sqlite3.Error, "no such table"):
            self.ask("SELECT * FROM brief")

    def test_a_table_after_closing_and_opening_the_database(self):
        file = self.path("kept.db")
        wanted = sorted(self.ask("SELECT {w}, {n} FROM plain_t"))
        sql = self.fill("table", "SELECT {w}, {n} FROM k")
        for create in (True, False):
            db = connect(file)
            if create:
                self.create(db, "k", "t")
            rows = db.execute(sql).fetchall()
            db.close()
            self.assertEqual(sorted(rows), wanted)
        self.db.execute("ATTACH ? AS kept", (file,))
        self.assertEqual(sorted(self.ask("SELECT {w}, {n} FROM kept.k")), wanted)
        self.assertEqual(self.ask("SELECT count(*) FROM kept.k x, kept.k y"),
                         [(len(wanted) ** 2,)])

    def test_a_database_of_utf16(self):
        """Words have another order there, and no index of the table may be
        taken for one of bytes."""
        db, self.db = self.db, connect()
        db.close()
        self.db.execute("PRAGMA encoding = 'UTF-16le'")
        self.assertEqual(self.ask("PRAGMA encoding"), [("UTF-16le",)])
        self.pairs = {**self.pairs, "t": self.pairs["t"] + self.beyond}
        self.write("t", self.pairs["t"])
        self.ask("CREATE TABLE list({w}, k)")
        self.db.executemany("INSERT INTO list VALUES (?, ?)",
                            zip(self.pairs["list"], range(1, 9)))
        for name in "tu":
            self.table.create_plain(self.db, f"plain_{name}", self.pairs[name])
            self.create(self.db, f"temp.named_{name}", name)
        self.test_queries()

    def test_an_error_in_a_left_join(self):
        """The second file is bad: an error, no row of NULLs; then all is well."""
        with open(self.path("bad"), "wb") as file:
            file.write(b"\x1f\x8b\x08\x00 no gzip")
        for bad in (self.path("bad"), self.path("gone")):
            self.ask("CREATE TABLE paths(p)")
            self.db.executemany("INSERT INTO paths VALUES (?)",
                                [(self.inputs["t"],), (bad,), (self.inputs["u"],)])
            with self.subTest(path=bad):
                with self.assertRaisesRegex(sqlite3.Error, bad):
                    self.ask("SELECT * FROM paths LEFT JOIN {f} f ON f.path = p")
                self.assertEqual(self.ask("SELECT count(*) FROM {t}"),
                                 [(len(self.pairs["t"]),)])
            self.ask("DROP TABLE paths")

    def test_a_pipe_is_read_once(self):
        """Whoever comes second waits for another writer."""
        pipe = self.path("pipe")
        os.mkfifo(pipe)

        def write():
            with open(self.path("t"), "rb") as file, open(pipe, "wb") as out:
                out.write(file.read())
        for _ in range(2):
            writer = threading.Thread(target=write)
            writer.start()
            rows = self.ask("SELECT {w}, {n} FROM {f}(?)", pipe)
            writer.join()
            self.assertEqual(sorted(rows),
                             sorted(self.ask("SELECT {w}, {n} FROM plain_t")))


# In UTF-16, a word past U+FFFF comes before the second one; years are years.
BEYOND = [("\U00010400", 6), ("\uff21", 5)]

for table in TABLES:
    kind = FileTraps if table.is_module else Traps
    name = f"TrapsOf{table.__name__}"
    globals()[name] = type(name, (kind, unittest.TestCase), {
        "table": table,
        "beyond": [(1904, 6)] if table.word == "year" else BEYOND})


if __name__ == "__main__":
    tap.main()
