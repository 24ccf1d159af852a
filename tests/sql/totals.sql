-- ngram_totals: the corpus year by year, in all layouts that releases have.
--sh printf ' \t1505,32059,231,1\t1507,49586,477,1\t1515,289011,2197,9223372036854775807\t' > line.txt
--sh printf '1505\t32059\t231\t1\n1507\t49586\t477\t1\r\n1515\t289011\t2197\t9223372036854775807' > rows.txt
--sh printf 'year,match_count,page_count,volume_count\n1505,32059,231,1\n1507,49586,477,1\n1515,289011,2197,9223372036854775807\n' > heading.csv
--sh printf '1505,32059,231,1\t\r\n1507,49586,477,1\r\n\r\n\t1515,289011,2197,9223372036854775807' > mixed.txt
--sh gzip -c line.txt > line.gz
--sh head -c 17 line.txt > first; tail -c +18 line.txt > second; { gzip -c first; gzip -c second; head -c 100 /dev/zero; } > members.gz
--sh : > empty.txt
--sh printf ' \t \n' > blank.txt
--sh printf 'a\t1505\t79\t1\na\t1507\t5\t2\nb\t1515\t1\t1\n' > a.tsv
--sh printf ' \t1,2,3,4\t5,6,7\t' > short.txt
--sh printf '1,2,3,4\n5,6,7,8\n9,x,1,1\n' > number.txt
--sh printf '1\t2\t3\t4\n5\t6\t7\t8\t9\n' > long.txt
--sh printf '1\t2\t3\t4\n5\t\t7\t8\n' > hole.txt
--sh printf '1,2,3,4\t2147483648,6,7,8' > year31.txt
--sh printf '1,9223372036854775808,3,4' > count63.txt
--sh printf '1,2,3,4\t7,6,7,8\t3,0,0,0\t7,1,1,1\t1,1,1,1' > again.txt
--sh printf '1,2,3,4\t5,6,7,8,' > tail.txt
--sh printf '1,2,3,4\t-5,6,7,8' > minus.txt
--sh printf '1,2,3,4\t5, 6,7,8' > space.txt
--sh printf '1,2,3,4\0' > nul.txt
--sh head -c 30 line.gz > truncated.gz
--sh { head -c $(($(wc -c < line.gz) - 8)) line.gz; printf '\1\2\3\4'; tail -c 4 line.gz; } > crc.gz
--sh { head -c $(($(wc -c < line.gz) - 4)) line.gz; printf '\1\2\3\4'; } > length.gz
--sh { cat line.gz; printf garbage; } > garbage.gz
--sh head -c 5000000 /dev/zero | tr '\0' ' ' > long_blank.txt
--sh gzip -c long_blank.txt > long_blank.gz
--sh mkdir folder
--sh printf '\357\273\277year,match_count,page_count,volume_count\n1505,32059,231,1\n' > excel.csv
--sh gzip -c excel.csv > excel.csv.gz
--sh { printf '\357\273\277'; cat line.txt; } > bom_line.txt
--sh printf '\357\273\2771505\t32059\t231\t1\n' > bom_rows.txt
--sh printf '\357\273\277' > bom_only.txt
--sh printf 'Year,Total\r\n1505,32059\r\n1507,49586\r\n\r\n\r\n' > two.csv
--sh printf '\357\273\277Volumes;Year;Pages;Total\r\n1;"1505";231;32059\r\n;;;\r\n1;1507;477;"49586"\r\n' > european.csv
--sh printf '"","year","match_count","volume_count"\n"1",1505,32059,1\n"2",1507,49586,1\n' > r.csv
--sh printf ',count,year\n0,32059,1505\n1,49586,1507' > pandas.csv
--sh printf '\tYear\tPages\tTotal\n0\t1505\t231\t32059\n1\t1507\t477\t49586' > pandas.tsv
--sh printf '"year" "match_count"\n1505 32059\n1507 49586\n' > blanks.txt
--sh { printf 'Year, Total, Page_Count, Volume_Count\n'; cat line.txt; } > named_line.txt
--sh printf 'YEAR;BOOKS;TOTAL' > no_row.csv
--sh printf 'year,match_count,corpus\n1505,32059,1\n' > unknown.csv
--sh printf 'Jahr;Anzahl\n1505;32059\n' > german.csv
--sh printf 'year,match_count,Total\n1505,32059,1\n' > twice.csv
--sh printf 'total,pages\n32059,231\n' > no_year.csv
--sh printf '\nYear;Pages\n1505;231\n' > no_count.csv
--sh printf 'Year,Total\n1505,32059\n1507\n' > fewer.csv
--sh printf 'Year,Total\n1505,32059,231\n' > more.csv
--sh printf 'Year\tTotal\n1505\t\n' > empty_cell.tsv
--sh printf 'Year;Total\n1505;"32,059"\n' > thousands.csv
--sh printf 'Year,Total\n1505,1\n1507,2\n1505,3\n' > again.csv
--sh printf 'Year,Total\n1505,1\t1507,x\n' > second.csv

SELECT 'layouts';
SELECT * FROM ngram_totals('line.txt');
SELECT * FROM ngram_totals('rows.txt');
SELECT * FROM ngram_totals('heading.csv');
SELECT * FROM ngram_totals('mixed.txt');
SELECT * FROM ngram_totals('line.gz');
SELECT * FROM ngram_totals('members.gz');
SELECT count(*) FROM ngram_totals('empty.txt');
SELECT count(*) FROM ngram_totals('blank.txt');

SELECT 'a byte order mark';
SELECT * FROM ngram_totals('excel.csv');
SELECT * FROM ngram_totals('excel.csv.gz');
SELECT count(*) FROM ngram_totals('bom_line.txt');
SELECT * FROM ngram_totals('bom_rows.txt');
SELECT count(*) FROM ngram_totals('bom_only.txt');

SELECT 'tables';
SELECT * FROM ngram_totals('two.csv');
SELECT * FROM ngram_totals('european.csv');
SELECT * FROM ngram_totals('r.csv');
SELECT * FROM ngram_totals('pandas.csv');
SELECT * FROM ngram_totals('pandas.tsv');
SELECT * FROM ngram_totals('blanks.txt');
SELECT * FROM ngram_totals('named_line.txt');
SELECT count(*) FROM ngram_totals('no_row.csv');
SELECT year FROM ngram_totals('r.csv') WHERE page_count IS NULL AND volume_count = 1;
SELECT count(*), count(page_count), sum(volume_count) FROM ngram_totals('two.csv') WHERE year = 1507;

SELECT 'shares';
SELECT c.word, t.year, printf('%.6g', 1.0 * c.total / t.match_count) FROM ngram_counts('a.tsv') c
JOIN ngram_totals('line.txt') t ON t.year = c.first_year ORDER BY 1;
SELECT y.column1, (SELECT match_count FROM ngram_totals('line.gz') WHERE year = y.column1)
FROM (VALUES (1505), (1506), (1507)) y;
SELECT y.column1, t.* FROM (VALUES (1505), (1506)) y LEFT JOIN ngram_totals('line.txt') t ON t.year = y.column1;

SELECT 'one year';
SELECT * FROM ngram_totals('line.txt') WHERE year = 1507;
SELECT * FROM ngram_totals('line.txt') WHERE year = 1507.0;
SELECT * FROM ngram_totals('line.txt') WHERE year = '1507';
SELECT count(*) FROM ngram_totals('line.txt') WHERE year = 1507.5;
SELECT count(*) FROM ngram_totals('line.txt') WHERE year = 'x';
SELECT count(*) FROM ngram_totals('line.txt') WHERE year = NULL;
SELECT count(*) FROM ngram_totals('line.txt') WHERE year = x'31353037';
SELECT count(*) FROM ngram_totals('line.txt') WHERE year = 9e18;
SELECT year FROM ngram_totals('line.txt') WHERE year IN (1515, 1505, '1505', 1505.0, 'x', NULL) ORDER BY 1;
SELECT year FROM ngram_totals('line.txt') WHERE year > 1505 ORDER BY year DESC LIMIT 1 OFFSET 1;
SELECT year FROM ngram_totals('line.txt') WHERE year = 1505 OR match_count = 49586;

SELECT 'several files';
SELECT path, year FROM ngram_totals WHERE (path = 'line.txt' AND year = 1505) OR (path = 'line.gz' AND year = 1505);
SELECT path, count(*) FROM ngram_totals WHERE path IN ('line.txt', 'rows.txt') GROUP BY 1;
SELECT p.column1, count(t.year) FROM (VALUES ('line.txt'), ('empty.txt')) p LEFT JOIN ngram_totals(p.column1) t GROUP BY 1 ORDER BY 1;
SELECT count(*) FROM ngram_totals('line.txt') x JOIN ngram_totals('heading.csv') y USING (year, match_count, page_count, volume_count);

SELECT 'a table of its own';
CREATE VIRTUAL TABLE t USING ngram_totals('line.txt');
SELECT * FROM t WHERE year = 1515;
SELECT count(*) FROM t WHERE path = 'rows.txt';
CREATE VIRTUAL TABLE ngram_totals USING ngram_totals(path = "rows.txt");
SELECT count(*) FROM ngram_totals;
DROP TABLE ngram_totals;
CREATE VIRTUAL TABLE u USING ngram_totals();
CREATE VIRTUAL TABLE u USING ngram_totals('line.txt', 1);
CREATE VIRTUAL TABLE u USING ngram_totals(file = 'line.txt');

SELECT 'bad arguments';
SELECT * FROM ngram_totals;
SELECT * FROM ngram_totals(NULL);
SELECT * FROM ngram_totals(1);
SELECT * FROM ngram_totals('');
SELECT * FROM ngram_totals('line.txt', 1);
SELECT * FROM ngram_totals WHERE year = 1505;

SELECT 'bad files';
SELECT * FROM ngram_totals('missing.txt');
SELECT * FROM ngram_totals('folder');
SELECT * FROM ngram_totals('short.txt');
SELECT * FROM ngram_totals('number.txt');
SELECT * FROM ngram_totals('long.txt');
SELECT * FROM ngram_totals('hole.txt');
SELECT * FROM ngram_totals('year31.txt');
SELECT * FROM ngram_totals('count63.txt');
SELECT * FROM ngram_totals('again.txt');
SELECT * FROM ngram_totals('tail.txt');
SELECT * FROM ngram_totals('minus.txt');
SELECT * FROM ngram_totals('space.txt');
SELECT * FROM ngram_totals('nul.txt');
SELECT * FROM ngram_totals('a.tsv') LIMIT 0;
SELECT * FROM ngram_totals('a.tsv') WHERE year = 1505;
SELECT * FROM ngram_totals('truncated.gz');
SELECT * FROM ngram_totals('crc.gz');
SELECT * FROM ngram_totals('length.gz');
SELECT * FROM ngram_totals('garbage.gz');
SELECT * FROM ngram_totals('long_blank.txt');
SELECT * FROM ngram_totals('long_blank.gz');

SELECT 'bad tables';
SELECT * FROM ngram_totals('unknown.csv');
SELECT * FROM ngram_totals('german.csv');
SELECT * FROM ngram_totals('twice.csv');
SELECT * FROM ngram_totals('no_year.csv');
SELECT * FROM ngram_totals('no_count.csv');
SELECT * FROM ngram_totals('fewer.csv');
SELECT * FROM ngram_totals('more.csv');
SELECT * FROM ngram_totals('empty_cell.tsv');
SELECT * FROM ngram_totals('thousands.csv');
SELECT * FROM ngram_totals('again.csv');
SELECT * FROM ngram_totals('second.csv');

SELECT 'a schema reads no file, and nothing is written';
CREATE VIEW v AS SELECT * FROM ngram_totals('line.txt');
SELECT * FROM v;
CREATE TEMP VIEW tv AS SELECT count(*) FROM ngram_totals('line.txt');
SELECT * FROM tv;
INSERT INTO t VALUES (1, 2, 3, 4);
SELECT count(*) FROM t;
