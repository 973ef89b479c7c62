/** Comma-separated values after RFC 4180, protected against formulas in spreadsheets. */

/**
 * Start of a cell that a spreadsheet takes for a formula (OWASP, CSV Injection), including full-width forms
 * and leading blanks.
 */
const FORMULA = /^\s*[=+\-@＝＋－＠]|^[\t\r]/;
/** A signed number is not a formula. */
const NUMBER = /^[+-]?\d+(?:[.,]\d+)*$/;

/** Whether a spreadsheet might run the text. */
export function isFormula(text: string): boolean {
  return FORMULA.test(text) && !NUMBER.test(text);
}

/**
 * Marks a text that looks like a formula with a leading apostrophe: spreadsheets then show it and do not run
 * it.
 */
export function markText(text: string): string {
  return isFormula(text) ? `'${text}` : text;
}

/** One cell, quoted if necessary. */
function csvCell(value: string | number | null): string {
  if (value === null) return "";
  if (typeof value === "number") return Number.isFinite(value) ? String(value) : "";
  return /[",\r\n]|^\s|\s$/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}

/** One line that ends with CRLF. */
export function csvLine(cells: readonly (string | number | null)[]): string {
  return `${cells.map(csvCell).join(",")}\r\n`;
}
