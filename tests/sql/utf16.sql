-- A database in UTF-16: words and paths are converted both ways.
--sh printf '\303\230verst\t1\t1\t1\n\360\237\220\235\t1\t4\t4\nplain\t1\t2\t2\n' > 'Ø.tsv'
--sh printf 'a\t1900\t1\t1\nb\t1900\t2\t1\n\304\200\t1900\t3\t1\n\303\244\t1900\t3\t1\n\304\201\t1900\t5\t1\n\345\255\227\t1900\t6\t1\n' > u.tsv
PRAGMA encoding = 'UTF-16';
CREATE TABLE words(word);
INSERT INTO words VALUES ('Øverst'), ('🐝'), ('none');
PRAGMA encoding;
SELECT * FROM ngram_counts('Ø.tsv') ORDER BY total;
SELECT *, path, tags FROM ngram_counts('Ø.tsv') WHERE word = 'Øverst';
SELECT * FROM ngram_counts('Ø.tsv') WHERE word IN (SELECT word FROM words) ORDER BY total;
SELECT words.word, total FROM words LEFT JOIN ngram_counts('Ø.tsv') c ON c.word = words.word;
CREATE VIRTUAL TABLE o USING ngram_counts('Ø.tsv', tags='drop');
SELECT count(*), path FROM o;
SELECT * FROM ngram_counts('Ö.tsv');
SELECT * FROM ngram_counts('Ø.tsv', 0, 'Ø');
SELECT path FROM ngram_stats LIMIT 1;
SELECT ngram_config('Ø');
SELECT ngram_config('root', 'Ø');

-- Orders and bounds of words are those of UTF-16.
SELECT 'orders';
CREATE TABLE u AS SELECT word, total FROM ngram_counts('u.tsv');
CREATE VIRTUAL TABLE temp.v USING ngram_counts('u.tsv');
SELECT (SELECT group_concat(word) FROM (SELECT word FROM v ORDER BY word)) = (SELECT group_concat(word) FROM (SELECT word FROM u ORDER BY word));
SELECT (SELECT group_concat(word) FROM (SELECT word FROM v ORDER BY total DESC, word)) = (SELECT group_concat(word) FROM (SELECT word FROM u ORDER BY total DESC, word));
SELECT count(*) FROM (SELECT word FROM v UNION SELECT word FROM u ORDER BY 1);
SELECT count(*) FROM (SELECT word FROM v EXCEPT SELECT word FROM u ORDER BY 1);
SELECT (SELECT group_concat(word) FROM (SELECT word FROM v WHERE word > 'a' ORDER BY 1)) = (SELECT group_concat(word) FROM (SELECT word FROM u WHERE word > 'a' ORDER BY 1));
SELECT max(word) = (SELECT max(word) FROM u), min(word) = (SELECT min(word) FROM u) FROM v;
SELECT total FROM v ORDER BY total DESC LIMIT 2;

SELECT 'rows';
CREATE TABLE r AS SELECT word, year, position FROM ngram_rows('u.tsv');
SELECT word, position FROM ngram_rows('u.tsv') WHERE word IN ('Ā', 'b', 'none');
SELECT (SELECT group_concat(position) FROM ngram_rows('u.tsv') WHERE word > 'a') = (SELECT group_concat(position) FROM r WHERE word > 'a');
SELECT (SELECT group_concat(position) FROM ngram_rows('u.tsv') WHERE word < 'ä') = (SELECT group_concat(position) FROM r WHERE word < 'ä');
SELECT (SELECT group_concat(position) FROM ngram_rows('u.tsv') WHERE word GLOB 'Ā*') = (SELECT group_concat(position) FROM r WHERE word GLOB 'Ā*');
SELECT max(word) = (SELECT max(word) FROM r) FROM ngram_rows('u.tsv');
SELECT word, path FROM ngram_rows('Ø.tsv') WHERE word LIKE 'p%';
