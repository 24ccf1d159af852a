#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""seeds.py FOLDER - inputs for the fuzz targets to start from, in a folder each.

The first bytes of an input say how it is used; each target's source tells how.
"""
import gzip
import io
import os
import struct
import sys
import zipfile
import zlib

ROWS_2012 = (b"able\t1900\t5\t1\nable\t1901\t7\t2\nAble_ADJ\t1899\t1\t1\n"
             b"a b_NOUN\t2008\t9223372036854775807\t3\n")
ROWS_2009 = b"able\t1900\t5\t2\t1\nable\t1901\t7\t3\t2\n"
ROWS_2020 = b"able\t1900,5,1\t1901,7,2\nbaker\t1999,1,1\n"
BAD_ROWS = b"able\t1900\t5\t1\nbad\nable\t99999999999\t5\t1\n\xff\t1900\t1\t1\n"
CRLF_ROWS = ROWS_2012.replace(b"\n", b"\r\n")
MANY_ROWS = b"".join(b"w%d\t%d\t%d\t1\n" % (i * 7919 % 97, 1800 + i % 200, i)
                     for i in range(300))
FREE_TEXT = ("The cat's hat, Stra\u00dfe \u00e9 e\u0301 \u4e2d\u6587 \u3000x\n"
             "\u0130stanbul  \ufb01n\tend").encode()
TOTALS = (b"\t1900,10,2,1\t1901,20,3,2\t", b"1900\t10\t2\t1\n1901\t20\t3\t2\n",
          b"year,match_count,page_count,volume_count\n1900,10,2,1\n",
          b'\xef\xbb\xbf"Year";"Total"\r\n1900;"10"\r\n;\r\n1901;20\r\n',
          b'"","books","pages","year","count"\n"1",1,2,1900,10\n',
          b"\tYear\tTotal\n0\t1900\t10\n", b"Total, Year\n10 ,1900\t20, 1901\n")
SQL = (
    "SELECT word, total FROM ngram_counts('a') WHERE word IN ('the', 'x') "
    "ORDER BY total DESC LIMIT 3",
    "SELECT * FROM ngram_rows('b') WHERE year >= 1900 AND word GLOB 't*'",
    "CREATE TABLE t(w); INSERT INTO t VALUES('the'),(NULL),(1); SELECT w, r.year "
    "FROM t LEFT JOIN ngram_rows('a') r ON r.word = t.w",
    "SELECT word, count(*) FROM text_words('a b a', 'unicode') GROUP BY word",
    "SELECT total FROM word_counts('text') WHERE tokenizer = 'unicode'",
    "SELECT * FROM ngram_totals('totals'); SELECT * FROM ngram_stats",
    "SELECT ngram_config('memory_limit', 4194304), ngram_config('threads'), "
    "ngram_version(), ngram_debug()",
    "SELECT DISTINCT word FROM ngram_counts('[ab]') WHERE tags='drop' UNION "
    "SELECT word FROM ngram_rows('bad') WHERE on_error = 'skip'",
    "WITH w AS (SELECT word, row_number() OVER (ORDER BY total) n FROM "
    "ngram_counts('a', 1, 2)) SELECT * FROM w a, w b USING (n)",
)
ARGUMENTS = ("'a', 10, 2", "path='a', year_from=1900, tags='drop'",
             "'text', tokenizer='unicode'", "\"b\", memory_limit=2097152",
             "'bad', on_error='skip'", "x, y=z", "''")


def member(text, level=6, name=b""):
    deflate = zlib.compressobj(level, zlib.DEFLATED, -15)
    body = deflate.compress(text) + deflate.flush()
    head = b"\x1f\x8b\x08" + (b"\x08" if name else b"\0") + b"\0\0\0\0\0\3"
    return (head + (name + b"\0" if name else b"") + body +
            struct.pack("<II", zlib.crc32(text), len(text)))


def bgzf(text):
    made = b""
    for piece in (text[:200], text[200:], b""):
        deflate = zlib.compressobj(6, zlib.DEFLATED, -15)
        body = deflate.compress(piece) + deflate.flush()
        made += (b"\x1f\x8b\x08\4\0\0\0\0\0\xff\6\0BC\2\0" +
                 struct.pack("<H", len(body) + 25) + body +
                 struct.pack("<II", zlib.crc32(piece), len(piece)))
    return made


def archive(*texts, method=zipfile.ZIP_DEFLATED, zip64=False, comment=b""):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for number, text in enumerate(texts):
            info = zipfile.ZipInfo(str(number))
            info.compress_type = method
            with made.open(info, "w", force_zip64=zip64) as entry:
                entry.write(text)
        made.comment = comment
    return out.getvalue()


def archive64(text):
    """Stored, with all numbers where zip64 has them."""
    local = archive(text, method=zipfile.ZIP_STORED)
    local = local[:local.index(b"PK\1\2")]
    record = (b"PK\1\2" + struct.pack("<6H3I5H2I", 45, 45, 0, 0, 0, 0,
                                      zlib.crc32(text), 2**32 - 1, 2**32 - 1,
                                      1, 32, 0, 65535, 0, 0, 2**32 - 1) +
              b"0" + struct.pack("<2H3QI", 1, 28, len(text), len(text), 0, 0))
    end = b"PK\6\6" + struct.pack("<Q2H2I4Q", 44, 45, 45, 0, 0, 1, 1,
                                   len(record), len(local))
    locator = b"PK\6\7" + struct.pack("<IQI", 0, len(local) + len(record), 1)
    return (local + record + end + locator + b"PK\5\6" +
            struct.pack("<4H2IH", 0, 0, 65535, 65535, 2**32 - 1, 2**32 - 1, 0))


def archives():
    yield archive()
    yield archive(b"")
    yield archive(ROWS_2009, b"", MANY_ROWS)
    yield archive(ROWS_2012, BAD_ROWS, method=zipfile.ZIP_STORED)
    yield archive(ROWS_2012, zip64=True, comment=b"PK\5\6" + bytes(18))
    yield archive64(ROWS_2020)


def deflated():
    for text in (ROWS_2012, MANY_ROWS, b"a" * 3000, bytes(range(256)) * 4):
        for level in (0, 1, 9):
            deflate = zlib.compressobj(level, zlib.DEFLATED, -15)
            yield deflate.compress(text) + deflate.flush()
        fixed = zlib.compressobj(6, zlib.DEFLATED, -15, 8, zlib.Z_FIXED)
        yield fixed.compress(text) + fixed.flush()
    flushed = zlib.compressobj(6, zlib.DEFLATED, -15)
    yield (flushed.compress(ROWS_2012) + flushed.flush(zlib.Z_FULL_FLUSH) +
           flushed.compress(ROWS_2020) + flushed.flush())


def files():
    for text in (ROWS_2012, ROWS_2009, ROWS_2020, BAD_ROWS, CRLF_ROWS, MANY_ROWS,
                 ROWS_2012[:-1], b"", b"\n"):
        yield text
    for text in (ROWS_2012, ROWS_2020, MANY_ROWS):
        yield gzip.compress(text, mtime=0)
        yield bgzf(text)
        yield member(text[:40], 0, b"name") + member(text[40:], 9)
        yield gzip.compress(text, mtime=0)[:-6]


def inputs():
    for data in files():
        for how in (b"\0", b"\3", b"\x41"):
            yield "count", how + data
            yield "rows", how + data
    for data in archives():
        yield "count", b"\0" + data
        yield "rows", b"\0" + data
        yield "zip", b"\0" + data
        yield "zip", b"\3" + data
    for data in deflated():
        for how in (b"\0\0", b"\1\2", b"\x10\x20"):
            yield "inflate", how + data
        yield "speculative", b"\3\5\1" + data
    for data in files():
        yield "speculative", b"\3\5\0" + data
        yield "speculative", b"\x10\1\0" + data
    for kind in range(9):
        yield "index", bytes([kind]) + bytes(64)
        yield "index", bytes([kind]) + b"\x30\0\1\x44\0\xff"
    for how in range(8):
        words = b"".join(b"%c%c%s" % (2 + i % 9, 4, b"w%03d" % (i * 37 % 50))
                         for i in range(60))
        yield "spill", bytes([how]) + words
        yield "spill", bytes([how]) + b"\0".join(words[i:i + 30]
                                                 for i in range(0, 300, 30))
    yield "words", FREE_TEXT
    yield "words", b"\xff\xfe" + FREE_TEXT
    yield "words", b"\xd0" + FREE_TEXT
    for text in TOTALS:
        yield "totals", text
        yield "totals", gzip.compress(text, mtime=0)
    for sql in SQL:
        yield "sql", b"\0" + sql.encode()
    for text in ARGUMENTS:
        for table in range(6):
            yield "sql", bytes([2 * table + 1]) + text.encode()


def main():
    for number, (target, data) in enumerate(inputs()):
        folder = os.path.join(sys.argv[1], "fuzz_" + target)
        os.makedirs(folder, exist_ok=True)
        with open(os.path.join(folder, f"seed-{number:03d}"), "wb") as file:
            file.write(data)


if __name__ == "__main__":
    main()
