# SPDX-License-Identifier: MIT
"""The texts that the differential tests count: real ones, where they are
present, generated ones, and random ones."""
import collections
import glob
import itertools
import os
import subprocess
import sys

from matrix import encoders, texts
from reference import scan

SHARED = os.environ.get("NGRAM_SHARED_DATA") or os.path.join(
    os.path.dirname(scan.ROOT), "shared", "data")
REAL = ("q-words.tsv", "q-words.crlf.tsv", "a-head.tsv", "above-int32.tsv")
GENERATED_BYTES = 8_000_000

Data = collections.namedtuple("Data", "name text")


def read(path):
    with open(path, "rb") as file:
        return file.read()


def real():
    for name in REAL:
        path = os.path.join(SHARED, name)
        if os.path.exists(path):
            yield Data(name, read(path))
        else:
            print(f"skipped: real data, {path} is absent", file=sys.stderr)


def generator():
    """The program that bench/generate.c builds into, or None."""
    built = [scan.ROOT + "/build/release/ngram_generate",
             *glob.glob(scan.ROOT + "/build/*/ngram_generate")]
    return os.environ.get("NGRAM_GENERATE") or next(
        filter(os.path.exists, built), None)


def generated():
    program = generator()
    if program:
        # A sanitizer that was loaded into this Python is not the program's.
        environment = {name: value for name, value in os.environ.items()
                       if name != "LD_PRELOAD"}
        done = subprocess.run(
            [program, "--bytes", str(GENERATED_BYTES), "--seed", "7"],
            stdout=subprocess.PIPE, check=True, env=environment)
        yield Data("generated", done.stdout)
    else:
        print("skipped: ngram_generate is not built", file=sys.stderr)
    yield Data("small", texts.realistic(200_000, 3))
    yield Data("large", texts.realistic(GENERATED_BYTES, 5))


def random_word(rng):
    kind = rng.randrange(12)
    if kind == 0:
        return rng.choice(('"', '""', 'a"b', "'s", "中文", "Øverst_ADV", " ",
                           "a b", "\r", "x_NOUN", "_NOUN_", "_X", "\\N", "0"
                           )).encode()
    if kind == 1:
        return bytes(rng.choices(b"ab", k=rng.randrange(1, 40)))
    if kind == 2:
        return b"p" * rng.choice((7, 8, 15, 16, 31, 32, 63, 64, 300)) + \
            bytes(rng.choices(b"ab", k=rng.randrange(1, 3)))
    return bytes(rng.choices(b"etaoinshrdlu_'", k=rng.randrange(1, 14)))


def line_of(word, rows, layout, end):
    """What a layout makes of rows (year, matches, volumes) of one word."""
    if layout == 2020:
        entries = b"\t".join(b"%d,%d,%d" % row for row in rows)
        return b"%s\t%s%s" % (word, entries, end)
    form = b"%s\t%d\t%d\t%d\t%d%s" if layout == 2009 else b"%s\t%d\t%d\t%d%s"
    pages = (77,) if layout == 2009 else ()
    return b"".join(form % (word, year, matches, *pages, volumes, end)
                    for year, matches, volumes in rows)


def random_lines(rng, size):
    words = [random_word(rng) for _ in range(rng.choice((1, 3, 50, 5000)))]
    end = rng.choice((b"\n", b"\n", b"\r\n"))
    layout = rng.choice((2012, 2012, 2009, 2020))
    run = rng.choice((1, 1, 5, 100))
    lines, at = [], 0
    while at < size:
        years = range(rng.randrange(1500, 2009), 2009)[:run]
        rows = [(year, rng.choice((1, 40, 999, 70_000, 1 << 33)),
                 rng.randrange(1, 5000)) for year in years]
        lines.append(line_of(rng.choice(words), rows, layout, end))
        at += len(lines[-1])
    return lines


def in_layout(text, layout):
    """A text of 2012 in another layout; neighbouring rows of a word on one line
    where there are such lines."""
    lines = []
    split = [line.rstrip(b"\r").split(b"\t") for line in text.split(b"\n") if line]
    for word, group in itertools.groupby(split, lambda fields: fields[0]):
        rows = [tuple(map(int, fields[1:])) for fields in group]
        lines.append(line_of(word, rows, layout, b"\n"))
    return b"".join(lines)


def random_text(rng):
    """Rows of all kinds; at times a few bytes are changed."""
    size = int(2 ** rng.uniform(0, 20.5))
    text = b"".join(random_lines(rng, size))
    if rng.randrange(3) == 0:
        text = text[:rng.randrange(len(text)) + 1]
    if rng.randrange(3) == 0:
        text = bytearray(text)
        for _ in range(rng.choice((1, 1, 2, 30))):
            text[rng.randrange(len(text))] = rng.choice(
                b"\t\t\n\n\r\0 -x0,,\x80\xc3\xff")
    return bytes(text)


def random_pieces(rng, text):
    most = int(2 ** rng.uniform(6, 20))
    at = 0
    while at < len(text):
        size = rng.randrange(most)  # at times none: an empty member
        yield text[at:at + size]
        at += size


def random_member(rng, piece):
    if rng.randrange(20) == 0:
        return encoders.stored_blocks(piece, rng.randrange(1, 65536))
    head = encoders.header(rng.choice((None, b"", b"abcd\0")),
                           rng.choice((None, b"name")),
                           rng.choice((None, b"comment")),
                           rng.randrange(2) == 0)
    return encoders.member(piece, head, level=rng.randrange(10),
                           strategy=rng.randrange(5),
                           window=rng.randrange(9, 16))


def random_file(rng, text):
    kind = rng.randrange(5)
    if kind == 0:
        return text
    if kind == 1:
        return encoders.bgzf(text, rng.randrange(1 + len(text) // 300, 65000))
    out = b"".join(random_member(rng, piece)
                   for piece in (random_pieces(rng, text) if kind == 2
                                 else [text]))
    if rng.randrange(5) == 0:
        out += bytes(rng.randrange(3000))
    return out


def damage(rng, data):
    if not data or rng.randrange(5):
        return data
    if rng.randrange(2):
        return data[:rng.randrange(len(data))]
    return encoders.flip(data, rng.randrange(len(data)), rng.randrange(8))
