# SPDX-License-Identifier: MIT
"""zip archives for tests: random ones in every form that Python's zipfile
writes, and what their text is."""

import io
import struct
import zipfile

STORED, DEFLATED = zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED
RECORD = b"PK\1\2"
END = b"PK\5\6"


class Forward:
    """A file that cannot be sought in: zipfile writes data descriptors."""

    def __init__(self):
        self.parts = []

    def write(self, data):
        self.parts.append(bytes(data))
        return len(data)

    def flush(self):
        pass


def extra_field(rng):
    data = rng.randbytes(rng.randrange(40))
    return struct.pack("<HH", rng.choice((0x5455, 0x7875, 0xCAFE)),
                       len(data)) + data


def false_end(rng):
    """A comment in which an end record of no directory seems to stand."""
    rest = rng.randbytes(rng.randrange(30))
    return (rng.randbytes(rng.randrange(9)) + END + bytes(8) +
            struct.pack("<IIH", rng.randrange(1 << 32), rng.randrange(1 << 32),
                        len(rest)) + rest)


def describe(rng, name, method):
    info = zipfile.ZipInfo(name)
    info.compress_type = method
    if rng.randrange(3) == 0:
        info.comment = rng.choice((b"comment", END + bytes(18), RECORD * 20))
    if rng.randrange(3) == 0:
        info.extra = extra_field(rng)
    return info


def add_entry(rng, archive, info, text):
    with archive.open(info, "w", force_zip64=rng.randrange(4) == 0) as entry:
        at = 0
        while at < len(text):
            size = rng.randint(1, len(text))
            entry.write(text[at:at + size])
            at += size


def make(rng, texts, method=None):
    """An archive of these texts, in their order; method None: a mixture."""
    out = Forward() if rng.randrange(3) == 0 else io.BytesIO()
    with zipfile.ZipFile(out, "w", compresslevel=rng.choice((1, 6))) as archive:
        for number, text in enumerate(texts):
            if rng.randrange(6) == 0:
                archive.writestr(zipfile.ZipInfo(f"folder{number}/"), b"")
            chosen = rng.choice((STORED, DEFLATED, DEFLATED))
            if method is not None:
                chosen = method
            add_entry(rng, archive, describe(rng, f"{number}.csv", chosen), text)
        if rng.randrange(3) == 0:
            rng.shuffle(archive.filelist)
        if rng.randrange(3) == 0:
            archive.comment = rng.choice((b"a comment", false_end(rng)))
    return b"".join(out.parts) if isinstance(out, Forward) else out.getvalue()


def simple(*texts, method=DEFLATED):
    """An archive with nothing odd about it."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for number, text in enumerate(texts):
            archive.writestr(zipfile.ZipInfo(f"{number}.csv"), text, method)
    return out.getvalue()


def put(data, at, form, *values):
    """The bytes with some of them replaced, from `at` on."""
    new = struct.pack("<" + form, *values)
    return data[:at] + new + data[at + len(new):]


def record_at(data, number=0):
    """Where the record of an entry stands in a simple archive."""
    at = -1
    for _ in range(number + 1):
        at = data.index(RECORD, at + 1)
    return at


def cut(rng, text, pieces):
    """Pieces of a text, cut anywhere; some are empty."""
    at = sorted(rng.randint(0, len(text)) for _ in range(pieces - 1))
    return [text[a:b] for a, b in zip([0, *at], [*at, len(text)])]
