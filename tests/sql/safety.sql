-- A schema reads no file in its user's name, and nothing can be written.
--sh printf 'a\t1\t1\t1\n' > a.tsv
CREATE TABLE t(x);
CREATE VIRTUAL TABLE a USING ngram_counts('a.tsv');

SELECT 'a view in the database';
CREATE VIEW v AS SELECT * FROM ngram_counts('a.tsv');
SELECT * FROM v;
CREATE VIEW v2 AS SELECT * FROM a;
SELECT * FROM v2;
SELECT 'a trigger in the database';
CREATE TRIGGER tr AFTER INSERT ON t BEGIN INSERT INTO t SELECT total FROM ngram_counts WHERE path = 'a.tsv'; END;
INSERT INTO t VALUES (1);
DROP TRIGGER tr;
SELECT count(*) FROM t;
SELECT 'a temporary view and trigger are the user''s own';
CREATE TEMP VIEW tv AS SELECT * FROM ngram_counts('a.tsv');
SELECT * FROM tv;
CREATE TEMP TRIGGER ttr AFTER INSERT ON t BEGIN INSERT INTO t SELECT total + 6 FROM ngram_counts WHERE path = 'a.tsv'; END;
INSERT INTO t VALUES (1);
SELECT group_concat(x) FROM t;
SELECT 'whether or not the schema is trusted';
PRAGMA trusted_schema = off;
SELECT * FROM v;
SELECT * FROM tv;
SELECT * FROM a;
SELECT 'read only';
INSERT INTO a VALUES ('b', 2);
UPDATE a SET total = 2;
DELETE FROM a;
INSERT INTO ngram_counts(word) VALUES ('b');
CREATE INDEX i ON a(word);
SELECT * FROM a;
