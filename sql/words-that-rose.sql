-- Which words rose most from one decade to another?
--
-- Two scans with years of their own, joined by word. Counts of a few leap by
-- chance, so ask for some on either side; the totals make decades comparable.
WITH size AS (
  SELECT 1.0 * sum(match_count) FILTER (WHERE year BETWEEN 1920 AND 1929) /
         sum(match_count) FILTER (WHERE year BETWEEN 1980 AND 1989) AS ratio
  FROM ngram_totals('sample/totalcounts.txt')
)
SELECT word, early.total AS of_1920s, late.total AS of_1980s,
       round(late.total * size.ratio / early.total, 1) AS times
FROM size
JOIN ngram_counts('sample/1grams.gz', NULL, NULL, 1920, 1929, 'drop') AS early
JOIN ngram_counts('sample/1grams.gz', NULL, NULL, 1980, 1989, 'drop') AS late
  USING (word)
WHERE early.total >= 100 AND late.total >= 100
ORDER BY times DESC, word
LIMIT 8;
