-- What is the curve of a word? Drawn in the terminal, smoothed.
--
-- Each year shows the average of it and the five years on either side; every
-- tenth year is printed. A year in which the word does not occur has no row, yet
-- counts as 0: so the years come from the totals. Before 1800 there are few
-- books, and shares leap. GROUP BY lets WHERE name more spellings than one.
WITH hits AS (
  SELECT year, sum(match_count) AS match_count
  FROM ngram_rows('sample/1grams.gz')
  WHERE word IN ('telegraph')
  GROUP BY year
),
share AS (
  SELECT t.year, 1e6 * ifnull(h.match_count, 0) / t.match_count AS per_million
  FROM ngram_totals('sample/totalcounts.txt') t
  LEFT JOIN hits h ON h.year = t.year
  WHERE t.year BETWEEN 1800 AND 2008
),
smooth AS (
  SELECT year, avg(per_million) OVER (
           ORDER BY year ROWS BETWEEN 5 PRECEDING AND 5 FOLLOWING) AS y
  FROM share
),
scale AS (
  SELECT max(y) AS top FROM smooth
)
SELECT year,
       printf('%5.1f', y) AS per_million,
       replace(hex(zeroblob(CAST(y * 40 / top AS INTEGER))), '00', '█') AS curve
FROM smooth, scale
WHERE year % 10 = 0
ORDER BY year;
