# SPDX-License-Identifier: MIT
#
# Draws the tables of `.mode html` as boxes: shells of all versions print that
# mode alike, white space aside, while each draws boxes of its own (none before
# 3.33, round ones since 3.53). Text outside of tables, such as an error, stays
# as it is. To be run with LC_ALL=C.

BEGIN { RS = "<" }

{
  tag = toupper($0)
  sub(/>.*/, "", tag)
  text = $0
  if (NR > 1)
    sub(/^[^>]*>/, "", text)
}

NR > 1 && tag == "TR" { columns = heading = 0; next }
NR > 1 && (tag == "TH" || tag == "TD") {
  heading = heading || tag == "TH"
  cell[++columns] = plain(text)
  next
}
NR > 1 && tag == "/TR" { end_of_row() }
text !~ /^[ \r\n]*$/ { draw(); printf "%s", text }

END { draw() }

function plain(text) {
  sub(/[\r\n]+$/, "", text)
  gsub(/&lt;/, "<", text)
  gsub(/&gt;/, ">", text)
  gsub(/&quot;/, "\"", text)
  gsub(/&#39;/, "'", text)
  gsub(/&amp;/, "\\&", text)
  return text
}

# In characters, not bytes.
function width(text) {
  gsub(/[\200-\277]/, "", text)
  return length(text)
}

function end_of_row(    i) {
  if (heading) {
    draw()
    wide = columns
  }
  rows++
  for (i = 1; i <= columns; i++) {
    table[rows, i] = cell[i]
    if (rows == 1 || width(cell[i]) > room[i])
      room[i] = width(cell[i])
  }
}

function repeat(text, times,    line) {
  while (times-- > 0)
    line = line text
  return line
}

function border(left, middle, right,    i, line) {
  for (i = 1; i <= wide; i++)
    line = line (i == 1 ? left : middle) repeat("─", room[i] + 2)
  print line right
}

# The heading stands in the middle of its column, all else on the left.
function line_of(row,    i, spare, before, line) {
  for (i = 1; i <= wide; i++) {
    spare = room[i] - width(table[row, i])
    before = row == 1 ? int(spare / 2) : 0
    line = line "│ " repeat(" ", before) table[row, i] \
           repeat(" ", spare - before) " "
  }
  print line "│"
}

function draw(    row) {
  if (rows == 0)
    return
  border("┌", "┬", "┐")
  line_of(1)
  border("├", "┼", "┤")
  for (row = 2; row <= rows; row++)
    line_of(row)
  border("└", "┴", "┘")
  rows = 0
}
