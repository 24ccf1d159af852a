// SPDX-License-Identifier: MIT
//
// Adds up the words of an n-gram file with polars and prints their number and
// the sum of their totals; with --dump, prints every word and its total.
//
//     node polars.mjs FILE [--dump]
//
// quoteChar cannot be switched off from Node (null means the default, `"`), so
// we give a byte that no word holds.
import pl from "nodejs-polars";
import { printTotals } from "./print.mjs";

const [file, dump] = process.argv.slice(2);
const totals = pl
  .scanCSV(file, {
    sep: "\t",
    hasHeader: false,
    quoteChar: "\u0001",
    missingUtf8IsEmptyString: true,
    schema: {
      word: pl.Utf8,
      year: pl.Int32,
      match_count: pl.Int64,
      volume_count: pl.Int64,
    },
  })
  .groupBy("word")
  .agg(pl.col("match_count").sum().alias("total"));

if (dump) {
  const frame = await totals.collect();
  await printTotals(frame.rows());
} else {
  const frame = await totals
    .select(pl.len().alias("words"), pl.col("total").sum().alias("sum"))
    .collect();
  console.log(frame.rows()[0].join(" "));
}
