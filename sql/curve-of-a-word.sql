-- What is the curve of a word? Drawn in the terminal, smoothed.
--
-- Each year shows the average of it and the five years on either side; every
-- tenth year is printed. A window function sees all years, so the choice of
-- those to be printed stands outside.
WITH share AS (
  SELECT r.year, 1e6 * r.match_count / t.match_count AS per_million
  FROM ngram_rows('sample/1grams.gz') r
  JOIN ngram_totals('sample/totalcounts.txt') t USING (year)
  WHERE r.word = 'telegraph'
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
