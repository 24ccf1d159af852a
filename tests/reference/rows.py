# SPDX-License-Identifier: MIT
"""The rules for a row, written as plainly as Python allows.

Words are bytes. TAB is the only separator, nothing is quoted. LF ends a line,
and a CR just before that LF belongs to the line end; the last line of a file
may have no end, and then a CR in it is content.

A UTF-8 byte order mark at the start of a text is no part of it. The first line
that is good in some layout tells the layout of all. Where no line is good, the
first one tells what it looks like: 2020 if there is a comma between its first
and second TAB, 2009 if it has five columns, else 2012.

A line breaks the first rule below that it breaks, and that rule's words are
the error that a user reads. Nothing here is shared with the engine.
"""
import collections

BOM = b"\xef\xbb\xbf"
LINE_MAX = 1 << 20
YEAR_MAX = (1 << 31) - 1
COUNT_MAX = (1 << 63) - 1

NUMBERS = {
    2012: ("year", "match_count", "volume_count"),
    2009: ("year", "match_count", "page_count", "volume_count"),
}

Row = collections.namedtuple("Row", "word year matches volumes")

# A bad line: its number from 1, the rule it breaks, and where in the text it
# starts and ends (its line end included).
Fault = collections.namedtuple("Fault", "line message start end")

Parsed = collections.namedtuple("Parsed", "rows faults line_count")


def split_lines(text):
    """Yield (line, start, end) of every line of `text`."""
    start = len(BOM) if text.startswith(BOM) else 0
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


def parse_row(word, fields, names, before=""):
    """A row from the numbers behind a word, in the order of their names."""
    numbers = {}
    for name, digits in zip(names, fields):
        limit = (YEAR_MAX, 31) if name == "year" else (COUNT_MAX, 63)
        numbers[name] = parse_number(before + name, digits, *limit)
    return Row(word, numbers["year"], numbers["match_count"],
               numbers["volume_count"])


def parse_entry(word, column, entry):
    parts = entry.split(b",")
    before = f"column {column}: "
    if len(parts) != 3:
        raise BadRow(before + "expected year,match_count,volume_count, found "
                     f"{len(parts)} part" + "s" * (len(parts) > 1))
    return parse_row(word, parts, NUMBERS[2012], before)


def parse_line(line, layout):
    """The rows of `line`; or BadRow, the first rule that it breaks."""
    if len(line) > LINE_MAX:
        raise BadRow("longer than 1 MiB")
    fields = line.split(b"\t")
    if layout == 2020:
        if len(fields) < 2:
            raise BadRow(f"expected 2 columns or more, found {len(fields)}")
        check_word(fields[0])
        return [parse_entry(fields[0], number + 2, entry)
                for number, entry in enumerate(fields[1:])]
    columns = 1 + len(NUMBERS[layout])
    if len(fields) != columns:
        raise BadRow(f"expected {columns} columns, found {len(fields)}")
    check_word(fields[0])
    return [parse_row(fields[0], fields[1:], NUMBERS[layout])]


def is_good(line, layout):
    try:
        parse_line(line, layout)
    except BadRow:
        return False
    return True


def layout_of(text):
    for line, _, _ in split_lines(text):
        for layout in (2012, 2009, 2020):
            if is_good(line, layout):
                return layout
    line = next(split_lines(text), (b"", 0, 0))[0]
    fields = line.split(b"\t")
    if len(fields) > 1 and b"," in fields[1]:
        return 2020
    return 2009 if len(fields) == 5 else 2012


def parse(text):
    """All good rows and all bad lines of `text`."""
    rows, faults, number = [], [], 0
    layout = layout_of(text)
    for line, start, end in split_lines(text):
        number += 1
        try:
            rows.extend(parse_line(line, layout))
        except BadRow as bad:
            faults.append(Fault(number, str(bad), start, end))
    return Parsed(rows, faults, number)
