# SPDX-License-Identifier: MIT
"""What the beginning of a file tells: a byte order mark, the layout of rows, a
format that is not read; at every door, compressed or not, from a file, a FIFO
or standard input.

    NGRAM_SO=build/release/ngram.so python3 tests/python/test_beginnings.py
"""

import bz2
import gzip
import io
import itertools
import lzma
import os
import random
import shutil
import struct
import subprocess
import sys
import tarfile
import tempfile
import threading
import time
import unittest

import tap

TESTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, TESTS)

from matrix import encoders
from python import archives, tables
from reference import article, rows as row_rules

SEED = int(os.environ.get("NGRAM_SEED") or time.time_ns() // 1000)
BOM = b"\xef\xbb\xbf"
LAYOUTS = {
    2012: b"the\t%d\t5\t2\n",
    2009: b"the\t%d\t5\t4\t2\n",
    2020: b"the\t%d,5,2\n",
}
# Good in no layout.
BAD = (b"#c\n", b"\n", b"foo\t, bar\t1900\t5\t2\n", b"a\tb\t1900\t5\t2\t1\n",
       b"the\t1900,5\n", b"w\xe9\t1900\t5\t2\n", b"the\t1900\t5\t2,\n",
       b"ngram\tyear\tmatch_count\tvolume_count\n", b"x" * 5000 + b"\n",
       b"\xef\xbb\n", b"y" * (row_rules.LINE_MAX + 9) + b"\n")


class Case(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = os.path.join(folder.name, "file")
        self.db = tables.connect()
        self.addCleanup(self.db.close)

    def write(self, data):
        with open(self.path, "wb") as file:
            file.write(data)

    def ask(self, table, columns, **wanted):
        where = "".join(f" AND {name} = :{name}" for name in wanted)
        return self.db.execute(
            f"SELECT {columns} FROM {table}(:path) WHERE 1{where}",
            {"path": self.path, **wanted}).fetchall()

    def error(self, table, **wanted):
        with self.assertRaises(Exception) as caught:
            self.ask(table, "*", **wanted)
        return str(caught.exception)


def encodings(text):
    """As it is, in one member, in members of one byte, as BGZF."""
    yield text
    yield gzip.compress(text, mtime=0)
    if len(text) < 100:
        yield encoders.members(text, 1)
    yield encoders.bgzf(text)


class ByteOrderMark(Case):
    def test_rows_of_each_layout(self):
        for layout, line in LAYOUTS.items():
            text = BOM + line % 1900 + line % 1901
            for data in encodings(text):
                self.write(data)
                for threads in (1, 3):
                    self.assertEqual(
                        self.ask("ngram_counts", "word, total",
                                 threads=threads), [("the", 10)], layout)
                    self.assertEqual(
                        self.ask("ngram_rows", "word, year, position",
                                 threads=threads),
                        [("the", 1900, 1), ("the", 1901, 2)], layout)

    def test_rows_that_are_looked_up(self):
        for line in LAYOUTS.values():
            for data in encodings(BOM + line % 1900 + line % 1901):
                self.write(data)
                for _ in range(8):
                    self.assertEqual(self.ask("ngram_rows", "year", word="the"),
                                     [(1900,), (1901,)])
                    self.assertEqual(self.ask("ngram_rows", "word", year=1900),
                                     [("the",)])

    def test_words_of_free_text(self):
        for text, words in ((BOM + b"hello hello", {"hello": 2}),
                            (BOM + b"\nhello", {"hello": 1}),
                            (BOM, {}),
                            (b"a " + BOM + b"a", {"a": 1, "\ufeffa": 1}),
                            (BOM + BOM + b"a", {"\ufeffa": 1})):
            for data in encodings(text):
                self.write(data)
                self.assertEqual(dict(self.ask("word_counts", "word, total")),
                                 words, text)

    def test_a_mark_that_is_cut_off_is_content(self):
        for text in (b"\xef", b"\xef\xbb", b"\xef\xbbthe\t1900\t5\t2\n"):
            self.write(text)
            self.assertIn("line 1", self.error("ngram_counts"))

    def test_a_mark_in_the_middle_is_content(self):
        line = LAYOUTS[2012] % 1900
        self.write(line + BOM + line)
        self.assertEqual(sorted(self.ask("ngram_counts", "word, total")),
                         [("the", 5), ("\ufeffthe", 5)])

    def test_the_longest_line(self):
        word = b"w" * (row_rules.LINE_MAX - len(b"\t1900\t5\t2"))
        for data in encodings(BOM + word + b"\t1900\t5\t2\n"):
            self.write(data)
            self.assertEqual(self.ask("ngram_counts", "length(word), total"),
                             [(len(word), 5)])
        self.write(BOM + b"w" + word + b"\t1900\t5\t2\n")
        self.assertIn("line 1: longer than 1 MiB", self.error("ngram_counts"))


class Layout(Case):
    def check(self, text, threads):
        expected = article.count(row_rules.parse(text).rows)
        faults = row_rules.parse(text).faults
        for data in (text, gzip.compress(text, mtime=0)):
            self.write(data)
            got = dict(self.ask("ngram_counts", "CAST(word AS BLOB), total",
                                on_error="skip", threads=threads))
            self.assertEqual(got, {word: count.total
                                   for word, count in expected.items()})
            skipped, = self.db.execute(
                "SELECT skipped FROM ngram_stats LIMIT 1").fetchone()
            self.assertEqual(skipped, len(faults))
            if faults:
                self.assertIn(f"line {faults[0].line}: {faults[0].message}",
                              self.error("ngram_counts", threads=threads))

    def test_bad_lines_before_good_ones(self):
        for (_, line), bad in itertools.product(LAYOUTS.items(), BAD):
            self.check(bad + line % 1900 + bad + line % 1901, threads=1)
            self.check(bad, threads=1)

    def test_random_beginnings(self):
        print(f"NGRAM_SEED={SEED}")
        rng = random.Random(SEED)
        for _ in range(60):
            lines = [rng.choice(BAD[:-1]) for _ in range(rng.randrange(40))]
            lines += [rng.choice(list(LAYOUTS.values())) % 1900
                      for _ in range(rng.randrange(4))]
            if rng.randrange(3) == 0 and lines:
                lines[-1] = lines[-1].rstrip(b"\n")
            self.check(b"".join(lines), rng.choice((1, 2, 4)))

    def test_a_file_with_a_long_bad_beginning(self):
        for text in (b"#c\n" * 2_000_000, b"#" * (3 << 20) + b"\n"):
            self.write(text + LAYOUTS[2020] % 1900)
            self.assertEqual(
                self.ask("ngram_counts", "word, total", on_error="skip"),
                [("the", 5)])
            self.assertIn("line 1", self.error("ngram_counts"))

    def test_a_stream_is_read_once(self):
        os.mkfifo(self.path)
        text = b"#c\n" * 100_000 + (LAYOUTS[2020] % 1900) * 3

        def write():
            with open(self.path, "wb") as file:
                file.write(text)

        writer = threading.Thread(target=write)
        writer.start()
        self.assertEqual(
            self.ask("ngram_counts", "word, total", on_error="skip"),
            [("the", 15)])
        writer.join()


def tar(text, layout=tarfile.DEFAULT_FORMAT):
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w", format=layout) as archive:
        member = tarfile.TarInfo("a.tsv")
        member.size = len(text)
        archive.addfile(member, io.BytesIO(text))
    return file.getvalue()


def zstd(text):
    """A frame of one block that is stored."""
    return (b"\x28\xb5\x2f\xfd\x20" + bytes([len(text)]) +
            struct.pack("<I", 1 | len(text) << 3)[:3] + text)


def lz4(text):
    """A frame of one block that is stored."""
    return (b"\x04\x22\x4d\x18\x60\x40\x82" +
            struct.pack("<I", 1 << 31 | len(text)) + text + bytes(4))


def compress(text):
    """LZW as compress(1) writes it, with codes of single bytes only."""
    codes = sum(byte << 9 * place for place, byte in enumerate(text))
    return b"\x1f\x9d\x90" + codes.to_bytes(-(-9 * len(text) // 8), "little")


ROWS = (LAYOUTS[2012] % 1900) * 9
UTF16 = "iconv -f UTF-16 -t UTF-8"
# The beginnings of files, and the commands that unpack them, where these are
# the same for a file and for a pipe.
FILTERS = {
    "a zstd file": (zstd(ROWS), "zstd -dc"),
    "an xz file": (lzma.compress(ROWS), "xz -dc"),
    "a bzip2 file": (bz2.compress(ROWS), "bzip2 -dc"),
    "an lz4 file": (lz4(ROWS), "lz4 -dc"),
    "a file of compress(1)": (compress(ROWS), "gzip -dc"),
    "UTF-16 text": (ROWS.decode().encode("utf-16"), UTF16),
}
PACKINGS = {
    "": lambda data: data,
    " within a gz": gzip.compress,
    " within a zip archive": archives.simple,
}
PLAIN, GZ, ZIP = PACKINGS
# What is said of a format by what it is packed in; nothing: it is read.
FOREIGN = {
    name: (data, {PLAIN: f"{command} FILE | ... '-'",
                  GZ: f"gzip -dc FILE | {command} | ... '-'",
                  ZIP: f"unzip -p FILE | {command} | ... '-'"})
    for name, (data, command) in FILTERS.items()
}
FOREIGN |= {
    "a gz": (gzip.compress(ROWS), {
        GZ: "gzip -dc FILE | ... '-'",
        ZIP: "unzip -p FILE | ... '-'"}),
    "a zip archive": (archives.simple(ROWS), {
        GZ: "gzip -dc FILE >OTHER, then read OTHER",
        ZIP: "unzip FILE -d FOLDER, then read 'FOLDER/*'"}),
    "a tar archive": (tar(ROWS), {
        PLAIN: "tar -xOf FILE | ... '-'",
        GZ: "gzip -dc FILE | tar -xOf - | ... '-'",
        ZIP: "unzip -p FILE | tar --ignore-zeros -xOf - | ... '-'"}),
    "a 7z archive": (b"7z\xbc\xaf\x27\x1c\x00\x04", {
        PLAIN: "7z x -so FILE | ... '-'",
        GZ: "gzip -dc FILE >OTHER; 7z x -so OTHER | ... '-'",
        ZIP: "unzip -p FILE >OTHER; 7z x -so OTHER | ... '-'"}),
    "a Git LFS pointer in place of the file": (
        b"version https://git-lfs.github.com/spec/v1\n"
        b"oid sha256:4d7a\nsize 12345\n",
        dict.fromkeys(PACKINGS, "git lfs pull in its repository")),
}
OF_ROWS = {
    "an HTML page": (
        b"\r\n<!DOCTYPE html>\n<html><body>404</body></html>\n",
        dict.fromkeys(PACKINGS,
                      "is it what the server said in place of the file?")),
}
DOORS = ("ngram_counts", "ngram_rows", "ngram_totals", "word_counts")


class Foreign(Case):
    def check(self, said, data, doors=DOORS):
        self.write(data)
        for door in doors:
            for on_error in ({}, {"on_error": "skip"}):
                if door == "ngram_totals" and on_error:
                    continue
                self.assertEqual(self.error(door, **on_error),
                                 f"{door}: {self.path}: this is {said}")

    def follow(self, hint):
        """The total of what the hint leads to; None: a tool is missing."""
        folder = os.path.dirname(self.path)
        command, _, read = hint.partition(", then read ")
        if not read:
            command = command.replace("| ... '-'", ">OTHER")
        if not all(shutil.which(part.split()[0])
                   for part in command.split(" | ")):
            return None
        subprocess.run(command.replace("FILE", self.path), shell=True,
                       check=True, cwd=folder, stdout=subprocess.DEVNULL)
        self.path = os.path.join(folder, read.strip("'") or "OTHER")
        (word, total), = self.ask("ngram_counts", "word, total")
        self.assertEqual(word, "the")
        return total

    def test_formats_are_named(self):
        for formats, doors in ((FOREIGN, DOORS), (OF_ROWS, DOORS[:3])):
            for name, (data, hints) in formats.items():
                for packing, hint in hints.items():
                    with self.subTest(name=name, packing=packing):
                        self.check(f"{name}{packing}: {hint}",
                                   PACKINGS[packing](data), doors)

    def test_hints_can_be_followed(self):
        for name, (data, hints) in FOREIGN.items():
            for packing, hint in hints.items():
                if name.startswith(("a 7z", "a Git")):
                    continue
                with self.subTest(name=name, packing=packing):
                    self.setUp()
                    self.write(PACKINGS[packing](data))
                    self.assertIn(self.follow(hint), (45, None))

    def test_hints_reach_every_entry(self):
        for name in ("a zstd file", "an xz file", "a bzip2 file",
                     "an lz4 file", "a gz", "a zip archive", "a tar archive"):
            data, hints = FOREIGN[name]
            with self.subTest(name=name):
                self.setUp()
                self.write(archives.simple(data, data))
                self.assertIn(self.follow(hints[ZIP]), (90, None))

    def test_a_gz_after_a_mark_is_not_packed(self):
        for data in (gzip.compress(ROWS), archives.simple(ROWS)):
            self.write(BOM + data)
            for door in DOORS:
                self.assertNotIn("this is", self.error(door))

    def test_utf16_without_a_mark(self):
        for codec in ("UTF-16LE", "UTF-16BE"):
            command = f"iconv -f {codec} -t UTF-8"
            data = ROWS.decode().encode(codec)
            self.check(f"UTF-16 text: {command} FILE | ... '-'", data)
            self.check(f"UTF-16 text within a gz: gzip -dc FILE | {command} | "
                       "... '-'", gzip.compress(data))
            self.check("UTF-16 text within a zip archive: unzip -p FILE | "
                       f"{command} | ... '-'", archives.simple(data))

    def test_tar_of_every_layout(self):
        for layout in tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT:
            self.write(tar(ROWS, layout))
            for door in DOORS:
                self.assertIn("this is a tar archive", self.error(door), layout)

    def test_text_with_the_letters_of_tar(self):
        """Where an archive has them."""
        for end in b" is", b"  is", b"\tis", b"":
            self.write(b"the " * 64 + b" ustar" + end)
            self.assertIn(("the", 64), self.ask("word_counts", "word, total"))

    def test_text_that_looks_like_a_format(self):
        self.write(OF_ROWS["an HTML page"][0])
        self.assertIn(("404</body></html>", 1), [
            (word[-17:], total)
            for word, total in self.ask("word_counts", "word, total")])
        for word in (b"<html", b"BZh9", b"7z", b"version",
                     b"version https://git-lfs.github.com/spec/v1"):
            self.write(word + b"\t1900\t5\t2\n")
            self.assertEqual(self.ask("ngram_counts", "word, total"),
                             [(word.decode(), 5)])

    def test_standard_input(self):
        code = ("import sys; sys.path.insert(0, sys.argv[1]); import tables\n"
                "tables.connect().execute("
                "\"SELECT * FROM ngram_counts('-')\").fetchall()")
        said = subprocess.run(
            [sys.executable, "-c", code, os.path.join(TESTS, "python")],
            input=FOREIGN["a zstd file"][0], capture_output=True, check=False)
        self.assertIn(b"-: this is a zstd file: zstd -dc FILE | ... '-'",
                      said.stderr)


if __name__ == "__main__":
    tap.main()
