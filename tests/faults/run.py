#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Deliberate faults: each is put into a copy of the tree, alone, and tests that
are run every day have to find it.

    tests/faults/run.py [NAME...]       all faults, or those named
    tests/faults/run.py --list
    tests/faults/run.py --check         is the code of each still there?

A fault is a piece of code and what it is replaced by. Where the piece is no
longer there, exactly once, the fault is out of date and has to be written anew:
that is a failure, too. `tests` selects the tests that are to find it, by a
regular expression of ctest; the faults of error paths and locks are tried in
the builds of a sanitizer. The last line is `N passed, N failed`.
"""

import collections
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import xml.etree.ElementTree

from faults import FAULTS

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
TREE = ROOT / "build" / "faults"
BUILD_SECONDS = 600
TEST_SECONDS = 300

Result = collections.namedtuple("Result", "found what")


def copy_tree():
    """A copy of what git knows, as it stands; builds in it are kept."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, check=True, capture_output=True, text=True).stdout
    for name in filter(None, listed.split("\0")):
        source, target = ROOT / name, TREE / name
        if not source.is_file():
            continue
        if target.is_file() and target.read_bytes() == source.read_bytes():
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(source, target)
        os.utime(target)


def run(command, seconds, environment=None):
    """Whether it ended well, and what it said. After so long it and all that it
    began are killed.
    """
    with subprocess.Popen(
            command, cwd=TREE, text=True, errors="replace",
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            env={**os.environ, **(environment or {})},
            start_new_session=True) as child:
        try:
            said, _ = child.communicate(timeout=seconds)
        except subprocess.TimeoutExpired as late:
            os.killpg(child.pid, signal.SIGKILL)
            return False, f"no end after {late.timeout} s"
    return child.returncode == 0, said


def build(preset):
    ok, said = run(["cmake", "--preset", preset], BUILD_SECONDS)
    if ok:
        ok, said = run(["cmake", "--build", "--preset", preset], BUILD_SECONDS)
    return ok, said


def failed_tests(report):
    try:
        cases = xml.etree.ElementTree.parse(report).getroot().iter("testcase")
    except (OSError, xml.etree.ElementTree.ParseError):
        return []
    return [case.get("name") for case in cases if case.get("status") == "fail"]


def run_tests(fault):
    """The first test that failed, or two; None if there were none to run."""
    report = TREE / "report.xml"
    report.unlink(missing_ok=True)
    shared = os.environ.get("NGRAM_SHARED_DATA", str(ROOT.parent / "shared/data"))
    ok, said = run(
        ["ctest", "--test-dir", f"build/{fault.preset}", "-R", fault.tests,
         "-j2", "--stop-on-failure", "--no-tests=error", "--output-junit",
         str(report)], TEST_SECONDS,
        {"NGRAM_SHORT": "1", "NGRAM_SHARED_DATA": shared})
    if ok:
        return []
    return failed_tests(report) or ([said[-300:]] if "No tests" not in said
                                    else None)


def look_at(fault, path):
    """The text of the fault's file, and what is wrong with the fault."""
    text = path.read_text(encoding="utf-8")
    count = text.count(fault.before)
    return text, "" if count == 1 else (f"{fault.file} holds the code {count} "
                                        "times: out of date")


def try_fault(fault):
    path = TREE / fault.file
    text, wrong = look_at(fault, path)
    if wrong:
        return Result(False, wrong)
    try:
        path.write_text(text.replace(fault.before, fault.after),
                        encoding="utf-8")
        ok, said = build(fault.preset)
        if not ok:
            return Result(False, f"does not build: {said[-300:]}")
        failed = run_tests(fault)
    finally:
        path.write_text(text, encoding="utf-8")
    if failed is None:
        return Result(False, f"no test is named {fault.tests}")
    return Result(bool(failed), ", ".join(failed) or "no test failed")


def main(arguments):
    if arguments == ["--list"]:
        for fault in FAULTS:
            print(f"{fault.name:24} {fault.file}: {fault.why}")
        return 0
    if arguments == ["--check"]:
        wrong = [f"{fault.name}: {said}" for fault in FAULTS
                 if (said := look_at(fault, ROOT / fault.file)[1])]
        print("\n".join(wrong) or f"{len(FAULTS)} faults, all up to date")
        return int(bool(wrong))
    wanted = [fault for fault in FAULTS
              if not arguments or fault.name in arguments]
    copy_tree()
    found = 0
    for fault in wanted:
        result = try_fault(fault)
        found += result.found
        print(f"{'found ' if result.found else 'MISSED'} {fault.name:24} "
              f"{result.what}", flush=True)
    print(f"{found} passed, {len(wanted) - found} failed")
    return int(found < len(wanted) or not wanted)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
