-- How do I keep the rows of some words, to ask again and again?
--
-- What is kept of a scan goes with the connection; a table of one's own stays. Load
-- what is wanted, then make the index: that is faster than the other way round.
CREATE TABLE history AS
SELECT word, year, match_count, volume_count
FROM ngram_rows('sample/1grams.gz')
WHERE word IN ('radio', 'wireless', 'television');
CREATE INDEX history_by_word ON history(word, year);

SELECT word, count(*) AS years, sum(match_count) AS total FROM history GROUP BY word;
SELECT word, match_count FROM history WHERE year = 1925 ORDER BY word;
