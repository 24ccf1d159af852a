#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Holds ext/ to its rules, by the text of its files, and fails on

  - an #include of a room that the table below does not allow,
  - a cycle of files,
  - two files of one name in different rooms,
  - a public function of x.h whose name does not begin with ng_x.

    tests/check_includes.py [EXT_FOLDER]

A line "ROOM/file.h" names a room; ROOMS is the whole rule. Headers of other
libraries belong to one room each; every other <header.h> is taken for libc's or
the compiler's. A header and the source of its name are one node: none may reach
itself through others.
"""

import fnmatch
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
    "fault": ("source", "inflate", "text"),
    "store": ("base", "source", "inflate", "fault"),
    "scan": ("base", "sched", "source", "inflate", "text", "count", "fault",
             "store"),
    "tally": ("base", "sched", "text", "count", "fault", "store", "scan"),
    "rows": ("base", "sched", "source", "inflate", "text", "fault", "store",
             "scan"),
    "api": ("base", "source", "inflate", "text", "fault", "store", "scan",
            "tally", "rows"),
    "sqlite": (),
}

# Header outside ext/: the rooms that may include it.
OTHERS = {
    "ngram.h": ("fault", "store", "scan", "tally", "rows", "api", "sqlite"),
    "ngram_build.h": ("api",),
    "zlib.h": ("base", "inflate"),
    "isa-l.h": ("inflate",),
    "isa-l": ("inflate",),
    "sqlite3.h": ("sqlite",),
    "sqlite3ext.h": ("sqlite",),
}

# Header (or a pattern of them) whose functions need not have its name: the
# reason. All of today hold included code, static parts of a .c.
EXEMPT = {
    "*_x86.h": "kernels of one architecture, included by the .c that chooses",
    "*_arm64.h": "the same",
    "inflate/decode_cells.h": "the decoder, included once for each cell width",
    "inflate/decode_loop.h": "its loop, included once for each CPU feature",
    "text/scanner_entries.h": "the loop of scanner.c for the layout of 2020",
    "text/scanner_loop.h": "the loop of scanner.c for rows",
    "text/scanner_take.h": "what both loops share",
}

INCLUDE = re.compile(r'^\s*#\s*include\s*(.*?)\s*(?:/[/*].*)?$')
NAME = re.compile(r'^(?:"([^"]+)"|<([^>]+)>)$')
ATTRIBUTE = re.compile(r"__attribute__\s*\(\((?:[^()]|\([^()]*\))*\)\)")
# A type, a name, and the parameters; "(*" begins a pointer to a function.
FUNCTION = re.compile(
    r"^(?!\s*typedef\b)\s*(?:\w+[\s*]+)+(\w+)\s*\((?!\s*\*)")


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


def find_cycles(ext):
    for group in sorted(cycles(graph_of(ext))):
        yield f"a cycle of files: {group}"


def find_twins(ext):
    rooms = {}
    for path in sources(ext):
        room, _, name = stem(os.path.relpath(path, ext)).partition("/")
        rooms.setdefault(name, set()).add(room)
    for name, owners in sorted(rooms.items()):
        for room in sorted(owners):
            others = ", ".join(f"{other}/" for other in sorted(owners - {room}))
            if others:
                yield f"{room}/{name}: there is one of this name in {others}"


def functions_of(text):
    """The functions that a header declares or defines, in order."""
    text = re.sub(r"/\*.*?\*/|//[^\n]*", " ", text, flags=re.S)
    text = re.sub(r"^[ \t]*#(?:\\\n|[^\n])*", "", text, flags=re.M)
    text = ATTRIBUTE.sub(" ", text)
    bodies = 1
    while bodies:  # from the innermost outwards
        text, bodies = re.subn(r"\{[^{}]*\}", ";", text)
    for statement in text.split(";"):
        match = FUNCTION.match(statement)
        if match:
            yield match[1]


def names_for(header):
    """The beginnings that names of a header's functions may have."""
    name = stem(os.path.basename(header))
    singular = name
    for ending, other in ("ies$", "y"), ("(?<=[sxh])es$", ""), ("(?<!s)s$", ""):
        if singular == name:
            singular = re.sub(ending, other, name)
    return sorted({f"ng_{name}", f"ng_{singular}"})


def find_misnamed(ext):
    for path in sources(ext):
        header = os.path.relpath(path, ext).replace(os.sep, "/")
        if not header.endswith(".h") or any(
                fnmatch.fnmatchcase(header, exempt) for exempt in EXEMPT):
            continue
        with open(path, encoding="utf-8") as file:
            functions = list(functions_of(file.read()))
        good = names_for(header)
        bad = [name for name in functions if name not in good and
               not name.startswith(tuple(word + "_" for word in good))]
        if bad:
            yield (f"{header}: {', '.join(bad)}: does not begin with "
                   f"{' or '.join(good)}")


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
    here = os.path.dirname(os.path.abspath(__file__))
    ext = arguments[0] if arguments else os.path.join(here, "..", "ext")
    count, complaints = check_tree(ext)
    for find in find_cycles, find_twins, find_misnamed:
        complaints += find(ext)
    for line in complaints:
        print(line)
    if count == 0:
        print(f"{ext}: no source found")
        return 1
    print(f"{count} files, {len(complaints)} complaints")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
