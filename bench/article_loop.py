#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The article's first program: one loop over a dict.

    article_loop.py FILE [--dump]

All lines are decoded and split into a list first; the loop then takes a line
apart and adds its count. Prints the number of words and the sum of their
totals, or every word and its total.
"""
import sys

from article_lines import print_totals, read_lines


def count_words(lines):
    totals = {}
    for line in lines:
        data = line.split("\t")
        word = data[0]
        count = int(data[2])
        if word in totals:
            totals[word] = totals[word] + count
        else:
            totals[word] = count
    return totals


if __name__ == "__main__":
    print_totals(count_words(read_lines(sys.argv[1])), sys.argv[2:])
