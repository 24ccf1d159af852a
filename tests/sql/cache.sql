-- Results that are kept for the same question about the same file.
--sh printf 'Aardvark\t1900\t12\t2\nbee\t1900\t1\t1\nBee\t1900\t2\t1\n05\t1900\t3\t1\n' > a.tsv
--sh printf 'Aardvark\t1900\t50\t2\nzoo\t1800\t1\t1\n' > b.tsv
--sh echo 'printf "%s\t1900\t1\t1\n" $1 > changing.tsv' > write; sh write x
CREATE TEMP VIEW last AS SELECT rowid, path, words, from_cache FROM ngram_stats LIMIT 1;
CREATE TABLE list(word);
INSERT INTO list VALUES ('bee'), ('none'), (NULL), ('Aardvark'), (5), ('05'), (x'626565'), ('bee');

SELECT 'once read, then kept';
SELECT sum(total) FROM ngram_counts('a.tsv');
SELECT * FROM last;
SELECT sum(total) FROM ngram_counts('a.tsv');
SELECT * FROM last;
SELECT 'a use in a row is told once';
SELECT sum(total) FROM ngram_counts('a.tsv');
SELECT * FROM last;
SELECT 'one word, from the result for all';
SELECT total FROM ngram_counts('a.tsv') WHERE word = 'bee';
SELECT total FROM ngram_counts('b.tsv') WHERE word = 'zoo';
SELECT * FROM last;
SELECT total FROM ngram_counts('b.tsv') WHERE word = 'zoo';
SELECT * FROM last;
SELECT 'other arguments, another result';
SELECT sum(total) FROM ngram_counts('a.tsv', 1);
SELECT * FROM last;
SELECT sum(total) FROM ngram_counts('a.tsv') WHERE tags = 'drop';
SELECT * FROM last;
SELECT sum(total), sum(row_count) FROM ngram_counts('a.tsv');
SELECT * FROM last;

SELECT 'correlated: read once';
SELECT word, (SELECT total FROM ngram_counts('b.tsv', 9) c WHERE c.word = list.word) FROM list;
SELECT word FROM list WHERE EXISTS (SELECT 1 FROM ngram_counts('b.tsv', 9) c WHERE c.word = list.word);
SELECT count(*) FROM ngram_stats WHERE from_cache = 0;
SELECT ngram_config('cache_limit', 0);
SELECT 'joins read a file twice at most, whatever the limit';
SELECT list.word, total FROM list LEFT JOIN ngram_counts('a.tsv') c ON c.word = list.word;
SELECT * FROM last;
SELECT list.word, c.total, d.total FROM list LEFT JOIN ngram_counts('a.tsv') c USING (word) LEFT JOIN ngram_counts('b.tsv') d USING (word);
SELECT count(*) FROM ngram_stats WHERE from_cache = 0;

SELECT 'none is kept';
SELECT sum(total) FROM ngram_counts('a.tsv');
SELECT sum(total) FROM ngram_counts('a.tsv');
SELECT * FROM last;

SELECT 'the limit';
SELECT ngram_config('cache_limit', 1000000);
SELECT ngram_config('cache_limit', -1);
SELECT ngram_config('cache_limit', 'much');
SELECT ngram_config('cache_limit');
SELECT ngram_config('cache_limit', NULL);

SELECT 'a file that changes';
SELECT * FROM ngram_counts('changing.tsv');
.shell sh write y
SELECT * FROM ngram_counts('changing.tsv');
.shell sh write z
SELECT * FROM ngram_counts('changing.tsv');
.shell rm changing.tsv
SELECT * FROM ngram_counts('changing.tsv');

SELECT 'a word that is empty, or none';
SELECT count(*) FROM list, ngram_counts('a.tsv') c WHERE c.word = substr(list.word, 9);
SELECT 'the last use is told';
SELECT count(*) FROM ngram_counts('a.tsv');
SELECT count(*) FROM ngram_counts('a.tsv') WHERE word = 'bee';
SELECT words, from_cache FROM last;
SELECT count(*) FROM ngram_counts('a.tsv') WHERE word IN ('bee', 'Bee');
SELECT words, from_cache FROM last;
