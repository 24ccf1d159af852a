# SPDX-License-Identifier: MIT
"""Runs commands side by side and remembers what they cost.

Rounds are interleaved (A B C, A B C, ...), so that whatever else the machine
does falls on all alike, and ratios are taken within a round.
"""
import dataclasses
import hashlib
import json
import mmap
import os
import re
import shlex
import statistics
import subprocess
import sys
import time


@dataclasses.dataclass
class Contender:
    """One way to do the job: a whole process."""

    name: str
    command: list
    file: str = ""
    environment: dict = dataclasses.field(default_factory=dict)
    dump: list = None  # prints word TAB total lines; None: not a count
    missing: str = ""  # why it cannot be run
    cold: bool = False  # reads its file from the disk

    @property
    def counts(self):
        return self.dump is not None


@dataclasses.dataclass
class Sample:
    seconds: float
    peak_bytes: float
    status: int
    output: str


@dataclasses.dataclass
class Reference:
    """The true answer for one file, found by mawk."""

    words: int
    total: int
    word_bytes: int
    digest: str  # of the sorted `word TAB total` lines


def say(text):
    print(text, file=sys.stderr, flush=True)


def build_measure(folder):
    """Compile measure.c, which starts and measures each command."""
    source = os.path.join(os.path.dirname(os.path.abspath(__file__)), "measure.c")
    program = os.path.join(folder, "ngram_measure")
    compiler = os.environ.get("CC", "cc")
    subprocess.run([compiler, "-O2", "-o", program, source], check=True)
    return program


class Bench:
    def __init__(self, folder):
        self.folder = folder
        self.measure_program = build_measure(folder)
        self.samples = {}  # name -> list of Sample, one a round
        self.digests = {}  # name -> digest

    def measure(self, contender):
        report = os.path.join(self.folder, "report")
        result = subprocess.run(
            [self.measure_program, report, *contender.command],
            env={**os.environ, **contender.environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        with open(report, encoding="ascii") as file:
            wall, _, _, peak, status = file.read().split()
        if status != "0":
            say(f"  {contender.name}: status {status}: {result.stderr.strip()[-500:]}")
        return Sample(float(wall), float(peak), int(status), result.stdout)

    def run_rounds(self, contenders, rounds):
        for number in range(1, rounds + 1):
            for contender in contenders:
                if contender.missing:
                    continue
                warm_memory()
                if contender.cold:
                    drop_page_cache()
                else:
                    warm_file(contender.file)
                sample = self.measure(contender)
                if sample.peak_bytes > 1e9:
                    time.sleep(5)  # the system takes its memory back
                self.samples.setdefault(contender.name, []).append(sample)
                say(
                    f"round {number}/{rounds}  {sample.seconds:9.3f} s  "
                    f"{sample.peak_bytes / 1e6:8.1f} MB  {contender.name}"
                )

    def check_digests(self, contenders):
        """Hash the whole result of every contender; not timed."""
        for contender in contenders:
            if contender.counts and self.done(contender.name):
                say(f"checking every total: {contender.name}")
                self.digests[contender.name] = digest_of(
                    contender.dump, contender.environment
                )

    def done(self, name):
        samples = self.samples.get(name, [])
        return bool(samples) and all(s.status == 0 for s in samples)

    def seconds(self, name):
        return [s.seconds for s in self.samples[name]]

    def median(self, name):
        return statistics.median(self.seconds(name))

    def peak_bytes(self, name):
        return statistics.median(s.peak_bytes for s in self.samples[name])

    def ratio(self, name, other):
        """Median over the rounds of name's time to other's; None if either
        did not run to its end."""
        if not (self.done(name) and self.done(other)):
            return None
        return statistics.median(
            a / b for a, b in zip(self.seconds(name), self.seconds(other))
        )

    def verdict(self, contender, reference):
        """Whether count, sum and every total agree with the reference."""
        if not contender.counts:
            return ""
        truth = [reference.words, reference.total]
        for sample in self.samples[contender.name]:
            if [int(n) for n in re.findall(r"-?\d+", sample.output)] != truth:
                return "NO"
        if contender.name not in self.digests:
            return "sums only"
        return "yes" if self.digests[contender.name] == reference.digest else "NO"


def python_for_extensions():
    """A Python whose sqlite3 module can load extensions."""
    probe = "import sqlite3; sqlite3.Connection.enable_load_extension"
    for python in (sys.executable, "/usr/bin/python3"):
        if os.path.exists(python) and not subprocess.run(
            [python, "-c", probe], stderr=subprocess.DEVNULL
        ).returncode:
            return python
    return sys.executable


def drop_page_cache():
    """False where that is not allowed."""
    os.sync()
    try:
        with open("/proc/sys/vm/drop_caches", "w", encoding="ascii") as file:
            file.write("3")
    except OSError:
        return False
    return True


def warm_memory(size=512 << 20):
    """Take and leave as much memory as most contenders need. A virtual machine
    gives memory that was free for some seconds back to its host, and to fetch
    it again took 2 ms a MB; who came first would pay for all."""
    with mmap.mmap(-1, size) as memory:
        if hasattr(mmap, "MADV_HUGEPAGE"):
            memory.madvise(mmap.MADV_HUGEPAGE)
        for at in range(0, size, mmap.PAGESIZE):
            memory[at] = 1


def warm_file(path):
    """Bring a file into the page cache, so that no one pays for the disk."""
    if path:
        with open(path, "rb", buffering=0) as file:
            while file.read(1 << 22):
                pass


def sort_environment():
    return {**os.environ, "LC_ALL": "C"}


def digest_of(command, environment=None):
    """SHA-256 of the sorted lines that a command prints."""
    sha = hashlib.sha256()
    program = subprocess.Popen(
        command,
        env={**os.environ, **(environment or {})},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
    )
    sort = subprocess.Popen(
        ["sort"], env=sort_environment(), stdin=program.stdout, stdout=subprocess.PIPE
    )
    program.stdout.close()
    for block in iter(lambda: sort.stdout.read(1 << 20), b""):
        sha.update(block)
    sort.wait()
    return sha.hexdigest() if program.wait() == 0 else f"status {program.returncode}"


def mawk_totals(path, end):
    """A shell pipeline that adds up a file with mawk and prints as `end` says.
    Doubles are exact up to 2^53, and %.0f prints them whole."""
    cat = "gzip -dc" if path.endswith(".gz") else "cat"
    program = "{ t[$1] += $3 } END { for (w in t) %s }" % end
    return ["sh", "-c", f"{cat} {shlex.quote(path)} | mawk -F'\t' '{program}'"]


MAWK_DUMP = r'printf "%s\t%.0f\n", w, t[w]'
MAWK_SUMS = r'{ n++; s += t[w] } printf "%d %.0f\n", n, s'
MAWK_BYTES = r'{ n++; s += t[w]; b += length(w) } printf "%d %.0f %d\n", n, s, b'


def find_reference(path, cache_path):
    """The truth about a file, computed once and kept beside it."""
    stamp = [os.stat(path).st_size, os.stat(path).st_mtime_ns]
    try:
        with open(cache_path, encoding="utf-8") as file:
            cached = json.load(file)
        if cached["stamp"] == stamp:
            return Reference(**cached["reference"])
    except (OSError, ValueError, KeyError, TypeError):
        pass
    say(f"reference: mawk adds up {path}")
    sums = subprocess.run(
        mawk_totals(path, MAWK_BYTES),
        env=sort_environment(), check=True, capture_output=True, text=True,
    ).stdout.split()
    reference = Reference(
        int(sums[0]), int(sums[1]), int(sums[2]), digest_of(mawk_totals(path, MAWK_DUMP))
    )
    with open(cache_path, "w", encoding="utf-8") as file:
        json.dump({"stamp": stamp, "reference": dataclasses.asdict(reference)}, file)
    return reference
