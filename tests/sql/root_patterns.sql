-- Patterns under a root, and what is there outside or not: nobody can tell.
--sh mkdir -p r/sub/deep out
--sh printf 'in\t1900\t1\t1\n' | tee r/a.tsv r/sub/b.tsv r/sub/deep/c.tsv > 'r/x[1].tsv'
--sh printf 'out\t1900\t1\t1\n' | tee a.tsv out/a.tsv > out/b.tsv
--sh ln -s ../a.tsv r/out; ln -s ../none r/out_none; ln -s ../out r/out_folder; ln -s /etc/passwd r/passwd; ln -s sub r/inner
--sh mkfifo r/fifo

SELECT ngram_config('root', 'r') LIKE '/%/r';
SELECT word FROM ngram_counts('x[1].tsv');

SELECT 'refused, whether or not it is there';
SELECT word FROM ngram_counts('../a.tsv');
SELECT word FROM ngram_counts('../none.tsv');
SELECT word FROM ngram_counts('sub/../../a.tsv');
SELECT word FROM ngram_counts('../r/a.tsv');
SELECT word FROM ngram_counts('out');
SELECT word FROM ngram_counts('out_none');
SELECT word FROM ngram_counts('out_folder/a.tsv');
SELECT word FROM ngram_counts('out_folder/none.tsv');
SELECT word FROM ngram_counts('passwd');
SELECT word FROM ngram_counts('/etc/passwd');
SELECT word FROM ngram_counts('/etc/none');
SELECT word FROM ngram_counts('fifo');
SELECT word FROM ngram_counts('-');
SELECT word FROM ngram_counts('/dev/stdin');
SELECT word FROM ngram_counts('/dev/null');

SELECT 'patterns';
SELECT word, total FROM ngram_counts('*.tsv');
SELECT word, total FROM ngram_counts('s*/*.tsv');
SELECT word, total FROM ngram_counts('./sub/d??p/*');
SELECT total FROM ngram_counts(ngram_config('root') || '/sub/[b]*');
SELECT count(*) FROM ngram_rows('su[b]/b*');
SELECT count(*) FROM word_counts('inn*/*.tsv');
SELECT word FROM ngram_counts('q*');
SELECT word FROM ngram_counts('../*');
SELECT word FROM ngram_counts('../q*');
SELECT word FROM ngram_counts('*/../../a.tsv');
SELECT word FROM ngram_counts('/etc/pass*');
SELECT word FROM ngram_counts('/etc/q*');
SELECT word FROM ngram_counts('ou?');
SELECT word FROM ngram_counts('out_n*');
SELECT word FROM ngram_counts('*/a.tsv');
SELECT word FROM ngram_counts('out_f*/*');
SELECT word FROM ngram_counts('out_folder/*');
SELECT word FROM ngram_counts('out_folder/q*');
SELECT word FROM ngram_counts('fif?');
SELECT word FROM word_counts('../*');
SELECT word FROM word_counts('out_f*/*');
SELECT word FROM word_counts('out_folder/q*');
SELECT word FROM ngram_rows('../*');
SELECT word FROM ngram_rows('out_f*/*');
SELECT word FROM ngram_rows('out_folder/q*');
