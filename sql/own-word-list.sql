-- How often do the words of my own list occur, those that never do among them?
--
-- The file is read once, and each word is looked up in the result. NULL says
-- that the word is not there.
CREATE TEMP TABLE list(word TEXT, note TEXT);
INSERT INTO list VALUES
  ('telegraph', 'by wire'), ('telephone', 'by wire'), ('wireless', 'by air'),
  ('heliograph', 'by mirror'), ('radio', 'by air');

SELECT list.word, list.note, ifnull(total, 0) AS total
FROM list
LEFT JOIN ngram_counts('sample/1grams.gz') USING (word)
ORDER BY total DESC;
