# SPDX-License-Identifier: MIT
"""The rules for a row, written as plainly as Python allows.

Words are bytes. TAB is the only separator, nothing is quoted. LF ends a line,
and a CR just before that LF belongs to the line end; the last line of a file
may have no end, and then a CR in it is content.

A line breaks the first rule below that it breaks, and that rule's words are
the error that a user reads. Nothing here is shared with the engine.
"""
import collections

LINE_MAX = 1 << 20
YEAR_MAX = (1 << 31) - 1
COUNT_MAX = (1 << 63) - 1

Row = collections.namedtuple("Row", "word year matches volumes")

# A bad line: its number from 1, the rule it breaks, and where in the text it
# starts and ends (its line end included).
Fault = collections.namedtuple("Fault", "line message start end")

Parsed = collections.namedtuple("Parsed", "rows faults line_count")


def split_lines(text):
    """Yield (line, start, end) of every line of `text`."""
    start = 0
    while start < len(text):
        newline = text.find(b"\n", start)
        if newline < 0:
            yield text[start:], start, len(text)
            return
        line = text[start:newline]
        if line.endswith(b"\r"):
            line = line[:-1]
        yield line, start, newline + 1
        start = newline + 1


class BadRow(Exception):
    """Its text is the rule that a line breaks."""


def parse_number(name, digits, limit, bits):
    if not digits.isdigit():  # of bytes: ASCII digits only, at least one
        raise BadRow(f"{name} is not a number")
    if len(digits) > 19:
        digits = digits.lstrip(b"0") or b"0"
    if len(digits) > 19 or int(digits) > limit:
        raise BadRow(f"{name} does not fit {bits} bits")
    return int(digits)


def check_word(word):
    if not word:
        raise BadRow("empty word")
    if b"\0" in word:
        raise BadRow("word holds a NUL byte")
    try:
        word.decode("utf-8", "strict")
    except UnicodeDecodeError:
        raise BadRow("word is not valid UTF-8") from None


def parse_line(line):
    """The row that `line` is; or BadRow, the first rule that it breaks."""
    if len(line) > LINE_MAX:
        raise BadRow("longer than 1 MiB")
    fields = line.split(b"\t")
    if len(fields) != 4:
        raise BadRow(f"expected 4 columns, found {len(fields)}")
    word, year, matches, volumes = fields
    check_word(word)
    return Row(word, parse_number("year", year, YEAR_MAX, 31),
               parse_number("match_count", matches, COUNT_MAX, 63),
               parse_number("volume_count", volumes, COUNT_MAX, 63))


def parse(text):
    """All good rows and all bad lines of `text`."""
    rows, faults, number = [], [], 0
    for line, start, end in split_lines(text):
        number += 1
        try:
            rows.append(parse_line(line))
        except BadRow as bad:
            faults.append(Fault(number, str(bad), start, end))
    return Parsed(rows, faults, number)
