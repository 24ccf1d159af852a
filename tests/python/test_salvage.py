# SPDX-License-Identifier: MIT
"""on_error = 'salvage': the input of a damaged file ends where the damage is,
with what stood before it, held to a strict reader of gzip in Python.

    NGRAM_SO=build/release/ngram.so python3 tests/python/test_salvage.py

NGRAM_SEED and NGRAM_ROUNDS repeat or extend the random damage.
"""

import gzip
import os
import random
import sys
import tempfile
import threading
import time
import unittest

import tap

TESTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, TESTS)

from matrix import encoders
from python import tables
from reference import article, expect, gunzip, rows as row_rules

SEED = int(os.environ.get("NGRAM_SEED") or time.time_ns() // 1000)
ROUNDS = int(os.environ.get("NGRAM_ROUNDS") or 120)
ROW = b"a\t1900\t1\t1\n"


def make_text(rng, words):
    rows = []
    for _ in range(words):
        word = "".join(rng.choice("abcdefgh") for _ in range(rng.randint(1, 6)))
        rows += [f"{word}\t{1900 + year}\t{rng.randint(1, 99)}\t1\n"
                 for year in range(rng.randint(1, 5))]
    return "".join(rows).encode()


def make_file(rng):
    texts = [make_text(rng, rng.choice((1, 5, 50, 2000)))
             for _ in range(rng.randint(1, 6))]
    if rng.randrange(4) == 0:
        texts[-1] = texts[-1][:-1]  # no end of the last line
    if rng.randrange(3) == 0:
        return encoders.bgzf(b"".join(texts), size=rng.choice((300, 65000)))
    return b"".join(gzip.compress(text, rng.choice((1, 6)), mtime=0)
                    for text in texts)


def spoil(rng, data):
    at = rng.randrange(2, len(data))
    kind = rng.randrange(6)
    if kind == 0:
        return data[:at]
    if kind == 1:
        return data[:at] + bytes([data[at] ^ 1 << rng.randrange(8)]) + \
            data[at + 1:]
    if kind == 2:
        return data + rng.choice((b"x", b"garbage", b"\0\0x", b"\x1f"))
    if kind == 3:
        return data + bytes(rng.randint(1, 9)) + gzip.compress(ROW)
    if kind == 4:
        other = data[:-8] + b"\1\2\3\4" + data[-4:]
        return other + gzip.compress(make_text(rng, 5))
    return data


def whole_lines(data):
    """What may be left of the text of a file: no line that was cut, even if its
    beginning stands in a good member.
    """
    _, text, damage, _ = gunzip.decode(data)
    if not damage:
        return [text]
    ends = [at + 1 for at in range(len(text)) if text[at:at + 1] == b"\n"]
    if damage.kind != "invalid deflate":
        return [text[:ends[-1]] if ends else b""]
    # A decoder may keep back the last text before bits that it rejects.
    near = [end for end in ends if end >= len(text) - expect.LONGEST_MATCH]
    return [text[:end] for end in [0, *ends][-len(near) - 1:]]


def count(text):
    return {word: got.total for word, got in
            article.count(row_rules.parse(text).rows).items()}


def goes_on(damage, got, least):
    """Whether bits that zlib rejects were decoded further, as ISA-L may: all text
    before them is there.
    """
    return (os.environ.get("NGRAM_DECODER") == "isal" and
            damage and damage.kind == "invalid deflate" and
            all(got.get(word, 0) >= total for word, total in least.items()))


class Salvage(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        self.path = os.path.join(folder.name, "a.gz")
        self.db = tables.connect()
        self.addCleanup(self.db.close)

    def write(self, data, path=None):
        with open(path or self.path, "wb") as file:
            file.write(data)

    def totals(self, path=None, **wanted):
        where = "".join(f" AND {name} = :{name}" for name in wanted)
        return dict(self.db.execute(
            "SELECT CAST(word AS BLOB), total FROM ngram_counts(:path) "
            f"WHERE on_error = 'salvage'{where}",
            {"path": path or self.path, **wanted}))

    def sums_of_rows(self, **wanted):
        where = "".join(f" AND {name} = :{name}" for name in wanted)
        return dict(self.db.execute(
            "SELECT CAST(word AS BLOB), sum(match_count) "
            "FROM ngram_rows(:path) "
            f"WHERE on_error = 'salvage'{where} GROUP BY 1",
            {"path": self.path, **wanted}))

    def test_random_damage(self):
        print(f"NGRAM_SEED={SEED}")
        for number in range(ROUNDS):
            rng = random.Random(SEED + number)
            data = spoil(rng, make_file(rng))
            self.write(data)
            decoded = gunzip.decode(data)
            wanted = [count(text) for text in whole_lines(data)]
            for threads in (1, 4):
                with self.subTest(seed=SEED + number, damage=decoded.damage):
                    got = self.totals(threads=threads)
                    self.assertTrue(
                        got in wanted or goes_on(decoded.damage, got, wanted[0]),
                        "other totals")
                    self.assertTrue(
                        self.totals(threads=threads, chunk_size=7) == got)
                    self.assertTrue(self.sums_of_rows(threads=threads) == got)
            if not decoded.damage:
                continue
            with self.assertRaises(Exception):
                self.db.execute("SELECT count(*) FROM ngram_counts(?)",
                                (self.path,)).fetchall()

    def test_nothing_is_counted_after_a_wrong_checksum(self):
        many = gzip.compress(b"b\t1900\t1\t1\n" * 200_000)
        member = gzip.compress(b"a\t1900\t1\t1\n" * 200_000)
        for field in (-8, -4):
            at = len(member) + field
            bad = bytes([member[at] ^ 1])
            self.write(member + member[:at] + bad + member[at + 1:] + many * 9)
            for threads in (1, 4):
                self.assertEqual(self.totals(threads=threads), {b"a": 400_000})

    def test_a_cut_line_is_left_out(self):
        member = gzip.compress(ROW + b"a\t1901\t123\t1\n")
        whole = member[:-9]  # a bit of the last symbol is missing
        self.write(whole)
        text = gunzip.decode(whole).text
        self.assertIn(self.totals(),
                      [count(text[:text.rindex(b"\n") + 1])])

    def test_a_line_that_goes_on_in_the_damaged_member_is_left_out(self):
        first = gzip.compress(ROW + b"b\t1901\t1\t123")
        then = gzip.compress(b"456\n" + ROW)
        bad_header = then[:3] + b"\xff" + then[4:]
        bad_block = then[:10] + b"\xff" + then[11:]
        for damaged in (then[:1], then[:9], then[:11], bad_header, bad_block):
            self.write(first + damaged)
            for threads in (1, 4):
                self.assertEqual(self.totals(threads=threads), {b"a": 1})
            self.assertEqual(self.sums_of_rows(), {b"a": 1})
        self.write(gzip.compress(b"well wa") + gzip.compress(b"ter")[:11])
        self.assertEqual(self.db.execute(
            "SELECT word, total FROM word_counts(?) "
            "WHERE on_error = 'salvage'", (self.path,)).fetchall(),
            [("well", 1)])

    def test_a_last_line_without_an_end_is_left_out(self):
        """What follows may be a member whose first bytes are damaged."""
        rest = bytearray(gzip.compress(b"456\n"))
        rest[0] ^= 1
        for junk in (b"garbage", rest):
            self.write(gzip.compress(ROW + b"ab\t1999\t12\t3") + junk)
            self.assertEqual(self.totals(), {b"a": 1})

    def test_pipes(self):
        os.mkfifo(self.path)
        data = gzip.compress(ROW * 1000) + gzip.compress(ROW)[:-8] + \
            bytes(8) + gzip.compress(ROW * 1000)

        def write():
            try:
                self.write(data)
            except BrokenPipeError:
                pass

        writer = threading.Thread(target=write)
        writer.start()
        self.assertEqual(self.totals(), {b"a": 1001})
        writer.join()

    def test_many_files(self):
        good = gzip.compress(ROW * 10)
        for number in range(12):
            path = os.path.join(self.folder, f"m{number}.gz")
            self.write(good + (b"garbage" if number % 3 else b"") + good, path)
        pattern = os.path.join(self.folder, "m*.gz")
        for threads in (1, 3):
            self.assertEqual(self.totals(pattern, threads=threads),
                             {b"a": 4 * 20 + 8 * 10})

    def test_the_same_word_again_and_again(self):
        self.write(gzip.compress(ROW * 9 + b"b\t1900\t1\t1\nb\t190")[:-8])
        for _ in range(8):
            self.assertEqual(self.sums_of_rows(word="b"), {b"b": 1})
            self.assertEqual(self.sums_of_rows(year=1900), {b"a": 9, b"b": 1})

    def test_bad_rows_are_skipped(self):
        self.write(ROW + b"bad\n" + ROW)
        self.assertEqual(self.totals(), {b"a": 2})
        self.assertEqual(self.db.execute(
            "SELECT skipped FROM ngram_stats LIMIT 1").fetchall(), [(1,)])


if __name__ == "__main__":
    tap.main()
