-- text_words: the words of one SQL value.
SELECT 'in their order';
SELECT rowid, word FROM text_words('to be,  or
	not to be');
SELECT rowid, word FROM text_words('To be, or NOT—Straße 42!', 'unicode');
SELECT count(*) FROM text_words('');
SELECT count(*) FROM text_words(' - !', 'unicode');
SELECT word FROM text_words('b a c') ORDER BY rowid;
SELECT word FROM text_words('b a c') ORDER BY rowid DESC;
SELECT word FROM text_words('b a c') ORDER BY word LIMIT 1 OFFSET 1;
SELECT word FROM text_words('b a c') WHERE rowid = 2;
SELECT * FROM text_words('b a c');
SELECT word, text, tokenizer FROM text_words('b a') WHERE word = 'a';
SELECT tokenizer FROM text_words('b', NULL);

SELECT 'values';
SELECT * FROM text_words(NULL);
SELECT word, typeof(word) FROM text_words(42);
SELECT word FROM text_words(2.5, 'unicode');
SELECT word FROM text_words(x'6120c3a9');
SELECT * FROM text_words(x'ff');
SELECT * FROM text_words('good
' || x'ff');
SELECT * FROM text_words('a' || char(0) || 'b');
SELECT length(word) FROM text_words(replace(hex(zeroblob(524288)), '00', 'ab'));
SELECT length(word) FROM text_words('x ' || replace(hex(zeroblob(524288)), '00', 'ab') || 'c');
SELECT length(CAST(word AS BLOB)) FROM text_words(replace(hex(zeroblob(174762)), '00', char(912)), 'unicode');
SELECT length(word) FROM text_words(replace(hex(zeroblob(174763)), '00', char(912)), 'unicode');
SELECT count(*), count(DISTINCT word), max(rowid) FROM text_words(replace(hex(zeroblob(100000)), '00', 'the Cat sat. '), 'unicode');

SELECT 'arguments';
SELECT * FROM text_words;
SELECT * FROM text_words WHERE word = 'a';
SELECT * FROM text_words('a', 'words');
SELECT * FROM text_words('a', 1);
SELECT * FROM text_words('a', 'space', 1, 2);
CREATE VIRTUAL TABLE t USING text_words('a');
PRAGMA table_xinfo(text_words);

SELECT 'a column';
CREATE TABLE feedback(id INTEGER PRIMARY KEY, body);
INSERT INTO feedback(body) VALUES ('Я люблю вечерний пир'), ('Где веселье председатель'), ('А свобода мой кумир'), ('За столом законодатель'), ('Где до утра слово пей!'), ('Заглушает крики песен'), ('Где просторен круг гостей'), ('А кружок бутылок тесен'), (NULL), ('');
SELECT count(*), count(DISTINCT word) FROM feedback, text_words(feedback.body);
SELECT word, count(*) FROM feedback, text_words(feedback.body) GROUP BY word HAVING count(*) > 1 ORDER BY 2 DESC;
SELECT word, count(*) FROM feedback, text_words(body, 'unicode') GROUP BY word HAVING count(*) > 1 ORDER BY 2 DESC;
SELECT word FROM text_words(feedback.body), feedback WHERE id = 3;
SELECT id, word FROM feedback LEFT JOIN text_words(body) ON text_words.rowid = 2 WHERE id > 6 ORDER BY id;
SELECT id, (SELECT group_concat(word, '|') FROM text_words(body)) FROM feedback WHERE id IN (1, 9);
SELECT id FROM feedback WHERE EXISTS (SELECT 1 FROM text_words(body) WHERE word = 'Где');
SELECT id, word FROM feedback JOIN text_words ON text_words.text = feedback.body WHERE id = 6;
CREATE VIEW words AS SELECT word, count(*) AS total FROM feedback, text_words(body, 'unicode') GROUP BY word;
PRAGMA trusted_schema = off;
SELECT total FROM words WHERE word = 'где';
CREATE TABLE log(word);
CREATE TRIGGER note AFTER INSERT ON feedback BEGIN INSERT INTO log SELECT word FROM text_words(new.body, 'unicode'); END;
INSERT INTO feedback(body) VALUES ('One, two.');
SELECT * FROM log;

SELECT 'branches';
SELECT word FROM text_words WHERE text = 'a b' OR text = 'c d';
SELECT word FROM text_words WHERE text IN ('a b', 'c', NULL) ORDER BY rowid, word;
SELECT word FROM text_words('a b a c') WHERE word = 'a' OR rowid = 4;
SELECT word FROM text_words('a b') WHERE text = 'a b';
SELECT word FROM text_words('a b') WHERE text = 'b';
SELECT count(*) FROM text_words('a b c') x, text_words('a b c') y WHERE x.word < y.word;
SELECT y.word FROM text_words('ab-cd e') x, text_words(x.word || '!' || x.rowid, 'unicode') y;
SELECT one.word FROM text_words('a b c') one JOIN text_words('b c d') other USING (word);
WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 300) SELECT count(*), count(DISTINCT word) FROM n, text_words('w' || i || ' v' || (i % 7));
