-- Orders that the scan gives by itself: no sorter of SQLite's.
--sh awk 'BEGIN { for (i = 0; i < 3000; i++) printf "w%04d\t1900\t%d\t1\n", i * 7 % 3000, i % 50 }' > many.tsv
--sh printf 'b\t1900\t2\t1\na\t1900\t2\t1\nabcdefgh\t1900\t1\t1\nabcdefghi\t1900\t1\t1\nA\t1900\t9\t1\n\303\244\t1900\t1\t1\n~\t1900\t7\t1\n' > a.tsv
CREATE VIRTUAL TABLE a USING ngram_counts('a.tsv');
CREATE VIRTUAL TABLE many USING ngram_counts('many.tsv');
CREATE TABLE t AS SELECT * FROM many;

SELECT 'by word';
SELECT word FROM a ORDER BY word;
SELECT word FROM a ORDER BY word DESC;
SELECT 'by total';
SELECT * FROM a ORDER BY total, word;
SELECT * FROM a ORDER BY total DESC, word;
SELECT * FROM a ORDER BY total DESC, word DESC;
SELECT * FROM a ORDER BY word COLLATE NOCASE, word;
SELECT 'no sorter';
.eqp on
SELECT count(*) FROM (SELECT word FROM a ORDER BY word LIMIT 1);
SELECT word FROM a ORDER BY word, total LIMIT 1;
SELECT word FROM a ORDER BY total DESC LIMIT 1;
SELECT word FROM a ORDER BY total DESC, word LIMIT 1;
SELECT word, sum(total) FROM a GROUP BY word LIMIT 0;
SELECT DISTINCT word FROM a LIMIT 0;
SELECT DISTINCT word FROM a ORDER BY word LIMIT 0;
SELECT DISTINCT word, path, chunk_size, threads, year_from, year_to, tags, on_error, memory_limit FROM a LIMIT 0;
SELECT DISTINCT total FROM a LIMIT 0;
.eqp off
SELECT 'past the first rows';
SELECT count(*), sum(total) FROM (SELECT * FROM many ORDER BY total DESC LIMIT 999);
SELECT count(*), sum(total) FROM (SELECT * FROM many ORDER BY total DESC LIMIT 1000);
SELECT count(*), sum(total) FROM (SELECT * FROM many ORDER BY total DESC LIMIT 1001);
SELECT group_concat(word, ' ') FROM (SELECT word FROM many ORDER BY total DESC, word LIMIT 3 OFFSET 2500);
SELECT group_concat(word, ' ') FROM (SELECT word FROM t ORDER BY total DESC, word LIMIT 3 OFFSET 2500);
SELECT group_concat(word, ' ') FROM (SELECT word FROM many ORDER BY word DESC LIMIT 3 OFFSET 2500);
SELECT (SELECT group_concat(word || total) FROM (SELECT * FROM many ORDER BY total, word)) = (SELECT group_concat(word || total) FROM (SELECT * FROM t ORDER BY total, word));
SELECT (SELECT group_concat(word || total) FROM (SELECT * FROM many ORDER BY total DESC, word LIMIT 1500)) = (SELECT group_concat(word || total) FROM (SELECT * FROM t ORDER BY total DESC, word LIMIT 1500));
SELECT (SELECT group_concat(word) FROM (SELECT * FROM many ORDER BY word)) = (SELECT group_concat(word) FROM (SELECT * FROM t ORDER BY word));
SELECT (SELECT group_concat(word) FROM (SELECT * FROM many ORDER BY word DESC LIMIT 2999)) = (SELECT group_concat(word) FROM (SELECT * FROM t ORDER BY word DESC LIMIT 2999));
SELECT 'with conditions that SQLite checks';
SELECT count(*), min(total), max(total) FROM (SELECT * FROM many WHERE total % 2 = 0 ORDER BY total DESC LIMIT 1200);
SELECT word FROM many WHERE word > 'w2990' ORDER BY word DESC LIMIT 2;
SELECT 'groups, and two files';
SELECT count(*) FROM (SELECT word, count(*) AS n FROM many GROUP BY word HAVING n = 1);
SELECT count(*) FROM (SELECT DISTINCT word FROM many);
SELECT group_concat(total) FROM (SELECT DISTINCT total FROM many ORDER BY total DESC LIMIT 3);
SELECT word, count(*) FROM ngram_counts WHERE path IN ('a.tsv', 'many.tsv') GROUP BY word ORDER BY word DESC LIMIT 2;
SELECT total, count(*) FROM a GROUP BY total;
SELECT x.word, y.word FROM a x JOIN a y ON y.total = x.total AND y.word > x.word ORDER BY x.word, y.word;
SELECT word, row_number() OVER (ORDER BY total DESC, word) FROM a ORDER BY 2;
SELECT min(word), max(word) FROM a;
SELECT word, max(total) FROM a;
