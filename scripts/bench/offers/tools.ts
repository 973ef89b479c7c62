import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { resolve } from "node:path";
import type { Column, Table } from "../../../src/core/index.ts";
import { createRandom } from "../../../src/core/index.ts";
import { readExperiment } from "../../../src/customers/index.ts";
import type { LearnerId } from "../../../src/learning/index.ts";
import { createScorer, type OfferModel, type TrainingExperiment } from "../../../src/offers/index.ts";
import type { ExperimentTable } from "../../../src/statistics/index.ts";

/** Sizes that the command line may change; each section has its own defaults. */
export interface BenchOptions {
  readonly rows?: number | undefined;
  readonly splits?: number | undefined;
  readonly runs?: number | undefined;
  readonly nulls?: number | undefined;
  readonly folder?: string | undefined;
  readonly learner?: LearnerId | "auto" | undefined;
}

export const CREATED_AT = new Date(0);
export const JOBS = availableParallelism();

export function timed<T>(work: () => T): [T, number] {
  const startedAt = performance.now();
  const result = work();
  return [result, (performance.now() - startedAt) / 1000];
}

export function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}

export function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

export function numbered(rows: number): string[] {
  return Array.from({ length: rows }, (_, i) => String(i + 1));
}

export function scoresOf(model: OfferModel, table: Table) {
  return createScorer(model).score({ ids: numbered(table.rows), table });
}

/** The rows of some arms, the control first. */
export function keepArms(experiment: TrainingExperiment, labels: readonly string[]): TrainingExperiment {
  const { arms } = experiment;
  const codeOf = arms.labels.map((label) => labels.indexOf(label));
  const rows = Uint32Array.from(arms.codes.keys()).filter(
    (row) => (codeOf[arms.codes[row] as number] ?? -1) >= 0,
  );
  const kept = pick(experiment, rows);
  return { ...kept, arms: { labels, codes: kept.arms.codes.map((code) => codeOf[code] as number) } };
}

export function pick({ arms, outcome, features }: TrainingExperiment, rows: Uint32Array): TrainingExperiment {
  const columns = [...features.columns].map(([name, column]): [string, Column] => [
    name,
    column.kind === "number"
      ? { kind: "number", values: Float64Array.from(rows, (row) => column.values[row] as number) }
      : { ...column, codes: Int32Array.from(rows, (row) => column.codes[row] as number) },
  ]);
  return {
    rows: rows.length,
    arms: { labels: arms.labels, codes: Int32Array.from(rows, (row) => arms.codes[row] as number) },
    outcome: Float64Array.from(rows, (row) => outcome[row] as number),
    features: { rows: rows.length, columns: new Map(columns) },
  };
}

export const HILLSTROM_ARMS = ["No E-Mail", "Mens E-Mail", "Womens E-Mail"] as const;

/** The e-mail experiment where it is at hand, else null. */
export async function readHillstrom(
  outcome: "visit" | "conversion" | "spend",
): Promise<ExperimentTable | null> {
  const path = resolve("../shared/data/hillstrom/hillstrom_dev.csv");
  if (!existsSync(path)) {
    console.log(`No Hillstrom experiment at ${path}: nothing measured on it.`);
    return null;
  }
  return readExperiment(path, {
    mapping: { treatment: "segment", outcome },
    control: HILLSTROM_ARMS[0],
    features: ["recency", "history_segment", "history", "mens", "womens", "zip_code", "newbie", "channel"],
  });
}

/** Numeric features in [0, 1); each offer's uplift grows with one of them. */
export function simulateWide(rows: number, arms: number, width: number): TrainingExperiment {
  const random = createRandom(1);
  const columns = Array.from({ length: width }, () => Float64Array.from({ length: rows }, random));
  const codes = Int32Array.from({ length: rows }, () => Math.floor(random() * arms));
  const outcome = Float64Array.from(codes, (arm, row) => {
    const driver = columns[(arm + width - 1) % width]?.[row] ?? 0;
    return random() < 0.1 + (arm === 0 ? 0 : 0.1 * (driver - 0.4)) ? 1 : 0;
  });
  const labels = Array.from({ length: arms }, (_, arm) => (arm === 0 ? "none" : `offer ${arm}`));
  const features = new Map(
    columns.map((values, j): [string, Column] => [`x${j}`, { kind: "number", values }]),
  );
  return { rows, arms: { labels, codes }, outcome, features: { rows, columns: features } };
}
