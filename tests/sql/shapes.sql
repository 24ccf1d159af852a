-- The two shapes of ngram_counts, under any name.
--sh printf 'Aardvark\t1900\t5\t2\nbee\t1900\t1\t1\nAardvark\t1901\t7\t3\n' > a.tsv
--sh gzip -c a.tsv > a.gz
--sh cp a.gz "it's"
--sh cp a.gz 'b c.gz'
--sh printf 'watch\t1950\t10\t1\nwatch_VERB\t1951\t4\t1\n' > tags.tsv

SELECT 'a table-valued function';
SELECT * FROM ngram_counts('a.gz') ORDER BY word;
SELECT total FROM ngram_counts('a.gz', 20000) WHERE word = 'Aardvark';
SELECT total FROM main.ngram_counts('a.gz') WHERE word = 'bee';
SELECT total FROM ngram_counts WHERE path = 'a.gz' AND word = 'bee';
SELECT count(*) FROM ngram_counts('it''s');

SELECT 'a table of its own name shadows the function';
CREATE VIRTUAL TABLE ngram_counts USING ngram_counts('a.gz', 20000);
SELECT total FROM ngram_counts WHERE word = 'Aardvark';
SELECT path, chunk_size FROM ngram_counts LIMIT 1;
DROP TABLE ngram_counts;
SELECT total FROM ngram_counts('a.gz') WHERE word = 'Aardvark';

SELECT 'a table of another name';
CREATE VIRTUAL TABLE a USING ngram_counts('a.gz');
SELECT * FROM a ORDER BY word;
CREATE VIRTUAL TABLE temp.b USING ngram_counts(path='a.gz', threads=4, year_from=1901);
SELECT *, path, threads, year_from FROM b;
SELECT name FROM pragma_table_info('a');
SELECT name, hidden FROM pragma_table_xinfo('a') WHERE hidden;
SELECT sql FROM sqlite_master WHERE name = 'a';
ALTER TABLE a RENAME TO renamed;
SELECT total FROM renamed WHERE word = 'bee';

SELECT 'arguments by place, then by name';
CREATE VIRTUAL TABLE c USING ngram_counts('tags.tsv', 1000, tags=drop);
SELECT *, chunk_size, tags FROM c;
CREATE VIRTUAL TABLE d USING ngram_counts('tags.tsv', NULL, NULL, 1951, null, 'only', skip);
SELECT *, chunk_size, year_from, tags, on_error FROM d;
CREATE VIRTUAL TABLE e USING ngram_counts(
  PATH = "tags.tsv" , Year_To	=
  1950);
SELECT *, year_to FROM e;

SELECT 'quoting';
CREATE VIRTUAL TABLE f USING ngram_counts('it''s');
SELECT path, count(*) FROM f;
CREATE VIRTUAL TABLE g USING ngram_counts("b c.gz");
SELECT path, count(*) FROM g;
CREATE VIRTUAL TABLE h USING ngram_counts(path = a.gz, threads = '2');
SELECT path, threads, count(*) FROM h;

SELECT 'what a query says goes before what the table says';
SELECT *, path FROM c WHERE path = 'a.gz' ORDER BY word;
SELECT *, tags FROM c WHERE tags = 'only';
SELECT *, tags FROM c WHERE tags = NULL;

SELECT 'an attached database';
ATTACH ':memory:' AS other;
CREATE VIRTUAL TABLE other.i USING ngram_counts('a.gz');
SELECT total FROM other.i WHERE word = 'bee';
DETACH other;

SELECT 'a table outlives its file';
ATTACH 'kept.db' AS kept;
CREATE VIRTUAL TABLE kept.j USING ngram_counts('gone.gz', tags=keep);
DETACH kept;
ATTACH 'kept.db' AS kept;
SELECT count(*) FROM pragma_table_info('j');
SELECT * FROM kept.j;
SELECT * FROM kept.j WHERE path = 'a.gz' ORDER BY word;
DROP TABLE kept.j;
SELECT count(*) FROM kept.sqlite_master;
