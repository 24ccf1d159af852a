// SPDX-License-Identifier: MIT
//
// Adds up the words of an n-gram file with DuckDB and prints their number and
// the sum of their totals; with --dump, prints every word and its total.
//
//     node duckdb.mjs FILE [--dump]
//
// Every option is needed for the right answer: as shipped, read_csv takes `"`
// for a quote, guesses a header, and reads the words `""` and `NULL` as NULL.
import { DuckDBInstance } from "@duckdb/node-api";
import { printTotals } from "./print.mjs";

const [file, dump] = process.argv.slice(2);
const totals = `
  SELECT word, sum(match_count)::BIGINT AS total
  FROM read_csv('${file.replaceAll("'", "''")}', delim = '\t', quote = '',
    escape = '', header = false, auto_detect = false, nullstr = '\u0001',
    columns = {'word': 'VARCHAR', 'year': 'INTEGER',
               'match_count': 'BIGINT', 'volume_count': 'BIGINT'},
    compression = '${file.endsWith(".gz") ? "gzip" : "none"}')
  GROUP BY word`;

const instance = await DuckDBInstance.create(":memory:");
const connection = await instance.connect();
if (dump) {
  const result = await connection.stream(totals);
  for (let chunk; (chunk = await result.fetchChunk()) && chunk.rowCount > 0; )
    await printTotals(chunk.getRows());
} else {
  const reader = await connection.runAndReadAll(
    `SELECT count(*), sum(total)::BIGINT FROM (${totals})`);
  console.log(reader.getRows()[0].join(" "));
}
