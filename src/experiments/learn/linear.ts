import { type Column, categoryColumn, cell, numberColumn, type Table } from "../../core/index.ts";
import type { Database, RowBatch } from "../../io/duckdb/index.ts";
import {
  type ArmPrior,
  addReward,
  contextWidth,
  emptyLinearArm,
  encodeContexts,
  type LinearArm,
  learnContext,
} from "../../learning/index.ts";
import { LAYER_COLUMNS, type LearnedLayer } from "./layers.ts";
import type { SharePolicy } from "./policy-file.ts";

/** Columns of the customers, on which their shares depend. */
export interface ContextSource {
  readonly names: readonly string[];
  /** The campaign's customers with these columns; read several times. */
  readonly customers: AsyncIterable<{ readonly ids: readonly string[]; readonly table: Table }>;
}

type Linear = NonNullable<SharePolicy["linear"]>;

/** Most rows from which the encoding is learned. */
const SAMPLE_ROWS = 50_000;

/**
 * Learns how the columns become features, from customers spread over the whole file.
 *
 * @throws ERR_FEATURE_MISSING, ERR_FEATURE_INVALID, ERR_OPTION_INVALID more than 50 features
 */
export async function learnEncoding({ names, customers }: ContextSource): Promise<Linear["schema"]> {
  let kept: (readonly (number | string | null)[])[] = [];
  let kinds = new Map<string, Column["kind"]>();
  let stride = 1;
  let seen = 0;
  for await (const { table } of customers) {
    const columns = names.flatMap((name) => table.columns.get(name) ?? []);
    if (seen === 0) kinds = new Map([...table.columns].map(([name, { kind }]) => [name, kind]));
    for (let row = 0; row < table.rows; row++, seen++) {
      if (seen % stride === 0) kept.push(columns.map((column) => cell(column, row)));
      if (kept.length < 2 * SAMPLE_ROWS) continue;
      kept = kept.filter((_, i) => i % 2 === 0);
      stride *= 2;
    }
  }
  const present = names.filter((name) => kinds.has(name));
  const columns = present.map((name, i): [string, Column] => {
    const values = kept.map((row) => row[i] ?? null);
    return kinds.get(name) === "number"
      ? [name, numberColumn(values.map((value) => (typeof value === "number" ? value : null)))]
      : [name, categoryColumn(values.map((value) => (value === null ? null : String(value))))];
  });
  return learnContext({ rows: kept.length, columns: new Map(columns) }, names);
}

/** The sums of the arms of each layer, by name. */
export type LinearSums = ReadonlyMap<LearnedLayer, ReadonlyMap<string, LinearArm>>;

export function emptySums(
  schema: Linear["schema"],
  layers: ReadonlyMap<LearnedLayer, readonly string[]>,
): LinearSums {
  const width = contextWidth(schema);
  const arms = (names: readonly string[]) =>
    new Map(names.map((arm): [string, LinearArm] => [arm, emptyLinearArm(width)]));
  return new Map([...layers].map(([layer, names]) => [layer, arms(names)]));
}

/**
 * Adds the customers of finished runs, with their rewards relative to the run: the mean over the arms, each weighted by
 * 1 / propensity, is subtracted, because more was bought in some runs than in others. Inside a run customers count
 * equally: their arm's probability depends only on their features, which the regression contains, and weights would
 * let a few customers of a rare arm decide. A customer who is not in the campaign's file any more counts as average.
 *
 * @param reward SQL over `results`
 */
export async function addLinearRewards(
  database: Database,
  into: LinearSums,
  {
    schema,
    customers,
    reward,
  }: Pick<ContextSource, "customers"> & { readonly schema: Linear["schema"]; readonly reward: string },
): Promise<void> {
  const width = contextWidth(schema);
  const names = Array.from({ length: width - 1 }, (_, i) => `f${i}`);
  await database.run(
    `CREATE OR REPLACE TABLE contexts (id VARCHAR, ${names.map((name) => `${name} DOUBLE`).join(", ")})`,
  );
  for await (const { ids, table } of customers) {
    await database.insert("contexts_batch", encodedTable(ids, encodeContexts(schema, table), names));
    await database.run("INSERT INTO contexts SELECT * FROM contexts_batch");
  }
  for (const [layer, arms] of into) {
    const { arm, filter, propensity } = LAYER_COLUMNS[layer];
    const rows = database.stream(
      `WITH shown_arms AS (SELECT unit, id, run, ${arm} AS arm, (${reward})::DOUBLE AS reward, 1 / ${propensity} AS weight
         FROM results WHERE is_ripe AND ${filter} AND ${propensity} > 0),
       means AS (SELECT run, arm, sum(weight * reward) / sum(weight) AS mean FROM shown_arms GROUP BY ALL),
       levels AS (SELECT run, avg(mean) AS level FROM means GROUP BY run)
       SELECT arm, reward - level AS reward, ${names.map((name) => `coalesce(${name}, 0) AS ${name}`).join(", ")}
       FROM shown_arms JOIN levels USING (run) LEFT JOIN contexts USING (id) ORDER BY unit`,
    );
    for await (const batch of rows) addBatch(batch, arms, names);
  }
}

function addBatch(batch: RowBatch, arms: ReadonlyMap<string, LinearArm>, names: readonly string[]): void {
  const shown = batch.texts("arm");
  const rewards = batch.numbers("reward");
  const columns = names.map((name) => batch.numbers(name));
  const x = new Float64Array(names.length + 1);
  x[0] = 1;
  for (let row = 0; row < batch.rows; row++) {
    const own = arms.get(shown[row] ?? "");
    if (own === undefined) continue;
    for (const [i, column] of columns.entries()) x[i + 1] = column[row] ?? 0;
    addReward(own, x, rewards[row] ?? 0);
  }
}

/**
 * The sums of a layer's arms for the policy's file. A prior counts as customers with average columns, relative to the
 * mean of the priors.
 */
export function linearArms(
  arms: ReadonlyMap<string, LinearArm>,
  priors: readonly ArmPrior[] = [],
): NonNullable<Linear[LearnedLayer]> {
  const level = priors.reduce((sum, { mean }) => sum + mean, 0) / Math.max(1, priors.length);
  return [...arms].map(([arm, { n, squares, a, b }], i) => {
    const own = { arm, n, squares, a: [...a], b: [...b] };
    const prior = priors[i];
    if (prior === undefined) return own;
    const reward = prior.mean - level;
    own.a[0] = (own.a[0] ?? 0) + prior.weight;
    own.b[0] = (own.b[0] ?? 0) + prior.weight * reward;
    own.squares += prior.weight * reward ** 2;
    return own;
  });
}

function encodedTable(
  ids: readonly string[],
  contexts: ReturnType<typeof encodeContexts>,
  names: readonly string[],
): Table {
  const columns = names.map((name, i): [string, Column] => [
    name,
    numberColumn(Float64Array.from({ length: contexts.rows }, (_, row) => contexts.of(row)[i + 1] ?? 0)),
  ]);
  return { rows: contexts.rows, columns: new Map([["id", categoryColumn(ids)], ...columns]) };
}
