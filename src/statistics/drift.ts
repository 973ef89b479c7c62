import type { Column, Table } from "../core/index.ts";
import { numbersOf } from "../core/index.ts";
import { quantile } from "./bootstrap.ts";

/** The distribution of a feature in training: shares of bins, the last one for missing values. */
export type FeatureReference =
  | {
      readonly kind: "number";
      readonly name: string;
      /** Ascending; bin i contains edges[i - 1] <= x < edges[i]. */
      readonly edges: readonly number[];
      readonly min: number;
      readonly max: number;
      /** `edges.length + 1` bins, then the missing values. */
      readonly shares: readonly number[];
    }
  | {
      readonly kind: "category";
      readonly name: string;
      readonly labels: readonly string[];
      /** A bin for each label, one for all others, then the missing values. */
      readonly shares: readonly number[];
    };

/** The change of a feature's distribution since training. */
interface FeatureDrift {
  readonly feature: string;
  /** Population stability index; 0 if the distributions are equal. */
  readonly stability: number;
  /** `shifted` above 0.25, `moving` above 0.1. */
  readonly verdict: "stable" | "moving" | "shifted";
  /** Share of customers outside the range seen in training, or with a label not seen (or rare) there. */
  readonly outside: number;
}

const BINS = 10;
const MAX_LABELS = 50;
/** Keeps the index finite if a bin is empty on one side. */
const FLOOR = 1e-4;
/** With fewer customers, chance alone produces drift. */
const MIN_DRIFT_ROWS = 200;

/** The reference distribution of every named column: deciles of numbers, the 50 most frequent labels. */
export function learnReference(table: Table, names: Iterable<string>): FeatureReference[] {
  return [...names].flatMap((name) => {
    const column = table.columns.get(name);
    return column === undefined ? [] : [referenceOf(name, column)];
  });
}

function referenceOf(name: string, column: Column): FeatureReference {
  if (column.kind === "number") {
    const known = column.values.filter(Number.isFinite).sort();
    const cuts =
      known.length === 0 ? [] : Array.from({ length: BINS - 1 }, (_, i) => quantile(known, (i + 1) / BINS));
    const edges = cuts.filter((cut, i) => cut > (known[0] as number) && cut !== cuts[i - 1]);
    const empty: FeatureReference = {
      kind: "number",
      name,
      edges,
      min: known[0] ?? 0,
      max: known.at(-1) ?? 0,
      shares: [],
    };
    return { ...empty, shares: sharesOf(countBins(empty, column).counts) };
  }
  const sizes = new Map<number, number>();
  for (const code of column.codes) if (code >= 0) sizes.set(code, (sizes.get(code) ?? 0) + 1);
  const labels = [...sizes]
    .sort((a, b) => b[1] - a[1] || a[0] - b[0])
    .slice(0, MAX_LABELS)
    .map(([code]) => column.labels[code] as string);
  const empty: FeatureReference = { kind: "category", name, labels, shares: [] };
  return { ...empty, shares: sharesOf(countBins(empty, column).counts) };
}

/** Counts customers in batches while they are scored; uses memory for one number per bin. */
export interface DriftMeter {
  add(table: Table): void;
  /** Largest drift first; empty for fewer than `MIN_DRIFT_ROWS` customers. */
  report(): FeatureDrift[];
}

/**
 * Population stability index of each feature against training: the sum over bins of (share now - share then)
 * x ln(share now / share then), with shares of at least 0.0001.
 *
 * Source: Siddiqi 2006, Credit Risk Scorecards; 0.1 and 0.25 are the conventional limits.
 */
export function createDriftMeter(references: readonly FeatureReference[]): DriftMeter {
  const seen = references.map((reference) => ({
    reference,
    counts: new Float64Array(reference.shares.length),
    outside: 0,
  }));
  let rows = 0;
  return {
    add(table) {
      rows += table.rows;
      for (const entry of seen) {
        const column = table.columns.get(entry.reference.name);
        if (column === undefined) continue;
        const { counts, outside } = countBins(entry.reference, column);
        for (let i = 0; i < counts.length; i++)
          entry.counts[i] = (entry.counts[i] as number) + (counts[i] as number);
        entry.outside += outside;
      }
    },
    report() {
      if (rows < MIN_DRIFT_ROWS) return [];
      return seen
        .map(({ reference, counts, outside }): FeatureDrift => {
          const stability = stabilityIndex(reference.shares, sharesOf(counts));
          return {
            feature: reference.name,
            stability,
            verdict: verdictOf(stability),
            outside: outside / rows,
          };
        })
        .sort((a, b) => b.stability - a.stability);
    },
  };
}

/** @param then, now shares of the same bins, each summing to 1 */
export function stabilityIndex(then: readonly number[], now: readonly number[]): number {
  return then.reduce((sum, before, i) => {
    const [a, b] = [Math.max(FLOOR, before), Math.max(FLOOR, now[i] ?? 0)];
    return sum + (b - a) * Math.log(b / a);
  }, 0);
}

function countBins(reference: FeatureReference, column: Column): { counts: Float64Array; outside: number } {
  return reference.kind === "number" ? countNumbers(reference, column) : countLabels(reference, column);
}

function countNumbers(
  { name, edges, min, max }: FeatureReference & { readonly kind: "number" },
  column: Column,
): { counts: Float64Array; outside: number } {
  const counts = new Float64Array(edges.length + 2);
  let outside = 0;
  for (const value of numbersOf(name, column)) {
    let bin = edges.length + 1;
    if (Number.isFinite(value)) {
      bin = edges.findLastIndex((edge) => value >= edge) + 1;
      if (value < min || value > max) outside++;
    }
    counts[bin] = (counts[bin] as number) + 1;
  }
  return { counts, outside };
}

function countLabels(
  { labels }: FeatureReference & { readonly kind: "category" },
  column: Column,
): { counts: Float64Array; outside: number } {
  const counts = new Float64Array(labels.length + 2);
  const binOf = new Map(labels.map((label, i) => [label, i]));
  const texts = column.kind === "category" ? column.labels : [];
  const bins = texts.map((label) => binOf.get(label) ?? labels.length);
  let outside = 0;
  const codes = column.kind === "category" ? column.codes : column.values;
  const missing = labels.length + 1;
  const categoryBin = (code: number) => (code < 0 ? missing : (bins[code] ?? labels.length));
  const numberBin = (value: number) =>
    Number.isFinite(value) ? (binOf.get(String(value)) ?? labels.length) : missing;
  const binFor = column.kind === "category" ? categoryBin : numberBin;
  for (const code of codes) {
    const bin = binFor(code);
    if (bin === labels.length) outside++;
    counts[bin] = (counts[bin] as number) + 1;
  }
  return { counts, outside };
}

function sharesOf(counts: Float64Array): number[] {
  const total = counts.reduce((sum, count) => sum + count, 0);
  return Array.from(counts, (count) => (total === 0 ? 0 : count / total));
}

function verdictOf(stability: number): FeatureDrift["verdict"] {
  if (stability > 0.25) return "shifted";
  return stability > 0.1 ? "moving" : "stable";
}
