/** Text in aligned columns, for terminals. */

/** Rows as lines; every column but the last is as wide as its widest cell, up to `most` characters. */
export function columnsOf(rows: readonly (readonly string[])[], most = 60): string[] {
  const clean = rows.map((row) => row.map(oneLine));
  const widths = (clean[0] ?? []).map((_cell, column) =>
    Math.min(most, Math.max(...clean.map((row) => (row[column] ?? "").length))),
  );
  return clean.map((row) =>
    row
      .map((cell, column) => (column === row.length - 1 ? cell : cell.padEnd(widths[column] ?? 0)))
      .join("  ")
      .trimEnd(),
  );
}

/** Without line breaks and control characters, which a terminal might obey. */
export function oneLine(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
  return text.replace(/[\u0000-\u001f\u007f-\u009f]+/g, " ");
}
