-- ngram_config, ngram_version, ngram_debug.
--sh printf 'a\t1\t1\t1\n' > a.tsv
--sh awk 'BEGIN { for (i = 0; i < 100000; i++) print i "\t1\t1\t1" }' > many.tsv

SELECT 'threads: NULL is the default';
SELECT ngram_config('threads');
SELECT threads FROM ngram_counts('a.tsv');
SELECT ngram_config('threads', 2);
SELECT ngram_config('threads');
SELECT threads FROM ngram_counts('a.tsv');
SELECT 'an argument goes before it';
SELECT threads FROM ngram_counts('a.tsv', 0, 1);
CREATE VIRTUAL TABLE three USING ngram_counts('a.tsv', threads = 3);
SELECT threads FROM three;
SELECT threads FROM ngram_counts('a.tsv', 0, NULL);
SELECT ngram_config('THREADS', '1024');
SELECT ngram_config('threads', 1.0);
SELECT ngram_config('threads', NULL);
SELECT threads FROM ngram_counts('a.tsv');

SELECT 'memory_limit: a quarter of what the process may use';
SELECT ngram_config('memory_limit') >= 2097152;
SELECT ngram_config('memory_limit', 2097152);
SELECT count(*) FROM ngram_counts('a.tsv');
SELECT count(*) FROM ngram_counts('many.tsv');
SELECT ngram_config('memory_limit', 2097151);
SELECT ngram_config('memory_limit', -1);
SELECT ngram_config('memory_limit', 'all');
SELECT ngram_config('memory_limit');
SELECT ngram_config('memory_limit', NULL) > 2097152;
SELECT count(*) FROM ngram_counts('many.tsv');
SELECT ngram_config('memory_limit', 0);
SELECT count(*), sum(total) FROM ngram_counts('many.tsv') WHERE memory_limit = 2097152 AND threads = 2;
SELECT spilled_bytes > 0, peak_bytes <= 2097152 FROM ngram_stats LIMIT 1;
CREATE VIRTUAL TABLE temp.tight USING ngram_counts('many.tsv', memory_limit = 2097152, threads = 1);
SELECT memory_limit, word FROM tight ORDER BY word DESC LIMIT 1;
SELECT spilled_bytes > 0, peak_bytes <= 2097152 FROM ngram_stats LIMIT 1;

SELECT 'progress';
SELECT ngram_config('progress');
SELECT ngram_config('progress', 1);
SELECT ngram_config('progress', 2);
SELECT ngram_config('progress');
SELECT ngram_config('progress', NULL);

SELECT 'refused, and nothing changed';
SELECT ngram_config('threads', 3);
SELECT ngram_config('threads', 0);
SELECT ngram_config('threads', 1025);
SELECT ngram_config('threads', 'all');
SELECT ngram_config('threads', 2.5);
SELECT ngram_config('threads', x'32');
SELECT ngram_config('thread');
SELECT ngram_config('thread', 1);
SELECT ngram_config(NULL);
SELECT ngram_config('');
SELECT ngram_config();
SELECT ngram_config('threads', 1, 2);
SELECT ngram_config('threads');

SELECT 'index: a folder for seek points, or none';
--sh mkdir folder; touch file
SELECT ngram_config('index');
SELECT ngram_config('index', 'folder') LIKE '%/folder';
SELECT ngram_config('index', 'missing');
SELECT ngram_config('index', 'file');
SELECT ngram_config('index', '');
SELECT ngram_config('index', 1);
SELECT ngram_config('INDEX') LIKE '%/folder';
SELECT count(*) FROM ngram_counts('a.tsv');
SELECT ngram_config('index', NULL);

SELECT 'not from a view or a trigger of the database';
CREATE VIEW v AS SELECT ngram_config('threads', 1);
SELECT * FROM v;
SELECT ngram_config('threads');

SELECT 'versions';
SELECT ngram_version() GLOB 'v[0-9]*.[0-9]*.[0-9]*';
SELECT instr(ngram_debug(), ngram_version()) > 0;
SELECT ngram_debug() LIKE '%' || char(10) || 'SQLite ' || sqlite_version() || ', built against 3.%';
CREATE VIEW w AS SELECT length(ngram_version());
SELECT * FROM w;
