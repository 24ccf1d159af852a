#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Sums up tests that have run: tests/sum_up.py FILE [STATUS]

FILE is what `ctest --output-junit` wrote, or the TAP of one program (*.tap) that
ended with STATUS.
Prints "passed failed skipped", then what is to be said of the tests that
failed or were skipped. A program that prints TAP counts as its cases, any other
as one test; one that ends badly counts at least one failure.
"""

import re
import sys
import xml.etree.ElementTree

CASE = re.compile(r"^(not )?ok\b[^#\n]*(# *SKIP\b.*)?", re.MULTILINE)
SKIPPED = re.compile(r"^(?:SKIP|skip)\S* *(.*)$", re.MULTILINE)
SHOWN = 400  # lines of a failure


def count_cases(text):
    """(passed, failed, [what was skipped]) of the TAP in a text."""
    passed = failed = 0
    skipped = []
    for failure, skip in CASE.findall(text):
        if skip:
            skipped.append(skip.lstrip("# "))
        elif failure:
            failed += 1
        else:
            passed += 1
    return passed, failed, skipped


class Sum:
    def __init__(self):
        self.passed = self.failed = self.skipped = 0
        self.notes = []

    def add(self, name, text, ended_well):
        passed, failed, skipped = count_cases(text)
        if not passed and not failed and not skipped:
            passed = 1 if ended_well else 0
        if not ended_well and not failed:
            failed = 1
        self.passed += passed
        self.failed += failed
        self.skipped += len(skipped)
        if skipped:
            reasons = "; ".join(sorted(set(skipped)))
            self.notes.append(f"  skipped {name}: {len(skipped)} cases: {reasons}")
        if failed:
            self.notes.append(f"  FAILED  {name}")
            lines = text.splitlines()
            if len(lines) > SHOWN:
                lines = lines[:20] + ["..."] + lines[-SHOWN:]
            self.notes += [f"    | {line}" for line in lines]

    def skip(self, name, text):
        self.skipped += 1
        reason = SKIPPED.search(text)
        self.notes.append(f"  skipped {name}: {reason[1] if reason else text.strip()}")

    def read_junit(self, path):
        for case in xml.etree.ElementTree.parse(path).getroot().iter("testcase"):
            text = case.findtext("system-out") or ""
            if case.get("status") == "notrun":
                self.skip(case.get("name"), text)
            else:
                self.add(case.get("name"), text, case.get("status") == "run")

    def read_tap(self, path, status):
        with open(path, encoding="utf-8", errors="replace") as file:
            text = file.read()
        self.add(path.rsplit("/", 1)[-1][:-4], text, status == 0)


def main(path, status="0"):
    total = Sum()
    if path.endswith(".tap"):
        total.read_tap(path, int(status))
    else:
        total.read_junit(path)
    print(total.passed, total.failed, total.skipped)
    for note in total.notes:
        print(note)


if __name__ == "__main__":
    main(*sys.argv[1:])
