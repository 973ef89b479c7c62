import type { CategoryColumn, Column, Table } from "../../core/index.ts";
import { labelsOf, numbersOf } from "../../core/index.ts";
import {
  type CategoryFeature,
  type Feature,
  type FeatureSchema,
  type NumberFeature,
  requireColumns,
} from "./schema.ts";
import type { TargetEncoding } from "./target-encoding.ts";

/** Rows of encoded features, in row-major order. */
export interface DesignMatrix {
  readonly rows: number;
  /** Design columns per row, named by `designColumns`. */
  readonly width: number;
  /** `rows x width` numbers; all finite. */
  readonly values: Float64Array;
  /**
   * The most frequent value of each column, if there are many indicators: a sum of products then reads only
   * the values that differ from it. Absent if that is no faster.
   */
  readonly base?: Float64Array | undefined;
}

interface DesignColumn {
  readonly name: string;
  /** Share of the rows in which an indicator is set; 0 for a number; null for the mean outcome of a level. */
  readonly share: number | null;
}

/** The design columns of one feature, in order. */
function columnsOf(feature: Feature): readonly DesignColumn[] {
  const { name, missing } = feature;
  const absent = missing > 0 ? [{ name: `${name} missing`, share: missing }] : [];
  if (feature.kind === "number") return [{ name, share: 0 }, ...absent];
  return [
    ...feature.levels.map(({ label, share }) => ({ name: `${name} = ${label}`, share })),
    ...(feature.rare > 0 ? [{ name: `${name} rare`, share: feature.rare }] : []),
    ...absent,
    ...(feature.encoding ? [{ name: `${name} mean`, share: null }] : []),
  ];
}

/** Names of the design columns, in order: `age`, `age missing`, `zip = Urban`, `zip rare`, `zip missing`, `zip mean`. */
export function designColumns(schema: FeatureSchema): readonly string[] {
  return schema.features.flatMap((feature) => columnsOf(feature).map(({ name }) => name));
}

/**
 * Encodes a table's rows. Numbers are standardised, labels become centred indicators, and a missing value
 * becomes the average. A label that was not in training counts as rare, or as average if no label was rare.
 * Labels are converted to numbers, and numbers to labels, if the schema requires it, because file readers
 * guess types.
 *
 * @param own for training rows: values of encoded categories that replace those of the schema
 *   (`learnSchemaWith`)
 * @throws ERR_FEATURE_MISSING a column of the schema is absent; the message names all missing columns
 * @throws ERR_FEATURE_INVALID a numeric column contains a label that is not a number
 */
export function encode(
  schema: FeatureSchema,
  table: Table,
  own: ReadonlyMap<string, Float64Array> = new Map(),
): DesignMatrix {
  const { features } = schema;
  requireColumns(
    table,
    features.map((feature) => feature.name),
  );
  const columns = features.flatMap(columnsOf);
  const width = columns.length;
  // Memory that threads can share.
  const values = new Float64Array(new SharedArrayBuffer(table.rows * width * 8));
  const matrix = { rows: table.rows, width, values, base: baseOf(columns) };
  let offset = 0;
  for (const feature of features) {
    const column = table.columns.get(feature.name) as Column;
    if (feature.kind === "number") {
      offset += encodeNumber(matrix, offset, feature, numbersOf(feature.name, column));
      continue;
    }
    const labels = labelsOf(column);
    offset += encodeCategory(matrix, offset, feature, labels);
    if (feature.encoding) {
      fillEncoded(
        matrix,
        offset,
        feature.encoding,
        own.get(feature.name) ?? valuesOf(feature.encoding, labels),
      );
      offset++;
    }
  }
  return matrix;
}

/** From this number of indicators on, reading only the set ones is faster. */
const MANY_INDICATORS = 16;

/** An indicator that is not set is minus its share; a missing number is 0. */
function baseOf(columns: readonly DesignColumn[]): Float64Array | undefined {
  const indicators = columns.filter(({ share }) => share !== null).length;
  return indicators < MANY_INDICATORS
    ? undefined
    : Float64Array.from(columns, ({ share }) => 0 - (share ?? 0));
}

/** The listed rows of a matrix, in that order. */
export function takeRows(matrix: DesignMatrix, rows: ArrayLike<number>): DesignMatrix {
  const { width } = matrix;
  const values = new Float64Array(rows.length * width);
  for (let i = 0; i < rows.length; i++) {
    const start = (rows[i] as number) * width;
    values.set(matrix.values.subarray(start, start + width), i * width);
  }
  return { ...matrix, rows: rows.length, values };
}

/** @returns the number of design columns that were filled from `offset` on */
function encodeNumber(
  { rows, width, values }: DesignMatrix,
  offset: number,
  feature: NumberFeature,
  numbers: Float64Array,
): number {
  const indicator = feature.missing > 0;
  for (let row = 0, at = offset; row < rows; row++, at += width) {
    const value = numbers[row] as number;
    const known = Number.isFinite(value);
    values[at] = known ? (value - feature.mean) / feature.deviation : 0;
    if (indicator) values[at + 1] = (known ? 0 : 1) - feature.missing;
  }
  return indicator ? 2 : 1;
}

function encodeCategory(
  { rows, width, values }: DesignMatrix,
  offset: number,
  feature: CategoryFeature,
  column: CategoryColumn,
): number {
  const shares = columnsOf(feature).flatMap(({ share }) => (share === null ? [] : [share]));
  const rareAt = feature.rare > 0 ? feature.levels.length : -1;
  const missingAt = feature.missing > 0 ? shares.length - 1 : -1;
  const levelOf = new Map(feature.levels.map((level, index) => [level.label, index]));
  const positions = column.labels.map((label) => levelOf.get(label) ?? rareAt);
  for (let row = 0, at = offset; row < rows; row++, at += width) {
    const code = column.codes[row] as number;
    const position = code < 0 ? missingAt : (positions[code] as number);
    if (position < 0) continue;
    for (let level = 0; level < shares.length; level++) {
      values[at + level] = (level === position ? 1 : 0) - (shares[level] as number);
    }
  }
  return shares.length;
}

/** The mean outcome of the level of each row. */
function valuesOf({ prior, values }: TargetEncoding, { codes, labels }: CategoryColumn): Float64Array {
  const ofLevel = labels.map((label) => values.get(label) ?? prior);
  return Float64Array.from(codes, (code) => ofLevel[code] ?? prior);
}

function fillEncoded(
  { rows, width, values }: DesignMatrix,
  offset: number,
  { prior, deviation }: TargetEncoding,
  means: Float64Array,
): void {
  for (let row = 0, at = offset; row < rows; row++, at += width) {
    values[at] = ((means[row] ?? prior) - prior) / deviation;
  }
}
