/** Comma-separated values after RFC 4180, and what keeps spreadsheets from running them. */

/**
 * Characters that make a spreadsheet take a cell for a formula (OWASP, CSV Injection), full-width forms and leading
 * blanks among them.
 */
const FORMULA = /^\s*[=+\-@＝＋－＠]|^[\t\r]/;
/** A signed number is no formula. */
const NUMBER = /^[+-]?\d+(?:[.,]\d+)*$/;

/** Whether a spreadsheet might run the text. */
export function isFormula(text: string): boolean {
  return FORMULA.test(text) && !NUMBER.test(text);
}

/** The text as spreadsheets show it and never run it: an apostrophe goes before what looks like a formula. */
export function markText(text: string): string {
  return isFormula(text) ? `'${text}` : text;
}

/** One cell; quoted where it has to be. */
export function csvCell(value: string | number | null): string {
  if (value === null) return "";
  if (typeof value === "number") return Number.isFinite(value) ? String(value) : "";
  return /[",\r\n]|^\s|\s$/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}

/** One line, CRLF at its end. */
export function csvLine(cells: readonly (string | number | null)[]): string {
  return `${cells.map(csvCell).join(",")}\r\n`;
}
