-- Every bad argument is named, with what was given and what is allowed.
--sh printf 'a\t1\t1\t1\n' > a.tsv

SELECT 'path';
SELECT * FROM ngram_counts;
SELECT * FROM ngram_counts();
SELECT * FROM ngram_counts WHERE word = 'a';
SELECT * FROM ngram_counts(NULL);
SELECT * FROM ngram_counts('');
SELECT * FROM ngram_counts(1);
SELECT * FROM ngram_counts(1.5);
SELECT * FROM ngram_counts(x'612e747376');
SELECT * FROM ngram_counts(CAST(x'612e74737600' AS TEXT));
SELECT * FROM ngram_counts(CAST(x'00' AS TEXT));

SELECT 'chunk_size';
SELECT * FROM ngram_counts('a.tsv', -1);
SELECT * FROM ngram_counts('a.tsv', 1.5);
SELECT * FROM ngram_counts('a.tsv', 1e300);
SELECT * FROM ngram_counts('a.tsv', 9223372036854775808);
SELECT * FROM ngram_counts('a.tsv', 'many');
SELECT * FROM ngram_counts('a.tsv', '');
SELECT * FROM ngram_counts('a.tsv', '12 a');
SELECT * FROM ngram_counts('a.tsv', ' ');
SELECT * FROM ngram_counts('a.tsv', x'31');

SELECT 'threads';
SELECT * FROM ngram_counts('a.tsv', 0, 0);
SELECT * FROM ngram_counts('a.tsv', 0, -1);
SELECT * FROM ngram_counts('a.tsv', 0, 1025);
SELECT * FROM ngram_counts('a.tsv', 0, 'abc');
SELECT * FROM ngram_counts('a.tsv', 0, 1.5);

SELECT 'years';
SELECT * FROM ngram_counts('a.tsv', 0, 1, 'MCM');
SELECT * FROM ngram_counts('a.tsv', 0, 1, 1900.5);
SELECT * FROM ngram_counts('a.tsv', 0, 1, 1900, '2000 AD');

SELECT 'tags, on_error';
SELECT * FROM ngram_counts('a.tsv') WHERE tags = 'Keep';
SELECT * FROM ngram_counts('a.tsv') WHERE tags = '';
SELECT * FROM ngram_counts('a.tsv') WHERE tags = 0;
SELECT * FROM ngram_counts('a.tsv') WHERE on_error = 'ignore';
SELECT * FROM ngram_counts('a.tsv') WHERE tags = 'it''s a long word, so long that nobody would want to read it to its end';
SELECT * FROM ngram_counts('a.tsv') WHERE tags = '€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€';
SELECT * FROM ngram_counts('a.tsv') WHERE tags = CAST(x'6b65657000' AS TEXT);

SELECT 'memory_limit';
SELECT * FROM ngram_counts('a.tsv') WHERE memory_limit = 2097151;
SELECT * FROM ngram_counts('a.tsv', NULL, NULL, NULL, NULL, NULL, NULL, -1);
SELECT * FROM ngram_counts('a.tsv') WHERE memory_limit = 'none';

SELECT 'too many';
SELECT * FROM ngram_counts('a.tsv', 0, 1, 0, 1, 'keep', 'fail', 0, 9, 10, 11, 12, 13);

SELECT 'of CREATE VIRTUAL TABLE';
CREATE VIRTUAL TABLE t USING ngram_counts;
CREATE VIRTUAL TABLE t USING ngram_counts();
CREATE VIRTUAL TABLE t USING ngram_counts(threads = 4);
CREATE VIRTUAL TABLE t USING ngram_counts(NULL);
CREATE VIRTUAL TABLE t USING ngram_counts('a.tsv', memory_limit = 1);
CREATE VIRTUAL TABLE t USING word_counts('a.tsv', memory_limit = 2097151);
CREATE VIRTUAL TABLE t USING ngram_rows('a.tsv', memory_limit = 1);
CREATE VIRTUAL TABLE t USING ngram_counts(path = '');
CREATE VIRTUAL TABLE t USING ngram_counts(path =);
CREATE VIRTUAL TABLE t USING ngram_counts('a' 'b');
CREATE VIRTUAL TABLE t USING ngram_counts(a'b'c);
CREATE VIRTUAL TABLE t USING ngram_counts('a.tsv', threads = 0);
CREATE VIRTUAL TABLE t USING ngram_counts('a.tsv', threads = abc);
CREATE VIRTUAL TABLE t USING ngram_counts('a.tsv', threads = 'abc');
CREATE VIRTUAL TABLE t USING ngram_counts('a.tsv', threads = 1 + 1);
CREATE VIRTUAL TABLE t USING ngram_counts('a.tsv', threads = 1.5);
CREATE VIRTUAL TABLE t USING ngram_counts('a.tsv', threads =);
CREATE VIRTUAL TABLE t USING ngram_counts('a.tsv', chunk_size = -1);
CREATE VIRTUAL TABLE t USING ngram_counts('a.tsv', year_to = x'00');
CREATE VIRTUAL TABLE t USING ngram_counts('a.tsv', tags = none);
CREATE VIRTUAL TABLE t USING ngram_counts('a.tsv', on_error = "stop");
CREATE VIRTUAL TABLE t USING ngram_counts('a.tsv', thread = 4);
CREATE VIRTUAL TABLE t USING ngram_counts('a.tsv', volumes = 4);
CREATE VIRTUAL TABLE t USING ngram_counts('a.tsv', "threads" = 4);
CREATE VIRTUAL TABLE t USING ngram_counts('a.tsv', threads = 4, threads = 4);
CREATE VIRTUAL TABLE t USING ngram_counts('a.tsv', threads = NULL, THREADS = 4);
CREATE VIRTUAL TABLE t USING ngram_counts('a.tsv', path = 'b.tsv');
CREATE VIRTUAL TABLE t USING ngram_counts(path = 'a.tsv', 4);
CREATE VIRTUAL TABLE t USING ngram_counts('a.tsv', 0, 1, 0, 1, keep, fail, 0, 9);
SELECT count(*) FROM sqlite_master;

SELECT 'the connection works on';
SELECT * FROM ngram_counts('a.tsv');

SELECT 'messages are valid UTF-8, whatever was given';
SELECT ngram_config(x'ff');
SELECT ngram_config('threads', CAST(x'61ff' AS TEXT));
SELECT ngram_config('root', CAST(x'6eff' AS TEXT));
SELECT * FROM ngram_counts('a.tsv') WHERE tags = CAST(x'c328eda080c0aff5' AS TEXT);
SELECT * FROM ngram_counts(CAST(x'6eff' AS TEXT));
SELECT * FROM ngram_rows(CAST(x'6eff' AS TEXT));
SELECT * FROM ngram_totals(CAST(x'6eff' AS TEXT));
SELECT * FROM text_words('a', CAST(x'e282' AS TEXT));
