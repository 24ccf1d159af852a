#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""check_includes.py sees what it is there to see, and nothing else."""

import fnmatch
import os
import shutil
import subprocess
import sys
import tempfile
import unittest

import check_includes
from python import tap

HERE = os.path.dirname(os.path.abspath(__file__))
EXT = os.path.join(HERE, "..", "ext")
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
        self.accepts("scan/a.c", '#include "count/table.h"')
        self.accepts("scan/a.c", '#include "ngram.h"')
        self.accepts("sqlite/a.c", '#include "sqlite/b.h" /* why */')
        self.accepts("base/a.h", "#include <stdint.h>")
        self.accepts("inflate/a.c", "#include <isa-l/igzip_lib.h>")

    def test_an_arrow_up_fails(self):
        self.refuses("base/a.c", '#include "scan/pass.h"', "not scan/")
        self.refuses("count/a.h", '#include "scan/pass.h"', "not scan/")
        self.refuses("scan/a.c", '#include "sqlite/b.h"', "not sqlite/")

    def test_an_arrow_sideways_fails(self):
        self.refuses("text/a.c", '#include "count/table.h"', "not count/")
        self.refuses("inflate/a.c", '#include "text/scanner.h"', "not text/")
        self.refuses("sched/a.c", '  # include "source/a.h"', "not source/")

    def test_angle_brackets_hide_nothing(self):
        self.refuses("text/a.c", "#include <count/table.h>", "not count/")

    def test_sqlite_sees_only_the_c_api(self):
        self.refuses("sqlite/a.c", '#include "base/hash.h"', "not base/")
        self.refuses("sqlite/a.c", '#include "scan/pass.h"', "not scan/")

    def test_only_sqlite_sees_sqlite(self):
        self.refuses("scan/a.c", "#include <sqlite3.h>", "is for sqlite")

    def test_only_the_top_sees_the_public_header(self):
        self.refuses("count/a.c", '#include "ngram.h"', "is for fault")

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

    def test_two_files_of_one_name_fail(self):
        for twin in "text/rows.h", "text/rows.c":
            status, output = check({"count/rows.h": "", twin: ""})
            self.assertEqual(status, 1, output)
            self.assertIn("count/rows: there is one of this name in text/\n",
                          output)
            self.assertIn("text/rows: there is one of this name in count/\n",
                          output)

    def test_a_header_and_its_source_have_one_name(self):
        status, output = check({
            "text/rows.h": "", "text/rows.c": "", "text/row.h": "",
            "text/rows_x86.h": "", "count/table.c": ""})
        self.assertEqual(status, 0, output)

    def functions_pass(self, header, text):
        status, output = check({header: text})
        self.assertEqual(status, 0, output)

    def function_fails(self, header, text, name):
        status, output = check({header: text})
        self.assertEqual(status, 1, output)
        self.assertIn(f"{header}: {name}: does not begin with", output)

    def test_a_function_of_another_name_fails(self):
        self.function_fails("text/row.h", "int ng_line_open(int a);", "ng_line_open")
        self.function_fails("text/row.h", "int ng_rows_open(int a);", "ng_rows_open")
        self.function_fails("text/row.h", "int ng_rowing(void);", "ng_rowing")
        self.function_fails("text/row.h", "int row_open(void);", "row_open")
        self.function_fails("text/rows.h", "struct x *ng_x(\n  int a);", "ng_x")
        self.function_fails(
            "text/row.h", "struct a {\n  int (*f)(int);\n};\n"
            "static inline int ng_a(struct a *a)\n"
            "{\n  if (a) {\n    return a->f(1);\n  }\n  return 0;\n}\n", "ng_a")
        self.function_fails(
            "text/row.h", "__attribute__((format(printf, 1, 2)))\n"
            "void ng_fail(const char *format, ...);", "ng_fail")
        self.function_fails("text/row.h", "int ng_a(int);\nint ng_row_b(int);\n"
                            "int ng_c(int);", "ng_a, ng_c")

    def test_a_function_may_have_the_header_s_name(self):
        self.functions_pass("text/row.h", "int ng_row(int a);")
        self.functions_pass("text/row.h", "const char *ng_row_open(int a);")
        self.functions_pass("text/rows.h", "int ng_rows_a(void);\n"
                            "int ng_row_b(void);")
        self.functions_pass("text/boundaries.h", "int ng_boundary_a(void);")
        self.functions_pass("text/matches.h", "int ng_match_a(void);")
        self.functions_pass("text/guess.h", "int ng_guess_a(void);")

    def test_what_is_no_function_may_have_any_name(self):
        self.functions_pass(
            "text/row.h", "/* int ng_a(int); */\n// int ng_b(int);\n"
            "#define NG_C(x) \\\n  int ng_c(x);\n"
            "typedef int ng_fn(int a);\nextern int (*ng_hook)(int a);\n"
            "struct ng_d {\n  int (*f)(int a);\n  int e;\n};\n")
        self.functions_pass("text/row.c", "int ng_a(int a)\n{\n  return a;\n}\n")

    def test_headers_of_included_code_are_exempt(self):
        for header in "text/row_x86.h", "text/row_arm64.h", "text/scanner_loop.h":
            self.functions_pass(header, "static int go(int a)\n{\n  return a;\n}\n")

    def test_each_exempt_header_is_there(self):
        headers = [os.path.relpath(path, EXT).replace(os.sep, "/")
                   for path in check_includes.sources(EXT)]
        for exempt in check_includes.EXEMPT:
            self.assertTrue(fnmatch.filter(headers, exempt), exempt)

    def test_the_tree_passes_and_fails_with_one_fault_in_it(self):
        faults = (
            ("", "", ""),
            ("base/array.h", '#include "text/row.h"', "not text/"),
            ("base/array.h", '#include "base/arena.h"',
             "a cycle of files: base/arena base/array\n"),
            ("text/arena.h", "", "base/arena: there is one of this name in text/\n"),
            ("base/array.h", "int ng_arena_of(int);", "base/array.h: ng_arena_of:"))
        for file, line, expected in faults:
            with tempfile.TemporaryDirectory() as root:
                ext = os.path.join(root, "ext")
                shutil.copytree(EXT, ext)
                os.mkdir(os.path.join(root, "tests"))
                checker = shutil.copy(CHECKER, os.path.join(root, "tests"))
                if file:
                    with open(os.path.join(ext, file), "a", encoding="utf-8") as end:
                        end.write(line + "\n")
                done = subprocess.run([sys.executable, checker], check=False,
                                      stdout=subprocess.PIPE,
                                      universal_newlines=True)
            self.assertEqual(done.returncode, bool(file), done.stdout)
            self.assertIn(expected, done.stdout)

    def test_an_empty_tree_fails(self):
        self.assertEqual(check({})[0], 1)


if __name__ == "__main__":
    tap.main()
