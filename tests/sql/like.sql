-- LIKE with a fixed beginning bounds the scan, and finds what it finds without.
--sh printf 'ab\t1\t1\t1\nAB\t1\t2\t1\naBc\t1\t3\t1\nAbé\t1\t4\t1\nabÉ\t1\t5\t1\nac\t1\t6\t1\nAa\t1\t7\t1\nB\t1\t8\t1\nb\t1\t9\t1\nÄb\t1\t10\t1\näb\t1\t11\t1\na_b\t1\t12\t1\na%%b\t1\t13\t1\n5\t1\t14\t1\n50\t1\t15\t1\n' > w.tsv

.mode list
SELECT group_concat(word, ' ') FROM (SELECT word FROM ngram_counts('w.tsv') WHERE word LIKE 'ab%' ORDER BY total);
SELECT words < 15 FROM ngram_stats LIMIT 1;
SELECT group_concat(word, ' ') FROM (SELECT word FROM ngram_counts('w.tsv') WHERE word LIKE 'AB_' ORDER BY total);
SELECT group_concat(word, ' ') FROM (SELECT word FROM ngram_counts('w.tsv') WHERE word LIKE 'A%b' ORDER BY total);
SELECT group_concat(word, ' ') FROM (SELECT word FROM ngram_counts('w.tsv') WHERE word LIKE 'a^%%' ESCAPE '^' ORDER BY total);
SELECT group_concat(word, ' ') FROM (SELECT word FROM ngram_counts('w.tsv') WHERE word LIKE 'ä%' ORDER BY total);
SELECT group_concat(word, ' ') FROM (SELECT word FROM ngram_counts('w.tsv') WHERE word LIKE 'b' ORDER BY total);
SELECT group_concat(word, ' ') FROM (SELECT word FROM ngram_counts('w.tsv') WHERE word NOT LIKE 'a%' ORDER BY total);
SELECT group_concat(word, ' ') FROM (SELECT word FROM ngram_counts('w.tsv') WHERE word LIKE 5 ORDER BY total);
SELECT count(*) FROM ngram_counts('w.tsv') WHERE word LIKE NULL;
SELECT count(*) FROM ngram_counts('w.tsv') WHERE word LIKE '';
SELECT group_concat(word, ' ') FROM (SELECT word FROM ngram_counts('w.tsv') WHERE word LIKE 'a%' AND word >= 'ab' ORDER BY total);
SELECT group_concat(word, ' ') FROM (SELECT word FROM ngram_counts('w.tsv') WHERE word LIKE 'a%' OR word LIKE 'b%' ORDER BY total);
SELECT group_concat(word, ' ') FROM (SELECT word FROM ngram_rows('w.tsv') WHERE word LIKE 'ab%');
CREATE TABLE p(pattern); INSERT INTO p VALUES ('ab%'), ('B%'), ('x');
SELECT pattern, (SELECT count(*) FROM ngram_counts('w.tsv') WHERE word LIKE pattern), (SELECT count(*) FROM ngram_rows('w.tsv') WHERE word LIKE pattern) FROM p;

SELECT 'with case-sensitive LIKE';
PRAGMA case_sensitive_like = 1;
SELECT group_concat(word, ' ') FROM (SELECT word FROM ngram_counts('w.tsv') WHERE word LIKE 'ab%' ORDER BY total);
SELECT group_concat(word, ' ') FROM (SELECT word FROM ngram_rows('w.tsv') WHERE word LIKE 'A%');
