# SPDX-License-Identifier: MIT
"""The extension in a host that can do more than the shell: threads, signals
to stop, error codes, limits.

    NGRAM_SO=build/release/ngram.so python3 tests/python/test_extension.py

needs a Python whose sqlite3 can load extensions (Debian's can). NGRAM_SO
falls back to NGRAM_EXTENSION.
"""

import gzip
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import unittest

import tap
from process import held
from stops import check_handler_stops, check_stops

EXTENSION = os.path.abspath(
    os.environ.get("NGRAM_SO")
    or os.environ.get("NGRAM_EXTENSION")
    or "build/release/ngram.so"
)
VERSION = sqlite3.sqlite_version_info

# From sqlite3.h; Python 3.11 has them in its sqlite3 module.
SQLITE_ERROR = 1
SQLITE_IOERR = 10
SQLITE_CANTOPEN = 14


def connect(path=":memory:"):
    connection = sqlite3.connect(
        path, isolation_level=None, check_same_thread=False
    )
    connection.enable_load_extension(True)
    connection.load_extension(EXTENSION)
    connection.enable_load_extension(False)
    return connection


class Test(unittest.TestCase):
    """Every test has a folder, a connection, and leaves nothing behind."""

    def setUp(self):
        self.folder = tempfile.mkdtemp()
        self.connection = connect()
        self.before = held()

    def tearDown(self):
        self.assertEqual(held(), self.before)
        self.connection.close()
        shutil.rmtree(self.folder)

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, text):
        path = self.path(name)
        with open(path, "wb") as file:
            file.write(text.encode() if isinstance(text, str) else text)
        return path

    def query(self, sql, *arguments):
        return self.connection.execute(sql, arguments).fetchall()

    def assertFails(self, code, text, sql, *arguments):
        with self.assertRaises(sqlite3.Error) as caught:
            self.query(sql, *arguments)
        self.assertIn(text, str(caught.exception))
        if hasattr(caught.exception, "sqlite_errorcode"):
            self.assertEqual(caught.exception.sqlite_errorcode, code)

    def assertWorks(self):
        """The connection answers as if nothing had happened."""
        path = self.write("works.tsv", "a\t1\t2\t3\n")
        rows = self.query("SELECT * FROM ngram_counts(?)", path)
        self.assertEqual(rows, [("a", 2)])


class Loading(Test):
    def lists(self, connection):
        functions = connection.execute(
            "SELECT name, narg FROM pragma_function_list"
        ).fetchall()
        modules = connection.execute(
            "SELECT name FROM pragma_module_list"
        ).fetchall()
        return set(functions), set(modules)

    def test_adds_these_functions_and_modules_and_no_others(self):
        plain = sqlite3.connect(":memory:")
        functions, modules = self.lists(plain)
        plain.close()
        new_functions, new_modules = self.lists(self.connection)
        self.assertEqual(
            new_functions - functions,
            {
                ("ngram_config", 1),
                ("ngram_config", 2),
                ("ngram_debug", 0),
                ("ngram_version", 0),
            },
        )
        self.assertEqual(
            new_modules - modules,
            {
                ("ngram_counts",),
                ("ngram_rows",),
                ("ngram_stats",),
                ("ngram_totals",),
                ("text_words",),
                ("word_counts",),
            },
        )

    def test_starts_no_thread_and_keeps_no_file_open(self):
        other = connect()
        plain = sqlite3.connect(":memory:")
        plain.execute("SELECT 1")
        with_both = held()
        plain.close()
        other.close()
        other = sqlite3.connect(":memory:")
        plain = sqlite3.connect(":memory:")
        self.assertEqual(held(), with_both)
        plain.close()
        other.close()

    def test_prints_nothing(self):
        script = (
            "import sqlite3, sys\n"
            "c = sqlite3.connect(':memory:')\n"
            "c.enable_load_extension(True)\n"
            "c.load_extension(sys.argv[1])\n"
            "c.execute('SELECT ngram_debug()').fetchall()\n"
            "try: c.execute(\"SELECT * FROM ngram_counts('no such file')\")\n"
            "except sqlite3.Error: pass\n"
        )
        done = subprocess.run(
            [sys.executable, "-c", script, EXTENSION],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=True,
        )
        self.assertEqual(done.stdout, b"")

    def test_changes_no_setting(self):
        names = (
            "analysis_limit automatic_index busy_timeout cache_size "
            "cell_size_check foreign_keys hard_heap_limit journal_mode "
            "locking_mode query_only recursive_triggers "
            "reverse_unordered_selects secure_delete soft_heap_limit "
            "synchronous temp_store threads trusted_schema writable_schema"
        ).split()
        plain = sqlite3.connect(":memory:")
        for name in names:
            sql = "PRAGMA " + name
            self.assertEqual(
                self.query(sql), plain.execute(sql).fetchall(), name
            )
        plain.close()

    def test_loads_again_and_begins_anew(self):
        self.query("SELECT ngram_config('threads', 3)")
        self.assertWorks()
        self.connection.enable_load_extension(True)
        self.connection.load_extension(EXTENSION)
        self.assertEqual(
            self.query("SELECT ngram_config('threads')"), [(None,)]
        )
        self.assertEqual(self.query("SELECT * FROM ngram_stats"), [])
        self.assertWorks()

    def test_refuses_to_load_again_while_a_statement_runs(self):
        self.query("SELECT ngram_config('threads', 3)")
        self.connection.enable_load_extension(True)
        running = self.connection.execute("SELECT 1 UNION ALL SELECT 2")
        with self.assertRaises(sqlite3.Error):
            self.query("SELECT load_extension(?)", EXTENSION)
        running.close()
        self.assertEqual(self.query("SELECT ngram_config('threads')"), [(3,)])
        path = self.write("a.tsv", "a\t1\t1\t1\n")
        self.assertEqual(
            self.query("SELECT threads FROM ngram_counts(?)", path), [(3,)]
        )

    def test_connections_are_apart(self):
        other = connect()
        other.execute("SELECT ngram_config('threads', 2)")
        self.assertEqual(
            self.query("SELECT ngram_config('threads')"), [(None,)]
        )
        self.assertWorks()
        scans = other.execute("SELECT count(*) FROM ngram_stats").fetchall()
        self.assertEqual(scans, [(0,)])
        other.close()


class Queries(Test):
    def test_statement_run_twice_reads_twice(self):
        path = self.write("a.tsv", "a\t1\t1\t1\n")
        sql = "SELECT * FROM ngram_counts(?)"
        self.assertEqual(self.query(sql, path), [("a", 1)])
        self.write("a.tsv", "a\t1\t1\t1\nbb\t1\t2\t1\n")
        self.assertEqual(sorted(self.query(sql, path)), [("a", 1), ("bb", 2)])

    def test_parameters_of_any_binding(self):
        # JavaScript's send every number as a double.
        path = self.write("a.tsv", "a\t1900\t1\t1\na\t1950\t2\t1\n")
        rows = self.query(
            "SELECT total, chunk_size, threads, year_from FROM"
            " ngram_counts(?, ?, ?, ?)",
            path,
            20000.0,
            2.0,
            1950.0,
        )
        self.assertEqual(rows, [(2, 20000, 2, 1950)])

    def test_words_as_parameters(self):
        path = self.write("a.tsv", "05\t1\t1\t1\n5\t1\t2\t1\nfive\t1\t3\t1\n")
        sql = "SELECT total FROM ngram_counts(?) WHERE word = ?"
        for word, totals in (
            ("05", [(1,)]),
            ("five", [(3,)]),
            (5, [(2,)]),  # compares as the text '5'
            (b"five", []),
            (None, []),
            ("five\0", []),
        ):
            self.assertEqual(self.query(sql, path, word), totals, word)

    def test_long_list_of_words(self):
        path = self.write(
            "a.tsv", "".join("w%d\t1\t%d\t1\n" % (i, i) for i in range(2000))
        )
        self.query("CREATE TEMP TABLE list(word)")
        self.connection.executemany(
            "INSERT INTO list VALUES (?)",
            (("w%d" % i,) for i in range(0, 4000, 2)),
        )
        rows = self.query(
            "SELECT count(*), sum(total) FROM ngram_counts(?)"
            " WHERE word IN (SELECT word FROM list)",
            path,
        )
        self.assertEqual(rows, [(1000, sum(range(0, 2000, 2)))])
        self.assertEqual(
            self.query("SELECT count(*), max(words) FROM ngram_stats")[0],
            (1, 1000 if VERSION >= (3, 38) else 2000),
        )

    def test_right_and_full_join_tell_rows_apart(self):
        if VERSION < (3, 39):
            self.skipTest("SQLite %s has no RIGHT JOIN" % sqlite3.sqlite_version)
        path = self.write("a.tsv", "a\t1\t1\t1\nb\t1\t2\t1\nc\t1\t3\t1\n")
        self.query("CREATE TEMP TABLE list(word)")
        self.query("INSERT INTO list VALUES ('c'), ('d')")
        self.query(
            "CREATE VIRTUAL TABLE temp.a USING ngram_counts('%s')" % path
        )
        self.assertEqual(
            self.query(
                "SELECT list.word, a.* FROM list RIGHT JOIN a"
                " ON a.word = list.word ORDER BY a.word"
            ),
            [(None, "a", 1), (None, "b", 2), ("c", "c", 3)],
        )
        self.assertEqual(
            self.query(
                "SELECT list.word, a.* FROM list FULL JOIN a"
                " ON a.word = list.word ORDER BY list.word, a.word"
            ),
            [
                (None, "a", 1),
                (None, "b", 2),
                ("c", "c", 3),
                ("d", None, None),
            ],
        )

    def test_update_from(self):
        if VERSION < (3, 33):
            self.skipTest("SQLite %s has no UPDATE FROM" % sqlite3.sqlite_version)
        path = self.write("a.tsv", "a\t1\t1\t1\nb\t1\t2\t1\n")
        self.query("CREATE TABLE t(word, total)")
        self.query("INSERT INTO t VALUES ('b', 0), ('c', 0), ('a', 0)")
        self.query(
            "UPDATE t SET total = c.total FROM ngram_counts(?) c"
            " WHERE c.word = t.word",
            path,
        )
        self.assertEqual(
            self.query("SELECT * FROM t"), [("b", 2), ("c", 0), ("a", 1)]
        )

    def test_unfinished_query(self):
        path = self.write("a.tsv", "a\t1\t1\t1\nb\t1\t1\t1\n")
        cursor = self.connection.execute("SELECT * FROM ngram_counts(?)", (path,))
        self.assertIsNotNone(cursor.fetchone())
        cursor.close()
        self.assertWorks()

    def test_many_connections_at_once(self):
        path = self.write(
            "a.tsv", "".join("w%d\t1\t1\t1\n" % (i % 500) for i in range(50000))
        )
        answers = []

        def work():
            connection = connect()
            for _ in range(5):
                answers.extend(
                    connection.execute(
                        "SELECT count(*), sum(total) FROM ngram_counts(?, 1000, 4)",
                        (path,),
                    ).fetchall()
                )
            connection.close()

        workers = [threading.Thread(target=work) for _ in range(4)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        self.assertEqual(answers, [(500, 50000)] * 20)

    def test_persistent_view_may_not_read_a_file(self):
        path = self.write("a.tsv", "a\t1\t1\t1\n")
        database = self.path("views.db")
        maker = sqlite3.connect(database)
        maker.execute("CREATE TABLE t(x)")
        maker.close()
        other = connect(database)
        other.execute(
            "CREATE VIEW v AS SELECT * FROM ngram_counts('%s')" % path
        )
        with self.assertRaisesRegex(sqlite3.Error, "unsafe use"):
            other.execute("SELECT * FROM v")
        other.execute(
            "CREATE TEMP VIEW tv AS SELECT * FROM ngram_counts('%s')" % path
        )
        self.assertEqual(other.execute("SELECT * FROM tv").fetchall(), [("a", 1)])
        other.close()


class Errors(Test):
    def test_codes(self):
        bad = self.write("bad.tsv", "a\t1\t1\n")
        over = self.write("over.tsv", "a\t1\t9223372036854775807\t1\na\t1\t1\t1\n")
        sql = "SELECT * FROM ngram_counts(?)"
        self.assertFails(
            SQLITE_CANTOPEN, "No such file or directory", sql, self.path("none")
        )
        self.assertWorks()
        self.assertFails(SQLITE_CANTOPEN, "Is a directory", sql, self.folder)
        self.assertWorks()
        self.assertFails(
            SQLITE_ERROR,
            "ngram_counts: %s: line 1: expected 4 columns, found 3" % bad,
            sql,
            bad,
        )
        self.assertWorks()
        self.assertFails(SQLITE_ERROR, "integer overflow", sql, over)
        self.assertWorks()
        self.assertFails(SQLITE_ERROR, "path is NULL", sql, None)
        self.assertWorks()
        self.assertFails(SQLITE_ERROR, "NUL byte", sql, "a\0b")
        self.assertWorks()

    def test_no_permission(self):
        path = self.write("secret.tsv", "a\t1\t1\t1\n")
        os.chmod(path, 0)
        user = os.geteuid()
        if user == 0:  # who may read everything
            os.chmod(self.folder, 0o755)
            os.seteuid(65534)
        try:
            self.assertFails(
                SQLITE_CANTOPEN,
                "Permission denied",
                "SELECT * FROM ngram_counts(?)",
                path,
            )
        finally:
            os.seteuid(user)
        self.assertWorks()

    def test_read_error(self):
        # Offset 0 of a process' memory is never mapped.
        if not os.path.exists("/proc/self/mem"):
            self.skipTest("no /proc/self/mem")
        self.assertFails(
            SQLITE_IOERR,
            "ngram_counts: ",
            "SELECT * FROM ngram_counts('/proc/self/mem')",
        )
        self.assertWorks()

    def test_longest_paths(self):
        sql = "SELECT * FROM ngram_counts(?)"
        for length in (255, 4095, 4096, 100000):
            self.assertFails(SQLITE_CANTOPEN, "ngram_counts: ", sql, "x" * length)
        self.assertWorks()

    def test_failed_insert_leaves_nothing(self):
        bad = self.write("bad.tsv", "a\t1\t1\t1\nb\n")
        self.query("CREATE TABLE t(word, total)")
        self.assertFails(
            SQLITE_ERROR,
            "line 2",
            "INSERT INTO t SELECT * FROM ngram_counts(?)",
            bad,
        )
        self.assertEqual(self.query("SELECT count(*) FROM t"), [(0,)])

    def test_message_is_not_of_the_scan_before(self):
        bad = self.write("bad.tsv", "b\n")
        for _ in range(3):
            self.assertFails(
                SQLITE_ERROR, "line 1", "SELECT * FROM ngram_counts(?)", bad
            )
            self.assertFails(
                SQLITE_CANTOPEN,
                "No such file",
                "SELECT * FROM ngram_counts(?)",
                self.path("none"),
            )


class Pipe:
    """A FIFO whose other end is held open and, if asked, fed forever, to one
    reader after another."""

    def __init__(self, path, feed=b""):
        os.mkfifo(path)
        self.path = path
        self.feed = feed
        self.stopped = threading.Event()
        self.thread = threading.Thread(target=self.run)
        self.thread.start()

    def run(self):
        while not self.stopped.is_set():
            try:
                end = os.open(self.path, os.O_WRONLY | os.O_NONBLOCK)
            except OSError:  # there is no reader yet
                time.sleep(0.001)
                continue
            try:
                self.write(end)
            except BrokenPipeError:
                pass
            os.close(end)

    def write(self, end):
        rest = b""
        while not self.stopped.is_set():
            try:
                rest = rest or self.feed
                if rest:
                    rest = rest[os.write(end, rest):]
                    continue
            except BlockingIOError:
                pass
            time.sleep(0.001)

    def close(self):
        self.stopped.set()
        self.thread.join()
        os.unlink(self.path)


class Stopping(Test):
    in_100_ms = True

    def big_file(self):
        """Some seconds of work, 4 GB, in some megabytes."""
        rows = "".join("w%d\t%d\t1\t1\n" % (i % 10, 1900 + i) for i in range(100))
        member = gzip.compress(rows.encode() * 7000, 1)
        return self.write("big.gz", member * 400)

    def assertStops(self, sql, parameter):
        check_stops(self, self.connection, sql, parameter)
        self.assertWorks()

    def each_threads(self, check, table="ngram_counts"):
        for number in ("1", "2", "8", "NULL"):
            with self.subTest(threads=number):
                check("SELECT count(*) FROM %s(?, 0, %s)" % (table, number))

    def test_interrupt_big_file(self):
        path = self.big_file()
        self.each_threads(lambda sql: self.assertStops(sql, path))

    def test_interrupt_big_text(self):
        path = self.big_file()
        self.each_threads(lambda sql: self.assertStops(sql, path), "word_counts")

    def test_interrupt_choice_among_kept_words(self):
        path = self.write("many.tsv", b"".join(
            b"w%d\t1900\t1\t1\n" % i for i in range(3_000_000)))
        self.connection.execute("SELECT ngram_config('cache_limit', 1 << 31)")
        self.connection.execute("SELECT count(*) FROM ngram_counts(?)", (path,))
        self.connection.execute(
            "CREATE TABLE list AS WITH RECURSIVE n(i) AS"
            " (SELECT 0 UNION ALL SELECT i + 3 FROM n LIMIT 1000000)"
            " SELECT 'w' || i AS word FROM n")
        for condition in ("word >= 'w5'", "word IN (SELECT word FROM list)"):
            check_stops(self, self.connection,
                        f"SELECT count(*) FROM ngram_counts(?) WHERE {condition}",
                        path, after=0.02)
        self.assertWorks()

    def test_interrupt_words_of_many_values(self):
        self.assertStops(
            "WITH RECURSIVE n(i) AS"
            " (VALUES(1) UNION ALL SELECT i + 1 FROM n LIMIT ?)"
            " SELECT count(*) FROM n, text_words('one two three ' || i)",
            100_000_000,
        )

    def each_pipe(self, feed, table="ngram_counts"):
        def check(sql):
            pipe = Pipe(self.path("pipe"), feed)
            try:
                self.assertStops(sql, pipe.path)
            finally:
                pipe.close()

        self.each_threads(check, table)

    def test_interrupt_silent_pipe(self):
        self.each_pipe(b"")

    def test_interrupt_endless_pipe(self):
        self.each_pipe(b"word\t1900\t1\t1\n" * 1000)

    def test_interrupt_endless_pipe_of_words(self):
        self.each_pipe(b"one two three four\n" * 1000, "word_counts")

    def test_interrupt_endless_blank(self):
        path = self.path("pipe")
        pipe = Pipe(path, b" " * 100_000)
        try:
            self.assertStops("SELECT count(*) FROM word_counts(?, 0, 2)", path)
        finally:
            pipe.close()

    def test_interrupt_pipe_that_nobody_writes_to(self):
        path = self.path("pipe")
        os.mkfifo(path)
        self.assertStops("SELECT count(*) FROM ngram_counts(?)", path)

    def test_interrupt_of_an_insert_leaves_nothing(self):
        path = self.big_file()
        self.query("CREATE TABLE t(word, total)")
        self.assertStops("INSERT INTO t SELECT * FROM ngram_counts(?)", path)
        self.assertEqual(self.query("SELECT count(*) FROM t"), [(0,)])

    def test_interrupt_leaves_no_open_statement(self):
        # Else a backup or a detach would find the database locked.
        path = self.big_file()
        self.query("ATTACH ':memory:' AS other")
        self.assertStops("SELECT count(*) FROM ngram_counts(?)", path)
        self.query("DETACH other")

    def test_progress_handler(self):
        path = self.big_file()
        for steps in (1, 1000, 10000):
            with self.subTest(steps=steps):
                self.each_threads(lambda sql: self.progress(sql, path, steps))

    def progress(self, sql, path, steps):
        check_handler_stops(self, self.connection, sql, path, steps)
        self.assertWorks()

    def test_progress_handler_that_lets_it_go_on(self):
        path = self.write(
            "a.gz", gzip.compress(b"a\t1\t1\t1\n" * 100000, 1) * 50
        )
        self.connection.set_progress_handler(lambda: 0, 1000)
        rows = self.query("SELECT * FROM ngram_counts(?)", path)
        self.connection.set_progress_handler(None, 0)
        self.assertEqual(rows, [("a", 5000000)])


class Polling(Test):
    """The statement that a long scan steps has no effect of its own."""

    def slow_pipe(self, text):
        """A FIFO that gives its text after some polls."""
        path = self.path("slow")
        os.mkfifo(path)

        def write():
            with open(path, "wb") as end:
                time.sleep(0.3)
                end.write(text)

        writer = threading.Thread(target=write)
        writer.start()
        self.addCleanup(writer.join)
        return path, writer

    def test_keeps_the_transaction(self):
        self.query("CREATE TABLE t(word, total)")
        self.query("BEGIN")
        self.query("INSERT INTO t VALUES ('a', 1)")
        path, writer = self.slow_pipe(b"b\t1\t2\t1\n")
        self.query("INSERT INTO t SELECT * FROM ngram_counts(?)", path)
        writer.join()
        self.assertTrue(self.connection.in_transaction)
        self.assertEqual(self.query("SELECT * FROM t"), [("a", 1), ("b", 2)])
        self.query("ROLLBACK")
        self.assertEqual(self.query("SELECT * FROM t"), [])

    def test_keeps_what_changes_says(self):
        self.query("CREATE TABLE t(word, total)")
        path, writer = self.slow_pipe(b"b\t1\t2\t1\nc\t1\t1\t1\n")
        self.query("INSERT INTO t SELECT * FROM ngram_counts(?)", path)
        writer.join()
        self.assertEqual(self.query("SELECT changes()"), [(2,)])

    def test_needs_no_leave_but_to_select(self):
        self.assertWorks()  # the first use makes the table
        actions = []

        def allow(action, *_):
            actions.append(action)
            return sqlite3.SQLITE_OK

        path, writer = self.slow_pipe(b"b\t1\t2\t1\n")
        self.connection.set_authorizer(allow)
        self.query("SELECT 1 FROM ngram_counts(?)", path)
        writer.join()
        self.connection.set_authorizer(None)
        self.assertEqual(
            set(actions), {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ}
        )
        # One of the query, and one or more of the poll.
        self.assertGreater(actions.count(sqlite3.SQLITE_SELECT), 1)

    def test_scan_goes_on_when_polling_is_forbidden(self):
        closed = []

        def authorize(*_):
            return sqlite3.SQLITE_DENY if closed else sqlite3.SQLITE_OK

        path, writer = self.slow_pipe(b"b\t1\t2\t1\n")
        # Called once the statement is prepared, before the scan begins.
        self.connection.create_function(
            "close_door", 1, lambda x: closed.append(1) or x
        )
        self.connection.set_authorizer(authorize)
        rows = self.query("SELECT * FROM ngram_counts(close_door(?))", path)
        writer.join()
        self.connection.set_authorizer(None)
        self.assertEqual(closed, [1])
        self.assertEqual(rows, [("b", 2)])


if __name__ == "__main__":
    if not hasattr(sqlite3.Connection, "enable_load_extension"):
        print("skipped: this Python cannot load SQLite extensions")
        sys.exit(77)
    tap.main()
