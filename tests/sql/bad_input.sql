-- Bad files: what is said, that the earliest fault is told, and that the
-- connection works on.
--sh printf 'a\t1\t1\t1\nb\t2\t2\t2\n' > good.tsv
--sh printf 'a\t1\t1\t1\nb\t2\t2\n' > short.tsv
--sh printf 'a\t1\t1\t1\nb\t2\t2\t2\t2\nbad\n' > long.tsv
--sh printf 'a\tx\t1\t1\n' > year.tsv
--sh printf 'a\t1\t1\t1\na\t2147483648\t1\t1\n' > year31.tsv
--sh printf 'a\t1\t-1\t1\n' > match.tsv
--sh printf 'a\t1\t9223372036854775808\t1\n' > match63.tsv
--sh printf 'a\t1\t1\t\n' > volume.tsv
--sh printf 'a\t1\t1\t1\n\t1\t1\t1\n' > empty_word.tsv
--sh printf 'a\t1\t1\t1\n\n' > empty_line.tsv
--sh printf 'a\t1\t1\t1\n\377\t1\t1\t1\n' > utf8.tsv
--sh printf 'a\0b\t1\t1\t1\n' > nul.tsv
--sh { printf 'a\t1\t1\t1\n'; head -c 1048577 /dev/zero | tr '\0' x; printf '\t1\t1\t1\n'; } > huge.tsv
--sh mkdir folder
--sh gzip -nc good.tsv > good.gz
--sh head -c 20 good.gz > truncated.gz
--sh head -c 5 good.gz > header.gz
--sh { head -c $(($(wc -c < good.gz) - 8)) good.gz; printf '\1\2\3\4'; tail -c 4 good.gz; } > crc.gz
--sh { head -c $(($(wc -c < good.gz) - 4)) good.gz; printf '\1\2\3\4'; } > length.gz
--sh { cat good.gz; printf 'garbage'; } > garbage.gz
--sh { cat good.gz; head -c 512 /dev/zero; } > padded.gz
--sh { head -c 10 good.gz; printf '\377\377\377\377\377\377\377\377\377\377\377\377\377\377'; } > block.gz
--sh cat short.tsv good.tsv | gzip -c > short.gz

SELECT 'cannot be opened';
SELECT * FROM ngram_counts('missing.gz');
SELECT * FROM ngram_counts('no/such/folder.gz');
SELECT * FROM ngram_counts('folder');
SELECT total FROM ngram_counts('missing.gz') WHERE word = 'a' LIMIT 1;

SELECT 'bad rows';
SELECT * FROM ngram_counts('short.tsv');
SELECT * FROM ngram_counts('long.tsv');
SELECT * FROM ngram_counts('year.tsv');
SELECT * FROM ngram_counts('year31.tsv');
SELECT * FROM ngram_counts('match.tsv');
SELECT * FROM ngram_counts('match63.tsv');
SELECT * FROM ngram_counts('volume.tsv');
SELECT * FROM ngram_counts('empty_word.tsv');
SELECT * FROM ngram_counts('empty_line.tsv');
SELECT * FROM ngram_counts('utf8.tsv');
SELECT * FROM ngram_counts('nul.tsv');
SELECT * FROM ngram_counts('huge.tsv');
SELECT * FROM ngram_counts('short.gz');

SELECT 'bad rows that the query does not ask for';
SELECT * FROM ngram_counts('long.tsv') WHERE word = 'a';
SELECT * FROM ngram_counts('long.tsv', 0, 1, 5, 6);
SELECT * FROM ngram_counts('long.tsv') LIMIT 1;

SELECT 'skipped and counted';
SELECT * FROM ngram_counts('long.tsv') WHERE on_error = 'skip';
SELECT path, rows, skipped FROM ngram_stats LIMIT 1;
SELECT * FROM ngram_counts('huge.tsv') WHERE on_error = 'skip';
SELECT path, rows, skipped FROM ngram_stats LIMIT 1;

SELECT 'bad gzip';
SELECT * FROM ngram_counts('truncated.gz');
SELECT * FROM ngram_counts('header.gz');
SELECT * FROM ngram_counts('crc.gz');
SELECT * FROM ngram_counts('length.gz');
SELECT * FROM ngram_counts('garbage.gz');
SELECT * FROM ngram_counts('block.gz');
SELECT * FROM ngram_counts('crc.gz') WHERE on_error = 'skip';
SELECT count(*) FROM ngram_counts('padded.gz');

SELECT 'the connection works on';
SELECT * FROM ngram_counts('good.gz') ORDER BY word;
SELECT path FROM ngram_stats;
