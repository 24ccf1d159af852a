-- The hidden results, alone and together, and the ends of the integers.
--sh printf 'a\t1900\t5\t2\nb\t1850\t1\t1\na\t1800\t7\t3\na\t2000\t1\t1\nb\t1850\t2\t2\n' > a.tsv
--sh printf 'max\t1\t9223372036854775806\t9223372036854775807\nmax\t1\t1\t0\nint32\t2147483647\t4294967296\t1\n' > max.tsv
--sh printf 'over\t1\t9223372036854775807\t1\nover\t2\t1\t1\n' > over.tsv
--sh printf 'b\t1\t7\t1\nover\t1\t9223372036854775807\t1\nover\t2\t1\t1\n' > other.tsv
--sh printf 'over\t1\t1\t9223372036854775807\nover\t2\t1\t1\n' > volumes.tsv

SELECT * FROM ngram_counts('a.tsv') ORDER BY word;
SELECT word, volumes FROM ngram_counts('a.tsv') ORDER BY word;
SELECT word, first_year FROM ngram_counts('a.tsv') ORDER BY word;
SELECT word, last_year FROM ngram_counts('a.tsv') ORDER BY word;
SELECT word, row_count FROM ngram_counts('a.tsv') ORDER BY word;
SELECT word, total, volumes, first_year, last_year, row_count
FROM ngram_counts('a.tsv') ORDER BY word;
SELECT row_count, first_year FROM ngram_counts('a.tsv') WHERE word = 'a';

SELECT 'named elsewhere than in the list';
SELECT word FROM ngram_counts('a.tsv') WHERE volumes = 6;
SELECT word FROM ngram_counts('a.tsv') WHERE first_year < 1850;
SELECT word FROM ngram_counts('a.tsv') ORDER BY last_year;
SELECT word FROM ngram_counts('a.tsv') ORDER BY row_count DESC LIMIT 1;
SELECT sum(volumes), max(last_year) FROM ngram_counts('a.tsv');
SELECT (SELECT max(volumes) FROM ngram_counts('a.tsv') y WHERE y.first_year < x.last_year)
FROM ngram_counts('a.tsv') x WHERE word = 'b';
SELECT x.word, y.word FROM ngram_counts('a.tsv') x JOIN ngram_counts('a.tsv') y
ON x.row_count < y.row_count;
SELECT typeof(word), typeof(total), typeof(volumes), typeof(first_year), typeof(row_count)
FROM ngram_counts('a.tsv') LIMIT 1;

SELECT 'of the years asked for only';
SELECT word, total, volumes, first_year, last_year, row_count
FROM ngram_counts('a.tsv', 0, 1, 1850, 1999) ORDER BY word;

SELECT 'large numbers';
SELECT word, total, volumes, last_year FROM ngram_counts('max.tsv') ORDER BY word;
SELECT * FROM ngram_counts('over.tsv');
SELECT * FROM ngram_counts('over.tsv') WHERE year_to = 1;
SELECT sum(total) FROM ngram_counts('max.tsv');
SELECT word, total FROM ngram_counts('volumes.tsv');
SELECT word, volumes FROM ngram_counts('volumes.tsv');

SELECT 'a word that is counted alone, beside one whose total does not fit';
SELECT * FROM ngram_counts('other.tsv');
SELECT * FROM ngram_counts('other.tsv') WHERE word = 'b';
SELECT * FROM ngram_counts('other.tsv') WHERE word = 'over';
SELECT y.total FROM (SELECT 'b' AS word) x CROSS JOIN ngram_counts('other.tsv') y ON y.word = x.word || '';
