-- ngram_stats: this connection's last 32 scans, the newest first.
--sh printf '1900,10,2,1\n' > totals.csv
--sh printf 'a\t1\t1\t1\nb\t2\t2\t2\nbad\n' > a.tsv
--sh printf 'c\t1\t1\t1\n' > c.tsv
--sh gzip -nc c.tsv > c.gz
--sh gzip -nc c.tsv | head -c 22 > cut.gz
--sh (gzip -nc c.tsv; printf garbage) > trailing.gz
--sh printf 'caf\351\n' > latin1.txt
--sh printf 'a\t1\t9223372036854775807\t1\na\t2\t1\t1\n' > large.tsv
--sh mkdir folder
.output /dev/null
SELECT ngram_config('cache_limit', 0);
.output stdout

SELECT count(*) FROM ngram_stats;
SELECT group_concat(name, ' ') FROM pragma_table_xinfo('ngram_stats');
SELECT count(*) FROM ngram_counts('a.tsv') WHERE on_error = 'skip';
SELECT rowid, path, format, decoder, threads, chunks, compressed_bytes, text_bytes, rows, skipped, words, spilled_bytes, from_cache
FROM ngram_stats;
SELECT typeof(path), typeof(format), typeof(decoder), typeof(threads), typeof(chunks), typeof(compressed_bytes),
       typeof(text_bytes), typeof(rows), typeof(skipped), typeof(words), typeof(seconds), typeof(decode_seconds),
       typeof(map_seconds), typeof(reduce_seconds), typeof(peak_bytes), typeof(spilled_bytes), typeof(from_cache)
FROM ngram_stats;
SELECT strategy FROM ngram_stats;
SELECT seconds > 0, seconds < 10, decode_seconds >= 0, map_seconds >= 0, reduce_seconds >= 0, peak_bytes > 0 FROM ngram_stats;

SELECT 'a scan that fails leaves a row, too';
SELECT count(*) FROM ngram_counts('a.tsv', 7, 2);
SELECT count(*) FROM ngram_counts('missing');
SELECT count(*) FROM ngram_rows('a.tsv') WHERE threads = 1;
SELECT count(*) FROM ngram_rows('folder');
SELECT count(*) FROM word_counts('latin1.txt');
SELECT count(*) FROM ngram_counts('c.tsv') WHERE tags = 'none';
SELECT count(*) FROM ngram_counts('large.tsv');
SELECT count(*) FROM ngram_counts(NULL);
SELECT path, status, error, chunk_size, threads_asked, rows, format, seconds IS NULL FROM ngram_stats;
SELECT status, count(*), count(error) FROM ngram_stats GROUP BY status;

SELECT 'where a damaged file ends';
SELECT sum(total) FROM ngram_counts('cut.gz') WHERE on_error = 'salvage';
SELECT path, salvaged_at, status, error FROM ngram_stats LIMIT 1;
SELECT count(*) FROM ngram_rows('trailing.gz') WHERE on_error = 'salvage';
SELECT path, salvaged_at = compressed_bytes - 7, status, error FROM ngram_stats LIMIT 1;

SELECT 'chunk_size is honoured';
SELECT count(*) FROM ngram_counts('a.tsv', 1) WHERE on_error = 'skip';
SELECT chunks FROM ngram_stats LIMIT 1;
SELECT count(*) FROM ngram_counts('a.tsv', 2) WHERE on_error = 'skip';
SELECT chunks FROM ngram_stats LIMIT 1;

SELECT 'newest first';
SELECT word FROM ngram_counts('c.gz');
SELECT rowid, path, format, decoder IN ('native', 'isal', 'zlib'), compressed_bytes > 18, text_bytes, strategy FROM ngram_stats LIMIT 1;
SELECT group_concat(path, ' ') FROM ngram_stats;

SELECT 'the last 32';
WITH RECURSIVE i(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM i WHERE n < 40)
SELECT sum(total) FROM i, ngram_counts('c.tsv', i.n) c;
SELECT count(*), min(rowid), max(rowid), count(DISTINCT path) FROM ngram_stats;

SELECT 'scans of the same statement come with the next one';
SELECT count(*) FROM ngram_stats s, ngram_counts(s.path, s.rowid) c;
SELECT count(*), min(rowid), max(rowid) FROM ngram_stats;
SELECT rowid FROM ngram_stats WHERE rowid = 68;
SELECT s.rowid - t.rowid FROM ngram_stats s JOIN ngram_stats t ON t.rowid = s.rowid - 1 LIMIT 1;

SELECT 'read only, and only one';
INSERT INTO ngram_stats(path) VALUES ('x');
DELETE FROM ngram_stats;
CREATE VIRTUAL TABLE x USING ngram_stats;
SELECT * FROM ngram_stats(1);

SELECT 'tables that leave no row';
CREATE TEMP TABLE mark AS SELECT max(rowid) AS number FROM ngram_stats;
SELECT count(*) FROM ngram_totals('totals.csv');
SELECT count(*) FROM text_words('a b');
SELECT (SELECT max(rowid) FROM ngram_stats) - number FROM mark;
