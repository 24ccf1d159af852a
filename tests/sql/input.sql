-- What counts as input: told by content, words taken byte for byte.
--sh printf 'a\t1\t1\t1\nb\t2\t2\t2\n' > lf.tsv
--sh printf 'a\t1\t1\t1\r\nb\t2\t2\t2\r\n' > crlf.tsv
--sh printf 'a\t1\t1\t1\nb\t2\t2\t2' > no_end.tsv
--sh : > empty
--sh gzip -c empty > empty.gz
--sh gzip -c lf.tsv > named.txt
--sh cp lf.tsv named.gz
--sh { gzip -c lf.tsv; gzip -c empty; gzip -c crlf.tsv; } > members.gz
--sh printf 'x\t1\t' > half1
--sh printf '5\t1\nx\t1\t6\t1\n' > half2
--sh { gzip -c half1; gzip -c half2; } > split.gz
--sh printf '"\t1\t1\t1\n""\t1\t2\t2\na"b\t1\t3\t3\n"quoted"\t1\t4\t4\nquoted\t1\t5\t5\n\047s\t1\t6\t6\nNew York City\t1\t7\t7\n A\t1\t8\t8\nA \t1\t9\t9\nNULL\t1\t10\t10\n' > odd.tsv
--sh printf '\303\230verst_ADV\t1\t1\t1\n\344\270\255\346\226\207\t1\t2\t2\n\327\251\t1\t3\t3\n\360\237\220\235\t1\t4\t4\n' > unicode.tsv
--sh mkfifo pipe

SELECT * FROM ngram_counts('lf.tsv') ORDER BY word;
SELECT * FROM ngram_counts('crlf.tsv') ORDER BY word;
SELECT * FROM ngram_counts('no_end.tsv') ORDER BY word;
SELECT count(*), sum(total) FROM ngram_counts('empty');
SELECT count(*), sum(total) FROM ngram_counts('empty.gz');
SELECT * FROM ngram_counts('named.txt') ORDER BY word;
SELECT * FROM ngram_counts('named.gz') ORDER BY word;
SELECT * FROM ngram_counts('members.gz') ORDER BY word;
SELECT * FROM ngram_counts('split.gz');
SELECT * FROM ngram_counts('odd.tsv') ORDER BY total;
SELECT *, length(word) FROM ngram_counts('unicode.tsv') ORDER BY total;
SELECT total FROM ngram_counts('odd.tsv') WHERE word = '""';
SELECT total FROM ngram_counts('odd.tsv') WHERE word IN ('New York City', '''s') ORDER BY 1;
SELECT total FROM ngram_counts('unicode.tsv') WHERE word = '中文';

SELECT 'a FIFO, read once';
.shell cat split.gz > pipe &
SELECT * FROM ngram_counts('pipe');
SELECT path, format, words FROM ngram_stats LIMIT 1;

SELECT 'the formats, by content';
SELECT path, format FROM ngram_stats WHERE path LIKE 'named%' ORDER BY path;
