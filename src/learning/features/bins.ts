import type { Column, Table } from "../../core/index.ts";
import { createRandom, labelsOf, numbersOf } from "../../core/index.ts";
import { requireColumns } from "./schema.ts";

/** The bins 1, 2, ... of a column; bin 0 contains missing values. */
export type BinFeature =
  | {
      readonly kind: "number";
      readonly name: string;
      /** Ascending; a value is in bin 1 + the number of edges below it. */
      readonly edges: readonly number[];
    }
  | {
      readonly kind: "category";
      readonly name: string;
      /** The label of bin 1, 2, ..., most frequent first. */
      readonly labels: readonly string[];
      /**
       * Whether rare labels share a separate bin, the last one. Unseen labels go to that bin, or to bin 0
       * without one.
       */
      readonly rare: boolean;
    };

/** Bins of features. They never depend on an outcome. */
export interface BinSchema {
  readonly features: readonly BinFeature[];
}

/**
 * Rows of bins in row-major order, four features per 32-bit word: feature f is in bits 8 (f mod 4) and up.
 */
export interface BinnedRows {
  readonly rows: number;
  /** Words per row: features / 4, rounded up; the padding is bin 0. */
  readonly stride: number;
  readonly words: Uint32Array;
  /** The same memory as bytes; `byteOf` is the position of a feature in a row. */
  readonly bytes: Uint8Array;
}

const IS_LITTLE_ENDIAN = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1;

/** The position of a feature's byte in a row. */
function byteOf(feature: number): number {
  return IS_LITTLE_ENDIAN ? feature : feature ^ 3;
}

/** Bin 0 and 254 others fit a byte, with one value unused. */
const MAX_BINS = 254;
/** A label with fewer rows is pooled with the other rare ones. */
const MIN_LABEL_ROWS = 20;
/** Quantiles of this many rows are as good as those of all rows. */
const SAMPLE_ROWS = 100_000;

/** Number of bins of a feature, bin 0 included. */
export function binCount(feature: BinFeature): number {
  if (feature.kind === "number") return feature.edges.length + 2;
  return feature.labels.length + (feature.rare ? 2 : 1);
}

/**
 * Learns bins: of about equal size for numbers, and one for every frequent label of a category.
 *
 * @param names default: every column of the table
 * @throws ERR_FEATURE_MISSING
 */
export function learnBins(table: Table, names: readonly string[] = [...table.columns.keys()]): BinSchema {
  requireColumns(table, names);
  const features = names.map((name): BinFeature => {
    const column = table.columns.get(name) as Column;
    return column.kind === "number"
      ? { kind: "number", name, edges: learnEdges(column.values) }
      : { kind: "category", name, ...learnLabels(column.codes, column.labels) };
  });
  return { features };
}

/**
 * Converts a table's rows to bins.
 *
 * @throws ERR_FEATURE_MISSING, ERR_FEATURE_INVALID
 */
export function binRows({ features }: BinSchema, table: Table): BinnedRows {
  requireColumns(
    table,
    features.map((feature) => feature.name),
  );
  const stride = Math.max(1, Math.ceil(features.length / 4));
  const binned = createBinned(table.rows, stride);
  for (const [index, feature] of features.entries()) {
    const column = table.columns.get(feature.name) as Column;
    const bins =
      feature.kind === "number"
        ? numberBins(feature.edges, numbersOf(feature.name, column))
        : categoryBins(feature, labelsOf(column));
    setFeature(binned, index, bins);
  }
  return binned;
}

/** Rows with bin 0 everywhere, in memory that threads can share. */
export function createBinned(rows: number, stride: number): BinnedRows {
  return viewBinned(rows, stride, new SharedArrayBuffer(rows * stride * 4));
}

/** Binned rows over an existing buffer. */
function viewBinned(rows: number, stride: number, buffer: ArrayBufferLike): BinnedRows {
  return { rows, stride, words: new Uint32Array(buffer), bytes: new Uint8Array(buffer) };
}

/** Writes one feature's bins. */
export function setFeature({ rows, stride, bytes }: BinnedRows, feature: number, bins: Uint8Array): void {
  for (let row = 0, at = byteOf(feature); row < rows; row++, at += stride * 4) {
    bytes[at] = bins[row] as number;
  }
}

/** One feature's bins, one per row. */
export function getFeature({ rows, stride, bytes }: BinnedRows, feature: number): Uint8Array {
  const bins = new Uint8Array(rows);
  for (let row = 0, at = byteOf(feature); row < rows; row++, at += stride * 4) {
    bins[row] = bytes[at] as number;
  }
  return bins;
}

function numberBins(edges: readonly number[], values: Float64Array): Uint8Array {
  const sorted = Float64Array.from(edges);
  const bins = new Uint8Array(values.length);
  for (let row = 0; row < values.length; row++) {
    const value = values[row] as number;
    if (Number.isNaN(value)) continue;
    let low = 0;
    let high = sorted.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((sorted[middle] as number) < value) low = middle + 1;
      else high = middle;
    }
    bins[row] = low + 1;
  }
  return bins;
}

function categoryBins(
  feature: BinFeature & { kind: "category" },
  { codes, labels }: { readonly codes: Int32Array; readonly labels: readonly string[] },
): Uint8Array {
  const known = new Map(feature.labels.map((label, i) => [label, i + 1]));
  const unknown = feature.rare ? feature.labels.length + 1 : 0;
  const binOf = labels.map((label) => known.get(label) ?? unknown);
  return Uint8Array.from(codes, (code) => binOf[code] ?? 0);
}

function learnEdges(values: Float64Array): number[] {
  const sorted = sample(values).sort();
  const distinct = sorted.filter((value, i) => i === 0 || value !== sorted[i - 1]);
  if (distinct.length <= MAX_BINS) {
    return Array.from(distinct.subarray(1), (value, i) => between(distinct[i] as number, value));
  }
  const edges = new Set<number>();
  for (let bin = 1; bin < MAX_BINS; bin++) {
    const at = Math.floor((bin * sorted.length) / MAX_BINS);
    const [below, above] = [sorted[at - 1] as number, sorted[at] as number];
    edges.add(below < above ? between(below, above) : above);
  }
  return [...edges];
}

/** The middle of two numbers; rounding never takes it above the upper one. */
function between(low: number, high: number): number {
  const middle = low / 2 + high / 2;
  return middle < high ? middle : low;
}

function sample(values: Float64Array): Float64Array {
  if (values.length <= SAMPLE_ROWS) return values.filter(Number.isFinite);
  const random = createRandom(values.length);
  const drawn = new Float64Array(SAMPLE_ROWS);
  for (let i = 0; i < SAMPLE_ROWS; i++) drawn[i] = values[Math.floor(random() * values.length)] as number;
  return drawn.filter(Number.isFinite);
}

function learnLabels(codes: Int32Array, labels: readonly string[]): { labels: string[]; rare: boolean } {
  const counts = new Map<string, number>();
  for (const code of codes) {
    const label = labels[code];
    if (label !== undefined) counts.set(label, (counts.get(label) ?? 0) + 1);
  }
  const ranked = [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  const kept = ranked.slice(0, MAX_BINS - 1).filter(([, count]) => count >= MIN_LABEL_ROWS);
  return { labels: kept.map(([label]) => label), rare: kept.length < ranked.length };
}
