-- Which are the commonest words of a text?
--
-- `space` takes what stands between white space as it is; `unicode` takes runs of
-- letters, marks and digits, and folds case.
SELECT word, total FROM word_counts('sample/poem.txt') WHERE total > 1 ORDER BY word DESC;

SELECT count(*) AS words, sum(total) AS running_words FROM word_counts('sample/poem.txt');

SELECT tokenizer, word, total FROM (
  SELECT 'space' AS tokenizer, word, total
  FROM word_counts('sample/novel.txt.gz') ORDER BY total DESC, word LIMIT 4)
UNION ALL
SELECT * FROM (
  SELECT 'unicode', word, total
  FROM word_counts('sample/novel.txt.gz', NULL, NULL, 'unicode') ORDER BY total DESC, word LIMIT 4);
