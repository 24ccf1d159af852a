-- The layouts of the releases of 2012, 2009 and 2020, told from a file's first line.
--sh printf 'a b\t1900\t5\t1\na b\t1901\t6\t2\nc\t1850\t7\t3\n' > 2012.tsv
--sh printf 'a b\t1900\t5\t4\t1\na b\t1901\t6\t4\t2\nc\t1850\t7\t9\t3\n' > 2009.tsv
--sh printf 'a b\t1900,5,1\t1901,6,2\nc\t1850,7,3\n' > 2020.tsv
--sh printf 'a b\t1900,5,1\t1901,6,2\r\nc\t1850,7,3' > 2020.crlf.tsv
--sh gzip -c 2009.tsv > 2009.gz
--sh gzip -c 2020.tsv > 2020.gz
--sh { printf 'c\t1850,7,3\n' | gzip -c; printf '%0300000d' 7 | tr 0 w | gzip -c; printf '\t1900,1,1\n' | gzip -c; } > members.gz
--sh cat 2020.tsv 2012.tsv > mixed1.tsv
--sh cat 2009.tsv 2020.tsv > mixed2.tsv
--sh cat 2012.tsv 2009.tsv > mixed3.tsv
--sh printf 'a\t1900,1\nb\t1901,2,3\n' > short.tsv
--sh printf 'a\t1900,1,1\nb\t1901,2,3\t\n' > tab.tsv
--sh printf 'a\t1900,1,1\nb\t1901,2,3\t1902,x,3\n' > number.tsv
--sh printf 'a\t1900,1,1\nb\t1901,2,3\t1902,9223372036854775808,3\n' > huge.tsv
--sh printf 'a\t1900,1,1\nb\n' > alone.tsv
--sh printf 'a\t1\t1\t1\t1\nb\t1\t1\tx\t1\n' > pages.tsv
--sh printf 'junk\na\t1900\t1\t1\n' > junk.tsv

SELECT word, total, volumes, first_year, last_year, row_count FROM ngram_counts('2012.tsv') ORDER BY word;
SELECT word, total, volumes, first_year, last_year, row_count FROM ngram_counts('2009.tsv') ORDER BY word;
SELECT word, total, volumes, first_year, last_year, row_count FROM ngram_counts('2020.tsv') ORDER BY word;
SELECT word, total, volumes, first_year, last_year, row_count FROM ngram_counts('2020.crlf.tsv') ORDER BY word;
SELECT word, total, volumes, first_year, last_year, row_count FROM ngram_counts('2009.gz') ORDER BY word;
SELECT word, total, volumes, first_year, last_year, row_count FROM ngram_counts('2020.gz') ORDER BY word;
SELECT length(word), total FROM ngram_counts('members.gz') ORDER BY word;
SELECT word, total FROM ngram_counts('2020.tsv') WHERE year_from = 1901;
SELECT word, total FROM ngram_counts('2009.tsv', 1) WHERE word = 'c';

SELECT 'a file that changes its layout';
SELECT * FROM ngram_counts('mixed1.tsv');
SELECT * FROM ngram_counts('mixed2.tsv');
SELECT * FROM ngram_counts('mixed3.tsv');
SELECT * FROM ngram_counts('mixed1.tsv') WHERE on_error = 'skip' ORDER BY word;
SELECT rows, skipped FROM ngram_stats LIMIT 1;

SELECT 'bad lines';
SELECT * FROM ngram_counts('short.tsv');
SELECT * FROM ngram_counts('tab.tsv');
SELECT * FROM ngram_counts('number.tsv');
SELECT * FROM ngram_counts('huge.tsv');
SELECT * FROM ngram_counts('alone.tsv');
SELECT * FROM ngram_counts('pages.tsv');
SELECT * FROM ngram_counts('number.tsv') WHERE on_error = 'skip';
SELECT * FROM ngram_counts('junk.tsv') WHERE on_error = 'skip';
