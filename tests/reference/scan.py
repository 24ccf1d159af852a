# SPDX-License-Identifier: MIT
"""One scan through the code under test: the extension, loaded into this
process, or the example C program, run as another.

NGRAM_EXTENSION or NGRAM_SO is the path of ngram.so. NGRAM_EXAMPLE, the path
of the built tests/c/example.c, goes before them: a Python that was built
without a sanitizer cannot load an extension that was built with one.
"""
import collections
import concurrent.futures
import contextlib
import glob
import os
import sqlite3
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))

DECODERS = ("native", "portable", "zlib", "isal")
KERNELS = ("scalar", "sse2", "avx2", "avx512", "neon")
COLUMNS = ("volumes", "first_year", "last_year", "row_count")
STATS = ("format", "decoder", "strategy", "threads", "chunks", "compressed_bytes",
         "text_bytes", "rows", "skipped", "words")

# `rows` is a list in the order given, or None; `error` the message without
# the table's name, or None; `code` SQLite's result code, where there is one.
Result = collections.namedtuple("Result", "rows error code stats")


def sql_text(word):
    return "'" + word.decode().replace("'", "''") + "'"


class Crash(Exception):
    """The code under test died, or a sanitizer spoke."""


class Extension:
    """ngram.so in this process; a new connection for every scan."""

    name = "extension"

    def __init__(self, path):
        self.path = path
        self.keep = self.connect()  # so that closing does not unload it

    def connect(self):
        db = sqlite3.connect(":memory:")
        db.text_factory = bytes
        db.enable_load_extension(True)
        db.load_extension(self.path)
        db.execute("SELECT ngram_config('cache_limit', 0)").fetchall()
        return db

    @staticmethod
    def statement(columns, options, words):
        names = ("word", "total") + (COLUMNS if columns else ())
        sql = f"SELECT {', '.join(names)} FROM ngram_counts(?)"
        terms = [f"{name} = ?" for name in options]
        if words is not None:
            marks = ", ".join("?" * len(words))
            # A literal is counted alone; for a parameter, all words are.
            terms.append("word = " + sql_text(words[0]) if len(words) == 1
                         else f"word IN ({marks})")
        return sql + (" WHERE " + " AND ".join(terms) if terms else "")

    @staticmethod
    def ask(db, sql, values):
        try:
            rows = db.execute(sql, values).fetchall()
            stats = db.execute(f"SELECT {', '.join(STATS)} FROM ngram_stats")
            last = stats.fetchall()[0]  # the newest one stands first
            return Result(rows, None, 0, dict(zip(STATS, map(plain, last))))
        except sqlite3.Error as error:
            text = str(error)
            return Result(None, text.removeprefix("ngram_counts: "),
                          getattr(error, "sqlite_errorcode", 1) & 0xFF, None)

    def scan(self, path, env=(), columns=False, words=None, stdin=None,
             **options):
        """`options` are the hidden columns of the contract; `stdin` is a file
        descriptor to be standard input."""
        return self.scans(path, 1, env, columns, words, stdin, **options)[0]

    def scans(self, path, times, env=(), columns=False, words=None,
              stdin=None, **options):
        """So many scans, one after the other in one connection."""
        db = self.connect()
        values = [path, *options.values()]
        if words is not None and len(words) != 1:
            values += [word.decode() for word in words]
        saved = {name: os.environ.get(name) for name in dict(env)}
        os.environ.update(env)
        if stdin is not None:
            keep_stdin = os.dup(0)
            os.dup2(stdin, 0)
        sql = self.statement(columns, options, words)
        try:
            return [self.ask(db, sql, values) for _ in range(times)]
        finally:
            if stdin is not None:
                os.dup2(keep_stdin, 0)
                os.close(keep_stdin)
            for name, value in saved.items():
                if value is None:
                    os.environ.pop(name, None)
                else:
                    os.environ[name] = value
            db.close()


class Example:
    """The example C program, one process a scan."""

    name = "example"

    def __init__(self, path):
        self.path = os.path.abspath(path)

    def command(self, path, columns, words, options):
        command = [self.path, "--stats"]
        for name, value in options.items():
            command += ["--" + name.replace("_", "-"), str(value)]
        if columns:
            command.append("--columns")
        for word in words or ():
            command += ["--word", word]
        return command + [path]

    def scans(self, path, times, env=(), **options):
        """One: a process keeps nothing for the next."""
        return [self.scan(path, env, **options)]

    def scan(self, path, env=(), columns=False, words=None, stdin=None,
             **options):
        done = subprocess.run(
            self.command(path, columns, words, options), stdin=stdin,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False,
            env={"ASAN_OPTIONS": "exitcode=99", "TSAN_OPTIONS": "exitcode=99",
                 "UBSAN_OPTIONS": "halt_on_error=1:exitcode=99",
                 **os.environ, **dict(env)})
        if done.returncode not in (0, 1) or b"Sanitizer" in done.stderr:
            raise Crash(f"exit {done.returncode}: "
                        + done.stderr.decode(errors="replace")[:4000])
        if done.returncode == 1:
            return Result(None, done.stderr.decode().rstrip("\n"), 1, None)
        stats = dict(line.split("\t")
                     for line in done.stderr.decode().splitlines())
        # Each process has an order of its own.
        rows = sorted((word, *map(int, numbers)) for word, *numbers in
                      (line.split(b"\t") for line in done.stdout.split(b"\n")[:-1]))
        return Result(rows, None, 0,
                      {name: plain(stats[name]) for name in STATS})


def plain(value):
    if isinstance(value, bytes):
        return value.decode()
    if isinstance(value, str) and value.isdigit():
        return int(value)
    return value


def find_target():
    """The code under test, or None with a message where there is none."""
    example = os.environ.get("NGRAM_EXAMPLE")
    if example:
        return Example(example)
    path = os.environ.get("NGRAM_EXTENSION") or os.environ.get("NGRAM_SO")
    if not path:
        path = next(iter(glob.glob(ROOT + "/build/release/ngram.so")), None)
    if path and hasattr(sqlite3.Connection, "enable_load_extension"):
        return Extension(os.path.abspath(path))
    print("skipped: nothing to test (set NGRAM_EXTENSION or NGRAM_EXAMPLE), "
          "or this Python cannot load extensions", file=sys.stderr)
    return None


def usable(target, variable, names, data):
    """Those of `names` that `variable` may be set to on this machine."""
    with tempfile.NamedTemporaryFile() as file:
        file.write(data)
        file.flush()
        found = [name for name in names
                 if not target.scan(file.name, {variable: name}).error]
    if not found:
        raise Crash(f"no {variable} of {', '.join(names)} can be used")
    return found


@contextlib.contextmanager
def mapper(target):
    """A map() for scans: processes side by side, the extension in turn, since
    the environment that it reads is this process's own."""
    if target.name == "extension":
        yield map
        return
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        yield pool.map


def is_short(target):
    """Whether to try some ways in place of all: each scan is slow."""
    return target.name == "example" or bool(os.environ.get("NGRAM_SHORT"))
