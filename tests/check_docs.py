#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The documents name what there is. Reads every .md file and the extension
NGRAM_EXTENSION, and fails on

- a link, or a path in `backticks`, to a file or heading that is not there;
- a name ngram_... that is no table, function, C name or program;
- a column of ngram_stats, a test or a variable NGRAM_... that is not there;
- in README.md: a statement that does not run, an argument of a table that its
  section leaves out, and a table of keys that differs from ngram_config().

    tests/check_docs.py [ROOT]
"""

import collections
import glob
import gzip
import os
import re
import sqlite3
import sys
import tempfile

# tables: name to columns; keys: key of ngram_config to variable;
# connect: a function that gives a connection with the extension loaded.
Product = collections.namedtuple(
    "Product", "tables functions keys variables names connect")

# The files that the statements of README.md read, and the tables.
SAMPLES = {
    "a.gz": "able\t1990\t5\t2\nable_ADJ\t1990\t5\t2\n",
    "novel.txt.gz": "It was the best of times.\n",
    "totalcounts.txt": " \t1990,1000,10,1\t\n",
}
SAMPLE_TABLES = ("CREATE TABLE list(word TEXT);"
                 "CREATE TABLE feedback(id INTEGER, body TEXT);")

FENCE = re.compile(r"^```(\w*)\n(.*?)^```", re.M | re.S)
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
PATH = re.compile(
    r"`([\w.-]+(?:/[\w.-]+)*(?:\.(?:c|h|py|md|sql|awk|cmake)|/))`")
TEST = re.compile(r"`((?:unit|python|lint|fuzz|c)\.[a-z_]+)[\w.]*`")


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def documents(root):
    """(path from the root, text) of each."""
    for folder, folders, files in sorted(os.walk(root)):
        folders[:] = sorted(name for name in folders if name != "build"
                            and name != "node_modules" and name[0] != ".")
        for name in sorted(files):
            if name.endswith(".md"):
                path = os.path.join(folder, name)
                yield os.path.relpath(path, root), read(path)


def headings(text):
    """The anchors of a document, as GitHub makes them."""
    for title in re.findall(r"^#+ (.*)", FENCE.sub("", text), re.M):
        kept = re.sub(r"[^\w\- ]", "", title.lower())
        yield kept.replace(" ", "-")


def check_links(root, shown, text):
    for target in LINK.findall(FENCE.sub("", text)):
        if re.match(r"[a-z]+:", target):
            continue
        name, _, anchor = target.partition("#")
        path = os.path.join(root, os.path.dirname(shown), name) if name \
            else os.path.join(root, shown)
        if not os.path.exists(path):
            yield f"{shown}: no file {target}"
        elif anchor and anchor not in headings(read(path)):
            yield f"{shown}: no heading {target}"


def check_paths(root, shown, text):
    places = [os.path.dirname(shown), ".", "ext", "tests", "tests/unit"]
    for path in PATH.findall(text):
        if not path.startswith("build/") and not any(
                os.path.exists(os.path.join(root, place, path))
                for place in places):
            yield f"{shown}: no file {path}"


def test_exists(root, name):
    kind, _, rest = name.partition(".")
    tests = os.path.join(root, "tests")
    patterns = {"unit": f"unit/test_{rest}*.c", "fuzz": f"fuzz/fuzz_{rest}.c",
                "python": f"python/test_{rest}.py"}
    if kind in patterns:
        return bool(glob.glob(os.path.join(tests, patterns[kind])))
    return f"({name} " in read(os.path.join(tests, "CMakeLists.txt"))


def check_names(root, product, shown, text):
    for name in sorted(set(TEST.findall(text))):
        if not test_exists(root, name):
            yield f"{shown}: no test {name}"
    known = set(product.tables) | set(product.functions) | product.names
    named = re.findall(r"\bngram_[a-z_]+\b", LINK.sub("", text))
    for name in sorted(set(named)):
        if name not in known:
            yield f"{shown}: no table, function or program {name}"
    for name in sorted(set(re.findall(r"\bngram_stats\.([a-z_]+)", text))):
        if name not in product.tables["ngram_stats"]:
            yield f"{shown}: ngram_stats has no column {name}"


def sections(text):
    """The parts of README.md: heading to text."""
    parts = re.split(r"^## (.*)\n", text, flags=re.M)
    return dict(zip(parts[1::2], parts[2::2]))


def check_arguments(product, readme):
    parts = sections(readme)
    for table, columns in sorted(product.tables.items()):
        about = [title + part for title, part in parts.items()
                 if re.match(r"\w+\(", title) and f"{table}(" in title + part]
        for column in columns if table != "ngram_stats" else ():
            if not any(re.search(rf"\b{column}\b", part) for part in about):
                yield f"README.md: says nothing of {table}.{column}"


def check_settings(product, readme):
    rows = dict(re.findall(r"^\| (\w+) \| (NGRAM_\w+) \|", readme, re.M))
    if rows != product.keys:
        yield (f"README.md: keys are {rows}, "
               f"those of ngram_config {product.keys}")
    named = set(re.findall(r"\bNGRAM_[A-Z]+\b", readme))
    for name in sorted(named ^ product.variables):
        where = "does not exist" if name in named else "is not named"
        yield f"README.md: {name} {where}"


def check_statements(product, readme):
    with tempfile.TemporaryDirectory() as folder:
        for name, text in SAMPLES.items():
            data = text.encode()
            with open(os.path.join(folder, name), "wb") as file:
                file.write(gzip.compress(data) if name.endswith("gz") else data)
        before = os.getcwd()
        os.chdir(folder)
        try:
            db = product.connect()
            db.executescript(SAMPLE_TABLES)
            for kind, block in FENCE.findall(readme):
                if kind == "sql":
                    yield from run_block(db, block)
            db.close()
        finally:
            os.chdir(before)


def run_block(db, block):
    for statement in block.split(";\n"):
        try:
            db.execute(statement).fetchall()
        except sqlite3.Error as error:
            first = re.sub(r"^\s*--.*\n", "", statement, flags=re.M).strip()
            yield f"README.md: {first.splitlines()[0]} ...: {error}"


def check_tree(root, product):
    for shown, text in documents(root):
        yield from check_links(root, shown, text)
        yield from check_paths(root, shown, text)
        yield from check_names(root, product, shown, text)
    readme = read(os.path.join(root, "README.md"))
    yield from check_arguments(product, readme)
    yield from check_settings(product, readme)
    yield from check_statements(product, readme)


# ------------------------------------------------------------ the product

def c_names(root):
    """What ngram.h declares, and the programs of bench/."""
    text = read(os.path.join(root, "include", "ngram.h"))
    programs = glob.glob(os.path.join(root, "bench", "*.c"))
    return set(re.findall(r"\bngram_[a-z_]+\b", text)) | {
        "ngram_" + os.path.basename(path)[:-2] for path in programs}


def variables(root):
    names = set()
    for path in glob.glob(os.path.join(root, "ext", "**", "*.c"),
                          recursive=True):
        names |= set(re.findall(r'"(NGRAM_[A-Z]+)"', read(path)))
    return names


def settings(root, db):
    """Keys, as ngram_config lists them, and the variables of config.c, which
    stand in the same order."""
    text = read(os.path.join(root, "ext", "sqlite", "config.c"))
    try:
        db.execute("SELECT ngram_config('no such key')")
    except sqlite3.Error as error:
        keys = re.findall(r"'(\w+)'", str(error))
    return dict(zip(keys, re.findall(r'\{"(NGRAM_\w+)"', text)))


def find_product(root):
    extension = os.path.abspath(os.environ["NGRAM_EXTENSION"])

    def connect():
        db = sqlite3.connect(":memory:")
        db.enable_load_extension(True)
        db.load_extension(extension)
        return db

    def ask(db, question, *values):
        return [row[0] for row in db.execute(question, values)]

    plain = sqlite3.connect(":memory:")
    db = connect()
    modules = "SELECT name FROM pragma_module_list"
    functions = "SELECT name FROM pragma_function_list"
    tables = {name: ask(db, "SELECT name FROM pragma_table_xinfo(?)", name)
              for name in set(ask(db, modules)) - set(ask(plain, modules))}
    added = set(ask(db, functions)) - set(ask(plain, functions))
    return Product(tables, added, settings(root, db), variables(root),
                   c_names(root), connect)


def main(arguments):
    here = os.path.dirname(os.path.abspath(__file__))
    root = arguments[0] if arguments else os.path.dirname(here)
    complaints = list(check_tree(root, find_product(root)))
    for line in complaints:
        print(line)
    print(f"{len(list(documents(root)))} documents, "
          f"{len(complaints)} statements that are not so")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
