# SPDX-License-Identifier: MIT
"""The ways in which a text becomes a file, each with the reason why it is
there. An encoding is a function from the text to the bytes of the file; what
those must answer is worked out from the bytes alone (reference/expect.py).
"""
import collections
import functools
import shutil
import struct
import subprocess
import zlib

Encoding = collections.namedtuple("Encoding", "name why encode large damaged")

FHCRC, FEXTRA, FNAME, FCOMMENT = 2, 4, 8, 16
BGZF_TEXT_MAX = 0xff00
BGZF_EOF = bytes.fromhex("1f8b08040000000000ff0600424302001b00"
                         "03000000000000000000")
# A block of fixed codes: length 3, distance 1, end of block.
MATCH_FIRST = b"\x03\x02\x00"


# ------------------------------------------------------------------ writers

@functools.lru_cache(maxsize=8)  # most damage is done to one good member
def deflate(text, level=6, strategy=zlib.Z_DEFAULT_STRATEGY, window=15):
    packer = zlib.compressobj(level, zlib.DEFLATED, -window, 9, strategy)
    return packer.compress(text) + packer.flush()


def trailer(text):
    return struct.pack("<II", zlib.crc32(text), len(text) & 0xFFFFFFFF)


def header(extra=None, name=None, comment=None, crc=False, spoil=0):
    flags = (FEXTRA * (extra is not None) | FNAME * (name is not None) |
             FCOMMENT * (comment is not None) | FHCRC * crc)
    out = struct.pack("<BBBBIBB", 0x1f, 0x8b, 8, flags, 1234567890, 0, 255)
    if extra is not None:
        out += struct.pack("<H", len(extra)) + extra
    for text in (name, comment):
        if text is not None:
            out += text + b"\0"
    if crc:
        out += struct.pack("<H", zlib.crc32(out) & 0xFFFF ^ spoil)
    return out


def member(text, head=None, **how):
    return (header() if head is None else head) + deflate(text, **how) + \
        trailer(text)


def members(text, size, **how):
    """Members of `size` bytes of text each, wherever that cuts a row."""
    return b"".join(member(text[at:at + size], **how)
                    for at in range(0, max(len(text), 1), size))


def flushed(text):
    """One member of many blocks, empty stored ones between, as pigz writes."""
    packer = zlib.compressobj(6, zlib.DEFLATED, -15)
    size = max(len(text) // 9, 1)
    out, flushes = [header()], (zlib.Z_SYNC_FLUSH, zlib.Z_FULL_FLUSH)
    for n, at in enumerate(range(0, len(text), size)):
        out.append(packer.compress(text[at:at + size]))
        out.append(packer.flush(flushes[n % 2]))
    return b"".join(out) + packer.flush() + trailer(text)


def stored_blocks(text, size):
    """Stored blocks of `size` bytes; the last one is empty."""
    out = [header()]
    for at in range(0, len(text), size):
        piece = text[at:at + size]
        out.append(struct.pack("<BHH", 0, len(piece), len(piece) ^ 0xFFFF))
        out.append(piece)
    return b"".join(out) + b"\x01\0\0\xff\xff" + trailer(text)


def bgzf_block(text, before=b"", spoil=0):
    body = deflate(text) + trailer(text)
    size = 12 + len(before) + 6 + len(body) - 1 + spoil
    extra = before + b"BC" + struct.pack("<HH", 2, size)
    return header(extra=extra) + body


def bgzf(text, size=BGZF_TEXT_MAX, end=BGZF_EOF, **how):
    return b"".join(bgzf_block(text[at:at + size], **how)
                    for at in range(0, len(text), size)) + end


def program(*command):
    """What a real program makes of the text; None where it is missing."""
    if not shutil.which(command[0]):
        return None
    return lambda text: subprocess.run(
        command, input=text, stdout=subprocess.PIPE, check=True).stdout


# ------------------------------------------------------------------- damage

def flip(data, place, bit=0):
    spoilt = bytearray(data)
    spoilt[place % len(data)] ^= 1 << bit
    return bytes(spoilt)


def body_place(data, part, parts):
    """A byte of the deflate data of a single member without header fields."""
    return 10 + (len(data) - 18) * part // parts


def cut(text, part, parts):
    data = member(text)
    return data[:body_place(data, part, parts)]


def spoil_member(text, which, place):
    """Four members, a bit flipped at `place` of one of them."""
    size = len(text) // 4 + 1
    parts = [member(text[at:at + size]) for at in range(0, 4 * size, size)]
    parts[which] = flip(parts[which], place)
    return b"".join(parts)


# -------------------------------------------------------------- the encodings

def good():
    yield "plain", "told by content, not by name", lambda t: t, True
    yield "deflate_1", "fast matches, as gzip -1", \
        lambda t: member(t, level=1), True
    yield "deflate_9", "long matches, as gzip -9", \
        lambda t: member(t, level=9), False
    yield "gzip_1", "the real gzip -1", program("gzip", "-1n"), False
    yield "gzip_9", "the real gzip -9", program("gzip", "-9"), False
    yield "pigz", "blocks made apart, empty stored ones between", \
        program("pigz", "-p3", "-b128"), True
    yield "pigz_independent", "no match reaches into the block before", \
        program("pigz", "-p2", "-ib128"), False
    yield "igzip", "the deflate of ISA-L", program("igzip", "-c"), False
    yield "bgzip", "the real BGZF writer", program("bgzip", "-c"), True
    yield "stored", "no compression: blocks of 65,535 bytes at most", \
        lambda t: member(t, level=0), True
    yield "stored_small", "stored blocks of 300 bytes, an empty one last", \
        lambda t: stored_blocks(t, 300), False
    yield "fixed", "fixed Huffman codes only", \
        lambda t: member(t, level=6, strategy=zlib.Z_FIXED), True
    yield "huffman_only", "no matches", \
        lambda t: member(t, strategy=zlib.Z_HUFFMAN_ONLY), False
    yield "runs_only", "matches of distance 1", \
        lambda t: member(t, strategy=zlib.Z_RLE), False
    yield "small_window", "a window of 512 bytes", \
        lambda t: member(t, window=9), False
    yield "flushed", "empty stored blocks inside the stream", flushed, False
    yield "two_members", "cat a.gz b.gz, the cut inside a row", \
        lambda t: members(t, len(t) // 2 + 3), True
    yield "many_members", "rows cut by members of all kinds of length", \
        lambda t: members(t, max(len(t) // 37, 1)), True
    yield "tiny_members", "many members in one row", \
        lambda t: members(t[:900], 1) + member(t[900:]), False
    yield "empty_members", "members without text, before, between and after", \
        lambda t: (member(b"") * 2 + member(t[:9]) + member(b"") +
                   member(t[9:]) + member(b"", level=0) * 2), True
    yield "fields", "FEXTRA, FNAME, FCOMMENT and FHCRC all at once", \
        lambda t: member(t, header(b"ab\4\0wxyz", b"a\xe9.gz", b"c" * 300,
                                   True)), False
    yield "field_name", "a file name", \
        lambda t: member(t, header(name=b"googlebooks-a")), False
    yield "field_comment_empty", "an empty comment", \
        lambda t: member(t, header(comment=b"")), False
    yield "field_extra_empty", "an empty extra field", \
        lambda t: member(t, header(extra=b"")), False
    yield "field_extra_max", "an extra field of 65,535 bytes", \
        lambda t: member(t, header(extra=b"\0" * 65535)), False
    yield "field_extra_odd", "an extra field whose subfields do not add up", \
        lambda t: member(t, header(extra=b"BC\xff\xff\1")), False
    yield "field_crc", "a header CRC", \
        lambda t: member(t, header(crc=True)), False
    yield "field_name_long", "a file name longer than a block of input", \
        lambda t: member(t, header(name=b"n" * 700_000)), False
    yield "bgzf", "BGZF", bgzf, True
    yield "bgzf_small", "BGZF blocks of 777 bytes of text", \
        lambda t: bgzf(t, 777), False
    yield "bgzf_no_eof", "BGZF without its end mark", \
        lambda t: bgzf(t, 5000, b"") or BGZF_EOF, False
    yield "bgzf_eof_inside", "BGZF files laid end to end", \
        lambda t: bgzf(t[:50]) + bgzf(t[50:]), False
    yield "bgzf_other_subfield", "BC is not the first subfield", \
        lambda t: bgzf(t, before=b"XY\3\0abc"), False
    yield "bgzf_then_gzip", "only the beginning is BGZF", \
        lambda t: bgzf(t[:40]) + member(t[40:]), True
    yield "gzip_then_bgzf", "only the end is BGZF", \
        lambda t: member(t[:40]) + bgzf(t[40:]), False
    yield "zero_padding", "zeros after the last member, as tapes leave", \
        lambda t: member(t) + b"\0" * 1000, True
    yield "zero_padding_long", "more zeros than a block", \
        lambda t: member(t) + b"\0" * 1_100_000, False
    yield "bgzf_zero_padding", "zeros after BGZF", \
        lambda t: bgzf(t) + b"\0" * 512, False


def damaged():
    yield "garbage", "text after the last member", \
        lambda t: member(t) + b"garbage", True
    yield "garbage_one_byte", "one byte after the last member", \
        lambda t: member(t) + b"\1", False
    yield "garbage_half_magic", "the first byte of a member, no more", \
        lambda t: member(t) + b"\x1f", False
    yield "garbage_after_zeros", "padding that is not all zeros", \
        lambda t: member(t) + b"\0" * 70_000 + b"x", False
    yield "member_after_zeros", "padding must be the end", \
        lambda t: member(t) + b"\0" * 8 + member(t), False
    yield "bgzf_garbage", "text after BGZF", \
        lambda t: bgzf(t) + b"garbage", False
    yield "cut_magic", "only the magic", lambda t: member(t)[:2], False
    yield "cut_header", "the end inside the header", \
        lambda t: member(t)[:7], False
    yield "cut_behind_header", "a header and nothing else", \
        lambda t: member(t)[:10], False
    yield "cut_in_name", "the end inside the file name", \
        lambda t: header(name=b"abc")[:-2], False
    yield "cut_in_extra", "the end inside the extra field", \
        lambda t: header(extra=b"abcdef")[:-3], False
    for part in (1, 2, 3):
        yield f"cut_{part}_of_4", "the end inside the deflate data", \
            lambda t, part=part: cut(t, part, 4), part == 2
    yield "cut_last_byte_of_data", "all but the last byte of the data", \
        lambda t: member(t)[:-9], False
    yield "cut_before_trailer", "all data, no trailer", \
        lambda t: member(t)[:-8], True
    yield "cut_in_crc", "the end inside the CRC", \
        lambda t: member(t)[:-6], False
    yield "cut_last_byte", "all but the last byte", \
        lambda t: member(t)[:-1], False
    yield "cut_second_member", "the end inside a later member", \
        lambda t: member(t[:60]) + cut(t[60:], 2, 3), False
    yield "cut_second_header", "the end inside a later header", \
        lambda t: member(t) + header()[:5], False
    yield "cut_bgzf", "the end inside a BGZF block", \
        lambda t: bgzf(t, 4000)[:-40], True
    yield "bgzf_size_too_small", "BSIZE that ends inside its own block", \
        lambda t: bgzf(t, 4000, spoil=-7), False
    yield "bgzf_size_too_large", "BSIZE that ends in the next block", \
        lambda t: bgzf(t, 4000, spoil=9), False
    yield "stored_length", "a stored block whose two lengths disagree", \
        lambda t: flip(member(t, level=0), 13, 2), False
    yield "block_type_3", "a block of the reserved type", \
        lambda t: header() + b"\7" + deflate(t) + trailer(t), False
    yield "block_type_3_later", "the same behind good blocks", \
        lambda t: stored_blocks(t, 5000)[:-13] + b"\7" + trailer(t), False
    yield "distance_too_far", "a match from before the beginning", \
        lambda t: header() + MATCH_FIRST + trailer(t), False
    yield "distance_into_member_before", "members share no window", \
        lambda t: member(t) + header() + MATCH_FIRST + trailer(t[-3:]), False
    for part in range(1, 8):
        yield f"flip_{part}_of_8", "a flipped bit in the deflate data", \
            lambda t, part=part: (lambda data: flip(
                data, body_place(data, part, 8), part))(member(t)), \
            part in (2, 5)
    yield "flip_first_bits", "a flipped bit in the first code table", \
        lambda t: flip(member(t), 12, 3), True
    yield "flip_stored", "text changed behind the decoder's back", \
        lambda t: (lambda data: flip(data, body_place(data, 2, 3), 0))(
            member(t, level=0)), True
    yield "flip_crc", "a wrong CRC", lambda t: flip(member(t), -8), True
    yield "flip_crc_last", "its last byte", lambda t: flip(member(t), -5), False
    yield "flip_length", "a wrong length", lambda t: flip(member(t), -4), True
    yield "flip_length_last", "its last byte", \
        lambda t: flip(member(t), -1, 7), False
    yield "flip_crc_empty", "a wrong CRC of no text", \
        lambda t: member(t) + flip(member(b""), -8), False
    yield "flip_crc_first_member", "a wrong CRC before good members", \
        lambda t: spoil_member(t, 0, -8), False
    yield "flip_length_third_member", "a wrong length among good members", \
        lambda t: spoil_member(t, 2, -4), True
    yield "flip_data_third_member", "wrong data among good members", \
        lambda t: spoil_member(t, 2, 11), False
    yield "bgzf_flip_crc", "a wrong CRC in a BGZF block", \
        lambda t: flip(bgzf(t, 3000), -28 - 8), True
    yield "magic_first", "without the magic it is text", \
        lambda t: flip(member(t), 0), False
    yield "magic_second_member", "a later member without its magic", \
        lambda t: member(t[:30]) + flip(member(t[30:]), 1), False
    yield "method_7", "an unknown method", lambda t: flip(member(t), 2, 0), \
        False
    for bit in (5, 6, 7):
        yield f"reserved_flag_{bit}", "a flag that RFC 1952 reserves", \
            lambda t, bit=bit: flip(member(t), 3, bit), False
    yield "field_crc_wrong", "a wrong header CRC", \
        lambda t: member(t, header(name=b"a", crc=True, spoil=1)), False
    yield "field_crc_wrong_later", "a wrong header CRC of a later member", \
        lambda t: member(t) + member(t, header(crc=True, spoil=256)), False
    yield "method_later", "an unknown method of a later member", \
        lambda t: member(t) + flip(member(t), 2, 4), False


def all_encodings():
    """Those that this machine can make."""
    return [Encoding(*fields, group is damaged) for group in (good, damaged)
            for fields in group() if fields[2]]
