-- Queries that trip virtual tables up: the answers, and how often the file
-- was read for them.
--sh printf 'Aardvark\t1900\t12\t2\nbee\t1900\t1\t1\nBee\t1900\t2\t1\n05\t1900\t3\t1\n\342\202\254\t1900\t4\t1\n' > a.tsv
--sh printf 'Aardvark\t1900\t50\t2\nzoo\t1800\t1\t1\n' > b.tsv
.output /dev/null
SELECT ngram_config('cache_limit', 0);
.output stdout
CREATE TABLE list(path, word);
INSERT INTO list VALUES ('a.tsv', 'Aardvark'), ('b.tsv', 'zoo'), ('a.tsv', 'none'), ('b.tsv', NULL);
CREATE TABLE numbers(n INTEGER);
INSERT INTO numbers VALUES (5), (6);
CREATE VIRTUAL TABLE a USING ngram_counts('a.tsv');
-- How often files were read since the last UPDATE of `mark`.
CREATE TEMP TABLE mark AS SELECT 0 AS scan;
CREATE TEMP VIEW scans AS SELECT count(*) || ' scans' FROM ngram_stats, mark WHERE ngram_stats.rowid > scan AND from_cache = 0;

SELECT 'LIMIT and OFFSET';
SELECT count(*) FROM (SELECT * FROM a LIMIT 2);
SELECT count(*) FROM (SELECT * FROM a LIMIT 10 OFFSET 1);
SELECT count(*) FROM (SELECT * FROM a LIMIT 0);
SELECT word FROM a ORDER BY total DESC LIMIT 2;
SELECT word FROM a ORDER BY total DESC LIMIT 2 OFFSET 1;
SELECT word FROM a WHERE word = 'bee' LIMIT 1;
SELECT word FROM a WHERE word = 'bee' LIMIT 1 OFFSET 1;
SELECT word FROM a WHERE total % 2 = 0 ORDER BY word LIMIT 1 OFFSET 1;
SELECT word FROM ngram_counts('a.tsv', 0) WHERE word IN ('bee', 'Bee', 'none') ORDER BY word LIMIT 1 OFFSET 1;

SELECT 'one word before a list of them';
SELECT l.path, total FROM list l CROSS JOIN a ON a.word = l.word WHERE a.word IN (SELECT word FROM list);
SELECT words FROM ngram_stats ORDER BY rowid DESC LIMIT 1;
SELECT l.path, total FROM list l CROSS JOIN a ON a.word = l.word WHERE a.word IN ('Aardvark', 'zoo');

SELECT 'equality';
SELECT * FROM a WHERE word = 'bee';
SELECT * FROM a WHERE 'bee' = word;
SELECT * FROM a WHERE word = 'none';
SELECT * FROM a WHERE word = '';
SELECT * FROM a WHERE word = NULL;
SELECT * FROM a WHERE word = x'626565';
SELECT * FROM a WHERE word = '€';
SELECT * FROM a WHERE word IS 'bee';
SELECT * FROM a WHERE word IS NULL;
SELECT * FROM a WHERE word = 'bee' AND word = 'Bee';
SELECT * FROM a WHERE word = 'BEE';
SELECT * FROM a WHERE word = 'BEE' COLLATE NOCASE ORDER BY word;
SELECT * FROM a WHERE word = 'bee ' COLLATE RTRIM;
SELECT * FROM a WHERE word = 5;
SELECT * FROM a WHERE word = 05;
SELECT * FROM a WHERE word = '05';
SELECT * FROM numbers JOIN a ON word = n;
SELECT * FROM numbers CROSS JOIN a WHERE word = n;
SELECT * FROM a WHERE +word = 'bee' AND total = 1;

SELECT 'IN, in one scan';
UPDATE mark SET scan = (SELECT max(rowid) FROM ngram_stats);
SELECT * FROM a WHERE word IN ('bee', 'none', 'Aardvark', NULL, 'bee') ORDER BY word;
SELECT * FROM scans;
SELECT * FROM a WHERE word IN (SELECT word FROM list);
SELECT * FROM scans;
SELECT * FROM a WHERE word IN ('bee', 5) ORDER BY word;
SELECT * FROM a WHERE word IN (SELECT n FROM numbers);
SELECT * FROM a WHERE word IN ();
SELECT * FROM a WHERE word IN (NULL);
SELECT * FROM a WHERE word IN (x'626565');
SELECT * FROM a WHERE word NOT IN ('bee', 'Bee', '05') ORDER BY word;
SELECT * FROM a WHERE (word, total) IN (VALUES ('bee', 1), ('05', 4));
SELECT word FROM list WHERE word IN (SELECT word FROM ngram_counts('a.tsv'));

SELECT 'OR';
SELECT * FROM a WHERE word = 'bee' OR word = '05' ORDER BY word;
SELECT * FROM a WHERE word = 'bee' OR (word = '05' AND total > 1) ORDER BY word;
SELECT * FROM a WHERE word = 'bee' OR total = 3 ORDER BY word;
SELECT * FROM ngram_counts('a.tsv') WHERE word = 'bee' OR (word = '05' AND total > 1) ORDER BY word;
SELECT *, path FROM ngram_counts WHERE (path = 'a.tsv' AND word = 'Aardvark') OR (path = 'b.tsv' AND word = 'Aardvark') ORDER BY path;
SELECT *, path FROM ngram_counts WHERE (path = 'a.tsv' AND word = 'bee') OR (path = 'a.tsv' AND word = '05') OR (path = 'b.tsv' AND total = 50) ORDER BY word;
SELECT count(*) FROM ngram_counts WHERE path = 'a.tsv' AND (threads = 1 OR threads = 2);

SELECT 'arguments with IN';
SELECT *, path FROM ngram_counts WHERE path IN ('a.tsv', 'b.tsv') AND word = 'Aardvark' ORDER BY path;
SELECT DISTINCT word FROM ngram_counts WHERE path IN ('a.tsv', 'b.tsv') ORDER BY word;
SELECT word, sum(total) FROM ngram_counts WHERE path IN (SELECT path FROM list) GROUP BY word ORDER BY word;

SELECT 'joins: one scan when the path is known';
UPDATE mark SET scan = (SELECT max(rowid) FROM ngram_stats);
SELECT list.word, total FROM list JOIN ngram_counts('a.tsv') c ON c.word = list.word;
SELECT * FROM scans;
SELECT list.word, total FROM ngram_counts('a.tsv') c JOIN list ON c.word = list.word;
SELECT * FROM scans;
SELECT list.word, total FROM list JOIN a USING (word);
SELECT * FROM scans;
SELECT list.word, total FROM a NATURAL JOIN list;
SELECT * FROM scans;

SELECT 'joins: the path comes from the other table, on either side';
SELECT list.path, c.word, total FROM list, ngram_counts(list.path) c WHERE c.word = list.word ORDER BY 1;
SELECT list.path, c.word, total FROM ngram_counts(list.path) c, list WHERE c.word = list.word ORDER BY 1;
SELECT list.path, c.word, total FROM ngram_counts c JOIN list ON c.path = list.path AND c.word = list.word ORDER BY 1;
SELECT list.path, list.word, c.total FROM list LEFT JOIN ngram_counts(list.path) c ON c.word = list.word ORDER BY 1, 2;
SELECT list.path, list.word, c.total FROM list LEFT JOIN ngram_counts(list.path) c ON c.word = list.word WHERE c.total IS NULL ORDER BY 1, 2;
SELECT list.path, list.word FROM list LEFT JOIN ngram_counts(list.path) c USING (word) WHERE c.word IS NULL ORDER BY 1, 2;
SELECT c.word, list.path FROM ngram_counts('a.tsv') c LEFT JOIN list ON c.word = list.word AND list.path = c.path ORDER BY 1;
SELECT max(c.word), min(c.word) FROM list, ngram_counts(list.path) c;
SELECT c.path, max(total), c.word FROM list, ngram_counts(list.path) c GROUP BY list.path ORDER BY 1;

SELECT 'correlated';
SELECT path, word, (SELECT total FROM ngram_counts(list.path) c WHERE c.word = list.word) FROM list;
SELECT path, (SELECT word FROM ngram_counts(list.path) ORDER BY total DESC LIMIT 1) FROM list;
SELECT path, word FROM list WHERE EXISTS (SELECT 1 FROM ngram_counts(list.path) c WHERE c.word = list.word);
SELECT path, word FROM list WHERE NOT EXISTS (SELECT 1 FROM ngram_counts(list.path) c WHERE c.word = list.word);
SELECT group_concat(w, ' ') FROM (SELECT (SELECT max(word) FROM ngram_counts(list.path)) AS w FROM list);

SELECT 'a read for each row, when the path is that of the row';
UPDATE mark SET scan = (SELECT max(rowid) FROM ngram_stats);
SELECT count(*) FROM list, ngram_counts(list.path) c;
SELECT * FROM scans;

SELECT path, word FROM list WHERE word NOT IN (SELECT word FROM ngram_counts(list.path));
SELECT list.path, c.word FROM list, ngram_counts(list.path) c WHERE c.word IN (SELECT i.word FROM list i WHERE i.path = list.path) ORDER BY 1, 2;

SELECT 'two cursors at once';
SELECT x.word, y.total FROM ngram_counts('a.tsv') x JOIN ngram_counts('b.tsv') y USING (word);
SELECT count(*) FROM a x JOIN a y ON x.total < y.total;
SELECT word FROM a EXCEPT SELECT word FROM ngram_counts('b.tsv') ORDER BY 1;
SELECT word, total FROM a UNION ALL SELECT word, total FROM ngram_counts('b.tsv') ORDER BY 2, 1;

SELECT 'aggregates, windows, CTEs, DISTINCT';
SELECT count(*), sum(total), max(word) FROM a;
SELECT word, sum(total) OVER (ORDER BY word) FROM a ORDER BY word;
SELECT word, lag(word) OVER (ORDER BY total) FROM a ORDER BY total;
WITH c AS (SELECT * FROM ngram_counts('a.tsv')) SELECT x.word FROM c x JOIN c y ON x.total = y.total ORDER BY 1;
SELECT DISTINCT path FROM a;
SELECT word FROM a WHERE word BETWEEN 'B' AND 'c' ORDER BY word;
SELECT word FROM a WHERE word LIKE 'b%' ORDER BY word;
SELECT word FROM a WHERE word GLOB 'b*';
CREATE TABLE copy AS SELECT * FROM a;
INSERT INTO copy SELECT word, total FROM ngram_counts('b.tsv');
SELECT count(*) FROM copy;
SELECT rowid FROM a;
