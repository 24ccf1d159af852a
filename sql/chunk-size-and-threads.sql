-- Which chunk_size and how many threads serve best, on this machine and this file?
--
-- Those with the shortest time. Each is tried three times, as the first scan of a
-- gzip file leaves seek points for the others; a chunk_size in rows lets one core
-- at a time decode it. A small file has one thread, whatever is asked. Left alone,
-- both are chosen for the file and the machine.
SELECT ngram_config('cache_limit', 0) AS cache_limit; -- count anew each time

WITH turn(n) AS (VALUES (1), (2), (3)),
attempt(chunk_size, threads) AS (VALUES (100, 1), (1000, 1), (1000, 2), (20000, 2))
SELECT count(*) AS words
FROM turn CROSS JOIN attempt
CROSS JOIN ngram_counts('sample/1grams.gz', attempt.chunk_size, attempt.threads);

SELECT threads, chunks, rows / chunks AS rows_a_chunk,
       printf('%.2f ms', 1000 * min(seconds)) AS shortest
FROM ngram_stats
GROUP BY threads, chunks
ORDER BY threads, chunks;
