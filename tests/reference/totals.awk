# SPDX-License-Identifier: MIT
#
# totals.awk - the totals of all words of a file of good rows, for any awk:
#
#     LC_ALL=C awk -v year_from=1900 -v year_to=1999 -f totals.awk FILE
#
# Prints word, total, volumes, first_year, last_year and row_count, TAB between
# them, in no order. awk's numbers are doubles, exact to 2^53 only, so a sum is
# kept in two parts: billions, and what is below one billion.

BEGIN {
  FS = "\t"
  BILLION = 1000000000
  if (year_from == "") year_from = 0
  if (year_to == "") year_to = 2147483647
}

{ sub(/\r$/, "") }

$2 + 0 < year_from + 0 || $2 + 0 > year_to + 0 { next }

{
  add(total_high, total_low, $1, $3)
  add(volumes_high, volumes_low, $1, $4)
  year = $2 + 0
  if (!($1 in rows) || year < first[$1]) first[$1] = year
  if (!($1 in rows) || year > last[$1]) last[$1] = year
  rows[$1]++
}

function add(high, low, word, digits,    cut) {
  cut = length(digits) - 9
  if (cut > 0) {
    high[word] += substr(digits, 1, cut)
    low[word] += substr(digits, cut + 1)
  } else {
    high[word] += 0
    low[word] += digits
  }
  while (low[word] >= BILLION) {
    low[word] -= BILLION
    high[word]++
  }
}

function exact(high, low) {
  if (high == 0) return sprintf("%.0f", low)
  return sprintf("%.0f%09.0f", high, low)
}

END {
  for (word in rows)
    printf "%s\t%s\t%s\t%d\t%d\t%d\n", word,
      exact(total_high[word], total_low[word]),
      exact(volumes_high[word], volumes_low[word]),
      first[word], last[word], rows[word]
}
