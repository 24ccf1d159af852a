-- Patterns: many files counted together, and what is wrong with one of them.
--sh printf 'a\t1\t1\t1\nb\t2\t2\t2\n' > n-1.tsv
--sh printf 'b\t1,10,1\t3,5,1\n' | gzip -c > n-2.gz
--sh printf 'b\t9\t100\t7\t1\nc\t1\t3\t7\t3' > n-3
--sh mkdir n-folder
--sh printf 'a\t1\t1\t1\n' > 'x[1].tsv'
--sh printf 'b\t1\t1\t1\n' > x1.tsv
--sh printf 'a\t1\t1\t1\nbad\n' > y2
--sh printf 'bad\n' > y3
--sh printf 'a\t1\t1\t1\n' > y1
--sh printf 'a\t1\t9223372036854775807\t1\n' > z1
--sh cp z1 z2
--sh mkdir empty locked
--sh : > empty/1
--sh : > empty/2

SELECT word, total, first_year, last_year, row_count FROM ngram_counts('n-*') ORDER BY word;
SELECT path, format, strategy, rows, words FROM ngram_stats LIMIT 1;
SELECT * FROM ngram_counts('n-[12]*', 1, 2) ORDER BY word;
SELECT total FROM ngram_counts('n-?') WHERE word = 'b';
SELECT total FROM ngram_counts('./n-*') WHERE word IN ('a', 'c', 'x') ORDER BY 1;
SELECT from_cache FROM ngram_stats LIMIT 1;
SELECT sum(total) FROM ngram_counts('n-*') WHERE year_from = 3;
SELECT count(*) FROM ngram_counts('empty/*');

SELECT 'a file whose name looks like a pattern';
SELECT * FROM ngram_counts('x[1].tsv');
SELECT * FROM ngram_counts('x[1]*');

SELECT 'the first bad file is told';
SELECT * FROM ngram_counts('y*');
SELECT * FROM ngram_counts('y*') WHERE on_error = 'skip';
SELECT * FROM ngram_counts('z*');
SELECT * FROM ngram_counts('[yz]*');
SELECT * FROM ngram_counts('q*');
SELECT * FROM ngram_counts('n-f*');
CREATE VIRTUAL TABLE temp.t USING ngram_counts('n-*');
SELECT * FROM t WHERE word >= 'b' ORDER BY total;
