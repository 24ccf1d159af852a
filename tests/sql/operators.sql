-- An argument is given with = or IN; any other operator is an error, never no rows.
--sh printf 'a\t1900\t1\t1\nb_NOUN\t1901\t2\t1\n' > a.tsv
--sh printf 'year,match_count,page_count,volume_count\n1900,1,1,1\n' > totals.csv

SELECT 'comparisons';
SELECT * FROM ngram_counts('a.tsv') WHERE year_from >= 1900;
SELECT * FROM ngram_counts('a.tsv') WHERE year_to < 1901;
SELECT * FROM ngram_counts('a.tsv') WHERE threads > 1;
SELECT * FROM ngram_counts('a.tsv') WHERE chunk_size BETWEEN 1 AND 9;
SELECT * FROM ngram_counts('a.tsv') WHERE tags <> 'keep';
SELECT * FROM ngram_counts('a.tsv') WHERE 1900 <= year_from AND word = 'a';
SELECT * FROM ngram_rows('a.tsv') WHERE threads != 2;
SELECT * FROM word_counts('a.tsv') WHERE memory_limit >= 4194304;

SELECT 'IS, IS NOT, IS NULL';
SELECT * FROM ngram_counts('a.tsv') WHERE tags IS 'drop';
SELECT * FROM ngram_counts('a.tsv') WHERE tags IS NOT 'drop';
SELECT * FROM ngram_counts('a.tsv') WHERE threads IS NULL;
SELECT * FROM ngram_counts('a.tsv') WHERE memory_limit IS NOT NULL;
SELECT * FROM ngram_counts WHERE path IS 'a.tsv';
SELECT * FROM ngram_rows('a.tsv') WHERE on_error IS 'skip';
SELECT * FROM ngram_totals WHERE path IS 'totals.csv';

SELECT 'LIKE, GLOB, MATCH, REGEXP';
SELECT * FROM word_counts('a.tsv') WHERE tokenizer LIKE 'unicode';
SELECT * FROM ngram_rows WHERE path LIKE '%.tsv';
SELECT * FROM ngram_counts WHERE path GLOB 'a*';
SELECT * FROM ngram_counts('a.tsv') WHERE tags MATCH 'drop';
SELECT * FROM text_words('a b') WHERE tokenizer LIKE 'space';
SELECT * FROM text_words WHERE text GLOB 'a*';

SELECT 'in joins, in OR';
SELECT * FROM (SELECT 1 AS n) LEFT JOIN ngram_counts('a.tsv') ON threads > n;
SELECT * FROM (SELECT 1 AS n) JOIN ngram_counts('a.tsv') ON chunk_size >= n;
SELECT * FROM ngram_counts('a.tsv') WHERE word = 'a' OR tags IS 'drop';

SELECT 'in a table';
CREATE VIRTUAL TABLE temp.t USING ngram_counts('a.tsv');
SELECT * FROM t WHERE year_from > 1900;

SELECT '= and IN';
SELECT word FROM ngram_counts('a.tsv') WHERE tags = 'drop';
SELECT word FROM ngram_counts('a.tsv') WHERE tags IN ('drop', 'only') ORDER BY word;
SELECT word FROM ngram_counts('a.tsv') WHERE threads IN (1, 2) AND word = 'a';
SELECT word FROM t WHERE tags = 'only' OR word = 'a' ORDER BY word;
SELECT word FROM ngram_counts('a.tsv') ORDER BY word LIMIT 1 OFFSET 1;
