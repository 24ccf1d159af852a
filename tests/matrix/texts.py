# SPDX-License-Identifier: MIT
"""The texts of the matrix, each with the reason why it is there.

small() are kept small, so that each goes through every encoding; large() are
several MB, so that they meet the seams between blocks and use more than one
thread; to save time, only some of them are damaged as well.
"""
import collections
import random

Input = collections.namedtuple("Input", "name why text damaged")

INT64_MAX = (1 << 63) - 1
MIB = 1 << 20
SEAM = 1 << 18  # every larger block size is a multiple of this one


def row(word, year=1999, matches=3, volumes=2):
    if isinstance(word, str):
        word = word.encode()
    return b"%s\t%d\t%d\t%d\n" % (word, year, matches, volumes)


GOOD = (row("circumvallate", 1978, 335, 91) + row("circumvallate", 1979, 261,
                                                  91) + row("a'", 1, 1, 1))


def between(bad):
    """A bad line behind some good rows and before others."""
    return GOOD + bad + GOOD


def line_of(size):
    """A good row of exactly `size` bytes, without its end."""
    tail = b"\t2000\t7\t1"
    return b"w" * (size - len(tail)) + tail


def ends():
    yield "empty", "a file without rows is no error", b""
    yield "one_line", "the smallest good file", row("one")
    yield ("one_line_without_end", "the last line needs no LF",
           row("one").rstrip(b"\n"))
    yield ("crlf", "a CR before LF is no part of volume_count",
           GOOD.replace(b"\n", b"\r\n"))
    yield ("crlf_last_without_end", "CRLF file whose last line has no end",
           GOOD.replace(b"\n", b"\r\n")[:-2])
    yield ("cr_without_lf_at_end", "only a CR just before LF ends a line",
           GOOD[:-1] + b"\r")
    yield "cr_twice", "only one CR belongs to the end", between(
        b"a\t1\t2\t3\r\r\n")
    yield ("cr_alone_between", "CR alone ends no line",
           b"a\t1\t2\t3\rb\t1\t2\t3\n")
    yield ("cr_in_word", "CR is an ordinary byte of a word",
           row("\r") + row("a\rb") + row("c\r"))
    yield "mixed_ends", "LF and CRLF in one file", GOOD.replace(
        b"9\t261\t91\n", b"9\t261\t91\r\n") * 3
    yield "blank_file", "one LF is one line of no columns", b"\n"
    yield "blank_crlf", "a blank line that ends with CRLF", b"\r\n"
    yield "blank_line", "a blank line is a bad row", between(b"\n")
    yield "blank_last_line", "so is one at the end", GOOD + b"\n"
    yield "only_tabs", "three TABs are four empty columns", b"\t\t\t\n"
    yield "magic_byte", "half of gzip's magic is text", b"\x1f"
    yield ("bom", "a byte order mark is part of the word",
           b"\xef\xbb\xbf" + GOOD)


def words():
    odd = ['"', '""', 'a"b', '"""', "'s", "'", "\\", "\\N", "\\t", "NULL", ",",
           " ", "a b", " a", "a ", "San Francisco Bay", "#", "0", "007", "-1",
           "1e5", "NaN", "a=b", "%s%n", "\x01", "\x7f", "\x0b\x0c", "\u00a0"]
    yield ("odd_words", "no quoting, no trimming, no null value, no numbers",
           b"".join(map(row, odd)) * 2)
    scripts = ["Øverst_ADV", "中文", "漢字_NOUN", "עברית", "Русский", "ßtraße",
               "naïve", "nai\u0308ve", "𐍈", "😀", "\U0010ffff", "\u0800",
               "\ud7ff", "\ue000", "\uffff", "\x80", "\u07ff", "\U00010000"]
    yield ("scripts", "UTF-8 of every length and its outermost characters",
           b"".join(map(row, scripts)) * 2)
    yield "folding", "words compare as bytes: no case, no normal form", \
        b"".join(map(row, ["Bay", "bay", "BAY", "é", "e\u0301", "ﬁ", "fi"]))
    yield ("tagged", "tagged rows are words of their own",
           b"".join(map(row, ["watch", "watch_VERB", "watch_NOUN", "_VERB_",
                              "._.", "_START_", "snake_case", "a_X b"])))
    yield ("long_words", "words of hundreds of letters, ASCII and not",
           row("x" * 200) + row("é" * 200) + row("x" * 4000) + row("x" * 200))
    yield ("word_lengths", "every tail of a vector load",
           b"".join(row("w" * n) + row("é" * n) for n in range(1, 140)))
    yield ("one_row_each", "all words distinct",
           b"".join(row(f"w{n}") for n in range(3000)))
    yield "one_word", "one word only", row("same", 2000, 11, 2) * 3000
    yield ("scattered", "rows of one word need not stand together",
           b"".join(row(f"w{n % 7}", n % 500, n, 1) for n in range(3000)))
    stems = [b"", b"p" * 7, b"p" * 8, b"p" * 15, b"p" * 16, b"p" * 31,
             b"p" * 32, b"p" * 63, b"p" * 64]
    yield ("prefixes", "words equal up to byte 7, 8, 15, 16, 31, 32, 63, 64",
           b"".join(row(stem + end) for stem in stems for end in
                    (b"a", b"b", b"ab", b"ba", b"aa", b"\x01", b"a\xc2\x80"))
           * 3)
    yield ("neighbours", "a word, then its own prefix, then itself again",
           b"".join(map(row, ["ab", "a", "ab", "abc", "ab", "a", "b", "ab"])))


def numbers():
    yield ("above_int32", "counts past 2^31 and 2^32",
           row("a", 1, 1 << 31, 1 << 32) + row("a", 2, (1 << 32) - 1, 7) +
           row("b", 1, (1 << 53) + 1, 1) + row("b", 2, 1 << 53, 1))
    yield ("near_int64", "the largest count, and the largest sum",
           row("a", 1, INT64_MAX, INT64_MAX) + row("b", 1, INT64_MAX - 5, 1) +
           row("b", 2, 5, 1))
    yield ("sum_overflow", "one past the largest sum",
           row("b", 1, INT64_MAX, 1) + GOOD + row("b", 2, 1, 1))
    yield ("sum_overflow_twice", "a sum that comes back positive",
           row("b", 1, INT64_MAX, 1) * 2 + row("b", 2, 2, 1) + GOOD)
    yield ("volumes_overflow", "sums that nobody asked for cannot overflow",
           row("b", 1, 1, INT64_MAX) * 3)
    yield ("zeros", "zero is a number, and a word of total 0 is a word",
           row("zero", 0, 0, 0))
    yield "leading_zeros", "leading zeros, however many", (
        b"a\t0001999\t0000000000000000000000000007\t00\n"
        b"a\t" + b"0" * 500 + b"2147483647\t" + b"0" * 400 + b"9\t1\n")
    yield ("digits", "numbers of every length",
           b"".join(b"d%d\t%s\t%s\t%s\n" % (n, b"123456789"[:n % 9 + 1],
                                           b"9" * n, b"1" * (19 - n))
                    for n in range(1, 19)))
    yield "year_max", "the largest year", row("a", (1 << 31) - 1)
    for name, why, bad in (
            ("year_too_large", "one past the largest year", b"2147483648"),
            ("year_huge", "a year past 64 bits", b"1" * 30),
            ("year_wraps", "a year that is 1999 modulo 2^32", b"4294969295"),
            ("year_empty", "an empty year", b""),
            ("year_sign", "a year with a sign", b"-44"),
            ("year_letter", "a letter in a year", b"19x9"),
            ("year_space", "a space before a year", b" 1999")):
        yield name, why, between(b"a\t" + bad + b"\t3\t2\n")
    for name, why, bad in (
            ("count_too_large", "2^63", b"9223372036854775808"),
            ("count_wraps", "a count that is 1 modulo 2^64",
             b"18446744073709551617"),
            ("count_huge", "a count of 40 digits", b"9" * 40),
            ("count_empty", "an empty count", b""),
            ("count_plus", "a plus sign is no digit", b"+3"),
            ("count_minus", "a minus sign is no digit", b"-3"),
            ("count_letter", "a letter behind digits", b"3k"),
            ("count_trailing_space", "a space behind digits", b"3 "),
            ("count_decimal", "a decimal point", b"3.0"),
            ("count_exponent", "an exponent", b"3e2"),
            ("count_hex", "a hexadecimal number", b"0x10"),
            ("count_nul", "a NUL among digits", b"1\x002"),
            ("count_not_ascii", "a digit of another script", b"\xd9\xa3"),
            ("count_late_letter", "neither a number nor one that fits",
             b"9" * 30 + b"x")):
        yield name, why, between(b"a\t1999\t" + bad + b"\t2\n")
    for name, why, bad in (
            ("volumes_empty", "an empty last column", b""),
            ("volumes_too_large", "2^63", b"9223372036854775808"),
            ("volumes_letter", "a letter in the last column", b"2a")):
        yield name, why, between(b"a\t1999\t3\t" + bad + b"\n")


def bad_rows():
    yield ("too_few_first", "a bad first line", b"a\t1999\t3\n" + GOOD)
    yield ("too_few_middle", "a bad line in the middle",
           between(b"a\t1999\t3\n"))
    yield "too_few_last", "a bad last line", GOOD + b"a\t1999\t3\n"
    yield ("too_few_last_without_end", "a bad last line without LF",
           GOOD + b"a\t1999\t3")
    yield "last_cut_in_number", "a last line that ends after a TAB", \
        GOOD + b"a\t1999\t3\t"
    yield "one_column", "no TAB at all", between(b"aardvark\n")
    yield ("too_many_first", "six columns in the first line",
           b"a\t1\t2\t3\t4\t5\n" + GOOD)
    yield "too_many_middle", "five columns", between(b"a\t1\t2\t3\t4\n")
    yield ("trailing_tab", "a TAB at the end begins a fifth column",
           between(b"a\t1\t2\t3\t\n"))
    yield "many_tabs", "more columns than any counter of one byte", between(
        b"\t" * 700 + b"\n")
    yield ("tabs_make_up", "two bad lines with the TABs of two good ones",
           between(b"a\t1\t2\nb\t1\t2\t3\t4\n"))
    yield ("empty_word", "an empty word", between(b"\t1999\t3\t2\n"))
    yield ("empty_word_first", "an empty word in the first line",
           b"\t1999\t3\t2\n" + GOOD)
    yield ("two_bad_lines", "the earliest one is the error",
           between(b"a\tx\t3\t2\n") + b"\n")
    yield ("every_fault_in_a_line", "columns before word before numbers",
           between(b"\t1\t2\n"))
    yield ("word_before_year", "the word before the year",
           between(b"\xff\tx\ty\tz\n"))
    yield ("year_before_count", "the year before the count",
           between(b"a\t99999999999\ty\tz\n"))
    yield ("count_before_volumes", "the count before the volumes",
           between(b"a\t1\t99999999999999999999\tz\n"))
    yield "header_line", "a heading is a bad row", \
        b"ngram\tyear\tmatch_count\tvolume_count\n" + GOOD
    yield "bad_then_overflow", "a bad row goes before an overflow", \
        row("b", 1, INT64_MAX, 1) * 2 + b"bad\n"
    bad = (b"a\n", b"\t1\t2\t3\n", b"a\xff\t1\t2\t3\n", b"a\0\t1\t2\t3\n",
           b"a\t-1\t2\t3\n", b"a\t1\t9999999999999999999\t3\n", b"\n",
           b"a\t1\t2\t3\t4\n", b"a\t1\t2\t3x\n")
    yield ("half_bad", "a good row after each kind of bad one",
           b"".join(bad[n % len(bad)] + row(f"w{n}") for n in range(90)))
    yield "all_bad", "nothing to count", b"".join(bad) * 9


def bad_utf8():
    for name, why, bad in (
            ("lone_continuation", "a continuation byte alone", b"\x80"),
            ("truncated_2", "a sequence of 2 cut off", b"\xc3"),
            ("truncated_3", "a sequence of 3 cut off", b"\xe4\xb8"),
            ("truncated_4", "a sequence of 4 cut off", b"\xf0\x9f\x98"),
            ("overlong_2", "a slash in 2 bytes", b"\xc0\xaf"),
            ("overlong_3", "a slash in 3 bytes", b"\xe0\x80\xaf"),
            ("overlong_4", "U+FFFF in 4 bytes", b"\xf0\x8f\xbf\xbf"),
            ("overlong_nul", "NUL as Java writes it", b"\xc0\x80"),
            ("surrogate_low", "U+D800", b"\xed\xa0\x80"),
            ("surrogate_high", "U+DFFF", b"\xed\xbf\xbf"),
            ("past_10ffff", "U+110000", b"\xf4\x90\x80\x80"),
            ("five_bytes", "a sequence of 5", b"\xf8\x88\x80\x80\x80"),
            ("byte_ff", "a byte that UTF-8 never has", b"\xff"),
            ("latin1", "Latin-1", b"caf\xe9"),
            ("bad_third", "a sequence of 3 whose last byte is a letter",
             b"\xe4\xb8a")):
        yield "utf8_" + name, why, between(bad + b"\t1\t2\t3\n")
        yield (f"utf8_{name}_deep", why + ", behind 40 letters",
               between(b"x" * 40 + bad + b"yy\t1\t2\t3\n"))
    yield ("utf8_cut_by_tab", "a sequence that would go on behind the TAB",
           between(b"a\xe4\t1\t2\t3\n") + row("\u00b8"))
    yield "nul_in_word", "NUL inside a word", between(b"a\0b\t1\t2\t3\n")
    yield "nul_word", "a word that is NUL", between(b"\0\t1\t2\t3\n")
    yield ("nul_deep", "NUL behind 40 letters",
           between(b"x" * 40 + b"\0\t1\t2\t3\n"))
    yield ("same_word_but_bad", "a bad word that begins like its neighbour",
           row("abcdefgh") + b"abcdefgh\xff\t1\t2\t3\n" + row("abcdefgh"))


def number_sweep():
    """A wrong byte at every place of numbers of every length, a good row of
    its own word after each: what vector code gets wrong."""
    lines, n = [], 0
    for column in range(1, 4):
        for length in range(1, 21):
            for place in range(length):
                fields = [b"bad", b"1999", b"3", b"2"]
                digits = bytearray(b"1" * length)
                digits[place] = b"/: -+.xA\x00\x1f\xb1\xff"[n % 12]
                fields[column] = bytes(digits)
                lines += [b"\t".join(fields) + b"\n", row(f"w{n}", n, n, n)]
                n += 1
    return b"".join(lines)


def small():
    for group in (ends, words, numbers, bad_rows, bad_utf8):
        for name, why, text in group():
            yield Input(name, why, text, True)
    yield Input("number_sweep", "a wrong byte at every place of a number",
                number_sweep(), True)


def phases(word_size, size, end=b"\n"):
    """Rows of equal, odd length: no two seams cut a row at the same place."""
    line = b"%%0%dd\t%%04d\t%%d\t1" % word_size + end
    count = size // len(line % (0, 0, 1))
    assert len(line % (0, 0, 1)) % 2
    return b"".join(line % (n // 40, 1500 + n % 500, n % 10)
                    for n in range(count))


def on_seams(text, change):
    """Each row that a seam cuts, changed; all others as they are."""
    lines, at = [], 0
    for line in text.splitlines(keepends=True):
        cut = at // SEAM != (at + len(line) - 1) // SEAM
        lines.append(change(line) if cut else line)
        at += len(lines[-1])
    return b"".join(lines)


def realistic(size, seed):
    """Words of all lengths, some 58 rows each, in no order."""
    rng = random.Random(seed)
    lines, at = [], 0
    while at < size:
        word = bytes(rng.choices(b"etaoinshrdlu", k=rng.choice(
            (2, 4, 6, 8, 11, 15, 23, 40, 70))))
        for year in range(2008 - rng.randrange(115), 2009):
            lines.append(row(word, year, rng.randrange(1, 4000),
                             rng.randrange(1, 90)))
            at += len(lines[-1])
    return b"".join(lines)


def large_texts():
    plain = phases(7, 18 * SEAM)
    yield ("phases", "each seam cuts a row at another byte", plain)
    yield ("phases_crlf", "so that CR and LF are parted as well",
                phases(6, 18 * SEAM, b"\r\n"))
    yield ("phases_shifted", "and so that seams of 1 MiB do the same",
                b"odd\t1\t2\t3\n" + phases(23, 5 * MIB))
    yield ("realistic", "years of one word stand together",
                realistic(4 * MIB, 1))
    yield ("distinct", "tables that grow; some hashes of 32 bits are equal",
                b"".join(row(b"%x" % (n * 2654435761 % (1 << 32)), 1, n, 1)
                         for n in range(160_000)))
    yield ("far_apart", "one word in every block, to be merged",
                b"".join(row(f"w{n % 331}", 1500 + n % 500, n, 1)
                         for n in range(170_000)))
    yield ("one_word_large", "one word only, in every block",
                row("same", 1999, 1 << 40, 3) * 130_000)
    yield ("bad_on_seams", "bad rows that a seam cuts",
                on_seams(plain, lambda line: line.replace(b"\t", b" ", 1)))
    yield ("bad_last", "a bad line after all good ones have been counted",
                plain[:3 * MIB] + b"\nlast\n")
    yield ("bad_late_and_early", "the earlier of two far bad lines",
                on_seams(plain[:2 * MIB], lambda line: line[:-1] + b"x\n")
                + b"\xff\t1\t2\t3\n")
    yield ("overflow_far_apart", "a sum that overflows at the merge only",
                row("b", 1, INT64_MAX - 1, 1) + plain[:21 * 150_000] +
                row("b", 1, 2, 1))
    yield ("line_of_1_mib", "the longest line",
                GOOD + line_of(MIB) + b"\n" + GOOD)
    yield ("line_of_1_mib_crlf", "its end does not count",
                GOOD + line_of(MIB) + b"\r\n" + GOOD)
    yield ("line_of_1_mib_without_end", "nor does it need one",
                GOOD + line_of(MIB))
    yield ("line_past_1_mib", "one byte too many",
                GOOD + line_of(MIB + 1) + b"\n" + GOOD)
    yield ("line_past_1_mib_without_end", "one byte too many, at the end",
                GOOD + line_of(MIB + 1))
    yield ("line_cr_past_1_mib", "a CR without LF does count",
                GOOD + line_of(MIB) + b"\r")
    yield ("huge_words", "a huge word is a word, and combines",
                (row(b"h" * (MIB - 40)) + row(b"i" * (MIB - 40))) * 2)
    yield ("huge_word_not_utf8", "its last byte is looked at",
                GOOD + row(b"h" * (MIB - 40) + b"\xc3"))
    yield ("zeros_of_1_mib", "a number as long as a line may be",
                GOOD + b"a\t1999\t" + b"0" * (MIB - 20) + b"7\t2\n" + GOOD)
    yield ("tabs_of_1_mib", "a line of TABs only",
                GOOD + b"\t" * MIB + b"\n" + GOOD)
    yield ("no_line_end", "no LF in 3 MiB: too long, not out of memory",
                b"z" * 3 * MIB)
    yield ("no_line_end_later", "the same after good rows, with TABs",
                plain[:SEAM * 5] + b"\nz\t1\t2" + b"z\t" * MIB)
    yield ("newlines_only", "blank lines only, far too many",
           b"\n" * (SEAM + 1))


DAMAGED = {
    "bad_late_and_early",
    "huge_word_not_utf8",
    "huge_words",
    "line_cr_past_1_mib",
    "line_of_1_mib",
    "line_of_1_mib_without_end",
    "line_past_1_mib",
    "line_past_1_mib_without_end",
    "no_line_end",
    "realistic",
}


def large():
    for name, why, text in large_texts():
        yield Input(name, why, text, name in DAMAGED)
