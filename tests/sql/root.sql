-- root: every path is below one folder; symbolic links and .. included.
--sh mkdir -p r/sub/deep outside
--sh printf 'in\t1\t1\t1\n' > r/a.tsv
--sh printf 'deep\t1\t1\t1\n' > r/sub/b.tsv
--sh printf 'out\t1\t1\t1\n' > outside/a.tsv
--sh cp outside/a.tsv a.tsv
--sh cp outside/a.tsv only_here.tsv
--sh ln -s ../outside/a.tsv r/link_out.tsv
--sh ln -s ../outside r/folder_out
--sh ln -s sub/b.tsv r/link_in.tsv
--sh ln -s ../link_in.tsv r/sub/chain.tsv
--sh ln -s "$PWD/r/a.tsv" r/absolute.tsv
--sh mkfifo r/fifo
--sh printf '1900,1,1,1\n' > r/y.txt
--sh cp r/y.txt y.txt
--sh ln -s ../y.txt r/y_out.txt
--sh mkdir i

SELECT 'before';
SELECT ngram_config('root');
SELECT ngram_config('root', NULL);
SELECT word FROM ngram_counts('only_here.tsv');
CREATE VIRTUAL TABLE before USING ngram_counts('only_here.tsv');
SELECT word FROM before;
SELECT ngram_config('index', 'i') LIKE '%/i';

SELECT 'no such folder';
SELECT ngram_config('root', 'missing');
SELECT ngram_config('root', 'a.tsv');
SELECT ngram_config('root', '');
SELECT ngram_config('root', 1);
SELECT ngram_config('root');

SELECT 'inside';
SELECT ngram_config('root', 'r') LIKE '%/r';
SELECT word FROM ngram_counts('a.tsv');
SELECT word FROM ngram_counts('./sub/../a.tsv');
SELECT word FROM ngram_counts('sub/b.tsv');
SELECT word FROM ngram_counts('link_in.tsv');
SELECT word FROM ngram_counts('sub/chain.tsv');
SELECT word FROM ngram_counts(ngram_config('root') || '/sub/b.tsv');
SELECT * FROM ngram_totals('y.txt');
SELECT word FROM ngram_rows('sub/b.tsv');
SELECT count(*) FROM word_counts('sub/chain.tsv');
SELECT ngram_config('root') LIKE '%/r';

SELECT 'outside';
SELECT word FROM ngram_counts('../a.tsv');
SELECT word FROM ngram_counts('../outside/a.tsv');
SELECT word FROM ngram_counts('sub/../../a.tsv');
SELECT word FROM ngram_counts('../r/a.tsv');
SELECT word FROM ngram_counts('/etc/passwd');
SELECT word FROM ngram_counts('link_out.tsv');
SELECT word FROM ngram_counts('folder_out/a.tsv');
SELECT word FROM ngram_counts('absolute.tsv');
SELECT * FROM ngram_totals('../y.txt');
SELECT * FROM ngram_totals('y_out.txt');
SELECT word FROM ngram_rows('../a.tsv');
SELECT word FROM ngram_rows('link_out.tsv');
SELECT word FROM word_counts('../a.tsv');
SELECT word FROM word_counts('folder_out/a.tsv');

SELECT 'nothing but regular files';
SELECT word FROM ngram_counts('fifo');
SELECT word FROM ngram_counts('-');
SELECT * FROM ngram_totals('-');
SELECT word FROM ngram_counts('sub');
SELECT word FROM ngram_counts('missing.tsv');
SELECT word FROM ngram_counts('a.ts?');
SELECT word FROM ngram_counts('../*');
SELECT word FROM ngram_rows('../*');
SELECT word FROM ngram_rows('-');
SELECT word FROM word_counts('-');
SELECT word FROM word_counts('../*');

SELECT 'a table and a result of before';
SELECT word FROM before;
SELECT word FROM ngram_counts('only_here.tsv');

SELECT 'it can only be narrowed';
SELECT ngram_config('root', NULL);
SELECT ngram_config('root', '..');
SELECT ngram_config('root', '/');
SELECT ngram_config('root', 'folder_out');
SELECT ngram_config('root', 'missing');
SELECT ngram_config('root', 'a.tsv');
SELECT ngram_config('root', '.') LIKE '%/r';
SELECT ngram_config('root', ngram_config('root') || '/sub') LIKE '%/r/sub';
SELECT word FROM ngram_counts('b.tsv');
SELECT word FROM ngram_counts('a.tsv');
SELECT word FROM ngram_counts('../a.tsv');
SELECT word FROM ngram_counts('chain.tsv');
SELECT ngram_config('root', '..');
SELECT ngram_config('root', 'deep') LIKE '%/r/sub/deep';

SELECT 'nor does the index leave it';
SELECT ngram_config('index', '.');
SELECT ngram_config('index', '../../i');
SELECT ngram_config('index') LIKE '%/i';
SELECT ngram_config('index', NULL);
SELECT ngram_config('index', '.');
