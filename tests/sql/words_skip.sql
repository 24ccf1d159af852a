-- word_counts with on_error = 'skip': bad words are left out whole and counted.
--sh printf 'caf\351 au lait caf\351\nl'"'"'\351t\351 l'"'"'\303\251t\303\251\nde\303\340 \377 \377x- y\n' > latin.txt
--sh gzip -c latin.txt > latin.gz
--sh printf '\344\270\255\377\346\226\207\343\200\202\346\227\245\n' > cjk.txt
--sh printf 'h\0e\0 plain\n' > nul.txt
--sh { printf 'x '; head -c 3000000 /dev/zero | tr '\0' w; printf ' y\n\200'; } > long.txt
--sh printf '\300' > one.txt
--sh printf 'a b\nb\n' > good.txt

SELECT 'space';
SELECT word, total FROM word_counts('latin.txt', 0, 1, 'space', NULL, 'skip') ORDER BY word;
SELECT rows, skipped FROM ngram_stats LIMIT 1;
SELECT word, total FROM word_counts('cjk.txt') WHERE on_error = 'skip';

SELECT 'unicode';
SELECT word, total FROM word_counts('latin.txt') WHERE tokenizer = 'unicode' AND on_error = 'skip' ORDER BY word;
SELECT rows, skipped FROM ngram_stats LIMIT 1;
SELECT word, total FROM word_counts('cjk.txt') WHERE tokenizer = 'unicode' AND on_error = 'skip' ORDER BY word;
SELECT skipped FROM ngram_stats LIMIT 1;

SELECT 'the same in any way';
SELECT count(*) FROM (SELECT word, total FROM word_counts('latin.gz', 1, 3) WHERE on_error = 'skip' EXCEPT SELECT word, total FROM word_counts('latin.txt') WHERE on_error = 'skip');
SELECT word, total FROM word_counts('latin.gz', 1, 3, 'unicode', 0, 'skip') WHERE word = 'lait';
SELECT word, total FROM word_counts('*n.*') WHERE on_error = 'skip' AND word IN ('au', 'lait') ORDER BY word;
SELECT word, on_error FROM word_counts('latin.txt') WHERE on_error = 'skip' AND word = 'y';

SELECT 'NUL, and too long';
SELECT word FROM word_counts('nul.txt') WHERE on_error = 'skip';
SELECT word FROM word_counts('nul.txt', 1, 1, 'unicode', 0, 'skip');
SELECT word FROM word_counts('long.txt') WHERE on_error = 'skip' ORDER BY word;
SELECT skipped FROM ngram_stats LIMIT 1;
SELECT word FROM word_counts('long.txt', 1, 2, 'unicode', 0, 'skip') ORDER BY word;
SELECT skipped FROM ngram_stats LIMIT 1;
SELECT word FROM word_counts('one.txt') WHERE on_error = 'skip';
SELECT skipped FROM ngram_stats LIMIT 1;

SELECT 'good text';
SELECT word, total FROM word_counts('good.txt') WHERE on_error = 'skip' ORDER BY word;
SELECT skipped FROM ngram_stats LIMIT 1;

SELECT 'as a table, and by default';
CREATE VIRTUAL TABLE w USING word_counts('latin.txt', on_error = skip, tokenizer = unicode);
SELECT count(*), sum(total) FROM w;
SELECT count(*) FROM w WHERE on_error = 'fail';
SELECT count(*) FROM word_counts('latin.txt');
SELECT count(*) FROM word_counts('latin.txt') WHERE on_error = 'FAIL';
