#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Time of the same query, asked again and again on one connection.

    again.py EXTENSION FILE WORD QUERIES

prints the median of all but the first, in milliseconds.
"""
import statistics
import sys
import time

from small_file import open_database


def time_again(database, path, word, queries):
    sql = f"SELECT total FROM ngram_counts(?) WHERE word = '{word}'"
    milliseconds = []
    for _ in range(queries + 1):
        start = time.perf_counter()
        database.execute(sql, (path,)).fetchall()
        milliseconds.append((time.perf_counter() - start) * 1e3)
    return milliseconds[1:]


if __name__ == "__main__":
    print(statistics.median(time_again(open_database(sys.argv[1]), sys.argv[2],
                                       sys.argv[3], int(sys.argv[4]))))
