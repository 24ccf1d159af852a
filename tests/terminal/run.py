#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The progress bar, as it is seen on a terminal: sqlite3 runs inside tmux, and
what stands on its screen is looked at.

    NGRAM_EXTENSION=build/dev/ngram.so NGRAM_SQLITE3=sqlite3 tests/terminal/run.py

Skipped (status 77) where there is no tmux.
"""

import gzip
import itertools
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
import unittest

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

from python import tap

EXTENSION = os.path.abspath(os.environ.get("NGRAM_EXTENSION") or "build/release/ngram.so")
SQLITE3 = os.environ.get("NGRAM_SQLITE3") or "sqlite3"
COUNT = "SELECT sum(total) FROM ngram_counts('%s')"
WAIT_SECONDS = 60
# What no bar may leave behind.
PART_OF_BAR = re.compile(r"GB/s|MB|%|left|\[=*")
# The slowest way there is, so that a small file takes long enough.
SLOW = {"NGRAM_DECODER": "zlib", "NGRAM_KERNEL": "scalar", "NGRAM_THREADS": "1"}


def make_slow_file(path, members):
    """A small gz of 4 MB of text a member; its sum is 400,000 for each."""
    member = gzip.compress(b"a\t1900\t1\t1\n" * 400000)
    with open(path, "wb") as file:
        for _ in range(members):
            file.write(member)


class Terminal:
    """A terminal of its own, in a tmux server of its own, by a name that no server
    which is still on its way out has."""

    numbers = itertools.count()

    def __init__(self, columns):
        self.socket = f"ngram-{os.getpid()}-{next(self.numbers)}"
        self.tmux("-f", "/dev/null", "new-session", "-d", "-x", str(columns),
                  "-y", "24", "exec sh")

    def tmux(self, *arguments):
        return subprocess.run(["tmux", "-L", self.socket, *arguments], check=True,
                              capture_output=True, text=True).stdout

    def close(self):
        self.tmux("kill-server")

    def run(self, script):
        self.tmux("send-keys", f"clear; sh {script}", "Enter")

    def interrupt(self):
        self.tmux("send-keys", "C-c")

    def screen(self):
        """The lines on the screen behind the command, without empty ones."""
        lines = self.tmux("capture-pane", "-p").splitlines()
        return [line for line in lines if line.strip()]

    def wait_for(self, pattern):
        """A screen on which the pattern stands."""
        end = time.monotonic() + WAIT_SECONDS
        while time.monotonic() < end:
            screen = self.screen()
            if re.search(pattern, "\n".join(screen), re.MULTILINE):
                return screen
            time.sleep(0.02)
        raise AssertionError(f"no {pattern} on the screen: {screen}")


class Progress(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(dir="/tmp")
        self.addCleanup(shutil.rmtree, self.folder)

    def open(self, columns=80):
        terminal = Terminal(columns)
        self.addCleanup(terminal.close)
        return terminal

    def path(self, name):
        return os.path.join(self.folder, name)

    def script(self, sql, redirect="", **environment):
        """A script that runs the SQL, and says DONE when that has ended."""
        path = self.path("s")
        settings = " ".join(f"{name}={value}" for name, value in environment.items())
        with open(path, "w", encoding="ascii") as file:
            file.write(f"export NGRAM_PROGRESS=1 {settings}\n"
                       f"{shlex.quote(SQLITE3)} -batch -init /dev/null :memory:"
                       f" {shlex.quote('.load ' + EXTENSION)}"
                       f" {shlex.quote(sql)} {redirect}\n"
                       "echo DONE\n")
        return path

    def check_gone(self, screen):
        for line in screen:
            if not re.search(r"/s$", line): # the command itself
                self.assertIsNone(PART_OF_BAR.search(line), screen)

    def test_bar_is_seen_and_taken_away(self):
        make_slow_file(self.path("a.gz"), 300)
        terminal = self.open()
        terminal.run(self.script(COUNT % self.path("a.gz"), **SLOW))
        screen = terminal.wait_for(
            r"^\[=* *\] +\d+ %  \d+\.\d\d GB/s  \d+:\d\d left$")
        self.assertFalse(any("DONE" in line for line in screen), screen)
        percent = int(re.search(r"(\d+) %", "\n".join(screen)).group(1))
        terminal.wait_for(r"^\[=* *\] +%s %%" % "|".join(
            str(more) for more in range(percent + 1, 101)))
        screen = terminal.wait_for("^DONE")
        self.assertIn("120000000", screen)
        self.check_gone(screen)

    def test_bar_fits_a_narrow_terminal(self):
        make_slow_file(self.path("a.gz"), 300)
        terminal = self.open(20)
        terminal.run(self.script(COUNT % self.path("a.gz"), **SLOW))
        terminal.wait_for(r"^ *\d+ %  \d+\.\d\d GB/s$")
        screen = terminal.wait_for("^DONE")
        self.assertIn("120000000", screen)
        self.check_gone(screen)

    def test_pipe_shows_bytes_and_speed(self):
        fifo = self.path("fifo")
        os.mkfifo(fifo)
        terminal = self.open()
        terminal.run(self.script(COUNT % fifo))
        with open(fifo, "wb") as pipe:
            pipe.write(b"a\t1900\t1\t1\n" * 400000)
            pipe.flush()
            terminal.wait_for(r"^\d+\.\d MB  \d+\.\d\d GB/s$")
        screen = terminal.wait_for("^DONE")
        self.assertIn("400000", screen)
        self.check_gone(screen)

    def test_interrupt_takes_it_away(self):
        make_slow_file(self.path("a.gz"), 3000)
        terminal = self.open()
        terminal.run(self.script(COUNT % self.path("a.gz"), **SLOW))
        terminal.wait_for(r"GB/s")
        terminal.interrupt()
        screen = terminal.wait_for(r"interrupted[^\0]*^(DONE|\S*[$#])")
        self.check_gone(screen)

    def test_error_takes_it_away(self):
        fifo = self.path("fifo")
        os.mkfifo(fifo)
        terminal = self.open()
        terminal.run(self.script(COUNT % fifo))
        with open(fifo, "wb") as pipe:
            pipe.write(b"a\t1900\t1\t1\n" * 400000)
            pipe.flush()
            terminal.wait_for("GB/s")
            pipe.write(b"bad\n")
        screen = terminal.wait_for("^DONE")
        self.assertTrue(any("line 400001" in line for line in screen), screen)
        self.check_gone(screen)

    def test_nothing_without_a_wish(self):
        fifo = self.path("fifo")
        os.mkfifo(fifo)
        terminal = self.open()
        terminal.run(self.script(COUNT % fifo, NGRAM_PROGRESS=0))
        with open(fifo, "wb") as pipe:
            pipe.write(b"a\t1900\t1\t1\n" * 400000)
            pipe.flush()
            time.sleep(1.5)
            self.check_gone(terminal.screen())
        terminal.wait_for("^DONE")

    def test_nothing_without_a_terminal(self):
        fifo = self.path("fifo")
        os.mkfifo(fifo)
        with subprocess.Popen(["sh", self.script(COUNT % fifo)],
                              stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE) as child:
            with open(fifo, "wb") as pipe:
                pipe.write(b"a\t1900\t1\t1\n")
                pipe.flush()
                time.sleep(1.5)
            out, errors = child.communicate()
        self.assertEqual((out, errors), (b"1\nDONE\n", b""))

    def test_nothing_for_a_short_scan(self):
        """Not a byte: the screen would not tell of what was taken away."""
        with open(self.path("a.tsv"), "wb") as file:
            file.write(b"a\t1900\t1\t1\n" * 400000)
        terminal = self.open()
        terminal.tmux("pipe-pane", f"cat > {self.path('log')}")
        terminal.run(self.script(COUNT % self.path("a.tsv")))
        terminal.wait_for("^DONE")
        with open(self.path("log"), encoding="utf-8") as file:
            self.assertNotIn("GB/s", file.read())


if __name__ == "__main__":
    if not shutil.which("tmux"):
        print("skipped: there is no tmux")
        sys.exit(77)
    tap.main()
