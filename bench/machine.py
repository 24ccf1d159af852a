# SPDX-License-Identifier: MIT
"""The machine and the versions that a benchmark ran with, as markdown."""
import os
import platform
import re
import subprocess


def first_line(*command):
    try:
        result = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, text=True
        )
    except OSError:
        return f"{command[0]}: not installed"
    lines = (result.stdout + result.stderr).strip().splitlines()
    return lines[0].strip() if lines else "unknown"


def find_in(path, pattern, otherwise):
    try:
        with open(path, encoding="utf-8") as file:
            match = re.search(pattern, file.read(), re.MULTILINE)
    except OSError:
        return otherwise
    return match.group(1) if match else otherwise


def cpu_count():
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count()


def available_memory_bytes():
    kibibytes = find_in("/proc/meminfo", r"^MemAvailable:\s+(\d+)", "")
    if kibibytes:
        return int(kibibytes) * 1024
    return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")


def memory_bytes():
    return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")


def describe(extension):
    """Lines of a markdown list."""
    cpu = find_in("/proc/cpuinfo", r"^model name\s*:\s*(.*)$", platform.processor())
    system = find_in("/etc/os-release", r'^PRETTY_NAME="?([^"\n]*)', platform.system())
    debug = first_line(
        "sqlite3", "-batch", "-init", os.devnull, ":memory:",
        ".load " + extension, "SELECT replace(ngram_debug(), char(10), '; ');",
    )
    return [
        f"- {cpu}, {cpu_count()} CPUs, {memory_bytes() / 2**30:.0f} GiB of memory",
        f"- {system}, {platform.system()} {platform.release()}",
        f"- ngram: {debug.rstrip('; ')}",
        f"- SQLite {first_line('sqlite3', '--version').split()[0]}; "
        f"{first_line('igzip', '--version')}; {first_line('gzip', '--version')}; "
        f"{first_line('pigz', '--version')}; {first_line('mawk', '-W', 'version')}",
        f"- Python {platform.python_version()}, Node {first_line('node', '--version')}",
    ]
