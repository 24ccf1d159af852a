#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Data flows one way through the rooms below ext/. Reads the #include lines
there and fails on one that points up or sideways.

    tests/check_includes.py [EXT_FOLDER]

A line "ROOM/file.h" must name a room that this one may see; the table below
is the whole rule. Headers of other libraries belong to one room each; every
other <header.h> is taken for libc's or the compiler's.
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
    "zlib.h": ("inflate", "engine"),
    "isa-l.h": ("inflate",),
    "isa-l": ("inflate",),
    "sqlite3.h": ("sqlite",),
    "sqlite3ext.h": ("sqlite",),
}

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
    for line in complaints:
        print(line)
    if count == 0:
        print(f"{ext}: no source found")
        return 1
    print(f"{count} files, {len(complaints)} includes that do not belong")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
