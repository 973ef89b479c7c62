import { wrongUse } from "../../core/index.ts";

/** Quotes an SQL identifier. @throws ERR_OPTION_INVALID the name contains a NUL byte */
export function quoteName(name: string): string {
  return `"${withoutNul(name).replaceAll('"', '""')}"`;
}

/** Quotes an SQL text literal. */
export function quoteText(text: string): string {
  return `'${withoutNul(text).replaceAll("'", "''")}'`;
}

/** A file path as an SQL literal. Readers treat a plain path as a glob, so glob characters are escaped. */
export function quoteFile(path: string): string {
  return quoteText(path.replace(/[*?[]/g, "[$&]"));
}

function withoutNul(text: string): string {
  if (!text.includes("\0")) return text;
  throw wrongUse("a name without NUL bytes", "one with", "Rename the file or the column.");
}
