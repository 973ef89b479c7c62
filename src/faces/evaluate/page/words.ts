export function percent(value: number, digits = 2): string {
  return `${(100 * value).toFixed(digits)}\u00a0%`;
}

/** A length in the reader's grouping: 12,345. */
export function count(value: number): string {
  return value.toLocaleString("en");
}
