#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""check_includes.py sees the arrows that it is there to see."""

import os
import subprocess
import sys
import tempfile
import unittest

import check_includes
from python import tap

HERE = os.path.dirname(os.path.abspath(__file__))
CHECKER = os.path.join(HERE, "check_includes.py")


def check(files):
    """Exit status and output of the checker over a tree of made-up files."""
    with tempfile.TemporaryDirectory() as ext:
        for name, text in files.items():
            path = os.path.join(ext, name)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)
        done = subprocess.run([sys.executable, CHECKER, ext],
                              stdout=subprocess.PIPE, check=False,
                              universal_newlines=True)
    return done.returncode, done.stdout


class CheckIncludes(unittest.TestCase):
    def accepts(self, file, line):
        status, output = check({file: line + "\n"})
        self.assertEqual(status, 0, output)

    def refuses(self, file, line, expected):
        status, output = check({file: "int x;\n" + line + "\n"})
        self.assertEqual(status, 1, output)
        self.assertIn(f"{file}:2: ", output)
        self.assertIn(expected, output)

    def test_a_room_may_look_down_and_at_itself(self):
        self.accepts("inflate/a.c", '#include "source/source.h"')
        self.accepts("inflate/a.c", '#include "inflate/b.h"')
        self.accepts("engine/a.c", '#include "count/table.h"')
        self.accepts("engine/a.c", '#include "ngram.h"')
        self.accepts("sqlite/a.c", '#include "sqlite/b.h" /* why */')
        self.accepts("base/a.h", "#include <stdint.h>")
        self.accepts("inflate/a.c", "#include <isa-l/igzip_lib.h>")

    def test_an_arrow_up_fails(self):
        self.refuses("base/a.c", '#include "engine/job.h"', "not engine/")
        self.refuses("count/a.h", '#include "engine/job.h"', "not engine/")
        self.refuses("engine/a.c", '#include "sqlite/b.h"', "not sqlite/")

    def test_an_arrow_sideways_fails(self):
        self.refuses("text/a.c", '#include "count/table.h"', "not count/")
        self.refuses("inflate/a.c", '#include "text/scanner.h"', "not text/")
        self.refuses("sched/a.c", '  # include "source/a.h"', "not source/")

    def test_angle_brackets_hide_nothing(self):
        self.refuses("text/a.c", "#include <count/table.h>", "not count/")

    def test_sqlite_sees_only_the_c_api(self):
        self.refuses("sqlite/a.c", '#include "base/hash.h"', "not base/")
        self.refuses("sqlite/a.c", '#include "engine/job.h"', "not engine/")

    def test_only_sqlite_sees_sqlite(self):
        self.refuses("engine/a.c", "#include <sqlite3.h>", "is for sqlite")

    def test_only_the_top_sees_the_public_header(self):
        self.refuses("count/a.c", '#include "ngram.h"', "is for engine")

    def test_an_include_names_its_room(self):
        self.refuses("text/a.c", '#include "scan.h"', "which room")
        self.refuses("text/a.c", '#include "../count/t.h"', "which room")
        self.refuses("text/a.c", "#include HEADER", "cannot tell")

    def test_a_file_outside_every_room_fails(self):
        status, output = check({"attic/a.c": ""})
        self.assertEqual(status, 1)
        self.assertIn("attic", output)

    def test_a_cycle_of_files_fails(self):
        status, output = check({
            "count/a.h": "int a;\n",
            "count/a.c": '#include "count/a.h"\n#include "count/b.h"\n',
            "count/b.h": '#include "base/d.h"\n',
            "count/b.c": '#include "count/b.h"\n#include "count/c.h"\n',
            "count/c.h": '#include "count/a.h"\n',
            "base/d.h": ""})
        self.assertEqual(status, 1, output)
        self.assertIn("a cycle of files: count/a count/b count/c\n", output)

    def test_two_ways_to_one_file_are_no_cycle(self):
        status, output = check({
            "count/a.c": '#include "count/a.h"\n#include "count/c.h"\n',
            "count/a.h": '#include "count/b.h"\n',
            "count/b.h": '#include "count/c.h"\n', "count/c.h": ""})
        self.assertEqual(status, 0, output)

    def test_the_list_of_cycles_only_shrinks(self):
        with tempfile.TemporaryDirectory() as ext:
            os.mkdir(os.path.join(ext, "count"))
            for name, other in ("a", "b"), ("b", "a"):
                with open(os.path.join(ext, "count", name + ".h"), "w",
                          encoding="utf-8") as file:
                    file.write(f'#include "count/{other}.h"\n')
            group = "count/a count/b"
            complaints = check_includes.check_cycles
            self.assertEqual(list(complaints(ext, [group])), [])
            self.assertIn(group, "".join(complaints(ext, [])))
            self.assertIn("count/b count/z", "".join(
                complaints(ext, [group, "count/b count/z"])))

    def test_an_empty_tree_fails(self):
        self.assertEqual(check({})[0], 1)


if __name__ == "__main__":
    tap.main()
