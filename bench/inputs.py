# SPDX-License-Identifier: MIT
"""The files that a benchmark reads: generated once, kept below the build."""
import os
import shutil
import subprocess

from harness import find_reference, say


PROBE_BYTES = 1_000_000


def generate_command(build, size, seed, layout):
    generator = os.path.join(build, "ngram_generate")
    return [generator, "--bytes", str(size), "--seed", str(seed), "--layout", layout]


def is_current(build, path, size, seed, layout):
    """A file made by an older generator begins otherwise."""
    if not os.path.exists(path):
        return False
    probe = generate_command(build, min(size, PROBE_BYTES), seed, layout)
    start = subprocess.run(probe, check=True, stdout=subprocess.PIPE).stdout
    with open(path, "rb") as file:
        return file.read(len(start)) == start


def make_text(build, path, size, seed, layout="2012"):
    if is_current(build, path, size, seed, layout):
        return
    say(f"generating {path}")
    command = generate_command(build, size, seed, layout)
    subprocess.run([*command, "--out", path + ".part"], check=True)
    os.rename(path + ".part", path)


def make_gz(text_path, path):
    """One member, as Google's files are, by gzip itself."""
    if os.path.exists(path) and os.path.getmtime(path) >= os.path.getmtime(text_path):
        return
    say(f"compressing {path}")
    with open(text_path, "rb") as source, open(path + ".part", "wb") as target:
        subprocess.run(["gzip", "-6", "-n"], stdin=source, stdout=target, check=True)
    os.rename(path + ".part", path)


def make_bgzf(text_path, path):
    """The same text in BGZF, by bgzip; False where there is none."""
    if not shutil.which("bgzip"):
        return False
    if os.path.exists(path) and os.path.getmtime(path) >= os.path.getmtime(text_path):
        return True
    say(f"compressing {path}")
    with open(text_path, "rb") as source, open(path + ".part", "wb") as target:
        subprocess.run(["bgzip", "-c"], stdin=source, stdout=target, check=True)
    os.rename(path + ".part", path)
    return True


class Input:
    """A generated file, plain and gz, and the truth about it."""

    def __init__(self, build, folder, size, seed):
        self.text = os.path.join(folder, f"ngrams-{size}-{seed}.tsv")
        self.gz = self.text + ".gz"
        make_text(build, self.text, size, seed)
        make_gz(self.text, self.gz)
        self.bgzf = self.text + ".bgz"
        self.has_bgzf = make_bgzf(self.text, self.bgzf)
        self.text_bytes = os.path.getsize(self.text)
        self.gz_bytes = os.path.getsize(self.gz)
        self.reference = find_reference(self.gz, self.text + ".json")


class English:
    """Text that looks like English, as gz."""

    def __init__(self, build, folder, size, seed):
        text = os.path.join(folder, f"english-{size}-{seed}.txt")
        self.gz = text + ".gz"
        make_text(build, text, size, seed, "text")
        make_gz(text, self.gz)


def part_bounds(text, size, count):
    """Where a text is cut: between lines, into parts of falling sizes, as the
    letters of an alphabet have them."""
    weights = [1 / (n + 2) for n in range(count)]
    bounds = [0]
    for n in range(1, count):
        text.seek(int(size * sum(weights[:n]) / sum(weights)))
        text.readline()
        bounds.append(text.tell())
    return [*bounds, size]


class Parts:
    """The text of an input, cut into files of different sizes, each a gz."""

    def __init__(self, whole, count):
        folder = f"{whole.text}.{count}"
        self.pattern = os.path.join(folder, "part-*.gz")
        if os.path.exists(folder) and os.path.getmtime(folder) >= os.path.getmtime(
            whole.text
        ):
            return
        say(f"making {self.pattern}")
        shutil.rmtree(folder + ".part", ignore_errors=True)
        os.makedirs(folder + ".part")
        with open(whole.text, "rb") as text:
            bounds = part_bounds(text, whole.text_bytes, count)
            for n in range(count):
                self.write(text, bounds[n], bounds[n + 1],
                           os.path.join(folder + ".part", f"part-{n:02}.gz"))
        os.rename(folder + ".part", folder)

    @staticmethod
    def write(text, start, end, path):
        text.seek(start)
        with open(path, "wb") as out:
            gzip = subprocess.Popen(["gzip", "-6", "-n"], stdin=subprocess.PIPE, stdout=out)
            while start < end:
                block = text.read(min(1 << 22, end - start))
                gzip.stdin.write(block)
                start += len(block)
            gzip.stdin.close()
            if gzip.wait() != 0:
                raise RuntimeError(f"gzip fails on {path}")


def prepare_folder(build):
    folder = os.path.join(build, "bench")
    os.makedirs(folder, exist_ok=True)
    return folder


def private_copy(path, folder):
    """A copy whose times may be changed."""
    copy = os.path.join(folder, "touched-" + os.path.basename(path))
    shutil.copyfile(path, copy)
    return copy
