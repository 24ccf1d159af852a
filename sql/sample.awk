# SPDX-License-Identifier: MIT
#
# Makes n-grams out of lines
#
#     n-gram TAG per-million curve middle width
#
# (an n-gram has + for its space; TAG - is none). The curve is what became of the
# n-gram: flat, rise, fall or peak, around a year, within so many years.

BEGIN {
  FIRST = 1800
  LAST = 2008
  for (year = FIRST; year <= LAST; year++)
    size[year] = int(4000000 * exp((year - FIRST) / 48))
  seed = 1
  if (layout == "totals")
    totals()
}

layout == "totals" || /^#/ || NF < 6 { next }

{
  ngram = $1
  gsub(/[+]/, " ", ngram)
  put(ngram, $3, $4, $5, $6, 1)
  if ($2 != "-")
    put(ngram "_" $2, $3, $4, $5, $6, 1)
}

# One n-gram through the years.
function put(ngram, per_million, curve, middle, width, part,    year, count, line) {
  line = ngram
  for (year = FIRST; year <= LAST; year++) {
    count = int(size[year] / 1e6 * per_million * height(curve, year, middle, width) * \
                (0.9 + 0.2 * random(ngram, year)) + 0.5)
    if (count < 1) continue
    if (layout == 2020)
      line = line sprintf("\t%d,%.0f,%.0f", year, count, volumes(count))
    else
      printf "%s\t%d\t%.0f\t%.0f\n", ngram, year, count, volumes(count)
  }
  if (layout == 2020 && line != ngram)
    print line
}

# From 0 to 1.
function height(curve, year, middle, width,    x) {
  x = (year - middle) / width
  if (curve == "rise") return 1 / (1 + exp(-4 * x))
  if (curve == "fall") return 1 / (1 + exp(4 * x))
  if (curve == "peak") return exp(-x * x)
  return 1
}

function volumes(count) {
  return int(count / (1 + count / 9000)) + 1
}

# From 0 to 1, by the year and the length of the n-gram, tag aside: the same for
# every awk, as nothing passes 2^53 (P. L'Ecuyer's multiplier for the modulus
# 2^31 - 1). The square breaks the even steps that the years would make of it: an
# average of few years would show them as a zigzag.
function random(ngram, year,    n) {
  sub(/_[A-Z]+$/, "", ngram)
  n = (year * 7919 + length(ngram) * 104729 + 17) % 2147483647
  n = (n * 39373) % 2147483647 % 67108859
  n = (n * n) % 2147483647
  n = (n * 39373) % 2147483647
  return n / 2147483647
}

# One line: a space, a TAB, and blocks, each with a TAB behind it.
function totals(    year) {
  printf " \t"
  for (year = FIRST; year <= LAST; year++)
    printf "%d,%.0f,%.0f,%.0f\t", year, size[year], size[year] / 240, size[year] / 90000 + 1
  printf "\n"
}
