# SPDX-License-Identifier: MIT
"""A strict reader of gzip files (RFC 1952) that says what is damaged, where.

Only the deflate stream itself is left to Python's zlib; the members, their
headers and trailers and what may follow the last one are read here, byte by
byte.
"""
import collections
import struct
import zlib

MAGIC = b"\x1f\x8b"
FHCRC, FEXTRA, FNAME, FCOMMENT, RESERVED = 2, 4, 8, 16, 0xE0

# A decoder may have a word of input in hand that it has not looked at yet.
READ_AHEAD = 8

# What is wrong: a kind, and the bytes of the file, first and last, between
# which a reader may honestly say that it is.
Damage = collections.namedtuple("Damage", "kind low high")

# `text` is what can be decoded before the damage, if there is any; the first
# `verified` bytes of it are those of good members.
Decoded = collections.namedtuple("Decoded", "format text damage verified")


class Bad(Exception):
    def __init__(self, kind, low, high):
        super().__init__(kind)
        self.damage = Damage(kind, low, high)


class Reader:
    """The bytes of a file, from the front; runs out with `truncated`."""

    def __init__(self, data):
        self.data = data
        self.at = 0
        self.member = 0

    def take(self, count):
        if self.at + count > len(self.data):
            raise Bad("truncated", self.member, len(self.data))
        taken = self.data[self.at:self.at + count]
        self.at += count
        return taken

    def take_string(self):
        end = self.data.find(b"\0", self.at)
        self.take((len(self.data) if end < 0 else end) - self.at + 1)


def read_header(reader):
    """Read a member's header. Returns its extra field, or None."""
    start = reader.at
    extra = None
    magic, method, flags = reader.take(2), *reader.take(2)
    if magic != MAGIC or method != 8 or flags & RESERVED:
        raise Bad("header", start, start + 10)
    reader.take(6)
    if flags & FEXTRA:
        extra = reader.take(*struct.unpack("<H", reader.take(2)))
    if flags & FNAME:
        reader.take_string()
    if flags & FCOMMENT:
        reader.take_string()
    if flags & FHCRC:
        real = zlib.crc32(reader.data[start:reader.at]) & 0xFFFF
        if reader.take(2) != struct.pack("<H", real):
            raise Bad("header", start, reader.at)
    return extra


def drain(decoder, byte, out):
    """Append what one more byte decodes to, symbol by symbol, so that an
    error takes nothing with it."""
    rest = byte
    while not decoder.eof:
        piece = decoder.decompress(rest, 1)
        rest = decoder.unconsumed_tail
        out.append(piece)
        if not piece and not rest:
            return


def inflate_to_damage(decoder, piece, out):
    """Append all that `piece`, which is damaged, decodes to. Returns how many
    of its bytes are sound."""
    for i in range(len(piece)):
        byte, before = piece[i:i + 1], decoder.copy()
        try:
            out.append(decoder.decompress(byte))
        except zlib.error:
            break
    try:
        drain(before, byte, out)
    except zlib.error:
        pass
    return i


def read_deflate(reader, out):
    """Append the text of one deflate stream to `out`; stop behind it."""
    start = reader.at
    decoder = zlib.decompressobj(-zlib.MAX_WBITS)
    while not decoder.eof:
        piece = reader.data[reader.at:reader.at + 4096]
        if not piece:
            raise Bad("truncated", reader.member, len(reader.data))
        before = decoder.copy()
        try:
            out.append(decoder.decompress(piece))
        except zlib.error:
            sound = inflate_to_damage(before, piece, out)
            raise Bad("invalid deflate", start,
                      reader.at + sound + 1 + READ_AHEAD)
        reader.at += len(piece) - len(decoder.unused_data)


def read_member(reader, out):
    """Append the text of one member to `out`. Returns its extra field."""
    reader.member = reader.at
    extra = read_header(reader)
    first = len(out)
    read_deflate(reader, out)
    crc, size = struct.unpack("<II", reader.take(8))
    text = b"".join(out[first:])
    if crc != zlib.crc32(text):
        raise Bad("CRC-32", reader.member, reader.at)
    if size != len(text) & 0xFFFFFFFF:
        raise Bad("length", reader.member, reader.at)
    return extra


def is_bgzf(extra):
    """Whether the subfield BC is there and first, as htslib asks for."""
    return extra is not None and extra[:4] == b"BC\2\0"


def decode(data):
    """The text of a file, plain or gzip, and what is damaged, if anything."""
    if data[:2] != MAGIC:
        return Decoded("plain", data, None, len(data))
    reader, out, extra, good = Reader(data), [], None, 0
    try:
        extra = read_member(reader, out)
        good = len(out)
        while reader.data[reader.at:].strip(b"\0"):
            rest = reader.data[reader.at:reader.at + 2]
            if not MAGIC.startswith(rest[:2]):
                raise Bad("after the last member", reader.at, len(data))
            read_member(reader, out)
            good = len(out)
    except Bad as bad:
        return Decoded("gzip", b"".join(out), bad.damage,
                       sum(map(len, out[:good])))
    text = b"".join(out)
    return Decoded("bgzf" if is_bgzf(extra) else "gzip", text, None, len(text))
