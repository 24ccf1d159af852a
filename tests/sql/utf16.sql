-- A database in UTF-16: words and paths are converted both ways.
--sh printf '\303\230verst\t1\t1\t1\n\360\237\220\235\t1\t4\t4\nplain\t1\t2\t2\n' > 'Ø.tsv'
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
