#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Time of one query on a small file, inside one SQLite process.

    small_file.py EXTENSION FILE QUERIES

prints the median and the 99th percentile of the queries, in milliseconds.
The file is touched before each query, so that no kept result is served.
"""
import os
import sqlite3
import statistics
import sys
import time


def open_database(extension):
    database = sqlite3.connect(":memory:")
    database.enable_load_extension(True)
    database.load_extension(extension)
    return database


def time_queries(database, path, queries):
    sql = "SELECT count(*), sum(total) FROM ngram_counts(?)"
    milliseconds = []
    for number in range(queries):
        os.utime(path, ns=(number, number))
        start = time.perf_counter()
        database.execute(sql, (path,)).fetchall()
        milliseconds.append((time.perf_counter() - start) * 1e3)
    return milliseconds


if __name__ == "__main__":
    times = time_queries(open_database(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
    print(statistics.median(times), statistics.quantiles(times, n=100)[98])
