-- What stands before "engine", and what is electric?
--
-- A space belongs to an n-gram. GLOB and LIKE with a fixed beginning bound the
-- scan; any other pattern is looked at word by word, behind it.
SELECT word, total
FROM ngram_counts('sample/2grams-*.gz')
WHERE word GLOB '* engine'
UNION ALL
SELECT word, total
FROM ngram_counts('sample/2grams-*.gz')
WHERE word GLOB 'electric *'
ORDER BY total DESC;
