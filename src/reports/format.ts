import type { Estimate } from "../statistics/index.ts";

/** A share, shown in per cent. */
export function percent(share: number, digits = 1): string {
  return `${(100 * share).toFixed(digits)} %`;
}

/** Like `toFixed`, but without a minus sign before zero. */
export function fixed(value: number, digits: number): string {
  return value.toFixed(digits).replace(/^-(0(?:\.0+)?)$/, "$1");
}

/** A difference of shares, shown in percentage points with its sign. */
export function points(difference: number, digits = 1): string {
  return signed(100 * difference, digits);
}

/** A number with its sign, plus or minus. */
export function signed(value: number, digits: number): string {
  const text = fixed(value, digits);
  return Number(text) > 0 ? `+${text}` : text;
}

/** The label of a tick in percentage points, with as few digits as possible. */
export function pointsTick(difference: number): string {
  const value = Number((100 * difference).toFixed(2));
  return value > 0 ? `+${value}` : String(value);
}

/** The label of a tick, with as few digits as possible. */
export function tick(value: number): string {
  return String(Number(value.toPrecision(4)));
}

export function pointsRange({ value, low, high }: Estimate, digits = 1): string {
  return `${points(value, digits)} (${points(low, digits)} to ${points(high, digits)})`;
}

export function percentRange({ value, low, high }: Estimate, digits = 1): string {
  return `${(100 * value).toFixed(digits)} (${(100 * low).toFixed(digits)} to ${(100 * high).toFixed(digits)})`;
}

/** A number with a fixed number of digits, and its interval. */
export function range({ value, low, high }: Estimate, digits: number): string {
  return `${fixed(value, digits)} (${fixed(low, digits)} to ${fixed(high, digits)})`;
}

/** A p-value of two digits; a very small one is only called so. */
export function probability(p: number): string {
  if (p < 0.0001) return "below 0.0001";
  const text = p.toPrecision(2);
  return text.includes("e") ? String(Number(text)) : text;
}

/** A text with a capital letter at its start. */
export function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

export function count(value: number): string {
  return Math.round(value).toLocaleString("en");
}

/** Number of digits that distinguishes numbers of this size. */
export function digitsFor(values: readonly number[]): number {
  const largest = Math.max(1e-9, ...values.map(Math.abs));
  return Math.max(0, Math.min(6, 2 - Math.floor(Math.log10(largest))));
}
