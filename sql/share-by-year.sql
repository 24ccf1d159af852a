-- How often is a word in a million, year by year?
--
-- More is printed every year, so counts have to be divided by the size of the
-- corpus: that is what the totalcounts file of a release is for.
SELECT r.year,
       r.match_count,
       round(1e6 * r.match_count / t.match_count, 2) AS per_million
FROM ngram_rows('sample/1grams.gz') r
JOIN ngram_totals('sample/totalcounts.txt') t USING (year)
WHERE r.word = 'telephone' AND r.year BETWEEN 1895 AND 1905
ORDER BY r.year;
