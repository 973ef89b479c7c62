import type { Database } from "../../io/duckdb/index.ts";
import { count } from "../../reports/index.ts";
import { chiSquareTail } from "../../statistics/index.ts";
import { ALARM, CHANCE, covariatesOf, type Gate, LEAST, NOTABLE } from "./gate.ts";
import type { LayerArms } from "./layers.ts";

/** The checks of a layer whose arms' probabilities depended on the customers' columns. */

interface WeightedArm {
  readonly arm: string;
  readonly n: number;
  /** Sum of 1 / p over the arm's customers: on average the number of customers of all arms. */
  readonly weight: number;
  /** Variance of that sum. */
  readonly variance: number;
  /** Customers of equal weights with the same information. */
  readonly effective: number;
  readonly measures: readonly WeightedMean[];
}

interface WeightedMean {
  readonly mean: number;
  /** Variance of the mean. */
  readonly variance: number;
}

export interface PersonalMeasures {
  readonly isComplete: boolean;
  readonly hasShownAt: boolean;
  readonly hasPre: boolean;
}

/**
 * Arms are compared by inverse probability weights, because their customers differ by design.
 *
 * Source: Hájek 1971 for the means; the weights of an arm sum to the number of customers on average (Horvitz and
 * Thompson 1952).
 */
export async function personalGates(
  database: Database,
  layer: LayerArms & { readonly personal: string },
  { isComplete, hasShownAt, hasPre }: PersonalMeasures,
): Promise<Gate[]> {
  const covariates = covariatesOf(layer.layer, hasPre);
  const shares = [
    ...(isComplete ? [["missing_outcomes", "has_outcome"] as const] : []),
    ...(hasShownAt ? [["exposure", "(shown_at IS NOT NULL)::INTEGER"] as const] : []),
  ];
  const measures = [...covariates.map(({ column }) => column), ...shares.map(([, sql]) => sql)];
  const { arms, deviations } = await readArms(database, layer, measures);
  const name = layer.layer;
  const small = arms.find(({ n }) => n < LEAST);
  const gates = small === undefined ? [sampleRatio(name, arms)] : [notChecked("sample_ratio", name, small)];
  gates.push(balance(name, arms, { covariates: covariates.map((own) => own.name), deviations }));
  for (const [i, [id]] of shares.entries()) gates.push(equalShares(id, name, arms, covariates.length + i));
  return gates;
}

async function readArms(
  database: Database,
  { column, filter, personal }: LayerArms & { readonly personal: string },
  measures: readonly string[],
): Promise<{ arms: WeightedArm[]; deviations: number[] }> {
  const of = (i: number) => `coalesce(h${i}, m${i})`;
  const sums = measures.flatMap((_, i) => [
    `sum(w * ${of(i)}) AS wh${i}`,
    `sum(w * w * ${of(i)}) AS wwh${i}`,
    `sum(w * w * ${of(i)} * ${of(i)}) AS wwhh${i}`,
    `any_value(d${i}) AS d${i}`,
  ]);
  const columns = measures.flatMap((sql, i) => [
    `(${sql})::DOUBLE AS h${i}`,
    `avg((${sql})::DOUBLE) OVER () AS m${i}`,
    `stddev_samp((${sql})::DOUBLE) OVER () AS d${i}`,
  ]);
  const rows = await database.all(
    `SELECT arm, count(*) AS n, sum(w) AS w, sum(w * w) AS ww, sum(w * w - w) AS v, ${sums.join(", ")}
     FROM (SELECT ${column} AS arm, 1 / ${personal} AS w, ${columns.join(", ")} FROM results WHERE ${filter})
     GROUP BY 1 ORDER BY 1`,
  );
  const arms = rows.map((row): WeightedArm => {
    const [w, ww] = [Number(row.w), Number(row.ww)];
    return {
      arm: String(row.arm),
      n: Number(row.n),
      weight: w,
      variance: Number(row.v),
      effective: w ** 2 / ww,
      measures: measures.map((_, i) => {
        const mean = Number(row[`wh${i}`]) / w;
        const spread = Number(row[`wwhh${i}`]) - 2 * mean * Number(row[`wwh${i}`]) + mean ** 2 * ww;
        return { mean, variance: Math.max(0, spread) / w ** 2 };
      }),
    };
  });
  return { arms, deviations: measures.map((_, i) => Number(rows[0]?.[`d${i}`] ?? Number.NaN)) };
}

/** Each arm's weights against the number of customers, by Bonferroni over the arms. */
function sampleRatio(layer: Gate["layer"], arms: readonly WeightedArm[]): Gate {
  const total = arms.reduce((sum, { n }) => sum + n, 0);
  const shown = arms.map(({ arm, n, weight }) => `${arm} ${count(n)}, weighted ${count(Math.round(weight))}`);
  const pValues = arms.map(({ weight, variance }) =>
    variance > 0 ? chiSquareTail((weight - total) ** 2 / variance, 1) : 1,
  );
  const pValue = Math.min(1, arms.length * Math.min(1, ...pValues));
  const detail = `${shown.join("; ")} of ${count(total)}`;
  return { id: "sample_ratio", layer, status: pValue < ALARM ? "failed" : "ok", detail, pValue };
}

function notChecked(id: Gate["id"], layer: Gate["layer"], { arm, n }: WeightedArm): Gate {
  const detail = `only ${count(n)} customers are in the arm ${arm}`;
  return { id, layer, status: "not_checked", detail, pValue: null };
}

function balance(
  layer: Gate["layer"],
  [first, ...others]: readonly WeightedArm[],
  {
    covariates,
    deviations,
  }: { readonly covariates: readonly string[]; readonly deviations: readonly number[] },
): Gate {
  let worst = { text: "", size: -1 };
  let isFlagged = false;
  for (const arm of others) {
    for (const [i, text] of covariates.entries()) {
      const [base, own, deviation] = [first?.measures[i], arm.measures[i], deviations[i] ?? Number.NaN];
      if (base === undefined || own === undefined || !(deviation > 1e-9 * Math.abs(own.mean))) continue;
      const size = Math.abs(own.mean - base.mean) / deviation;
      const chance = (CHANCE * Math.sqrt(own.variance + base.variance)) / deviation;
      if (size > Math.max(NOTABLE, chance)) isFlagged = true;
      if (size > worst.size)
        worst = {
          text: `${text} differs by ${size.toFixed(3)} standard deviations between ${first?.arm} and ${arm.arm}, weighted`,
          size,
        };
    }
  }
  if (worst.size < 0) {
    return { id: "balance", layer, status: "not_checked", detail: "nothing was known before", pValue: null };
  }
  const detail = `at most, ${worst.text}`;
  return { id: "balance", layer, status: isFlagged ? "failed" : "ok", detail, pValue: null };
}

/** Whether a weighted share is the same in every arm, by a chi-square test. */
function equalShares(
  id: "missing_outcomes" | "exposure",
  layer: Gate["layer"],
  arms: readonly WeightedArm[],
  measure: number,
): Gate {
  const shares = arms.map(({ arm, effective, measures }) => ({
    arm,
    effective,
    share: measures[measure]?.mean ?? 0,
  }));
  const detail = shares.map(({ arm, share }) => `${arm} ${(100 * share).toFixed(1)} %`).join(", ");
  const total = shares.reduce((sum, { effective }) => sum + effective, 0);
  const common = shares.reduce((sum, { effective, share }) => sum + effective * share, 0) / total;
  const variance = common * (1 - common);
  if (!(variance > 0) || arms.length < 2) return { id, layer, status: "ok", detail, pValue: null };
  const statistic = shares.reduce(
    (sum, { effective, share }) => sum + (effective * (share - common) ** 2) / variance,
    0,
  );
  const pValue = chiSquareTail(statistic, arms.length - 1);
  return { id, layer, status: pValue < ALARM ? "failed" : "ok", detail, pValue };
}
