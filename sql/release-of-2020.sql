-- Do the files of 2012 and of 2020 agree?
--
-- Those of the sample do. Google's do not, as the corpus of 2020 has more books.
-- The layout is told from a file's first line, so both are asked alike, whatever
-- stands in them: one row a line, or one line an n-gram.
SELECT old.word, old.total AS total_2012, new.total AS total_2020
FROM ngram_counts('sample/1grams.gz') AS old
JOIN ngram_counts('sample/1grams-2020.gz') AS new USING (word)
WHERE old.word IN ('color', 'colour')
ORDER BY old.word;
