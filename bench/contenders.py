# SPDX-License-Identifier: MIT
"""Who takes part: ngram_counts, decoders alone, article programs, engines."""
import json
import os
import platform
import shlex
import shutil
import subprocess
import sys

from harness import MAWK_DUMP, MAWK_SUMS, Contender, mawk_totals, say

HERE = os.path.dirname(os.path.abspath(__file__))
PEERS = {
    "duckdb": ("DuckDB", "@duckdb/node-api"),
    "chdb": ("ClickHouse (chdb)", "chdb"),
    "polars": ("polars (nodejs-polars)", "nodejs-polars"),
}


def sql_text(text):
    return "'" + text.replace("'", "''") + "'"


def sqlite_command(extension, sql):
    return [
        "sqlite3", "-batch", "-init", os.devnull, "-separator", "\t", ":memory:",
        ".load " + extension, sql,
    ]


def ngram(name, extension, path, threads, chunk_size=None, decoder=None):
    """The main job, in the sqlite3 shell."""
    chunk = "NULL" if chunk_size is None else chunk_size
    table = f"ngram_counts({sql_text(path)}, {chunk}, {threads or 'NULL'})"
    return Contender(
        name,
        sqlite_command(extension, f"SELECT count(*), sum(total) FROM {table};"),
        path,
        {"NGRAM_DECODER": decoder} if decoder else {},
        sqlite_command(extension, f"SELECT word, total FROM {table};"),
    )


def ngram_twice(name, extension, path):
    """Two processes that share nothing, with one thread each, at once: what the
    machine gives to work that is perfectly parallel."""
    one = shlex.join(ngram(name, extension, path, 1).command)
    return Contender(name, ["sh", "-c", f"{one} & {one} & wait"], path)


def ngram_word(name, extension, path, threads, word):
    """The total of one word."""
    table = f"ngram_counts({sql_text(path)}, NULL, {threads})"
    sql = f"SELECT total FROM {table} WHERE word = {sql_text(word)};"
    return Contender(name, sqlite_command(extension, sql), path)


def ngram_indexed(name, extension, path, threads, folder):
    """The main job with seek points from a folder, where an untimed scan has
    left them."""
    one = ngram(name, extension, path, threads)
    os.makedirs(folder, exist_ok=True)
    silent = [".output /dev/null",
              f"SELECT ngram_config('index', {sql_text(folder)});",
              ".output stdout"]
    for command in (one.command, one.dump):
        command[-1:-1] = silent
    subprocess.run(one.command, check=True, stdout=subprocess.DEVNULL)
    return one


def ngram_host(extension):
    """The host alone, to tell its memory from ours."""
    return Contender(
        "sqlite3 with the extension loaded", sqlite_command(extension, "SELECT 1;")
    )


def decoder(path, *command):
    """A decoder that throws its output away."""
    missing = "" if shutil.which(command[0]) else "not installed"
    shell = ["sh", "-c", 'exec "$@" >/dev/null', "sh", *command, path]
    return Contender(" ".join(command), shell, path, missing=missing)


def mawk(path):
    return Contender(
        "gzip -dc, mawk",
        mawk_totals(path, MAWK_SUMS),
        path,
        {"LC_ALL": "C"},
        mawk_totals(path, MAWK_DUMP),
        missing="" if shutil.which("mawk") else "not installed",
    )


def article(title, script, path):
    command = [sys.executable, "-B", os.path.join(HERE, script), path]
    return Contender(title, command, path, {}, [*command, "--dump"])


def pinned_version(package):
    with open(os.path.join(HERE, "peers", "package.json"), encoding="utf-8") as file:
        return json.load(file)["dependencies"][package]


def peer_manifest(name):
    """The package.json of one peer: each is installed alone, so that one that
    fails takes no other with it."""
    package = PEERS[name][1]
    version = pinned_version(package)
    dependencies = {package: version}
    # npm leaves the binary of polars out under a Node older than 22, though
    # it works there; asked for by name, it comes.
    if name == "polars" and (platform.system(), platform.machine()) == (
        "Linux",
        "x86_64",
    ):
        dependencies["nodejs-polars-linux-x64-gnu"] = version
    return {"private": True, "type": "module", "dependencies": dependencies}


def npm_install(folder, name):
    """False where npm fails."""
    manifest_path = os.path.join(folder, "package.json")
    manifest = json.dumps(peer_manifest(name), indent=2)
    if os.path.exists(os.path.join(folder, "installed")):
        with open(manifest_path, encoding="utf-8") as file:
            if file.read() == manifest:
                return True
    with open(manifest_path, "w", encoding="utf-8") as file:
        file.write(manifest)
    say(f"npm install: {', '.join(peer_manifest(name)['dependencies'])}")
    result = subprocess.run(
        ["npm", "install", "--no-audit", "--no-fund"],
        cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
    )
    if result.returncode != 0:
        say(result.stderr[-1000:])
        return False
    open(os.path.join(folder, "installed"), "w", encoding="utf-8").close()
    return True


def why_missing(folder, name):
    """Install a peer and try it on two rows; "" where it works."""
    if not shutil.which("npm"):
        return "npm is not installed"
    os.makedirs(folder, exist_ok=True)
    for script in ("print.mjs", f"{name}.mjs"):
        shutil.copy(os.path.join(HERE, "peers", script), folder)
    if not npm_install(folder, name):
        return "npm could not install it"
    sample = os.path.join(folder, "sample.tsv")
    with open(sample, "w", encoding="utf-8") as file:
        file.write('"\t2000\t1\t1\n"\t2001\t2\t1\na"b\t2000\t3\t2\n')
    result = subprocess.run(
        ["node", f"{name}.mjs", sample], cwd=folder, capture_output=True, text=True
    )
    if result.stdout.split() != ["2", "6"]:
        say(result.stderr[-1000:])
        return "does not run here"
    return ""


def peer(name, folder, path):
    title, package = PEERS[name]
    folder = os.path.join(folder, name)
    command = ["node", os.path.join(folder, f"{name}.mjs"), path]
    return Contender(
        f"{title} {pinned_version(package)}",
        command,
        path,
        {},
        [*command, "--dump"],
        why_missing(folder, name),
    )
