import { type Column, categoryColumn, createRandom, numberColumn, type Table } from "../../src/core/index.ts";
import type { CustomerBatch, TransitionTable } from "../../src/customers/index.ts";
import type { TrainingExperiment } from "../../src/offers/index.ts";

/** Data with a known truth, and the small tables that the tests of this folder are made of. */

export function table(columns: Readonly<Record<string, Column>>): Table {
  const entries = Object.entries(columns);
  const first = entries[0]?.[1];
  const cells = first?.kind === "number" ? first.values : first?.codes;
  return { rows: cells?.length ?? 0, columns: new Map(entries) };
}

export function batch(features: Table, firstId = 1): CustomerBatch {
  const rows = Array.from({ length: features.rows });
  return {
    rows: features.rows,
    ids: rows.map((_, i) => String(firstId + i)),
    table: features,
    photos: rows.map(() => null),
    consents: rows.map(() => ({ status: "missing" })),
  };
}

/** True uplifts of the simulated customers' offers: one helps the young, the other hurts the north. */
export function trueUplift(age: number, region: string): { young: number; south: number } {
  const base = sigmoid(-1);
  return {
    young: sigmoid(-1 + (45 - age) / 20) - base,
    south: sigmoid(-1 + (region === "south" ? 1 : -0.5)) - base,
  };
}

export interface Simulated {
  readonly experiment: TrainingExperiment;
  readonly ages: readonly number[];
  readonly regions: readonly string[];
}

export function simulate(rows: number, seed: number): Simulated {
  const random = createRandom(seed);
  const labels = ["none", "south", "young"];
  const arms = new Int32Array(rows);
  const outcome = new Float64Array(rows);
  const ages: number[] = [];
  const regions: string[] = [];
  for (let row = 0; row < rows; row++) {
    const age = 18 + Math.floor(random() * 60);
    const region = random() < 0.5 ? "north" : "south";
    const arm = Math.floor(random() * 3);
    const { young, south } = trueUplift(age, region);
    const chance = sigmoid(-1) + ([0, south, young][arm] ?? 0);
    arms[row] = arm;
    outcome[row] = random() < chance ? 1 : 0;
    ages.push(age);
    regions.push(region);
  }
  const features = table({ age: numberColumn(ages), region: categoryColumn(regions) });
  return { experiment: { rows, arms: { labels, codes: arms }, outcome, features }, ages, regions };
}

/** Transitions from counts: `[current, next, customers]`, all of one age and residence where given. */
export function transitions(
  counts: readonly (readonly [current: string, next: string | null, customers: number])[],
  features: { readonly age?: number; readonly residence?: string } = {},
): TransitionTable {
  const rows = counts.flatMap(([current, next, n]) => Array.from({ length: n }, () => ({ current, next })));
  return joinTransitions(rows.map((row) => ({ ...row, ...features })));
}

export interface TransitionRow {
  readonly current: string;
  readonly next: string | null;
  readonly age?: number;
  readonly residence?: string;
}

export function joinTransitions(rows: readonly TransitionRow[]): TransitionTable {
  const labels = [
    ...new Set(rows.flatMap(({ current, next }) => (next === null ? [current] : [current, next]))),
  ];
  const codes = (pick: (row: TransitionRow) => string | null) =>
    Int32Array.from(rows, (row) => labels.indexOf(pick(row) ?? ""));
  return {
    rows: rows.length,
    customerIds: rows.map((_, i) => String(i + 1)),
    current: { kind: "category", codes: codes((row) => row.current), labels },
    next: { kind: "category", codes: codes((row) => row.next), labels },
    since: new Float64Array(rows.length),
    at: new Float64Array(rows.length),
    features: table({
      ...(rows.some((row) => row.age !== undefined) ? { age: numberColumn(rows.map((row) => row.age)) } : {}),
      ...(rows.some((row) => row.residence !== undefined)
        ? { residence: categoryColumn(rows.map((row) => row.residence)) }
        : {}),
    }),
  };
}

export function sigmoid(score: number): number {
  return 1 / (1 + Math.exp(-score));
}
