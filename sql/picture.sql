-- What do the curves of some words look like? A picture, from the shell alone:
--
--   sqlite3 :memory: '.load ../build/release/ngram' '.read picture.sql' > picture.svg
--
-- Each line of the output is a piece of SVG: the grid and its years, then a path and
-- a label a word. Shares are smoothed over eleven years; a label stands where its
-- curve ends, above the one below it. The grey is read on white as on black. Change
-- the words in `wanted`, the years in `share`, the title in `line`.
.mode list
.headers off
WITH RECURSIVE wanted(word, colour) AS (
  VALUES ('telegraph', '#c2703d'), ('telephone', '#2a9d8f'),
         ('radio', '#4f7bd1'), ('television', '#b5579b')
),
hits AS (
  SELECT word, year, sum(match_count) AS match_count
  FROM ngram_rows('sample/1grams.gz')
  WHERE word IN (SELECT word FROM wanted)
  GROUP BY word, year
),
share AS (
  SELECT w.word, w.colour, t.year,
         1e6 * ifnull(h.match_count, 0) / t.match_count AS per_million
  FROM wanted w
  CROSS JOIN ngram_totals('sample/totalcounts.txt') t
  LEFT JOIN hits h ON h.word = w.word AND h.year = t.year
  WHERE t.year BETWEEN 1800 AND 2008
),
smooth AS (
  SELECT word, colour, year, avg(per_million) OVER (
           PARTITION BY word ORDER BY year
           ROWS BETWEEN 5 PRECEDING AND 5 FOLLOWING) AS share
  FROM share
),
-- Grid lines 1, 2 or 5 times a power of ten apart, six at most above the axis.
power(n) AS (SELECT 1e-6 UNION ALL SELECT n * 10 FROM power WHERE n < 1e5),
grid AS (
  SELECT min(n * factor) AS apart, greatest
  FROM power, (SELECT 1 AS factor UNION VALUES (2), (5)),
       (SELECT max(share) AS greatest FROM smooth)
  WHERE n * factor * 6 >= greatest
),
-- The plot is 536 wide and 300 high, from (56, 40) on.
scale AS (
  SELECT min(year) AS first, max(year) - min(year) AS years, apart,
         max(CAST(greatest / apart + 0.999999 AS INTEGER), 1) AS lines
  FROM smooth, grid
),
point AS (
  SELECT word, colour, year,
         56 + 536.0 * (year - first) / years AS x,
         340 - 300.0 * share / (apart * lines) AS y
  FROM smooth, scale
),
curve AS (
  SELECT word, colour, group_concat(printf('%.1f %.1f', x, y), ' L') AS path
  FROM (SELECT * FROM point ORDER BY word, year)
  GROUP BY word
),
-- From the lowest end up, each label 17 above the last one at least.
ending AS (
  SELECT word, colour, y, row_number() OVER (ORDER BY y DESC, word) AS place
  FROM point, scale
  WHERE year = first + years
),
label(word, colour, y, place) AS (
  SELECT word, colour, y, place FROM ending WHERE place = 1
  UNION ALL
  SELECT e.word, e.colour, min(e.y, l.y - 17), e.place
  FROM label l JOIN ending e ON e.place = l.place + 1
),
step(n) AS (
  SELECT 0 UNION ALL SELECT n + 1 FROM step, scale WHERE n < lines
),
line(place, svg) AS (
  SELECT 0, '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 720 376"'
         || ' font-family="system-ui, sans-serif" font-size="13">'
  UNION ALL
  SELECT 1, '<style>text { fill: #767676 } .grid { stroke: #8884; stroke-width: 1 }'
         || ' .curve { fill: none; stroke-width: 2.5; stroke-linejoin: round }'
         || ' .word { font-weight: 600 }</style>'
  UNION ALL
  SELECT 2, '<text x="56" y="22">in a million words (a made-up sample)</text>'
  UNION ALL
  SELECT 3, printf('<path class="grid" d="M56 %.1f H592"/>'
                   || '<text x="48" y="%.1f" text-anchor="end">%g</text>',
                   340 - 300.0 * n / lines, 344.5 - 300.0 * n / lines, apart * n)
  FROM step, scale
  UNION ALL
  SELECT 4, printf('<text x="%.1f" y="362" text-anchor="middle">%d</text>',
                   x, year)
  FROM (SELECT DISTINCT x, year FROM point WHERE year % 50 = 0)
  UNION ALL
  SELECT 5, printf('<path class="curve" stroke="%s" d="M%s"/>', colour, path)
  FROM curve
  UNION ALL
  SELECT 6, printf('<text class="word" x="600" y="%.1f" style="fill: %s">%s</text>',
                   y + 4.5, colour,
                   replace(replace(word, '&', '&amp;'), '<', '&lt;'))
  FROM label
  UNION ALL
  SELECT 7, '</svg>'
)
SELECT svg FROM line ORDER BY place, svg;
