-- What part of speech is a word, and do tags add up?
--
-- The tagged rows of a file repeat the counts of the untagged ones: whoever adds
-- up both counts everything twice. In Google's files the tagged ones may add up to
-- less, as what occurs fewer than 40 times is left out.
WITH counts AS (
  SELECT * FROM ngram_counts('sample/1grams.gz') WHERE word GLOB 'watch*'
)
SELECT word,
       total,
       printf('%.1f %%', 100.0 * total /
              (SELECT total FROM counts WHERE word = 'watch')) AS share
FROM counts
ORDER BY total DESC;
