// SPDX-License-Identifier: MIT

// Writes rows of (word, total), one a line, waiting where the reader is slow.
export async function printTotals(rows) {
  for (let at = 0; at < rows.length; at += 65536) {
    const lines = rows
      .slice(at, at + 65536)
      .map(([word, total]) => `${word}\t${total}\n`);
    if (!process.stdout.write(lines.join("")))
      await new Promise((resume) => process.stdout.once("drain", resume));
  }
}
