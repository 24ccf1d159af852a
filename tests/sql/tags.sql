-- tags: words that carry a part-of-speech tag, and what is no printed text, in
-- ngram_counts and ngram_rows; years of ngram_rows.
--sh printf 'drinks_VERB=>water\t1900\t5\t2\ndrinks=>water\t1900\t5\t2\n_NOUN_=>the\t1900\t9\t2\n_ROOT_=>drinks\t1901\t4\t1\n=>\t1902\t3\t1\n=>_.\t1902\t3\t1\na => b\t1903\t2\t1\n' > arcs.tsv
--sh printf 'watch\t1900\t7\t2\nwatch_VERB\t1900\t4\t2\n_VERB_\t1900\t9\t2\nsnake_case\t1901\t2\t1\n___\t1901\t1\t1\na_\t1901\t1\t1\n_VERB\t1901\t1\t1\nx_NOUN_\t1902\t1\t1\n_START_ The\t1902\t6\t1\nit ._. _END_\t1902\t6\t1\n._.\t1902\t6\t1\nwatch\t1903\t1\t1\n' > words.tsv
--sh gzip -nc words.tsv > words.gz
--sh printf 'the\t1900,1,1\t1901,2,1\nthe_DET\t1900,1,1\t1901,2,1\n_START_\t1901,7,3\n' > v2020.tsv

SELECT 'arcs';
SELECT word FROM ngram_counts('arcs.tsv') ORDER BY word;
SELECT 'drop', word FROM ngram_counts('arcs.tsv') WHERE tags = 'drop' ORDER BY word;
SELECT 'only', word FROM ngram_counts('arcs.tsv') WHERE tags = 'only' ORDER BY word;
SELECT 'plain', word FROM ngram_counts('arcs.tsv') WHERE tags = 'plain' ORDER BY word;

SELECT 'words';
SELECT 'drop', word, total FROM ngram_counts('words.gz') WHERE tags = 'drop' ORDER BY word;
SELECT 'only', word, total FROM ngram_counts('words.gz') WHERE tags = 'only' ORDER BY word;
SELECT 'plain', word, total, volumes FROM ngram_counts('words.gz') WHERE tags = 'plain' ORDER BY word;
SELECT 'plain', word, total, tags FROM ngram_counts('words.gz', 2, 2, 1900, 1902, 'plain') WHERE word IN ('watch', 'watch_VERB', '_START_ The');
SELECT word, total FROM ngram_counts('v2020.tsv') WHERE tags = 'plain';

SELECT 'rows: positions are of the file';
SELECT *, position FROM ngram_rows('words.tsv', 1, NULL, NULL, 'plain');
SELECT *, position FROM ngram_rows('words.gz', 3) WHERE tags = 'only';
SELECT word, position FROM ngram_rows('words.tsv') WHERE tags = 'drop' AND year_from = 1902;
SELECT word, position FROM ngram_rows('words.tsv') WHERE year_from = 1901 AND year_to = 1901 AND year <> 1902;
SELECT word, position FROM ngram_rows('words.tsv') WHERE year_from = 1901 AND year < 1902 AND tags = 'plain';
SELECT word, position FROM ngram_rows('words.tsv') WHERE year_from = 1902 AND year_to = 1901;
SELECT position FROM ngram_rows('words.tsv') WHERE tags = 'drop' AND word IN ('watch', 'watch_VERB');
SELECT *, position FROM ngram_rows('v2020.tsv') WHERE tags = 'plain' AND year_to = 1900;
SELECT position, tags, year_from, year_to FROM ngram_rows('words.tsv') LIMIT 1;
SELECT count(*), sum(match_count) FROM ngram_rows('[av]*.tsv') WHERE tags = 'plain';
SELECT count(*) FROM ngram_rows('words.tsv') WHERE tags = 'plain';

SELECT 'as a table';
CREATE VIRTUAL TABLE r USING ngram_rows('words.tsv', tags = plain, year_to = 1902);
SELECT word, year, position, tags, year_from, year_to FROM r WHERE word < 'b';
SELECT word FROM r WHERE tags = 'only';
SELECT position FROM r WHERE word = 'watch' OR year = 1901;
SELECT position FROM r WHERE year_to = 2000 AND word = 'watch';

SELECT 'a word, and a year, after the other';
CREATE TEMP TABLE asked(word);
INSERT INTO asked VALUES ('watch'), ('watch_VERB'), ('_START_ The'), ('snake_case'), ('a_');
SELECT asked.word, position FROM asked LEFT JOIN ngram_rows('words.tsv') r ON r.word = asked.word AND r.tags = 'plain' AND r.year_to = 1902;
CREATE TEMP TABLE years(year);
INSERT INTO years VALUES (1900), (1901), (1902), (1903), (1904), (1900), (1901), (1902), (1903);
SELECT years.year, group_concat(position) FROM years LEFT JOIN ngram_rows('words.tsv') r ON r.year = years.year AND r.tags = 'plain' GROUP BY years.rowid;
SELECT years.year, group_concat(position) FROM years LEFT JOIN ngram_rows('words.tsv') r ON r.year = years.year AND r.tags = 'only' GROUP BY years.rowid;

SELECT 'errors';
SELECT * FROM ngram_rows('words.tsv') WHERE tags = 'Plain';
SELECT * FROM ngram_rows('words.tsv') WHERE year_from = 'x';
SELECT * FROM ngram_counts('words.tsv') WHERE tags = 'none';
CREATE VIRTUAL TABLE bad USING ngram_rows('words.tsv', tag = plain);
