# SPDX-License-Identifier: MIT
"""The totals of all words, by the algorithm of the article: a loop over a
dict; and the same as MapReduce, chunk by chunk, the dicts merged one by one.

Both take the rows of rows.parse() and give {word: Count}.
"""
import collections
import functools
import re

from . import rows as row_rules

Count = collections.namedtuple(
    "Count", "total volumes first_year last_year row_count")

# watch_VERB: one of the twelve universal tags behind a word; or _VERB_, the
# place holder for any word of that kind.
TAG = rb"(?:NOUN|VERB|ADJ|ADV|PRON|DET|ADP|NUM|CONJ|PRT|X|\.)"
TAGGED = re.compile(rb"(?:[^ ]+_%s|_%s_)" % (TAG, TAG))
MARKS = (b"_START_", b"_END_", b"_ROOT_")


def tokens(word):
    """The tokens of an n-gram, lists of one, or of those of an arc: head=>word."""
    for token in word.split(b" "):
        parts = []
        while 0 < (at := token.find(b"=>", 1)) < len(token) - 2:
            parts.append(token[:at])
            token = token[at + 2:]
        yield parts + [token]


def is_tagged(word):
    """Whether some token of the n-gram carries a part-of-speech tag."""
    return any(TAGGED.fullmatch(part) for arc in tokens(word) for part in arc)


def is_plain(word):
    """Whether all tokens are printed ones."""
    return not is_tagged(word) and all(
        len(arc) == 1 and arc[0] not in MARKS for arc in tokens(word))


TAGS = {"keep": lambda word: True, "drop": lambda word: not is_tagged(word),
        "only": is_tagged, "plain": is_plain}


class Filter:
    """Which rows to count."""

    def __init__(self, year_from=None, year_to=None, tags="keep", words=None):
        self.first = -1 if year_from is None else year_from
        self.last = row_rules.YEAR_MAX if year_to is None else year_to
        self.tags = tags
        self.words = None if words is None else set(words)

    def takes(self, row):
        if not self.first <= row.year <= self.last:
            return False
        if self.words is not None and row.word not in self.words:
            return False
        return TAGS[self.tags](row.word)


def add(counts, word, total, volumes, first_year, last_year, row_count):
    seen = counts.get(word)
    if seen is None:
        counts[word] = [total, volumes, first_year, last_year, row_count]
        return
    seen[0] += total
    seen[1] += volumes
    seen[2] = min(seen[2], first_year)
    seen[3] = max(seen[3], last_year)
    seen[4] += row_count


def count_rows(rows, wanted):
    counts = {}
    for row in rows:
        if wanted is None or wanted.takes(row):
            add(counts, row.word, row.matches, row.volumes, row.year, row.year,
                1)
    return counts


def finish(counts):
    return {word: Count(*count) for word, count in counts.items()}


def count(rows, wanted=None):
    """One loop over a dict."""
    return finish(count_rows(rows, wanted))


def merge_dicts(first, second):
    for word, seen in second.items():
        add(first, word, *seen)
    return first


def count_in_chunks(rows, chunk_size, wanted=None):
    """MapReduce: slices of `chunk_size` rows, each to a dict; then merged."""
    chunks = (rows[i:i + chunk_size] for i in range(0, len(rows), chunk_size))
    return finish(functools.reduce(
        merge_dicts, (count_rows(chunk, wanted) for chunk in chunks), {}))


def overflows(counts, columns=False):
    """Whether a sum is past what the result can hold."""
    return any(c.total > row_rules.COUNT_MAX or
               columns and c.volumes > row_rules.COUNT_MAX
               for c in counts.values())
