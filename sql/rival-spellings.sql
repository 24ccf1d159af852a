-- Which of two spellings prevails, decade by decade?
--
-- Set against each other, two words need no totals. Integer division makes the
-- decade; sum() FILTER puts both into one pass over the rows.
SELECT year / 10 * 10 AS decade,
       sum(match_count) FILTER (WHERE word = 'today') AS today,
       sum(match_count) FILTER (WHERE word = 'to-day') AS "to-day",
       printf('%3.0f %%', 100.0 * sum(match_count) FILTER (WHERE word = 'today')
                          / sum(match_count)) AS one_word
FROM ngram_rows('sample/1grams.gz')
WHERE word IN ('today', 'to-day') AND year BETWEEN 1880 AND 1979
GROUP BY decade
ORDER BY decade;
