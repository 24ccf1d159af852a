-- Since when is there a word for it?
--
-- A misread word or a book with a wrong date makes a word look old, so ask for the
-- first year in which it was counted some times. Here: ten times.
WITH wanted(word) AS (
  VALUES ('telegraph'), ('telephone'), ('radio'), ('television'), ('computer'),
         ('Internet')
)
SELECT word,
       min(year) AS first_year,
       min(year) FILTER (WHERE match_count >= 10) AS first_year_of_ten
FROM ngram_rows('sample/1grams.gz')
WHERE word IN wanted
GROUP BY word
ORDER BY first_year_of_ten;
