# SPDX-License-Identifier: MIT
"""unittest's tests as TAP, the Test Anything Protocol: main() in the place of
unittest.main(). Tests whose names end with "_in_100_ms", and those of classes with
in_100_ms = True, want a quiet machine: --only-in-100-ms runs these,
--but-in-100-ms all others.
"""

import sys
import time
import traceback
import unittest

TIMED = "_in_100_ms"
CHOICES = {"--only-in-100-ms": True, "--but-in-100-ms": False}


class Result(unittest.TestResult):
    """Says how each test went when it has ended."""

    def __init__(self):
        super().__init__()
        self.number = 0
        self.faults = []
        self.reason = None
        self.began = 0.0

    def startTest(self, test):
        super().startTest(test)
        self.faults = []
        self.reason = None
        self.began = time.monotonic()

    def stopTest(self, test):
        super().stopTest(test)
        self.say(test.id().split(".", 1)[-1],
                 f"{1000 * (time.monotonic() - self.began):.0f} ms")

    def say(self, name, note):
        self.number += 1
        for fault in self.faults:
            for line in fault.splitlines():
                print("#", line)
        if self.reason is not None and not self.faults:
            note = f"SKIP {self.reason}"
        verdict = "not ok" if self.faults else "ok"
        print(f"{verdict} {self.number} - {name} # {note}", flush=True)

    def fault(self, test, error, note=""):
        text = "".join(traceback.format_exception(*error))
        self.faults.append(f"{note}\n{text}" if note else text)
        if not isinstance(test, unittest.TestCase):  # setUpClass() and its like
            self.say(str(test), "not a test")
            self.faults = []

    def addFailure(self, test, err):
        super().addFailure(test, err)
        self.fault(test, err)

    def addError(self, test, err):
        super().addError(test, err)
        self.fault(test, err)

    def addSubTest(self, test, subtest, err):
        super().addSubTest(test, subtest, err)
        if err is not None:
            self.fault(test, err, subtest.id())

    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        self.reason = str(reason).replace("\n", " ")
        if not isinstance(test, unittest.TestCase):
            self.say(str(test), "not a test")
            self.reason = None

    def addUnexpectedSuccess(self, test):
        super().addUnexpectedSuccess(test)
        self.faults.append("it was expected to fail")


class Runner:
    """Of unittest's runners, what unittest.main() asks for."""

    def run(self, suite):
        result = Result()
        suite(result)
        print(f"1..{result.number}")
        return result


class Loader(unittest.TestLoader):
    """Loads the tests that are held to 100 ms, the others, or all (None)."""

    timed = None

    def getTestCaseNames(self, testCaseClass):
        return [name for name in super().getTestCaseNames(testCaseClass)
                if self.timed in (None, name.endswith(TIMED) or
                                  getattr(testCaseClass, "in_100_ms", False))]


def main():
    loader = Loader()
    for choice, timed in CHOICES.items():
        if choice in sys.argv:
            sys.argv.remove(choice)
            loader.timed = timed
    unittest.main(testRunner=Runner(), testLoader=loader)
