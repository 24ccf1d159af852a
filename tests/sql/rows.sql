-- ngram_rows: every row as it stands, in the order of the file.
--sh printf 'bee\t1901\t5\t2\nbee\t1900\t1\t1\nAardvark\t1900\t12\t3\nbee\t1901\t5\t2\nBee\t1899\t2\t1\n05\t1900\t3\t1\n\342\202\254\t2000\t4\t1\n' > a.tsv
--sh gzip -nc a.tsv > a.gz
--sh printf 'zoo\t1800\t1\t1\nbee\t1901\t5\t2\n' > b.tsv
--sh printf 'bee\t1900,1,1\t1901,5,2\n' > c2020.tsv
--sh printf 'bee\t1900\t7\t6\t5\n' > c2009.tsv
--sh printf 'a\t1\t1\t1\nb\t2\t2\n"c\t3\t3\t3\nd\tx\t4\t4\ne\t5\t5\t5' > bad.tsv
--sh { head -c $(($(wc -c < a.gz) - 8)) a.gz; printf '\1\2\3\4'; tail -c 4 a.gz; } > crc.gz
--sh { cat a.gz crc.gz; } > crc2.gz
--sh head -c 40 a.gz > truncated.gz
--sh : > empty.tsv

SELECT 'all of it';
SELECT * FROM ngram_rows('a.tsv');
SELECT * FROM ngram_rows('a.gz', 2, 'skip') LIMIT 2 OFFSET 1;
SELECT word FROM ngram_rows('a.gz', 1) ORDER BY match_count DESC, position LIMIT 3;
SELECT count(*), sum(match_count), sum(volume_count), min(year), max(year) FROM ngram_rows('a.gz');
SELECT count(*) FROM ngram_rows('empty.tsv');
SELECT name, hidden FROM pragma_table_xinfo('ngram_rows');

SELECT 'positions, whatever is asked for';
SELECT position, word, year FROM ngram_rows('a.tsv') WHERE word = 'bee';
SELECT position, word FROM ngram_rows('a.tsv') WHERE year = 1900 ORDER BY position DESC;
SELECT position FROM ngram_rows('a.tsv') WHERE word >= 'b' AND word < 'c' AND year BETWEEN 1901 AND 1950;
SELECT group_concat(position) FROM ngram_rows('a.tsv');

SELECT 'layouts and patterns';
SELECT *, position FROM ngram_rows('c*.tsv');
SELECT path, count(*) FROM ngram_rows('[ab].tsv');
SELECT word, position FROM ngram_rows('[ab].tsv') WHERE year < 1900;

SELECT 'tables';
CREATE VIRTUAL TABLE a USING ngram_rows('a.gz');
CREATE VIRTUAL TABLE temp.b USING ngram_rows(path = bad.tsv, on_error = skip, threads = 1);
SELECT word FROM a WHERE year > 1900;
SELECT *, path, threads, on_error FROM b;
SELECT word, path, on_error FROM a WHERE path = 'b.tsv';
SELECT count(*) FROM b WHERE on_error = 'fail';
CREATE VIRTUAL TABLE ngram_rows USING ngram_rows('b.tsv');
SELECT word FROM ngram_rows;
DROP TABLE ngram_rows;

SELECT 'words';
SELECT position FROM a WHERE word IN ('Bee', '05', 'none', NULL);
SELECT position FROM a WHERE word IN ('Bee', 5);
SELECT position FROM a WHERE word = 5;
SELECT position FROM a WHERE word = '05';
SELECT position FROM a WHERE word = x'626565';
SELECT position FROM a WHERE word = NULL;
SELECT position FROM a WHERE word = 'BEE' COLLATE NOCASE;
SELECT position FROM a WHERE word GLOB 'B*';
SELECT position FROM a WHERE word LIKE 'b%';
SELECT position FROM a WHERE word > 'bee';
SELECT position FROM a WHERE word < 'B';
SELECT position FROM a WHERE word = '€';
SELECT position FROM a WHERE word NOT IN ('bee', '05');

SELECT 'years';
SELECT position FROM a WHERE year = 1900;
SELECT position FROM a WHERE year = 1900.0;
SELECT position FROM a WHERE year = '1900';
SELECT position FROM a WHERE year = '1900.0';
SELECT position FROM a WHERE year = 1900.5;
SELECT position FROM a WHERE year > 1900.5 AND year < '2000';
SELECT position FROM a WHERE year >= 1900.5;
SELECT position FROM a WHERE year <= -0.5 OR year >= 1999.5;
SELECT position FROM a WHERE year > 'x';
SELECT position FROM a WHERE year < 'x' AND year > x'00';
SELECT count(*) FROM a WHERE year < x'00';
SELECT count(*) FROM a WHERE year < 9e999;
SELECT count(*) FROM a WHERE year > -9e999;
SELECT count(*) FROM a WHERE year > 9223372036854775807 OR year < -9223372036854775808;
SELECT position FROM a WHERE year IN (1899, 2000, NULL);
SELECT position FROM a WHERE year IN ('1899', 2000.0);
SELECT position FROM a WHERE year IN (1899.5, 1901);
SELECT position FROM a WHERE year IN (x'00', 1901);
SELECT position FROM a WHERE year IN ();
SELECT position FROM a WHERE year IN (NULL);
SELECT position FROM a WHERE year IS 1899;
SELECT position FROM a WHERE year BETWEEN 1900 AND 1900 AND word IN (SELECT word FROM a WHERE year = 1901);

SELECT 'OR drops no row and doubles none';
SELECT count(*) FROM a WHERE word = 'bee' OR year = 1901;
SELECT count(*) FROM a WHERE (word = 'bee' AND year = 1901) OR (word = 'bee' AND match_count = 5);
SELECT count(*) FROM ngram_rows WHERE path = 'a.tsv' OR path = 'b.tsv';
SELECT count(*) FROM ngram_rows WHERE path = 'a.tsv' OR path = 'a.gz' OR path = 'a.tsv';
SELECT word, path FROM ngram_rows WHERE path IN ('a.tsv', 'b.tsv') AND year = 1901 ORDER BY position, path;
SELECT count(*) FROM ngram_rows('a.tsv') WHERE threads = 1 OR threads = 2;

SELECT 'joins';
CREATE TABLE list(word, path);
INSERT INTO list VALUES ('bee', 'a.gz'), ('bee', 'b.tsv'), ('none', 'a.gz'), (NULL, 'a.gz');
SELECT list.word, list.path, count(year), sum(match_count) FROM list LEFT JOIN ngram_rows r ON r.path = list.path AND r.word = list.word GROUP BY 1, 2;
SELECT count(*) FROM a x JOIN a y ON x.word = y.word AND x.year = y.year AND x.position < y.position;
SELECT x.position, (SELECT max(y.position) FROM a y WHERE y.year <= x.year AND y.word = x.word) FROM a x;
SELECT max(word), min(word) FROM a JOIN (SELECT 1 UNION SELECT 2);

SELECT 'errors come behind the rows before them';
SELECT word FROM ngram_rows('bad.tsv');
SELECT word FROM ngram_rows('bad.tsv', 3) WHERE year = 1;
SELECT * FROM ngram_rows('bad.tsv', NULL, 'skip');
SELECT word FROM ngram_rows('bad.tsv') LIMIT 1;
SELECT word FROM ngram_rows('crc.gz');
SELECT count(*) FROM ngram_rows('crc2.gz');
SELECT word FROM ngram_rows('crc2.gz') WHERE year = 2000;
SELECT count(*) FROM ngram_rows('truncated.gz');
SELECT * FROM ngram_rows('missing.gz');
SELECT * FROM ngram_rows('/');
SELECT * FROM ngram_rows('none*');
SELECT * FROM ngram_rows('[bc]*.tsv') WHERE year < 1850 OR path = 0;

SELECT 'bad arguments';
SELECT * FROM ngram_rows;
SELECT * FROM ngram_rows(NULL);
SELECT * FROM ngram_rows('');
SELECT * FROM ngram_rows('a.tsv', 0);
SELECT * FROM ngram_rows('a.tsv', 1025);
SELECT * FROM ngram_rows('a.tsv', 1, 'ignore');
SELECT * FROM ngram_rows('a.tsv', 1, 'skip', 0, 'drop', 1, 2, 3, 4);
SELECT * FROM ngram_rows('a.tsv', 1, 'skip', 0, 2);
SELECT * FROM ngram_rows('a.tsv', 1, 'skip', 2097151);
CREATE VIRTUAL TABLE z USING ngram_rows();
CREATE VIRTUAL TABLE z USING ngram_rows('a.tsv', chunk_size = 3);
CREATE VIRTUAL TABLE z USING ngram_rows('a.tsv', threads = many);
CREATE VIRTUAL TABLE gone USING ngram_rows('gone.tsv');
SELECT * FROM gone;
DROP TABLE gone;
INSERT INTO a(word) VALUES ('x');

SELECT 'views and triggers';
CREATE VIEW v AS SELECT * FROM a;
SELECT * FROM v;
CREATE TEMP VIEW w AS SELECT word FROM a LIMIT 1;
SELECT * FROM w;

SELECT 'ngram_stats';
CREATE TEMP TABLE mark AS SELECT max(rowid) AS scan FROM ngram_stats;
SELECT count(*) FROM ngram_rows('bad.tsv', 1, 'skip');
SELECT count(*) FROM (SELECT * FROM a LIMIT 1);
SELECT count(*) FROM ngram_rows('bad.tsv');
SELECT path, format, strategy, threads, rows, skipped, words, text_bytes, from_cache FROM ngram_stats, mark WHERE ngram_stats.rowid > scan;
SELECT seconds > 0, seconds < 10, peak_bytes > 0, spilled_bytes, reduce_seconds FROM ngram_stats LIMIT 1;
