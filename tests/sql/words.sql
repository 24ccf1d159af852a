-- word_counts: the words of free text, by white space and by Unicode, its
-- arguments, errors and plans.
--sh printf '\320\257 \320\273\321\216\320\261\320\273\321\216 \320\262\320\265\321\207\320\265\321\200\320\275\320\270\320\271 \320\277\320\270\321\200\n\320\223\320\264\320\265 \320\262\320\265\321\201\320\265\320\273\321\214\320\265 \320\277\321\200\320\265\320\264\321\201\320\265\320\264\320\260\321\202\320\265\320\273\321\214\n\320\220 \321\201\320\262\320\276\320\261\320\276\320\264\320\260 \320\274\320\276\320\271 \320\272\321\203\320\274\320\270\321\200\n\320\227\320\260 \321\201\321\202\320\276\320\273\320\276\320\274 \320\267\320\260\320\272\320\276\320\275\320\276\320\264\320\260\321\202\320\265\320\273\321\214\n\320\223\320\264\320\265 \320\264\320\276 \321\203\321\202\321\200\320\260 \321\201\320\273\320\276\320\262\320\276 \320\277\320\265\320\271!\n\320\227\320\260\320\263\320\273\321\203\321\210\320\260\320\265\321\202 \320\272\321\200\320\270\320\272\320\270 \320\277\320\265\321\201\320\265\320\275\n\320\223\320\264\320\265 \320\277\321\200\320\276\321\201\321\202\320\276\321\200\320\265\320\275 \320\272\321\200\321\203\320\263 \320\263\320\276\321\201\321\202\320\265\320\271\n\320\220 \320\272\321\200\321\203\320\266\320\276\320\272 \320\261\321\203\321\202\321\213\320\273\320\276\320\272 \321\202\320\265\321\201\320\265\320\275\n' > poem.txt
--sh gzip -c poem.txt > poem.gz
--sh printf 'The cat, the "CAT" and the\tcat'"'"'s hat.\r\n\013Stra\303\237e STRASSE \357\254\203 \342\205\247 x2 don'"'"'t\f e-mail  a_b\n' > text.txt
--sh printf 'good\nbad \200 here\n' > bad.txt
--sh printf 'a\nb\nc\0d e\n' > nul.txt
--sh printf 'cut \303' > cut.txt
--sh printf 'one two' > open.txt
--sh printf ' \n\n\t' > blank.txt
--sh : > empty.txt
--sh { printf 'x\n'; head -c 1048576 /dev/zero | tr '\0' w; printf ' y\n'; } > long.txt
--sh { printf 'x\n'; head -c 1048577 /dev/zero | tr '\0' w; printf ' y\n'; } > longer.txt
--sh { head -c 3000000 /dev/zero | tr '\0' ' '; printf 'far\n'; } > spaces.txt

SELECT 'a poem';
SELECT count(*), sum(total) FROM word_counts('poem.txt');
SELECT word, total FROM word_counts('poem.txt') WHERE total > 1 ORDER BY total DESC;
SELECT word FROM word_counts('poem.txt') WHERE total = 1 ORDER BY word;
SELECT count(*), sum(total) FROM word_counts('poem.gz', 3, 4, 'unicode');
SELECT word, total FROM word_counts('poem.gz', 1, 1, 'unicode') WHERE total > 1 ORDER BY total DESC;

SELECT 'tokenizers';
SELECT word, total FROM word_counts('text.txt') ORDER BY word;
SELECT word, total FROM word_counts('text.txt', 0, NULL, 'unicode') ORDER BY word;
SELECT word, total, path, chunk_size, threads, tokenizer FROM word_counts('text.txt', 7, 2, 'unicode') WHERE word = 'cat';
SELECT tokenizer FROM word_counts('text.txt') LIMIT 1;

SELECT 'small files';
SELECT * FROM word_counts('open.txt') ORDER BY word DESC;
SELECT * FROM word_counts('blank.txt');
SELECT * FROM word_counts('empty.txt');
SELECT * FROM word_counts('spaces.txt', 0, 2);
SELECT word, length(word), total FROM word_counts('long.txt') WHERE length(word) < 5 ORDER BY word;
SELECT max(length(word)) FROM word_counts('long.txt', 1, 3, 'unicode');
SELECT rows, words FROM ngram_stats ORDER BY rowid DESC LIMIT 6;

SELECT 'bad words';
SELECT * FROM word_counts('bad.txt');
SELECT * FROM word_counts('bad.txt', 1, 4, 'unicode');
SELECT * FROM word_counts('nul.txt');
SELECT * FROM word_counts('nul.txt', 0, 1, 'unicode');
SELECT * FROM word_counts('cut.txt');
SELECT * FROM word_counts('longer.txt');
SELECT * FROM word_counts('longer.txt', 0, 2, 'unicode');
SELECT * FROM word_counts('none.txt');

SELECT 'arguments';
SELECT * FROM word_counts;
SELECT * FROM word_counts('text.txt', -1);
SELECT * FROM word_counts('text.txt', 0, 0);
SELECT * FROM word_counts('text.txt', 0, 1, 'letters');
SELECT * FROM word_counts('text.txt', 0, 1, 3);
SELECT * FROM word_counts('text.txt', 0, 1, 'space', 0, 'skip', 1);
SELECT * FROM word_counts('text.txt', 0, 1, 'space', 0, 'ignore');
CREATE VIRTUAL TABLE t USING word_counts(path='text.txt', tokenizer='unicode', threads=1);
SELECT * FROM t WHERE word = 'the';
SELECT total FROM t WHERE tokenizer = 'space' AND word = 'the';
CREATE VIRTUAL TABLE u USING word_counts('text.txt', 0, 2, unicode);
SELECT count(*) FROM u;
CREATE VIRTUAL TABLE v USING word_counts('text.txt', tokenizer=words);
CREATE VIRTUAL TABLE v USING word_counts('text.txt', year_from=1900);
CREATE VIRTUAL TABLE v USING word_counts(tokenizer=space);
PRAGMA table_xinfo(t);

SELECT 'plans';
SELECT word, total FROM t WHERE word IN ('cat', 'hat', 'none') ORDER BY word;
SELECT word FROM t WHERE word >= 's' AND word < 'u' ORDER BY word DESC;
SELECT word FROM t WHERE word GLOB 's*' ORDER BY total, word;
SELECT word, total FROM t ORDER BY total DESC, word LIMIT 2;
SELECT word FROM t WHERE word = 'hat' OR word = 'cat' ORDER BY word;
CREATE TABLE files(path, tokenizer);
INSERT INTO files VALUES ('poem.txt', 'space'), ('text.txt', 'unicode'), ('open.txt', NULL);
SELECT files.path, count(*), sum(total) FROM files, word_counts(files.path, 0, 1, files.tokenizer) GROUP BY 1 ORDER BY 1;
SELECT word, (SELECT total FROM word_counts('text.txt', 0, 1, 'unicode') w WHERE w.word = t.word) FROM t WHERE word < 'c' ORDER BY 1;

SELECT 'what is kept';
SELECT count(*) FROM word_counts('poem.txt', 0, 1);
SELECT count(*) FROM word_counts('poem.txt', 0, 1);
SELECT count(*) FROM word_counts('poem.txt', 0, 1, 'unicode');
SELECT from_cache FROM ngram_stats ORDER BY rowid DESC LIMIT 3;
CREATE VIEW persistent AS SELECT * FROM word_counts('text.txt');
SELECT * FROM persistent;
