# SPDX-License-Identifier: MIT
"""zip archives: their entries one after the other, held to plain sums.

    NGRAM_SO=build/release/ngram.so python3 tests/python/test_zip.py

NGRAM_SEED and NGRAM_ROUNDS repeat or extend the random archives.
"""

import collections
import gzip
import os
import random
import sqlite3
import struct
import subprocess
import sys
import tempfile
import threading
import time
import unittest

import archives
import tables
import tap

SEED = int(os.environ.get("NGRAM_SEED") or time.time_ns() // 1000)
ROUNDS = int(os.environ.get("NGRAM_ROUNDS") or
             (30 if os.environ.get("NGRAM_SHORT") else 60))
ROW = b"a\t1900\t1\t1\n"
OTHER = b"b\t1900\t1\t1\n"
BOM = b"\xef\xbb\xbf"
CHILD = """
import sqlite3, sys
db = sqlite3.connect(":memory:")
db.enable_load_extension(True)
db.load_extension(sys.argv[1])
try:
    print(db.execute("SELECT sum(total) FROM ngram_counts('-')").fetchall())
except sqlite3.Error as error:
    print(error)
"""


def make_text(rng, rows):
    words = ["".join(rng.choice("abcdefgh") for _ in range(rng.randint(1, 6)))
             for _ in range(1 + rows // 4)]
    return "".join(f"{rng.choice(words)}\t{rng.randint(1800, 2000)}\t"
                   f"{rng.randint(1, 999)}\t{rng.randint(1, 9)}\n"
                   for _ in range(rows)).encode()


def parse(text):
    """The rows of a text, as ngram_rows gives them."""
    lines = [line.split("\t") for line in text.decode().splitlines()]
    return [(line[0], *map(int, line[1:]), place)
            for place, line in enumerate(lines, 1)]


def sums(rows):
    totals = collections.Counter()
    for row in rows:
        totals[row[0]] += row[2]
    return dict(totals)


class Case(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        self.path = os.path.join(folder.name, "a.csv.zip")
        self.db = self.connect()

    def connect(self):
        db = tables.connect()
        self.addCleanup(db.close)
        db.execute("SELECT ngram_config('cache_limit', 0)")
        return db

    def set(self, name, value):
        """A variable of the environment, up to the end of the test."""
        old = os.environ.pop(name, None)
        if value is not None:
            os.environ[name] = value
        self.addCleanup(os.environ.pop, name, None)
        if old is not None:
            self.addCleanup(os.environ.__setitem__, name, old)

    def write(self, data):
        with open(self.path, "wb") as file:
            file.write(data)

    def ask(self, columns, table, **wanted):
        where = " AND ".join(f"{name} = :{name}" for name in wanted)
        return self.db.execute(
            f"SELECT {columns} FROM {table}(:path) WHERE {where or 1}",
            {"path": self.path, **wanted}).fetchall()

    def totals(self, **wanted):
        return dict(self.ask("word, total", "ngram_counts", **wanted))

    def rows(self, **wanted):
        return self.ask("word, year, match_count, volume_count, position",
                        "ngram_rows", **wanted)

    def refusal(self, data, **wanted):
        """What is said of an archive by all that read it, without its path."""
        said = set()
        self.write(data)
        for table in ("ngram_counts", "ngram_rows", "word_counts",
                      "ngram_totals"):
            options = {} if table == "ngram_totals" else wanted
            with self.assertRaises(sqlite3.Error) as caught:
                self.ask("count(*)", table, **options)
            message = str(caught.exception)
            self.assertTrue(message.startswith(f"{table}: {self.path}: "),
                            message)
            said.add(message.split(": ", 2)[2])
        self.assertEqual(len(said), 1, said)
        return said.pop()


class Archives(Case):
    def check(self, text, threads, rng):
        """All tables against the text, and a word asked again and again."""
        rows = parse(text)
        wanted = sums(rows)
        chunk_size = rng.choice((None, 1, 7, 1000))
        options = {"chunk_size": chunk_size} if chunk_size else {}
        limit = rng.choice((0, 2 << 20, 16 << 20))
        self.assertTrue(self.totals(threads=threads, memory_limit=limit,
                                    **options) == wanted, "other totals")
        self.assertEqual(
            self.db.execute("SELECT format, rows, text_bytes FROM ngram_stats "
                            "LIMIT 1").fetchone(), ("zip", len(rows), len(text)))
        self.assertTrue(self.rows(threads=threads, memory_limit=limit) == rows,
                        "other rows")
        words = collections.Counter(text.decode().split())
        self.assertTrue(dict(self.ask("word, total", "word_counts",
                                      threads=threads, **options)) == words,
                        "other words")

    def check_lookups(self, text, rng):
        rows = parse(text)
        for word in rng.sample(sorted(sums(rows)), k=min(4, len(sums(rows)))):
            for _ in range(4):
                self.assertTrue(
                    self.rows(word=word) == [r for r in rows if r[0] == word],
                    "other rows of a word")
        year = rng.choice(rows)[1]
        for _ in range(7):
            self.assertTrue(
                self.rows(year=year) == [r for r in rows if r[1] == year],
                "other rows of a year")

    def test_random_archives(self):
        print(f"# NGRAM_SEED={SEED}")
        for number in range(ROUNDS):
            rng = random.Random(SEED + number)
            text = make_text(rng, rng.choice((1, 30, 3000)))
            pieces = archives.cut(rng, text, rng.randint(1, 40))
            self.write(archives.make(rng, pieces))
            for threads in (1, 4):
                self.set("NGRAM_STRETCH", rng.choice((None, "1024", "5000")))
                self.set("NGRAM_AHEAD", rng.choice((None, "on", "off",
                                                    "refuse")))
                with self.subTest(seed=SEED + number, threads=threads):
                    self.check(text, threads, rng)

    def test_lookups(self):
        for number in range(ROUNDS // 10):
            rng = random.Random(SEED + number)
            text = make_text(rng, 30_000)
            self.write(archives.make(
                rng, archives.cut(rng, text, rng.choice((1, 3, 40)))))
            self.db = self.connect()
            self.db.execute("SELECT ngram_config('cache_limit', 100000000)")
            self.set("NGRAM_STRETCH", rng.choice((None, "20000")))
            time.sleep(1.1)  # what was just written may still change
            with self.subTest(seed=SEED + number):
                self.check_lookups(text, rng)

    def test_guesses(self):
        """Entries that are decoded ahead: guesses are taken and thrown away."""
        for number in range(ROUNDS // 10):
            rng = random.Random(SEED + number)
            text = make_text(rng, 30_000)
            self.write(archives.make(
                rng, archives.cut(rng, text, rng.choice((1, 2, 30)))))
            for ahead in ("on", "off", "refuse"):
                self.set("NGRAM_AHEAD", ahead)
                self.set("NGRAM_STRETCH", rng.choice(("1024", "30000")))
                with self.subTest(seed=SEED + number, ahead=ahead):
                    self.check(text, 4, rng)

    def test_seek_points(self):
        """The first scan leaves them in a folder, the next one uses them."""
        for number in range(ROUNDS // 10):
            rng = random.Random(SEED + number)
            text = make_text(rng, 30_000)
            method = rng.choice((None, archives.DEFLATED))
            self.write(archives.make(
                rng, archives.cut(rng, text, rng.choice((1, 3, 40))), method))
            self.set("NGRAM_STRETCH", "20000")
            time.sleep(1.1)
            strategies = []
            for threads in (1, 4, 1, 4):
                self.db = self.connect()
                self.db.execute("SELECT ngram_config('index', ?)",
                                (self.folder,))
                with self.subTest(seed=SEED + number, threads=threads):
                    self.check(text, threads, rng)
                self.totals(threads=4)
                strategies += self.db.execute(
                    "SELECT strategy FROM ngram_stats LIMIT 1").fetchone()
            # Other decoders cannot go on in the middle of a member.
            resumes = os.environ.get("NGRAM_DECODER", "native") in (
                "native", "portable")
            if method == archives.DEFLATED and resumes:
                self.assertEqual(strategies, ["points"] * 4)

    def test_totals(self):
        lines = [b"%d\t%d\t2\t1\n" % (1900 + i, i) for i in range(90)]
        for number in range(ROUNDS // 10):
            rng = random.Random(SEED + number)
            self.write(archives.make(
                rng, archives.cut(rng, b"".join(lines), rng.randint(1, 9))))
            with self.subTest(seed=SEED + number):
                self.assertEqual(
                    self.ask("year, match_count", "ngram_totals"),
                    [(1900 + i, i) for i in range(90)])

    def test_nothing_in_it(self):
        rng = random.Random(SEED)
        for data in (archives.simple(), archives.simple(b""),
                     archives.simple(b"", b"", method=archives.STORED)):
            for threads in (1, 4):
                self.write(data)
                self.assertEqual(self.totals(threads=threads), {})
                self.check(b"", threads, rng)

    def as_one_text(self, *texts):
        """The texts as entries, as members of a gz, and in one piece."""
        for method in (archives.STORED, archives.DEFLATED):
            yield archives.simple(*texts, method=method)
        yield b"".join(map(gzip.compress, texts))
        yield b"".join(texts)

    def test_a_line_goes_on_in_the_next_entry(self):
        for data in self.as_one_text(OTHER + ROW[:3], b"", ROW[3:-1],
                                     b"0\n" + OTHER):
            self.write(data)
            for threads in (1, 4):
                self.assertEqual(self.totals(threads=threads),
                                 {"a": 1, "b": 2})
                self.assertEqual(self.rows(threads=threads),
                                 [("b", 1900, 1, 1, 1), ("a", 1900, 1, 10, 2),
                                  ("b", 1900, 1, 1, 3)])
        for data in self.as_one_text(b"one tw", b"o th", b"ree"):
            self.write(data)
            self.assertEqual(
                dict(self.ask("word, total", "word_counts")),
                {"one": 1, "two": 1, "three": 1})
        for data in self.as_one_text(b"1900\t1", b"2\t3\t", b"4\n"):
            self.write(data)
            self.assertEqual(self.ask("year, match_count", "ngram_totals"),
                             [(1900, 12)])

    def test_a_line_without_an_end_is_not_ended_by_its_entry(self):
        for data in self.as_one_text(ROW[:-1], OTHER + ROW):
            self.write(data)
            for threads in (1, 4):
                with self.assertRaises(sqlite3.Error) as caught:
                    self.totals(threads=threads)
                self.assertIn("line 1: ", str(caught.exception))
                self.assertEqual(
                    self.totals(threads=threads, on_error="skip"), {"a": 1})

    def test_a_mark_begins_the_first_entry_only(self):
        for data in self.as_one_text(b"", BOM + ROW, BOM + ROW):
            self.write(data)
            for threads in (1, 4):
                self.assertEqual(self.totals(threads=threads),
                                 {"a": 1, "\ufeffa": 1})
        for data in self.as_one_text(BOM + b"a ", BOM + b"a"):
            self.write(data)
            self.assertEqual(dict(self.ask("word, total", "word_counts")),
                             {"a": 1, "\ufeffa": 1})
        for data in self.as_one_text(BOM + b"1900\t1\t2\t1\n",
                                     BOM + b"1901\t1\t2\t1\n"):
            self.write(data)
            with self.assertRaises(sqlite3.Error) as caught:
                self.ask("*", "ngram_totals")
            self.assertIn("line 2: ", str(caught.exception))

    def test_more_entries_than_16_bits_count(self):
        count = 66_000
        self.write(archives.simple(*[ROW] * count, method=archives.STORED))
        for threads in (1, 4):
            self.assertEqual(self.totals(threads=threads), {"a": count})
        with self.assertRaises(MemoryError):
            self.totals(memory_limit=2 << 20)

    def test_many_archives(self):
        for number in range(9):
            self.path = os.path.join(self.folder, f"m{number}.zip")
            self.write(archives.simple(ROW, ROW))
        self.path = os.path.join(self.folder, "m*.zip")
        for threads in (1, 4):
            self.assertEqual(self.totals(threads=threads), {"a": 18})


class Damage(Case):
    def outcome(self, **wanted):
        """The totals, or None: an error that names the file."""
        try:
            return self.totals(**wanted)
        except sqlite3.Error as error:
            self.assertIn(self.path, str(error))
            return None

    def small(self):
        texts = (ROW * 3, OTHER * 2, b"", ROW + OTHER)
        yield archives.simple(*texts[1:], ROW * 3, method=archives.STORED)
        yield archives.make(random.Random(1), texts)

    def test_every_byte(self):
        wanted = {"a": 4, "b": 3}
        for data in self.small():
            for at in range(len(data)):
                for change in (1, 0x80, 0xFF, 1 << at % 8):
                    self.write(archives.put(data, at, "B", data[at] ^ change))
                    got = self.outcome(threads=1 + 3 * (at % 2))
                    if got not in (wanted, None):
                        self.fail(f"byte {at} ^ {change}: {got}")

    def test_every_byte_anew(self):
        """Other values: those that lengths and flags are special at."""
        wanted = {"a": 4, "b": 3}
        for data in self.small():
            for at in range(len(data)):
                for form, value in (("B", 0), ("<H", 65535),
                                    ("<I", 2**32 - 1), ("<Q", 2**64 - 1)):
                    new = struct.pack(form, value)
                    self.write((data[:at] + new + data[at + len(new):])
                               [:len(data)])
                    got = self.outcome(threads=1)
                    if got not in (wanted, None):
                        self.fail(f"byte {at}, {form} {value}: {got}")

    def test_every_prefix(self):
        for data in self.small():
            for size in range(1, len(data)):
                self.write(data[:size])
                self.assertIsNone(self.outcome(threads=1), size)

    def test_random_damage(self):
        """Of larger ones, in which entries are decoded side by side."""
        for number in range(ROUNDS):
            rng = random.Random(SEED + number)
            text = make_text(rng, 3000)
            data = archives.make(rng, archives.cut(rng, text, rng.randint(1, 9)))
            self.set("NGRAM_AHEAD", "on")
            self.set("NGRAM_STRETCH", "1024")
            at = rng.randrange(4, len(data))
            self.write(archives.put(data, at, "B", rng.randrange(256)))
            one = self.outcome(threads=1)
            with self.subTest(seed=SEED + number, at=at):
                self.assertTrue(one in (None, sums(parse(text))), "totals")
                self.assertTrue(self.outcome(threads=4) == one, "threads")

    def test_the_record_is_named(self):
        data = archives.simple(ROW, OTHER)
        at = archives.record_at(data, 1)
        for form, field, value, said in (
                ("H", 8, 1, "the zip entry is encrypted"),
                ("H", 8, 1 << 6, "the zip entry is encrypted"),
                ("H", 8, 1 << 13, "the zip entry is encrypted"),
                ("H", 10, 12, "the zip entry is packed by method 12; stored (0) "
                 "and deflated (8) are read"),
                ("H", 10, 93, "the zip entry is packed by method 93; stored (0) "
                 "and deflated (8) are read"),
                ("H", 34, 1, "split zip: other parts of the archive are in "
                 "other files"),
                ("H", 28, 999, "bad zip directory"),
                ("I", 20, 0, "bad zip directory")):
            self.assertEqual(
                self.refusal(archives.put(data, at + field, form, value)),
                f"byte {at}: {said}")

    def test_the_local_header_is_named(self):
        data = archives.simple(ROW, OTHER)
        local = data.index(b"PK\3\4", 1)
        first = archives.record_at(data)
        for form, field, value in (("I", 0, 0), ("H", 6, 1), ("H", 8, 0)):
            self.assertEqual(
                self.refusal(archives.put(data, local + field, form, value)),
                f"byte {local}: bad zip entry: no local header that matches the "
                "directory")
        overlap = "bad zip entry: it overlaps what stands beside it"
        self.assertEqual(
            self.refusal(archives.put(data, first + 20, "I", local)),
            f"byte {local}: {overlap}")
        self.assertEqual(
            self.refusal(archives.put(data, local + 28, "H", 65535)),
            f"byte {local}: {overlap}")
        second = archives.record_at(data, 1)
        self.assertEqual(self.refusal(archives.put(data, second + 42, "I", 0)),
                         f"byte 0: {overlap}")

    def test_the_end_is_named(self):
        data = archives.simple(ROW, OTHER)
        end = len(data) - 22
        missing = "truncated zip: no directory at the end of the file"
        self.assertEqual(self.refusal(data[:-1]),
                         f"byte {len(data) - 1}: {missing}")
        self.assertEqual(self.refusal(data + b"x"),
                         f"byte {len(data) + 1}: {missing}")
        self.assertEqual(
            self.refusal(archives.put(data, end + 4, "H", 1)),
            f"byte {end}: split zip: other parts of the archive are in other "
            "files")
        self.assertEqual(self.refusal(data + data),
                         f"byte {len(data) + end}: bad zip directory")
        for count in (1, 3):
            self.assertEqual(
                self.refusal(archives.put(data, end + 10, "H", count)),
                f"byte {end}: bad zip directory")

    def test_the_sums_are_checked(self):
        """The error names the end of the entry's data."""
        for method in (archives.STORED, archives.DEFLATED):
            data = archives.simple(ROW, OTHER, method=method)
            for field, said in ((16, "CRC-32 does not match"),
                                (24, "length does not match")):
                at = archives.record_at(data, 1) + field
                if field == 24 and method == archives.STORED:
                    continue  # told by the directory
                bad = archives.put(data, at, "B", data[at] ^ 1)
                self.assertEqual(self.refusal(bad),
                                 f"byte {archives.record_at(data)}: {said}")

    def test_data_that_end_elsewhere(self):
        data = archives.simple(ROW * 9, OTHER * 9)
        at = archives.record_at(data) + 20
        size = struct.unpack_from("<I", data, at)[0]
        self.assertIn("its data do not end where the directory says",
                      self.refusal(archives.put(data, at, "I", size - 1)))


class Streams(Case):
    SAID = ("byte 0: a zip archive is read from its end, so it cannot come "
            "through a pipe: unzip -p FILE | ... '-'")

    def test_fifo(self):
        os.mkfifo(self.path)

        def write():
            try:
                self.write(archives.simple(ROW))
            except BrokenPipeError:
                pass

        writer = threading.Thread(target=write)
        writer.start()
        with self.assertRaises(sqlite3.Error) as caught:
            self.totals()
        writer.join()
        self.assertEqual(str(caught.exception),
                         f"ngram_counts: {self.path}: {self.SAID}")

    def test_standard_input(self):
        result = subprocess.run(
            [sys.executable, "-c", CHILD, tables.EXTENSION], check=True,
            input=archives.simple(ROW), capture_output=True)
        self.assertEqual(result.stdout.decode(),
                         f"ngram_counts: -: {self.SAID}\n")


class Salvage(Case):
    def salvaged(self, data):
        got = []
        self.write(data)
        for threads in (1, 4):
            got.append(self.totals(threads=threads, on_error="salvage"))
            got.append(sums(self.rows(threads=threads, on_error="salvage")))
        self.assertTrue(all(one == got[0] for one in got), "not alike")
        return got[0]

    def test_whole_ones(self):
        for number in range(ROUNDS // 3):
            rng = random.Random(SEED + number)
            text = make_text(rng, 3000)
            data = archives.make(rng, archives.cut(rng, text, rng.randint(1, 9)))
            with self.subTest(seed=SEED + number):
                self.assertTrue(self.salvaged(data) == sums(parse(text)))

    def test_input_ends_with_the_damaged_entry(self):
        for method in (archives.STORED, archives.DEFLATED):
            data = archives.simple(ROW * 5, OTHER * 7, ROW * 9, method=method)
            at = archives.record_at(data, 1) + 16
            self.assertEqual(
                self.salvaged(archives.put(data, at, "B", data[at] ^ 1)),
                {"a": 5, "b": 7})

    def test_bits_that_make_no_sense(self):
        data = archives.simple(ROW * 5, OTHER * 7, ROW * 9)
        at = data.index(b"PK\3\4", 1) + 30 + len("1.csv")
        self.assertEqual(self.salvaged(archives.put(data, at, "B", 7)), {"a": 5})

    def test_without_a_directory_nothing_is_known(self):
        data = archives.simple(ROW * 5)
        self.assertIn("no directory", self.refusal(data[:-1]))
        self.write(data[:-1])
        with self.assertRaisesRegex(sqlite3.Error, "no directory"):
            self.totals(on_error="salvage")


if __name__ == "__main__":
    tap.main()
