-- How do I count all files of a release at once?
--
-- A path may be a pattern. The files are counted together, in parallel, into one
-- result; to keep them apart, hand the paths over one by one.
SELECT count(*) AS ngrams, sum(total) AS total FROM ngram_counts('sample/2grams-*.gz');

WITH files(path) AS (VALUES ('sample/2grams-a.gz'), ('sample/2grams-b.gz'))
SELECT files.path, count(*) AS ngrams, sum(total) AS total
FROM files, ngram_counts(files.path)
GROUP BY files.path;
