-- How often is a word in a million, year by year?
--
-- More is printed every year, so counts have to be divided by the size of the
-- corpus: that is what the totalcounts file of a release is for. A year in which
-- the word does not occur has no row, yet its share is 0: so the years come from
-- the totals. For n-grams of more words than one, take the totals of that n.
SELECT t.year,
       ifnull(r.match_count, 0) AS match_count,
       round(1e6 * ifnull(r.match_count, 0) / t.match_count, 2) AS per_million
FROM ngram_totals('sample/totalcounts.txt') t
LEFT JOIN ngram_rows('sample/1grams.gz') r
  ON r.word = 'radio' AND r.year = t.year
WHERE t.year BETWEEN 1896 AND 1906
ORDER BY t.year;
