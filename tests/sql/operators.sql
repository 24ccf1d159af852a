-- An argument that is given with another operator than = or IN is an error.
--sh printf 'a\t1900\t1\t1\nb\t1950\t2\t1\n' > a.tsv
--sh printf 'year,match_count,page_count,volume_count\t1900,1,1,1' > t.txt
CREATE TABLE y(n, t); INSERT INTO y VALUES (1900, 'drop');
CREATE VIRTUAL TABLE a USING ngram_counts('a.tsv', year_from = 1900);

SELECT 'each operator';
SELECT * FROM ngram_counts('a.tsv') WHERE year_from >= 1900;
SELECT * FROM ngram_counts('a.tsv') WHERE 1900 < year_from;
SELECT * FROM ngram_counts('a.tsv') WHERE year_to <= 1900;
SELECT * FROM ngram_counts('a.tsv') WHERE year_to < 1900;
SELECT * FROM ngram_counts('a.tsv') WHERE year_from BETWEEN 1900 AND 1950;
SELECT * FROM ngram_counts('a.tsv') WHERE tags IS 'drop';
SELECT * FROM ngram_counts('a.tsv') WHERE tags IS NOT 'keep';
SELECT * FROM ngram_counts('a.tsv') WHERE tags <> 'keep';
SELECT * FROM ngram_counts('a.tsv') WHERE threads IS NULL;
SELECT * FROM ngram_counts('a.tsv') WHERE threads NOTNULL;
SELECT * FROM ngram_counts('a.tsv') WHERE on_error GLOB 's*';
SELECT * FROM ngram_counts('a.tsv') WHERE on_error MATCH 'skip';
SELECT * FROM ngram_counts('a.tsv') WHERE threads > 1;
SELECT * FROM ngram_counts WHERE path LIKE 'a.tsv';

SELECT 'what SQLite knows by itself finds no rows: a part of the key is never NULL';
SELECT * FROM ngram_counts('a.tsv') WHERE year_from IS NULL;
SELECT * FROM ngram_counts('a.tsv') WHERE tags ISNULL;
SELECT * FROM ngram_rows('a.tsv') WHERE year_to IS NULL;
SELECT count(*) FROM ngram_counts('a.tsv') WHERE year_to IS NOT NULL;

SELECT 'each table';
SELECT * FROM word_counts('a.tsv') WHERE tokenizer LIKE 'unicode';
SELECT * FROM ngram_rows('a.tsv') WHERE on_error IS 'skip';
SELECT * FROM ngram_totals WHERE path IS 't.txt';
SELECT * FROM text_words('a b') WHERE tokenizer LIKE 'unicode';
SELECT * FROM text_words WHERE text LIKE 'a b';
SELECT * FROM a WHERE year_from >= 1950;

SELECT 'joins';
SELECT * FROM y, ngram_counts('a.tsv') c WHERE c.year_from >= y.n;
SELECT * FROM ngram_counts('a.tsv') c, y WHERE c.year_from >= y.n;
SELECT * FROM y LEFT JOIN ngram_counts('a.tsv') c ON c.tags IS y.t;
SELECT * FROM y JOIN ngram_rows('a.tsv') r ON r.threads > 1;

SELECT 'what is right stays right';
SELECT word FROM ngram_counts('a.tsv') WHERE year_from = 1950;
SELECT word FROM ngram_counts('a.tsv') WHERE year_from IN (1950);
SELECT word FROM ngram_counts('a.tsv', 5) WHERE chunk_size > 4 ORDER BY word;
SELECT word FROM ngram_counts('a.tsv', 5) WHERE chunk_size > 4 AND (word = 'a' OR chunk_size > 5) ORDER BY word;
SELECT word FROM ngram_counts WHERE path = 'a.tsv' AND path LIKE 'a%' ORDER BY word;
SELECT n FROM y LEFT JOIN ngram_counts('a.tsv') c ON c.word = y.t WHERE c.path IS NULL;
SELECT count(*) FROM (SELECT * FROM ngram_counts('a.tsv') LIMIT 1 OFFSET 1);
SELECT count(*) FROM ngram_counts('a.tsv') WHERE year_from + 0 = 1900;
SELECT word FROM a WHERE year_from >= 1900 OR word = 'a' ORDER BY word;

SELECT 'a setting that changes between two branches';
CREATE VIRTUAL TABLE both USING ngram_rows('a.tsv');
SELECT word, ngram_config('threads', 1 + position % 2), ngram_config('memory_limit', 4194304 + position) FROM both WHERE word = 'a' OR year = 1900;
CREATE VIRTUAL TABLE sums USING ngram_counts('a.tsv');
SELECT word, ngram_config('threads', 3), ngram_config('memory_limit', 5194304) FROM sums WHERE word = 'a' OR (word = 'a' AND total = 1);
