-- How often is a word printed, however its letters are?
--
-- lower() knows the letters of ASCII only. LIKE does not mind them either, and
-- its beginning bounds the scan.
SELECT lower(word) AS word,
       sum(total) AS total,
       group_concat(word, ' ') AS variants
FROM (
  SELECT word, total
  FROM ngram_counts('sample/1grams.gz')
  WHERE tags = 'drop' AND (word LIKE 'railway' OR word LIKE 'watch')
  ORDER BY total DESC
)
GROUP BY lower(word)
ORDER BY total DESC;
