#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The article's second program: MapReduce with asyncio and processes.

    article_mapreduce.py FILE [--dump]

All lines are decoded and split into a list first. Slices of 20,000 lines go
to a pool of processes, one dict comes back for each, and the dicts are merged
one by one. Prints what article_loop.py prints.
"""
import asyncio
import concurrent.futures
import functools
import sys

from article_lines import print_totals, read_lines

PARTITION_SIZE = 20_000


def partition(lines, size):
    for start in range(0, len(lines), size):
        yield lines[start : start + size]


def map_frequencies(lines):
    counter = {}
    for line in lines:
        word, _, count, _ = line.split("\t")
        if word in counter:
            counter[word] = counter[word] + int(count)
        else:
            counter[word] = int(count)
    return counter


def merge_dictionaries(first, second):
    merged = first
    for key in second:
        if key in merged:
            merged[key] = merged[key] + second[key]
        else:
            merged[key] = second[key]
    return merged


async def count_words(lines):
    loop = asyncio.get_running_loop()
    with concurrent.futures.ProcessPoolExecutor() as pool:
        tasks = [
            loop.run_in_executor(
                pool, functools.partial(map_frequencies, chunk)
            )
            for chunk in partition(lines, PARTITION_SIZE)
        ]
        results = await asyncio.gather(*tasks)
    return functools.reduce(merge_dictionaries, results, {})


if __name__ == "__main__":
    print_totals(
        asyncio.run(count_words(read_lines(sys.argv[1]))), sys.argv[2:]
    )
