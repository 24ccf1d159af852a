-- What each argument does, and that NULL is its default.
--sh printf 'watch\t1950\t10\t1\nwatch_VERB\t1950\t4\t1\nwatch\t1960\t20\t2\nwatch\t1970\t30\t3\nsee_\t1970\t1\t1\n' > w.tsv
--sh printf 'a\t1\t1\t1\nbad\nb\t2\t2\t2\n' > bad.tsv

SELECT 'chunk_size: the same rows';
SELECT * FROM ngram_counts('w.tsv', 1) ORDER BY word;
SELECT * FROM ngram_counts('w.tsv', 2) ORDER BY word;
SELECT * FROM ngram_counts('w.tsv', 1000000000) ORDER BY word;
SELECT * FROM ngram_counts('w.tsv', 0) ORDER BY word;
SELECT * FROM ngram_counts('w.tsv', NULL) ORDER BY word;
SELECT count(*) FROM ngram_counts('w.tsv', 9223372036854775807);

SELECT 'threads: the same rows';
SELECT * FROM ngram_counts('w.tsv', 1, 1) ORDER BY word;
SELECT * FROM ngram_counts('w.tsv', 1, 2) ORDER BY word;
SELECT * FROM ngram_counts('w.tsv', 1, 8) ORDER BY word;
SELECT count(*) FROM ngram_counts('w.tsv', 1, 1024);
SELECT count(*) FROM ngram_counts('w.tsv', 1, NULL);

SELECT 'years, both included';
SELECT * FROM ngram_counts('w.tsv', 0, 1, 1960) ORDER BY word;
SELECT * FROM ngram_counts('w.tsv', 0, 1, NULL, 1960) ORDER BY word;
SELECT * FROM ngram_counts('w.tsv', 0, 1, 1960, 1960);
SELECT * FROM ngram_counts('w.tsv', 0, 1, 1970, 1960);
SELECT * FROM ngram_counts('w.tsv', 0, 1, -5, 99999999999) ORDER BY word;
SELECT * FROM ngram_counts('w.tsv', 0, 1, NULL, NULL) ORDER BY word;
SELECT * FROM ngram_counts('w.tsv') WHERE year_from = 1970 ORDER BY word;

SELECT 'tags';
SELECT * FROM ngram_counts('w.tsv') WHERE tags = 'keep' ORDER BY word;
SELECT * FROM ngram_counts('w.tsv') WHERE tags = 'drop' ORDER BY word;
SELECT * FROM ngram_counts('w.tsv') WHERE tags = 'only' ORDER BY word;
SELECT count(*) FROM ngram_counts('w.tsv', 0, 1, 0, 9999, NULL);

SELECT 'on_error';
SELECT * FROM ngram_counts('bad.tsv') WHERE on_error = 'skip' ORDER BY word;
SELECT * FROM ngram_counts('bad.tsv', 0, 1, 0, 9999, 'keep', 'skip') ORDER BY word;
SELECT count(*) FROM ngram_counts('w.tsv', 0, 1, 0, 9999, 'keep', NULL);

SELECT 'numbers as an INTEGER column takes them';
SELECT chunk_size, threads, count(*) FROM ngram_counts('w.tsv', 2.0, '2');
SELECT chunk_size, threads, count(*) FROM ngram_counts('w.tsv', ' 7 ', '+3');

SELECT 'what is in force';
SELECT path, chunk_size, threads, year_from, year_to, tags, on_error
FROM ngram_counts('w.tsv') LIMIT 1;
SELECT path, chunk_size, threads, year_from, year_to, tags, on_error
FROM ngram_counts('w.tsv', 3, 2, 1900, 2000, 'drop', 'skip') LIMIT 1;

SELECT 'a second constraint on an argument is a condition as any other';
SELECT count(*) FROM ngram_counts('w.tsv') WHERE path = 'w.tsv';
SELECT count(*) FROM ngram_counts('w.tsv') WHERE path = 'x.tsv';
