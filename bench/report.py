# SPDX-License-Identifier: MIT
"""Writes the results of a benchmark as markdown tables."""

MEMORY_BASE_BYTES = 64 * 1000 * 1000
MEMORY_WORD_BYTES = 48


def table(header, rows, align):
    """align: one of l, r for each column."""
    marks = {"l": "---", "r": "--:"}
    lines = ["| " + " | ".join(header) + " |"]
    lines.append("| " + " | ".join(marks[a] for a in align) + " |")
    lines += ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def number(value, digits=2):
    return "-" if value is None else f"{value:,.{digits}f}"


def result_row(bench, contender, reference, text_bytes, base):
    if contender.missing:
        return [contender.name, f"missing: {contender.missing}", "", "", "", "", ""]
    if not bench.done(contender.name):
        status = max(s.status for s in bench.samples[contender.name])
        return [contender.name, f"failed: status {status}", "", "", "", "", ""]
    seconds = bench.seconds(contender.name)
    median = bench.median(contender.name)
    return [
        contender.name,
        number(median, 2 if median >= 0.1 else 4),
        f"{number(min(seconds))} to {number(max(seconds))}",
        number(text_bytes / median / 1e9, 3),
        number(bench.peak_bytes(contender.name) / 1e6, 0),
        number(bench.ratio(contender.name, base)),
        bench.verdict(contender, reference),
    ]


def result_table(bench, contenders, reference, text_bytes, base, base_title):
    header = [
        "what", "seconds", "range", "GB/s of text", "peak MB", f"× {base_title}",
        "totals agree",
    ]
    rows = [result_row(bench, c, reference, text_bytes, base) for c in contenders]
    return table(header, rows, "lrrrrrl")


def goal(what, wanted, value, holds, digits=2):
    if value is None:
        return [what, wanted, "not measured", ""]
    return [what, wanted, number(value, digits), "yes" if holds(value) else "NO"]


def goal_table(rows):
    return table(["what", "goal", "measured", "met"], rows, "lrrl")


def memory_goal(bench, ngram_name, host_name, reference):
    """Peak above the host's, against 64 MB and 48 bytes + length a word."""
    if not (bench.done(ngram_name) and bench.done(host_name)):
        return goal("peak memory above the host's, MB", "", None, None)
    above = (bench.peak_bytes(ngram_name) - bench.peak_bytes(host_name)) / 1e6
    allowed = (
        MEMORY_BASE_BYTES + MEMORY_WORD_BYTES * reference.words + reference.word_bytes
    ) / 1e6
    return goal(
        "peak memory above the host's, MB", f"<= {allowed:.0f}", above,
        lambda mb: mb <= allowed, 0,
    )


def write_section(path, name, text):
    """Write a file; one that has a place for this section keeps the rest."""
    start, end = f"<!-- {name} -->", f"<!-- end of {name} -->"
    try:
        with open(path, encoding="utf-8") as file:
            old = file.read()
    except FileNotFoundError:
        old = ""
    if start in old and end in old:
        before, rest = old.split(start, 1)
        text = f"{before}{start}\n\n{text.strip()}\n\n{end}{rest.split(end, 1)[1]}"
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
