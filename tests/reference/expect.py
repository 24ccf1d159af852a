# SPDX-License-Identifier: MIT
"""What a scan of given bytes must answer, from the references alone, and
whether it did.

Errors are compared by what the contract fixes: the line number and rule of a
bad row to the letter; of a damaged file, the class of the damage and that the
byte named is one where it may be said to lie. The error that stands earliest
in the text wins; a wrong CRC or length stands at its member's end.
"""
import collections
import functools
import re

from . import article, gunzip, rows as row_rules

DAMAGE_WORDS = {
    "truncated": "truncated",
    "invalid deflate": "invalid deflate",
    "CRC-32": "CRC-32",
    "length": "length",
    "header": "header|not a gzip member|method|flag",
    "after the last member": "after the last member|not a gzip member|after zero",
}
# What decoders may make of bits that say nothing sensible.
BROKEN_BITS = ("invalid deflate", "truncated", "CRC-32", "length")

LONGEST_MATCH = 258

# `texts` are messages, any of which will do; `damage` too if it is not None.
# With neither, `counts` and the other figures are the answer.
Expected = collections.namedtuple(
    "Expected", "counts texts damage parsed decoded columns size is_bgzf")


@functools.lru_cache(maxsize=6)  # most files hold a text seen before
def parse(text):
    return row_rules.parse(text)


@functools.lru_cache(maxsize=4)
def decode(data):
    return gunzip.decode(data)


@functools.lru_cache(maxsize=8)
def count_all(text):
    return article.count(parse(text).rows)


def first_error(parsed, decoded):
    """(fault, damaged): the bad line that may be the error, if any, and
    whether the damage of the file may be. With both, either will do."""
    damage, text = decoded.damage, decoded.text
    if not parsed.faults:
        return None, bool(damage)
    fault = parsed.faults[0]
    if not damage:
        return fault, False
    if not text.endswith(b"\n", fault.start, fault.end):
        # The damage cuts the line off. It is known to be bad only if it is
        # too long already or if all bits of its member are there.
        known = fault.message.startswith("longer") or damage.kind not in (
            "truncated", "invalid deflate")
        return (fault if known else None), True
    # Decoders may keep back the last text before bits that they reject.
    near = damage.kind == "invalid deflate" and \
        len(text) - fault.end < LONGEST_MATCH
    return fault, near


def expect(data, columns=False, on_error="fail", **wanted):
    """The answer to a scan of a file of these bytes."""
    decoded = decode(data)
    parsed = parse(decoded.text)
    fault, damaged = first_error(parsed, decoded)
    if on_error == "skip":
        fault, damaged = None, bool(decoded.damage)
    texts, counts = [], None
    if fault:
        texts.append(f"line {fault.line}: {fault.message}")
    elif not damaged:
        counts = (article.count(parsed.rows, article.Filter(**wanted))
                  if wanted else count_all(decoded.text))
        if article.overflows(counts, columns):
            texts, counts = ["integer overflow"], None
    return Expected(counts, texts, decoded.damage if damaged else None,
                    parsed, decoded, columns, len(data), data[12:14] == b"BC")


def damage_agrees(damage, message):
    found = re.fullmatch(r"byte (\d+): (.*)", message)
    return (found and re.search(DAMAGE_WORDS[damage.kind], found[2])
            and damage.low <= int(found[1]) <= damage.high)


def cut_agrees(expected, message):
    """A member of BGZF ends where its header says: what runs on past that, and
    past the end of the file, is no deflate data before it is cut short."""
    return (expected.is_bgzf and expected.damage
            and expected.damage.kind == "truncated"
            and damage_agrees(expected.damage._replace(kind="invalid deflate"),
                              message))


def nonsense_agrees(expected, message):
    """Whether `message` is what ISA-L may say of bits that are no deflate data:
    it may go on for a while, so that the nonsense looks like a bad row, like
    no end or like a wrong CRC."""
    if not expected.damage or expected.damage.kind != "invalid deflate":
        return False
    line = re.match(r"line (\d+): ", message)
    if line:
        return int(line[1]) >= expected.decoded.text.count(b"\n") + 1
    return any(damage_agrees(expected.damage._replace(
        kind=kind, high=expected.size), message) for kind in BROKEN_BITS)


def describe(expected):
    if expected.texts or expected.damage:
        wanted = list(expected.texts)
        if expected.damage:
            wanted.append("byte %d to %d: %s" % (
                expected.damage.low, expected.damage.high,
                expected.damage.kind))
        return "the error " + " or ".join(wanted)
    return f"{len(expected.counts)} words"


def error_problem(expected, path, result, decoder):
    if result.error is None:
        return f"expected {describe(expected)}, got {len(result.rows)} rows"
    if result.code != 1:
        return f"SQLite code {result.code}: {result.error}"
    message = result.error.removeprefix(path + ": ")
    if message == result.error and message != "integer overflow":
        return f"the path does not stand first: {result.error}"
    if (message in expected.texts
            or expected.damage and damage_agrees(expected.damage, message)
            or cut_agrees(expected, message)
            or decoder == "isal" and nonsense_agrees(expected, message)):
        return None
    return f"expected {describe(expected)}, got the error {result.error}"


def rows_problem(expected, rows):
    counts = expected.counts
    width = 6 if expected.columns else 2
    seen = {}
    for row in rows:
        if row[0] in seen:
            return f"two rows for {row[0][:40]}"
        seen[row[0]] = row[1:]
    for word, count in counts.items():
        if seen.get(word) != tuple(count)[:width - 1]:
            return (f"{word[:40]}: expected {tuple(count)[:width - 1]}, "
                    f"got {seen.get(word)}")
    if len(seen) != len(counts):
        extra = next(word for word in seen if word not in counts)
        return f"a word that is not in the file: {extra[:40]}"
    return None


def stats_problem(expected, stats, chunk_size):
    parsed = expected.parsed
    wanted = {"rows": len(parsed.rows), "skipped": len(parsed.faults),
              "words": len(expected.counts),
              "compressed_bytes": expected.size,
              "text_bytes": len(expected.decoded.text),
              "format": expected.decoded.format}
    if chunk_size:
        wanted["chunks"] = -(-parsed.line_count // chunk_size)
    wrong = [f"stats.{name}: expected {value}, got {stats[name]}"
             for name, value in wanted.items() if stats[name] != value]
    return "; ".join(wrong) or None


def problem(expected, path, result, chunk_size=None, decoder="zlib"):
    """What is wrong with `result`, in a sentence, or None."""
    if expected.counts is None:
        return error_problem(expected, path, result, decoder)
    if result.error is not None:
        return f"expected {describe(expected)}, got the error {result.error}"
    return rows_problem(expected, result.rows) or \
        stats_problem(expected, result.stats, chunk_size)
