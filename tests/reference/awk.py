# SPDX-License-Identifier: MIT
"""The totals of a file by totals.awk, in any awk that is installed."""
import os
import shutil
import subprocess

from .article import Count

SCRIPT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "totals.awk")


def installed():
    return [name for name in ("mawk", "gawk", "original-awk", "awk")
            if shutil.which(name)]


def count(name, path, **years):
    """{word: Count}, as article.count() gives it."""
    command = [name, "-f", SCRIPT]
    for variable, value in years.items():
        command[1:1] = ["-v", f"{variable}={value}"]
    lines = subprocess.run(
        command + [path], stdout=subprocess.PIPE, check=True,
        env={**os.environ, "LC_ALL": "C"}).stdout.split(b"\n")[:-1]
    return {word: Count(*map(int, numbers)) for word, *numbers in
            (line.split(b"\t") for line in lines)}
