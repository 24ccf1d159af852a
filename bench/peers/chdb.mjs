// SPDX-License-Identifier: MIT
//
// Adds up the words of an n-gram file with ClickHouse (chdb, the engine as a
// library) and prints their number and the sum of their totals; with --dump,
// prints every word and its total.
//
//     node chdb.mjs FILE [--dump]
//
// The format TSVRaw is the right one: TSV would take `\n` in a word for an
// escape. It writes words raw, too.
import { query } from "chdb";

const [file, dump] = process.argv.slice(2);
const columns =
  "word String, year UInt16, match_count Int64, volume_count Int64";
const totals = `
  SELECT word, sum(match_count) AS total
  FROM file('${file.replaceAll("'", "\\'")}', 'TSVRaw', '${columns}')
  GROUP BY word`;

if (dump)
  process.stdout.write(query(totals, "TSVRaw"));
else
  console.log(
    query(`SELECT count(), sum(total) FROM (${totals})`, "TSVRaw")
      .trim().replace("\t", " "));
