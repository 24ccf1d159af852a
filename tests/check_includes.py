#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Data flows one way through the rooms below ext/. Reads the #include lines
there and fails on one that points up or sideways, and on a cycle of files.

    tests/check_includes.py [EXT_FOLDER]

A line "ROOM/file.h" must name a room that this one may see; the table below
is the whole rule. Headers of other libraries belong to one room each; every
other <header.h> is taken for libc's or the compiler's.

A header and the source of its name are one node: none may reach itself through
others. CYCLES lists those that do today. The list may only shrink: a group that
is no cycle any more, or one of fewer files, fails as well.
"""

import os
import re
import sys

# Room: the rooms that it may include, besides itself.
ROOMS = {
    "base": (),
    "sched": ("base",),
    "source": ("base",),
    "inflate": ("source", "base"),
    "text": ("base",),
    "count": ("base",),
    "engine": ("base", "sched", "source", "inflate", "text", "count"),
    "sqlite": (),
}

# Header outside ext/: the rooms that may include it.
OTHERS = {
    "ngram.h": ("engine", "sqlite"),
    "ngram_build.h": ("engine",),
    "zlib.h": ("base", "inflate", "engine"),
    "isa-l.h": ("inflate",),
    "isa-l": ("inflate",),
    "sqlite3.h": ("sqlite",),
    "sqlite3ext.h": ("sqlite",),
}

# Files that reach each other, without .c and .h. For ext/ as it is.
CYCLES = (
    "engine/chunk engine/feed engine/fold engine/job engine/map engine/stream "
    "engine/stream_ahead",
    "engine/files engine/match",
    "engine/rows_file engine/rows_sort",
)

INCLUDE = re.compile(r'^\s*#\s*include\s*(.*?)\s*(?:/[/*].*)?$')
NAME = re.compile(r'^(?:"([^"]+)"|<([^>]+)>)$')


def complaint(room, target):
    """What is wrong with `#include target` in a file of room, or None."""
    match = NAME.match(target)
    if not match:
        return f"cannot tell what {target} names"
    name = match[1] or match[2]
    folder = name.split("/")[0]
    if folder in OTHERS:
        if room in OTHERS[folder]:
            return None
        return f"{name} is for {' and '.join(OTHERS[folder])}"
    if folder in ROOMS and "/" in name:
        if folder == room or folder in ROOMS[room]:
            return None
        allowed = ", ".join(ROOMS[room]) or "no other room"
        return f"{room}/ may include {allowed}; not {folder}/"
    if match[1]:
        return f'"{name}" does not say which room it is of'
    return None


def check_file(path, room):
    """Yields (line number, complaint)."""
    with open(path, encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            match = INCLUDE.match(line)
            if match:
                wrong = complaint(room, match[1])
                if wrong:
                    yield number, wrong


def included(path):
    """The files of ext/ that a file includes."""
    with open(path, encoding="utf-8") as file:
        for line in file:
            match = INCLUDE.match(line)
            name = NAME.match(match[1]) if match else None
            if name:
                yield name[1] or name[2]


def stem(name):
    return os.path.splitext(name)[0].replace(os.sep, "/")


def graph_of(ext):
    """Node: the nodes that it includes. A node is room/name, without .c or .h."""
    graph = {}
    for path in sources(ext):
        node = stem(os.path.relpath(path, ext))
        targets = graph.setdefault(node, set())
        targets.update(stem(name) for name in included(path))
        targets.discard(node)
    return {node: targets & graph.keys() for node, targets in graph.items()}


def reached(graph, start):
    """All nodes that can be reached from one, over one arrow at least."""
    found = set()
    todo = list(graph[start])
    while todo:
        node = todo.pop()
        if node not in found:
            found.add(node)
            todo += graph[node]
    return found


def cycles(graph):
    """The groups of nodes that reach each other, each as words in order."""
    reach = {node: reached(graph, node) for node in graph}
    return {" ".join(sorted(other for other in reach[node]
                            if node in reach[other]))
            for node in graph if node in reach[node]}


def check_cycles(ext, known):
    found = cycles(graph_of(ext))
    for group in sorted(found - set(known)):
        yield f"a cycle of files: {group}"
    for group in sorted(set(known) - found):
        yield f"no cycle any more, take it off the list of CYCLES: {group}"


def sources(ext):
    for folder, _, files in sorted(os.walk(ext)):
        for file in sorted(files):
            if file.endswith((".c", ".h")):
                yield os.path.join(folder, file)


def check_tree(ext):
    """Returns (files read, list of complaints)."""
    complaints = []
    count = 0
    for path in sources(ext):
        count += 1
        shown = os.path.relpath(path, ext)
        room = shown.split(os.sep)[0]
        if room not in ROOMS:
            complaints.append(f"{shown}: is in no room of the table")
            continue
        for number, wrong in check_file(path, room):
            complaints.append(f"{shown}:{number}: {wrong}")
    return count, complaints


def main(arguments):
    """Cycles are known in the ext/ beside this file and in no other."""
    here = os.path.dirname(os.path.abspath(__file__))
    ext = arguments[0] if arguments else os.path.join(here, "..", "ext")
    count, complaints = check_tree(ext)
    complaints += check_cycles(ext, () if arguments else CYCLES)
    for line in complaints:
        print(line)
    if count == 0:
        print(f"{ext}: no source found")
        return 1
    print(f"{count} files, {len(complaints)} complaints")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
