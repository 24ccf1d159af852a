-- How often does a word occur?
--
-- Words compare as bytes: watch, Watch and WATCH are three words. The columns
-- behind the total are computed only where a statement names them.
SELECT word, total, volumes, first_year, last_year
FROM ngram_counts('sample/1grams.gz')
WHERE word = 'watch';
