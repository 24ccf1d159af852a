-- Which words were the commonest of the 1920s?
--
-- The years go to the scan. Tagged words (car_NOUN) repeat the counts of untagged
-- ones, so they are left out; and so is what is no word.
SELECT word, total
FROM ngram_counts('sample/1grams.gz')
WHERE year_from = 1920 AND year_to = 1929 AND tags = 'drop'
  AND word GLOB '[A-Za-z]*'
ORDER BY total DESC
LIMIT 10;
