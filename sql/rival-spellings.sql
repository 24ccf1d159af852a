-- Which of two spellings prevails, decade by decade?
--
-- Google parts words at hyphens: to-day is three tokens, so it stands among the
-- 3-grams, as `to - day`. Set against each other, two spellings need no totals.
-- Integer division makes the decade.
WITH spelling AS (
  SELECT year, match_count AS today, 0 AS "to-day"
  FROM ngram_rows('sample/1grams.gz') WHERE word = 'today'
  UNION ALL
  SELECT year, 0, match_count
  FROM ngram_rows('sample/3grams.gz') WHERE word = 'to - day'
)
SELECT year / 10 * 10 AS decade,
       sum(today) AS today,
       sum("to-day") AS "to-day",
       printf('%3.0f %%', 100.0 * sum(today) / sum(today + "to-day")) AS one_word
FROM spelling
WHERE year BETWEEN 1880 AND 1979
GROUP BY decade
ORDER BY decade;
