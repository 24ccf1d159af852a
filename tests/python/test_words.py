# SPDX-License-Identifier: MIT
"""The words of free text against references that share nothing with the
extension: Python's Unicode tables, and tr, sort and uniq.

    NGRAM_SO=build/release/ngram.so python3 tests/python/test_words.py

NGRAM_SEED and NGRAM_ROUNDS repeat or extend the random texts. Real text is read
from NGRAM_SHARED_DATA, where it is present.
"""

import collections
import gzip
import os
import random
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
import unicodedata
import unittest

import tap

TESTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, TESTS)

from matrix import encoders

EXTENSION = os.path.abspath(
    os.environ.get("NGRAM_SO")
    or os.environ.get("NGRAM_EXTENSION")
    or "build/release/ngram.so"
)
SEED = int(os.environ.get("NGRAM_SEED") or time.time_ns() // 1000)
ROUNDS = int(os.environ.get("NGRAM_ROUNDS") or 60)
SHARED = os.environ.get("NGRAM_SHARED_DATA") or os.path.join(
    os.path.dirname(os.path.dirname(TESTS)), "shared", "data"
)
POEM = (
    "Я люблю вечерний пир",
    "Где веселье председатель",
    "А свобода мой кумир",
    "За столом законодатель",
    "Где до утра слово пей!",
    "Заглушает крики песен",
    "Где просторен круг гостей",
    "А кружок бутылок тесен",
)
# All of them are in Unicode 3.2 already.
LETTERS = (
    "abcdefghijklmnopqrstuvwxyz" * 3 + "ABCXYZ0123456789"
    + "éÉßøØñÑẞİıſǅŉΐςΣσЯяЖжאבگا中國人あアｱ가ﬃﬅⅧⅷ½²\u0301\u0345\u200d\u00ad"
    + "\U00010400\U00010428"
)
OTHERS = " " * 12 + "\n\n\t\r\v\f.,;:!?'\"-_—“”’…。、\u00a0\u2028€+&/()"
SPACE = re.compile(rb"[^ \t\n\v\f\r]+")


def by_space(text):
    return SPACE.findall(text)


def by_unicode(text):
    """Runs of letters, marks and digits; each character folded by itself."""
    words, word = [], []
    for character in text.decode():
        if unicodedata.category(character)[0] in "LMN":
            word.append(character.casefold())
        elif word:
            words.append("".join(word).encode())
            word = []
    if word:
        words.append("".join(word).encode())
    return words


REFERENCES = {"space": by_space, "unicode": by_unicode}


def is_good(word):
    try:
        word.decode()
    except UnicodeDecodeError:
        return False
    return b"\0" not in word


def good_by_space(text):
    """The good words, and how many are bad."""
    words = by_space(text)
    good = [word for word in words if is_good(word)]
    return good, len(words) - len(good)


def good_by_unicode(text):
    """The same; a byte that cannot be decoded is a letter of a bad word."""
    good, bad, word = [], 0, ""
    for character in text.decode(errors="surrogateescape") + " ":
        if unicodedata.category(character)[0] in "LMN" \
                or character == "\0" or "\udc80" <= character <= "\udcff":
            word += character
        elif word:
            if is_good(word.encode(errors="surrogateescape")):
                good.append("".join(c.casefold() for c in word).encode())
            else:
                bad += 1
            word = ""
    return good, bad


GOOD_REFERENCES = {"space": good_by_space, "unicode": good_by_unicode}


def program(*command, given):
    done = subprocess.run(
        command, input=given, stdout=subprocess.PIPE, check=True,
        env={**os.environ, "LC_ALL": "C", "LD_PRELOAD": ""},
    )
    return done.stdout


class Words(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.folder)
        self.db = sqlite3.connect(":memory:")
        self.addCleanup(self.db.close)
        self.db.text_factory = bytes
        self.db.enable_load_extension(True)
        self.db.load_extension(EXTENSION)
        self.db.execute("SELECT ngram_config('cache_limit', 0)")

    def write(self, data, name="text"):
        path = os.path.join(self.folder, name)
        with open(path, "wb") as file:
            file.write(data)
        return path

    def count(self, path, chunk_size=None, threads=None, tokenizer=None):
        """Words and totals, and none twice."""
        rows = self.db.execute(
            "SELECT word, total FROM word_counts(?, ?, ?, ?)",
            (path, chunk_size, threads, tokenizer),
        ).fetchall()
        counts = dict(rows)
        self.assertEqual(len(counts), len(rows))
        return counts

    def split(self, text, tokenizer):
        rows = self.db.execute(
            "SELECT word FROM text_words(?, ?)", (text, tokenizer)
        )
        return [word for (word,) in rows]

    def kernels(self):
        (text,) = self.db.execute("SELECT ngram_debug()").fetchone()
        line = re.search(rb"kernels:([^;\n]*)", text).group(1).decode()
        return re.sub(r"\w+ \(not on this machine\)", "", line).split()

    def unicode_version(self):
        (text,) = self.db.execute("SELECT ngram_debug()").fetchone()
        return re.search(rb"unicode: (\S+)", text).group(1).decode()

    def set(self, name, value):
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value
        self.addCleanup(os.environ.pop, name, None)

    # ------------------------------------------------------------- stops --

    def test_text_without_words_hears_a_stop(self):
        asked = []
        text = "-" * (32 << 20)

        def handler():
            asked.append(None)
            return len(asked) > 2

        self.db.set_progress_handler(handler, 1000)
        self.addCleanup(self.db.set_progress_handler, None, 0)
        with self.assertRaisesRegex(sqlite3.OperationalError, "interrupted"):
            self.split(text, "unicode")
        self.db.set_progress_handler(None, 0)
        self.assertEqual(self.split("a-b", "unicode"), [b"a", b"b"])

    @unittest.skipIf(sqlite3.sqlite_version_info < (3, 38),
                     "an older host gives the values of IN one by one")
    def test_long_list_hears_a_stop(self):
        path = self.write(b"w1 w2\n")
        run = []
        self.db.set_trace_callback(run.append)
        (found,) = self.db.execute(
            "WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n "
            "WHERE i < 300000) SELECT count(*) FROM word_counts(?) "
            "WHERE word IN (SELECT 'w' || i FROM n)", (path,)).fetchone()
        self.db.set_trace_callback(None)
        self.assertEqual(found, 2)
        self.assertGreaterEqual(sum("ngram: stop?" in sql for sql in run), 4)

    # ------------------------------------------------------------- texts --

    def random_text(self, rng):
        letters = rng.choice((LETTERS, LETTERS, LETTERS[:80], "я" + OTHERS[:20]))
        alphabet = letters * rng.randint(1, 3) + OTHERS * rng.randint(1, 3)
        size = rng.choice((10, 300, 20_000, 300_000))
        text = "".join(rng.choices(alphabet, k=rng.randint(0, size)))
        return text.encode() * rng.choice((1, 1, 1, 5))

    def ways(self, rng, text):
        """Files of the text, each with a way to count it."""
        forms = {
            "plain": text,
            "gz": encoders.member(text),
            "members": encoders.members(text, len(text) // 5 + 1),
            "bgzf": encoders.bgzf(text),
        }
        for name, data in forms.items():
            path = self.write(data, name)
            for threads in (1, 2, 3, 4):
                yield path, rng.choice((None, 1, 3, 1000)), threads

    def test_random_texts(self):
        print(f"NGRAM_SEED={SEED}", file=sys.stderr)
        kernels = self.kernels()
        for number in range(ROUNDS):
            rng = random.Random(SEED + number)
            text = self.random_text(rng)
            wanted = {
                tokenizer: dict(collections.Counter(reference(text)))
                for tokenizer, reference in REFERENCES.items()
            }
            for path, chunk_size, threads in self.ways(rng, text):
                self.set("NGRAM_KERNEL", rng.choice(kernels))
                self.set("NGRAM_STRETCH", rng.choice((None, "1024", "5000")))
                self.set("NGRAM_AHEAD", rng.choice((None, "on", "refuse")))
                tokenizer = rng.choice(("space", "unicode"))
                with self.subTest(seed=SEED + number, path=path,
                                  chunk_size=chunk_size, threads=threads,
                                  tokenizer=tokenizer):
                    got = self.count(path, chunk_size, threads, tokenizer)
                    self.assertEqual(got, wanted[tokenizer])

    def test_random_values(self):
        for number in range(4 * ROUNDS):
            rng = random.Random(SEED + number)
            text = self.random_text(rng)
            for tokenizer, reference in REFERENCES.items():
                with self.subTest(seed=SEED + number, tokenizer=tokenizer):
                    self.assertEqual(
                        self.split(text.decode(), tokenizer), reference(text)
                    )

    # ------------------------------------------------------------ faults --

    def test_earliest_bad_word(self):
        """The line of the first fault, whatever else is wrong behind it."""
        for number in range(ROUNDS):
            rng = random.Random(SEED + number)
            lines = [b"some words, more words"] * rng.randint(1, 60_000)
            bad = sorted(rng.choices(range(len(lines)), k=3))
            kinds = [rng.choice((b"\x80", b"a\xc3 b", b"\0", b"x\0y"))
                     for _ in bad]
            for place, kind in reversed(list(zip(bad, kinds))):
                lines[place] = b"good " + kind
            what = (b"word holds a NUL byte" if b"\0" in kinds[0]
                    else b"word is not valid UTF-8").decode()
            text = b"\n".join(lines)
            for path, chunk_size, threads in self.ways(rng, text):
                with self.subTest(seed=SEED + number, path=path):
                    with self.assertRaises(sqlite3.Error) as caught:
                        self.count(path, chunk_size, threads,
                                   rng.choice(("space", "unicode")))
                    self.assertEqual(
                        str(caught.exception),
                        f"word_counts: {path}: line {bad[0] + 1}: {what}",
                    )
            if number >= ROUNDS // 6:
                break

    def spoiled(self, rng, text):
        """Some bytes of the text are lost, others are put in."""
        text = bytearray(text)
        for _ in range(rng.randint(1, 1 + len(text) // 50)):
            at = rng.randint(0, len(text))
            if rng.randrange(3) == 0:
                del text[at:at + 1]
            else:
                text[at:at] = rng.choice(
                    (b"\0", b"\x80", b"\xe9", b"\xe9t\xe9", b"\xc3", b"\xe4\xb8",
                     b"\xed\xa0\x80", b"\xf0\x9f\x98", b"\xff", b"\xc0\xaf"))
        return bytes(text)

    def test_bad_words_are_skipped(self):
        """Wherever they stand, in every form of a file."""
        kernels = self.kernels()
        for number in range(ROUNDS // 2):
            rng = random.Random(SEED + number)
            text = self.spoiled(rng, self.random_text(rng)[:400_000])
            wanted = {tokenizer: reference(text)
                      for tokenizer, reference in GOOD_REFERENCES.items()}
            for path, chunk_size, threads in self.ways(rng, text):
                self.set("NGRAM_KERNEL", rng.choice(kernels))
                self.set("NGRAM_STRETCH", rng.choice((None, "1024", "5000")))
                tokenizer = rng.choice(("space", "unicode"))
                good, bad = wanted[tokenizer]
                with self.subTest(seed=SEED + number, path=path,
                                  chunk_size=chunk_size, threads=threads,
                                  tokenizer=tokenizer):
                    got = dict(self.db.execute(
                        "SELECT word, total FROM word_counts(?, ?, ?, ?)"
                        " WHERE on_error = 'skip'",
                        (path, chunk_size, threads, tokenizer)))
                    self.assertEqual(got, dict(collections.Counter(good)))
                    self.assertEqual(self.db.execute(
                        "SELECT skipped FROM ngram_stats LIMIT 1"
                    ).fetchone(), (bad,))

    # ----------------------------------------------------------- unicode --

    def test_every_code_point(self):
        """Each on a line of its own, between letters."""
        points = [c for c in range(1, 0x110000) if not 0xD800 <= c < 0xE000]
        if self.unicode_version() != unicodedata.unidata_version:
            old = unicodedata.ucd_3_2_0
            points = [c for c in points if old.category(chr(c)) != "Cn"
                      and old.category(chr(c)) == unicodedata.category(chr(c))]
        text = "\n".join(f"x{chr(c)}Y" for c in points).encode()
        self.assertEqual(
            self.count(self.write(text), tokenizer="unicode"),
            dict(collections.Counter(by_unicode(text))),
        )

    # ---------------------------------------------------------- real text --

    def moby_dick(self):
        path = os.path.join(SHARED, "moby-dick.txt.gz")
        if not os.path.exists(path):
            self.skipTest(f"{path} is absent")
        with gzip.open(path) as file:
            return path, file.read()

    def test_novel_by_space_as_by_uniq(self):
        path, text = self.moby_dick()
        lines = program("tr", "-s", "[:space:]", "\n", given=text)
        listed = program("uniq", "-c", given=program("sort", given=lines))
        wanted = {}
        for line in listed.splitlines():
            total, _, word = line.strip().partition(b" ")
            if word:
                wanted[word] = int(total)
        for threads in (1, 2, 3, 4):
            self.assertEqual(self.count(path, None, threads), wanted)

    def test_novel_by_unicode_as_by_python(self):
        path, text = self.moby_dick()
        wanted = dict(collections.Counter(by_unicode(text)))
        for threads in (1, 2, 3, 4):
            self.assertEqual(self.count(path, None, threads, "unicode"), wanted)
        self.assertEqual(
            self.split(text.decode(), "unicode"), by_unicode(text)
        )

    def test_poem(self):
        """From a file and from a column of a table: the same."""
        path = self.write("\n".join(POEM).encode())
        self.db.execute("CREATE TABLE poem(line)")
        self.db.executemany("INSERT INTO poem VALUES (?)", [(l,) for l in POEM])
        column = dict(self.db.execute(
            "SELECT word, count(*) FROM poem, text_words(poem.line) GROUP BY word"
        ))
        for got in (column, *(self.count(path, None, n) for n in (1, 2, 3, 4))):
            self.assertEqual(len(got), 27)
            often = {w.decode(): n for w, n in got.items() if n > 1}
            self.assertEqual(often, {"Где": 3, "А": 2})

    def test_chunks_are_lines(self):
        path = self.write(b"one two\nthree\n\nfour five\nsix")
        self.count(path, 2, 1)
        (rows, chunks) = self.db.execute(
            "SELECT rows, chunks FROM ngram_stats ORDER BY rowid DESC LIMIT 1"
        ).fetchone()
        self.assertEqual((rows, chunks), (5, 3))


if __name__ == "__main__":
    tap.main()
