import { LookalikeError } from "../../core/index.ts";

/** An SQL identifier, whatever characters the name is made of (a NUL byte cannot be one: ERR_OPTION_INVALID). */
export function quoteName(name: string): string {
  return `"${withoutNul(name).replaceAll('"', '""')}"`;
}

/** An SQL text literal. */
export function quoteText(text: string): string {
  return `'${withoutNul(text).replaceAll("'", "''")}'`;
}

/** A file to read as an SQL literal: readers take a plain path for a glob, so what looks like one is escaped. */
export function quoteFile(path: string): string {
  return quoteText(path.replace(/[*?[]/g, "[$&]"));
}

function withoutNul(text: string): string {
  if (!text.includes("\0")) return text;
  throw new LookalikeError("ERR_OPTION_INVALID", "Expected a name without NUL bytes but received one with", {
    hint: "Rename the file or the column.",
  });
}
