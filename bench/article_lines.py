# SPDX-License-Identifier: MIT
"""What the article's two programs share: the list of lines, and the output."""
import gzip
import sys


def read_lines(path):
    """Decode a file, gzip or plain, and split it into a list of lines."""
    opener = gzip.open if path.endswith(".gz") else open
    with opener(path, "rt", encoding="utf-8", newline="\n") as file:
        return file.readlines()


def print_totals(totals, options):
    if "--dump" in options:
        sys.stdout.reconfigure(encoding="utf-8", newline="\n")
        for word, total in totals.items():
            sys.stdout.write(f"{word}\t{total}\n")
    else:
        print(len(totals), sum(totals.values()))
