import { expected, LookalikeError } from "./errors.ts";
import type { CategoryColumn, Column } from "./table.ts";

/**
 * The numeric values of a column. Labels are parsed, because file readers guess the type of a column.
 *
 * @returns one number per row; NaN is missing
 * @throws ERR_FEATURE_INVALID a label is not a number
 */
export function numbersOf(name: string, column: Column): Float64Array {
  if (column.kind === "number") return column.values;
  const parsed = column.labels.map((label) => {
    const number = label.trim() === "" ? Number.NaN : Number(label);
    if (!Number.isNaN(number) || label.trim() === "") return number;
    throw new LookalikeError("ERR_FEATURE_INVALID", expected("a number", `feature column ${name}`, label), {
      hint: "Use a column of numbers: the model was trained on numbers in this column.",
    });
  });
  return Float64Array.from(column.codes, (code) => parsed[code] ?? Number.NaN);
}

/** A column as labels. Numbers are written out; missing values stay missing. */
export function labelsOf(column: Column): CategoryColumn {
  if (column.kind === "category") return column;
  const labels: string[] = [];
  const codeOf = new Map<number, number>();
  const codes = Int32Array.from(column.values, (value) => {
    if (Number.isNaN(value)) return -1;
    const known = codeOf.get(value);
    if (known !== undefined) return known;
    codeOf.set(value, labels.length);
    return labels.push(String(value)) - 1;
  });
  return { kind: "category", codes, labels };
}
