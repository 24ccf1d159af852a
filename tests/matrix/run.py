#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Every text of texts.py in every encoding of encoders.py: what a scan
answers is compared in full with what the references say, in all ways of
scanning: threads, chunk sizes, decoders, CPU kernels, with and without the
hidden columns, failing on bad rows or skipping them.

    python3 tests/matrix/run.py [unittest arguments]

reference/scan.py says what is tested (NGRAM_EXTENSION or NGRAM_EXAMPLE). With
the example, or with NGRAM_SHORT=1, a pair is scanned in one of the ways, in
turn, and not in all: for sanitizers. `run.py --list` prints the matrix.
"""
import itertools
import os
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

from matrix import encoders, texts
from python import tap
from reference import expect, scan

THREADS = (1, 3)
THREADS_AHEAD = (2, 3, 8)
STRETCHES = (1024, 5000)
AHEAD_STRETCHES = 4  # a file of fewer is decoded in order
RESUMING = ("native", "portable")  # decoders that can begin anywhere
CHUNKS_SMALL = (None, 1, None, 3, 20000)
CHUNKS_LARGE = (None, 20000, None, 1000, 10**9)
SMALL = 1 << 17
PROBLEMS_SHOWN = 12

# Readers that go by BSIZE may refuse a block whose BSIZE is wrong; readers
# that do not see nothing wrong.
MAY_REFUSE = "bgzf_size_"


class Ways:
    """The ways to scan a file, given out so that all of them come up."""

    def __init__(self, target):
        good = texts.GOOD * 9
        self.short = scan.is_short(target)
        self.decoders = scan.usable(target, "NGRAM_DECODER", scan.DECODERS,
                                    encoders.member(good))
        self.kernels = scan.usable(target, "NGRAM_KERNEL", scan.KERNELS, good)
        self.turn = itertools.count()
        self.turn_ahead = itertools.count()

    def __str__(self):
        return (f"decoders {', '.join(self.decoders)}; "
                f"kernels {', '.join(self.kernels)}; "
                f"{'one way' if self.short else 'all ways'} a pair")

    def all(self, is_small, is_plain):
        """(threads, decoder, kernel): in full what matters, the rest in turn.
        Small files are hardly ever shared among threads."""
        turn = next(self.turn)
        if is_plain:
            return [(threads, None, kernel)
                    for threads in THREADS for kernel in self.kernels]
        kernel = self.kernels[turn % len(self.kernels)]
        if is_small:
            return [(THREADS[(turn + i) % 2], decoder, kernel)
                    for i, decoder in enumerate(self.decoders)]
        return [(threads, decoder, kernel)
                for threads in THREADS for decoder in self.decoders]

    def of(self, text, is_plain):
        """Yield (environment, options) of each scan of a file."""
        is_small = len(text) <= SMALL
        ways = self.all(is_small, is_plain)
        if self.short:
            ways = [ways[next(self.turn) % len(ways)]]
        chunks = CHUNKS_SMALL if is_small else CHUNKS_LARGE
        for threads, decoder, kernel in ways:
            turn = next(self.turn)
            environment = {"NGRAM_KERNEL": kernel}
            if decoder:
                environment["NGRAM_DECODER"] = decoder
            options = {"threads": threads, "columns": turn % 3 == 0}
            if chunks[turn % 5]:
                options["chunk_size"] = chunks[turn % 5]
            if turn % 7 == 0:
                options["on_error"] = "skip"
            yield environment, options

    def ahead(self, size):
        """Yield (environment, options) of scans of a gzip file of so many
        bytes that decode it in many places at once, and where such scans
        begin to be of use. A file gets one of all ways, in turn."""
        turn = next(self.turn_ahead)
        decoders = [name for name in self.decoders if name in RESUMING]
        stretch = STRETCHES[turn % 2]
        if not decoders or size < AHEAD_STRETCHES * stretch:
            return
        options = {"threads": THREADS_AHEAD[turn % 3], "columns": turn % 5 == 0}
        if turn % 7 == 0:
            options["on_error"] = "skip"
        yield {"NGRAM_KERNEL": self.kernels[turn % len(self.kernels)],
               "NGRAM_DECODER": decoders[turn // 2 % len(decoders)],
               "NGRAM_STRETCH": str(stretch),
               "NGRAM_AHEAD": "refuse" if turn % 4 == 3 else "on"}, options


class Agreement:
    """What must be the same however a text is scanned: the order of its rows;
    and for one file and decoder, the error."""

    def __init__(self):
        self.orders = {}
        self.errors = {}

    def problem(self, path, environment, options, result):
        if result.error:
            key = (path, environment.get("NGRAM_DECODER"),
                   options["columns"], options.get("on_error"))
            other = self.errors.setdefault(key, result.error)
            if other != result.error:
                return f"the error was {other}, now {result.error}"
            return None
        order = [row[0] for row in result.rows]
        if self.orders.setdefault(frozenset(order), order) != order:
            return "the rows stand in another order than before"
        return None


def resources():
    """What an error must not leave behind."""
    if not os.path.isdir("/proc/self/task"):
        return None
    return [len(os.listdir("/proc/self/" + kind)) for kind in ("task", "fd")]


class Matrix(unittest.TestCase):
    target = ways = run_all = None
    ways_seen = set()

    def scans(self, text, folder):
        """Yield all scans of a text, each file written, nothing run yet."""
        for encoding in encoders.all_encodings():
            if len(text.text) > SMALL and not encoding.large or \
                    encoding.damaged and not text.damaged:
                continue
            data = encoding.encode(text.text)
            path = os.path.join(folder, encoding.name)
            with open(path, "wb") as file:
                file.write(data)
            is_plain = encoding.name == "plain"
            ways = self.ways.of(text.text, is_plain)
            if expect.decode(data).format == "gzip":
                ways = itertools.chain(ways, self.ways.ahead(len(data)))
            for environment, options in ways:
                yield encoding, path, data, environment, options

    def answer(self, one):
        encoding, path, data, environment, options = one
        times = 2 if "NGRAM_AHEAD" in environment else 1
        try:
            return one, self.target.scans(path, times, environment, **options)
        except scan.Crash as crash:
            return one, [crash]

    def judge_way(self, environment, results):
        """Files that are decoded ahead, and by seek points when they are
        scanned again, if they have any: those of few blocks have none."""
        ways = [result.stats["strategy"] for result in results if result.stats]
        wanted = "ahead" if "NGRAM_AHEAD" in environment else None
        if wanted and ways and (ways[0] != wanted or
                                set(ways[1:]) - {wanted, "points"}):
            return f"the ways were {', '.join(ways)}"
        self.ways_seen.update(ways)
        return None

    def judge(self, one, result, agreement):
        encoding, path, data, environment, options = one
        if isinstance(result, scan.Crash):
            return str(result)
        expected = expect.expect(data, options["columns"],
                                 options.get("on_error", "fail"))
        if result.error and encoding.name.startswith(MAY_REFUSE):
            return None
        return expect.problem(
            expected, path, result, options.get("chunk_size"),
            environment.get("NGRAM_DECODER")) or agreement.problem(
                path, environment, options, result)

    def check(self, text):
        problems, agreement, before = [], Agreement(), resources()
        with tempfile.TemporaryDirectory(prefix="ngram") as folder:
            for one, results in self.run_all(self.answer,
                                             self.scans(text, folder)):
                found = [self.judge(one, result, agreement)
                         for result in results]
                if not any(found):
                    found.append(self.judge_way(one[3], results))
                problems += [
                    f"{one[0].name} ({one[0].why}), {one[3]}, {one[4]}: "
                    + problem.replace(folder + os.sep, "")
                    for problem in found if problem]
        if self.target.name == "extension" and resources() != before:
            problems.append(f"threads and open files: {before} before, "
                            f"{resources()} after")
        if problems:
            self.fail(f"{len(problems)} scans, the first of them:\n  " +
                      "\n  ".join(problems[:PROBLEMS_SHOWN]))


def add_test(text):
    def test(self):
        self.check(text)
    test.__doc__ = f"{text.name}: {text.why}"
    setattr(Matrix, f"test_{text.name}", test)


def print_matrix():
    for kind, things in (("Text", list(texts.small()) + list(texts.large())),
                         ("Encoding", encoders.all_encodings())):
        print(kind)
        for thing in things:
            print(f"  {thing.name:28} {thing.why}")


def main():
    if "--list" in sys.argv:
        return print_matrix()
    target = Matrix.target = scan.find_target()
    if not target:
        return sys.exit(77)
    Matrix.ways = Ways(target)
    print(f"{target.name} {target.path}; {Matrix.ways}")
    for text in itertools.chain(texts.small(), texts.large()):
        add_test(text)
    with scan.mapper(target) as run_all:
        Matrix.run_all = staticmethod(run_all)
        return tap.main()


if __name__ == "__main__":
    main()
