-- What do the curves of some words look like? A picture, from the shell alone:
--
--   sqlite3 :memory: '.load ../build/release/ngram' '.read picture.sql' > picture.svg
--
-- Each line of the output is a piece of SVG: the grid and its years, then a path and
-- a label a word. Shares are smoothed over eleven years; the label stands where the
-- curve is highest. Change the words in `wanted`.
.mode list
.headers off
WITH wanted(word, colour) AS (
  VALUES ('telegraph', '#c2703d'), ('telephone', '#2a9d8f'),
         ('radio', '#4f7bd1'), ('television', '#b5579b')
),
share AS (
  SELECT w.word, w.colour, t.year,
         1e6 * ifnull(r.match_count, 0) / t.match_count AS per_million
  FROM wanted w
  CROSS JOIN ngram_totals('sample/totalcounts.txt') t
  LEFT JOIN (SELECT word, year, match_count FROM ngram_rows('sample/1grams.gz')
             WHERE word IN (SELECT word FROM wanted)) r
         ON r.word = w.word AND r.year = t.year
),
smooth AS (
  SELECT word, colour, year, avg(per_million) OVER (
           PARTITION BY word ORDER BY year
           ROWS BETWEEN 5 PRECEDING AND 5 FOLLOWING) AS share
  FROM share
),
-- The plot is 600 wide and 300 high, from (56, 40) on.
scale AS (
  SELECT min(year) AS first, max(year) - min(year) AS years,
         CAST(max(share) / 25 + 1 AS INTEGER) * 25.0 AS top
  FROM smooth
),
point AS (
  SELECT word, colour, year, share,
         56 + 600.0 * (year - first) / years AS x,
         340 - 300.0 * share / top AS y
  FROM smooth, scale
),
curve AS (
  SELECT word, colour, group_concat(printf('%.1f %.1f', x, y), ' L') AS path
  FROM (SELECT * FROM point ORDER BY word, year)
  GROUP BY word
),
peak AS (
  SELECT word, colour, x, y, max(share) FROM point GROUP BY word
),
step(n) AS (VALUES (0), (1), (2), (3), (4), (5)),
year(n) AS (VALUES (1800), (1850), (1900), (1950), (2000)),
line(place, svg) AS (
  SELECT 0, '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 720 390"'
         || ' font-family="system-ui, sans-serif" font-size="13">'
  UNION ALL
  SELECT 1, '<style>text { fill: #444 } .grid { stroke: #8884; stroke-width: 1 }'
         || ' .curve { fill: none; stroke-width: 2.5; stroke-linejoin: round }'
         || ' .word { font-weight: 600; text-anchor: middle }'
         || ' @media (prefers-color-scheme: dark) { text { fill: #ccc } }</style>'
  UNION ALL
  SELECT 2, '<text x="56" y="22">in a million words (a made-up sample)</text>'
  UNION ALL
  SELECT 3, printf('<path class="grid" d="M56 %.1f H656"/>'
                   || '<text x="48" y="%.1f" text-anchor="end">%.0f</text>',
                   340 - 60 * n, 344.5 - 60 * n, top * n / 5)
  FROM step, scale
  UNION ALL
  SELECT 4, printf('<text x="%.1f" y="362" text-anchor="middle">%d</text>',
                   56 + 600.0 * (n - first) / years, n)
  FROM year, scale
  UNION ALL
  SELECT 5, printf('<path class="curve" stroke="%s" d="M%s"/>', colour, path)
  FROM curve
  UNION ALL
  SELECT 6, printf('<text class="word" x="%.1f" y="%.1f" style="fill: %s">%s</text>',
                   min(x, 640), y - 10, colour, word)
  FROM peak
  UNION ALL
  SELECT 7, '</svg>'
)
SELECT svg FROM line ORDER BY place, svg;
