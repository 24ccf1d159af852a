-- Which chunk_size and how many threads serve best, on this machine and this file?
--
-- Try some, and ask ngram_stats. On a large file the time is what to look at; left
-- alone, both are chosen for the file and the machine, and here is to see that
-- chunks are what they were asked to be. Add `seconds` to the columns.
SELECT ngram_config('cache_limit', 0) AS cache_limit; -- count anew each time
SELECT count(*) AS words FROM ngram_counts('sample/1grams.gz', 20000, 2);
SELECT count(*) AS words FROM ngram_counts('sample/1grams.gz', 1000, 2);
SELECT count(*) AS words FROM ngram_counts('sample/1grams.gz', 100, 1);

SELECT chunks, rows / chunks AS rows_a_chunk, rows, words
FROM ngram_stats
ORDER BY chunks;
