-- How do I take a result elsewhere, as CSV?
--
-- The words " and , need quotes in CSV; the shell sees to that. `.once FILE` before
-- a statement sends it to a file.
.mode csv
.headers on
SELECT word, total
FROM ngram_counts('sample/1grams.gz')
WHERE tags = 'drop' AND word NOT GLOB '[A-Z]*'
ORDER BY total DESC
LIMIT 6;
SELECT word, total FROM ngram_counts('sample/1grams.gz') WHERE word = '"';
