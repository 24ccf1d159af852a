-- What part of speech is a word, and do tags add up?
--
-- The tagged rows of a file repeat the counts of the untagged ones: whoever adds
-- up both counts everything twice.
WITH counts AS (
  SELECT * FROM ngram_counts('sample/1grams.gz') WHERE word GLOB 'watch*'
)
SELECT word,
       total,
       printf('%.1f %%', 100.0 * total /
              (SELECT total FROM counts WHERE word = 'watch')) AS share
FROM counts
ORDER BY total DESC;
