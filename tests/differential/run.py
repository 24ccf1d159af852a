#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Whole results against the references, over real, generated and random data:
the same rows, in the same order, in every way of scanning.

    python3 tests/differential/run.py [unittest arguments]

reference/scan.py says what is tested (NGRAM_EXTENSION or NGRAM_EXAMPLE); with
the example, or with NGRAM_SHORT=1, some ways are tried in place of all.
NGRAM_SHARED_DATA is the folder of real data. The random files come from
NGRAM_SEED, which is printed; NGRAM_ROUNDS says how many there are, and
NGRAM_ROUND picks one.
"""
import functools
import gzip
import itertools
import os
import random
import shutil
import sys
import tempfile
import threading
import unittest
import zlib

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

from differential import data as all_data
from matrix import encoders
from python import tap
from reference import article, awk, expect, gunzip, scan

THREADS = (1, 2, 3, 8)
CHUNKS = (None, 1, 2, 3, 7, 100, 20000, 10**9)
ROUNDS, ROUNDS_SHORT = 150, 50
REAL_GZ_FILES = 200

FORMS = {
    "plain": lambda text: text,
    "gzip": encoders.member,
    "members": lambda text: encoders.members(text, len(text) // 5 + 1),
    "bgzf": encoders.bgzf,
}

FILTERS = (
    {"year_from": 1950}, {"year_to": 1950}, {"year_from": 2008},
    {"year_from": 1900, "year_to": 1999}, {"year_from": 2009},
    {"year_from": 1999, "year_to": 1999}, {"year_from": 5, "year_to": 4},
    {"tags": "keep"}, {"tags": "drop"}, {"tags": "only"},
    {"tags": "plain"},
    {"tags": "drop", "year_to": 1800},
)

# The 2012 release writes watch_VERB and, for any verb, _VERB_.
TAG_SHAPES = (b"watch_%s", b"_%s_", b"_%s", b"__%s", b"%s", b"%s_", b"a_%s_",
              b"_a_%s", b"_a_%s_", b"a_%s b", b"a b_%s", b"a _%s_ b", b"a _%s",
              b" _%s_", b"a_%s ", b"a_ %s", b"_ %s_", b"a_%s's", b"\xc3\xa9_%s",
              b"_START_ a_%s", b"%s_%s" % (b"_NOUN", b"%s"), b"_START_ %s",
              b"_ROOT_=>a_%s", b"a_%s=>b", b"a=>b_%s", b"a=>_%s_", b"_%s_=>a",
              b"a=>b %s", b"=>_%s", b"%s=>", b"=>%s", b"a=>=>_%s", b"%s => a",
              b"=>=>_%s_=>a")


def problem_of(path, data, options, environment, result):
    """What is wrong with a scan, from its options alone, or None."""
    wanted = {name: value for name, value in options.items()
              if name not in ("threads", "chunk_size", "stdin")}
    return expect.problem(
        expect.expect(data, **wanted), path, result, options.get("chunk_size"),
        environment.get("NGRAM_DECODER", "default"))


class Case(unittest.TestCase):
    """A folder for files, the code under test, and a way to judge it."""

    target = run_all = decoders = kernels = None

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="ngram")
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def write(self, name, data):
        path = os.path.join(self.folder, name)
        with open(path, "wb") as file:
            file.write(data)
        return path

    def scan(self, path, data, environment=None, **options):
        """Scan, and fail unless the references say the same."""
        environment = environment or {}
        result = self.target.scan(path, environment, **options)
        wrong = problem_of(path, data, options, environment, result)
        self.assertIsNone(wrong, f"{environment} {options}")
        return result


class References(Case):
    """Two programs that share nothing agree before either is believed."""

    def test_awk_and_article_agree(self):
        for data in texts():
            path = self.write("text", data.text)
            rows = expect.parse(data.text).rows
            for years in ({}, {"year_from": 1900, "year_to": 1950}):
                wanted = article.count(rows, article.Filter(**years))
                self.assertEqual(article.count_in_chunks(
                    rows, 1000, article.Filter(**years)), wanted)
                for name in awk.installed():
                    with self.subTest(data=data.name, awk=name, years=years):
                        self.assertTrue(
                            awk.count(name, path, **years) == wanted)


    def test_gunzip_agrees_with_pythons_own(self):
        text = shorten(texts()[-1].text, 30_000)
        for encoding in encoders.all_encodings():
            data = encoding.encode(text)
            format_, decoded, damage, _ = gunzip.decode(data)
            # Python looks neither at header CRCs nor at reserved flags, and
            # goes on behind zero padding.
            if format_ == "plain" or damage and damage.kind in (
                    "header", "after the last member"):
                continue
            with self.subTest(encoding=encoding.name):
                self.assertEqual(damage is not None, encoding.damaged
                                 and not encoding.name.startswith("bgzf_size"))
                try:
                    self.assertEqual(gzip.decompress(data), decoded)
                    self.assertIsNone(damage)
                except (OSError, EOFError, zlib.error):
                    self.assertIsNotNone(damage)


class Ways(Case):
    """Threads x chunk sizes x decoders x kernels."""

    def ways(self, form):
        if form == "plain":
            environments = [{"NGRAM_KERNEL": kernel}
                            for kernel in self.kernels]
        else:
            environments = [
                {"NGRAM_DECODER": decoder, "NGRAM_KERNEL": self.kernels[-1]}
                for decoder in self.decoders]
        ways = list(itertools.product(THREADS, CHUNKS, environments))
        return ways[::11] if scan.is_short(self.target) else ways

    def all_ways(self, data, form):
        encoded = FORMS[form](data.text)
        path = self.write(form, encoded)
        expected = expect.expect(encoded, columns=True)

        def answer(way):
            threads, chunk_size, environment = way
            options = {"chunk_size": chunk_size} if chunk_size else {}
            return way, self.target.scan(path, environment, columns=True,
                                         threads=threads, **options)

        order = None
        for way, result in self.run_all(answer, self.ways(form)):
            if order is None or result.rows != order:
                wrong = expect.problem(expected, path, result, way[1])
                self.assertIsNone(wrong, way)
                self.assertIsNone(order, f"{way}: another order of rows")
                order = result.rows
            else:
                wrong = expect.stats_problem(expected, result.stats, way[1])
                self.assertIsNone(wrong, way)
        return order

    def test_rows_are_the_same_in_every_way(self):
        for data in texts():
            orders = []
            for form in FORMS:
                with self.subTest(data=data.name, form=form):
                    orders.append(self.all_ways(data, form))
            self.assertTrue(all(order == orders[0] for order in orders),
                            f"{data.name}: an order of rows for each form")

    def test_one_thread_is_said_to_be_one(self):
        path = self.write("text", texts()[-1].text)
        result = self.target.scan(path, threads=1)
        self.assertEqual(result.stats["threads"], 1)

    def test_forced_decoder_is_used(self):
        path = self.write("text", FORMS["gzip"](texts()[-1].text))
        for decoder in self.decoders:
            result = self.target.scan(path, {"NGRAM_DECODER": decoder})
            self.assertEqual(result.stats["decoder"], decoder)

    def test_unknown_decoder_and_kernel_are_errors(self):
        for form, variable in (("gzip", "NGRAM_DECODER"),
                               ("plain", "NGRAM_KERNEL")):
            path = self.write(form, FORMS[form](b"a\t1\t2\t3\n"))
            result = self.target.scan(path, {variable: "abacus"})
            self.assertIsNotNone(result.error, variable)


class Filters(Case):
    """Years, tags and words, one at a time and together."""

    def each_file(self):
        for data in texts():
            for form in ("plain", "gzip"):
                encoded = FORMS[form](data.text)
                yield data, encoded, self.write(form, encoded)

    def test_years_and_tags(self):
        for data, encoded, path in self.each_file():
            for wanted in FILTERS:
                for threads in (1, 3):
                    with self.subTest(data=data.name, **wanted):
                        self.scan(path, encoded, columns=True,
                                  threads=threads, **wanted)

    def test_what_a_tag_is(self):
        tags = [b"NOUN", b"VERB", b"ADJ", b"ADV", b"PRON", b"DET", b"ADP",
                b"NUM", b"CONJ", b"PRT", b"X", b"."]
        words = [shape % tag for tag in tags + [b"noun", b"NOUNS", b"", b"FOO"]
                 for shape in TAG_SHAPES]
        encoded = b"".join(b"%s\t1999\t%d\t1\n" % (word, 1 << i % 50)
                           for i, word in enumerate(words) if word)
        path = self.write("tags", encoded)
        for tags in ("keep", "drop", "only", "plain"):
            self.scan(path, encoded, tags=tags)

    def test_words(self):
        rng = random.Random(1)
        for data, encoded, path in self.each_file():
            words = sorted({row.word for row in expect.parse(data.text).rows})
            some = rng.sample(words, min(len(words), 40))
            for wanted in ([words[0]], [words[-1]], [rng.choice(words)],
                           [b"no such word"], some, some + some,
                           some[:3] + [b"no such word", words[0][:-1] or b"-"],
                           [word + b" " for word in some]):
                with self.subTest(data=data.name, words=len(wanted)):
                    self.scan(path, encoded, columns=True, words=wanted)
                    self.scan(path, encoded, words=wanted, threads=3,
                              year_from=1950, tags="drop", chunk_size=100)


class Layouts(Case):
    """The same rows as the releases of 2009 and 2020 have them, real ones among
    them: the same totals as awk finds in the layout of 2012."""

    def test_totals_are_those_of_2012(self):
        for data in texts():
            if expect.parse(data.text).faults:
                continue
            plain = self.write("2012", data.text)
            wanted = awk.count(awk.installed()[0], plain)
            for layout in (2009, 2020):
                text = all_data.in_layout(data.text, layout)
                for form in FORMS:
                    encoded = FORMS[form](text)
                    path = self.write(form, encoded)
                    with self.subTest(data=data.name, layout=layout, form=form):
                        result = self.scan(path, encoded, columns=True, threads=3)
                        self.assertEqual(
                            {row[0]: row[1:] for row in result.rows},
                            {word: tuple(count) for word, count in wanted.items()})


class Streams(Case):
    """A FIFO and standard input are read once, forward."""

    def files(self):
        data = texts()[-1]
        for form, make in FORMS.items():
            encoded = make(data.text)
            yield form, encoded, self.write(form, encoded)
        yield "bad", b"a\t1\t2\t3\n" * 50_000 + b"b\n" + data.text, None
        yield "empty", b"", None
        yield "one_byte", b"\x1f", None
        yield "cut", FORMS["gzip"](data.text)[:-9], None

    def through_fifo(self, encoded, piece, **options):
        """A writer in small pieces: reads come short."""
        path = os.path.join(self.folder, "fifo")
        os.mkfifo(path)

        def write():
            try:
                with open(path, "wb", buffering=0) as fifo:
                    for at in range(0, len(encoded), piece):
                        fifo.write(encoded[at:at + piece])
            except BrokenPipeError:
                pass  # the reader has met an error

        writer = threading.Thread(target=write)
        writer.start()
        try:
            return self.scan(path, encoded, **options)
        finally:
            writer.join()
            os.unlink(path)

    def test_fifo(self):
        for form, encoded, _ in self.files():
            for threads, piece in ((1, 1 << 16), (3, 4093), (3, 1 << 20)):
                with self.subTest(form=form, threads=threads, piece=piece):
                    self.through_fifo(encoded, piece, threads=threads)

    def test_first_bytes_come_alone(self):
        encoded = FORMS["bgzf"](b"a\t1\t2\t3\n" * 9)
        for text in (encoded, b"a\t1\t2\t3\n"):
            self.through_fifo(text, 1, threads=2)

    def test_standard_input(self):
        for form, encoded, _ in self.files():
            for threads in (1, 3):
                with self.subTest(form=form, threads=threads), \
                        open(self.write("input", encoded), "rb") as file:
                    self.scan("-", encoded, stdin=file.fileno(),
                              threads=threads)

    def test_standard_input_from_a_place_inside(self):
        first = b"not\ta\trow\n"
        encoded = b"a\t1\t2\t3\n" * 9
        with open(self.write("input", first + encoded), "rb") as file:
            os.lseek(file.fileno(), len(first), os.SEEK_SET)
            self.scan("-", encoded, stdin=file.fileno())


def gz_files(folder, count):
    """Some real .gz files, of all sizes, the same ones on every run."""
    found = sorted(os.path.join(place, name)
                   for place, _, names in os.walk(folder) for name in names
                   if name.endswith(".gz"))
    found = [path for path in found if os.path.isfile(path)
             and os.access(path, os.R_OK) and os.path.getsize(path) < 2 << 20]
    found.sort(key=os.path.getsize)
    return found[::max(len(found) // count, 1)][:count]


class RealGzip(Case):
    """Manual pages and change logs: no n-grams, but gzip from many hands."""

    def test_real_files(self):
        paths = gz_files("/usr/share", REAL_GZ_FILES)
        if not paths:
            self.skipTest("no .gz file under /usr/share")
        for path in paths:
            data = all_data.read(path)
            for decoder in self.decoders:
                environment = {"NGRAM_DECODER": decoder}
                with self.subTest(path=path, decoder=decoder):
                    self.scan(path, data, environment)
                    self.scan(path, data, environment, on_error="skip",
                              threads=3)


class Random(Case):
    """Random texts, members, damage and options."""

    def options(self, rng, text):
        options = {"threads": rng.choice((1, 2, 3, 8)),
                   "columns": rng.randrange(2) == 0,
                   "on_error": rng.choice(("fail", "skip"))}
        if rng.randrange(2):
            options["chunk_size"] = int(2 ** rng.uniform(0, 20))
        if rng.randrange(4) == 0:
            options["year_from"] = rng.randrange(1400, 2010)
        if rng.randrange(4) == 0:
            options["year_to"] = rng.randrange(1400, 2010)
        if rng.randrange(4) == 0:
            options["tags"] = rng.choice(("keep", "drop", "only", "plain"))
        if rng.randrange(6) == 0:
            rows = expect.parse(text).rows
            options["words"] = [b"none"] + [
                rng.choice(rows).word for _ in range(9 if rows else 0)]
        return options

    def one_round(self, seed, number):
        rng = random.Random(f"{seed}/{number}")
        text = all_data.random_text(rng)
        data = all_data.damage(rng, all_data.random_file(rng, text))
        path = self.write("file", data)
        for _ in range(4):
            options = self.options(rng, text)
            environment = {"NGRAM_KERNEL": rng.choice(self.kernels),
                           "NGRAM_DECODER": rng.choice(self.decoders)}
            try:
                self.scan(path, data, environment, **options)
            except (AssertionError, scan.Crash) as error:
                kept = os.path.join(tempfile.gettempdir(),
                                    f"ngram-random-{seed}-{number}")
                shutil.copy(path, kept)
                self.fail(f"NGRAM_SEED={seed} NGRAM_ROUND={number}, "
                          f"file kept as {kept}: {error}")

    def test_random_files(self):
        seed = os.environ.get("NGRAM_SEED") or str(
            random.SystemRandom().randrange(1 << 32))
        rounds = range(int(os.environ.get(
            "NGRAM_ROUNDS",
            ROUNDS_SHORT if scan.is_short(self.target) else ROUNDS)))
        if "NGRAM_ROUND" in os.environ:
            rounds = [int(os.environ["NGRAM_ROUND"])]
        print(f"NGRAM_SEED={seed}", flush=True)
        for number in rounds:
            with self.subTest(round=number):
                self.one_round(seed, number)


@functools.lru_cache(maxsize=1)
def texts():
    found = list(all_data.real()) + list(all_data.generated())
    if scan.is_short(Case.target):
        found = [data._replace(text=shorten(data.text)) for data in found]
    return found


def shorten(text, size=2_000_000):
    """Whole lines, some `size` bytes of them."""
    return text[:text.find(b"\n", size) + 1] if len(text) > size else text


def main():
    target = Case.target = scan.find_target()
    if not target:
        return sys.exit(77)
    row = b"a\t1\t2\t3\n" * 100
    Case.decoders = scan.usable(target, "NGRAM_DECODER", scan.DECODERS,
                                encoders.member(row))
    Case.kernels = scan.usable(target, "NGRAM_KERNEL", scan.KERNELS, row)
    print(f"{target.name} {target.path}; decoders {', '.join(Case.decoders)}; "
          f"kernels {', '.join(Case.kernels)}", flush=True)
    with scan.mapper(target) as run_all:
        Case.run_all = staticmethod(run_all)
        return tap.main()


if __name__ == "__main__":
    main()
