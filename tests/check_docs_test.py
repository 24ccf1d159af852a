#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""check_docs.py sees what it is there to see: a made-up product whose documents
are right, and each fault that is put into them."""

import os
import sqlite3
import tempfile
import unittest

import check_docs
from python import tap

README = """# Title
## ngram_counts(path, ...)
`word` and `volumes`; see [the end](#the-end), and `ext/a.c`.
```sql
SELECT 1;
SELECT 2;
```
## The end
| threads | NGRAM_THREADS | workers |
`ngram_stats.rows`, `unit.count`, `lint.docs` and [this](docs/more.md#more)
"""

FILES = {"README.md": README, "docs/more.md": "# More\n", "ext/a.c": "",
         "tests/CMakeLists.txt": "ngram_test(lint.docs LABELS lint)",
         "tests/unit/test_count.c": ""}

PRODUCT = check_docs.Product(
    tables={"ngram_counts": ["word", "path", "volumes"],
            "ngram_stats": ["rows"]},
    functions={"ngram_version"}, keys={"threads": "NGRAM_THREADS"},
    variables={"NGRAM_THREADS"}, names={"ngram_count"},
    connect=lambda: sqlite3.connect(":memory:"))


def complaints(before="", after=""):
    """Of the documents, once `before` is `after` in README.md."""
    assert before in README
    with tempfile.TemporaryDirectory() as root:
        for name, text in FILES.items():
            path = os.path.join(root, name)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "w", encoding="utf-8") as file:
                file.write(text.replace(before, after, 1) if before else text)
        return list(check_docs.check_tree(root, PRODUCT))


class CheckDocs(unittest.TestCase):
    def finds(self, before, after, expected):
        found = complaints(before, after)
        self.assertEqual(len(found), 1, found)
        self.assertIn(expected, found[0])

    def test_right_documents_pass(self):
        self.assertEqual(complaints(), [])

    def test_links_lead_somewhere(self):
        self.finds("docs/more.md#more", "docs/less.md", "no file docs/less.md")
        self.finds("more.md#more", "more.md#less", "no heading")
        self.finds("(#the-end)", "(#an-end)", "no heading #an-end")

    def test_paths_are_there(self):
        self.finds("ext/a.c", "ext/b.c", "no file ext/b.c")

    def test_names_are_there(self):
        self.finds("# Title", "# ngram_lost()", "program ngram_lost")
        self.finds("ngram_stats.rows", "ngram_stats.rags", "no column rags")
        self.finds("unit.count", "unit.counts", "no test unit.counts")
        self.finds("lint.docs`", "lint.dogs`", "no test lint.dogs")

    def test_every_argument_is_described(self):
        self.finds("`volumes`", "`word`", "nothing of ngram_counts.volumes")

    def test_keys_and_variables_are_those_of_the_product(self):
        self.finds("| threads |", "| thread |", "keys are")
        self.finds("# Title", "# NGRAM_LOST", "NGRAM_LOST does not exist")
        self.finds("ext/a.c`", "ext/a.c` NGRAM_MORE", "NGRAM_MORE does not")

    def test_statements_run(self):
        self.finds("SELECT 2", "SELECT two", "no such column")


if __name__ == "__main__":
    tap.main()
