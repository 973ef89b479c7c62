import type { Database } from "../../io/duckdb/index.ts";
import { count } from "../../reports/index.ts";
import { chiSquareTail } from "../../statistics/index.ts";
import type { OutcomeForm } from "../outcomes/events.ts";
import type { Units } from "../outcomes/units.ts";
import { ALARM, CHANCE, covariatesOf, type Gate, LEAST, NOTABLE } from "./gate.ts";
import { type LayerArms, layersOf } from "./layers.ts";
import { personalGates } from "./personal-gates.ts";

/**
 * Runs all checks, before any effect is computed. Runs may differ in their shares and customers, so arms are
 * compared within each run and the statistics are added.
 */
export async function checkGates(
  database: Database,
  units: Units,
  form: OutcomeForm,
  hasPre: boolean,
): Promise<Gate[]> {
  const gates: Gate[] = [twoArms(units), unassigned(units)];
  for (const layer of layersOf(units)) {
    const { personal } = layer;
    if (personal !== null) {
      gates.push(...(await personalGates(database, { ...layer, personal }, { ...form, hasPre })));
      continue;
    }
    const arms = await readArms(database, layer);
    gates.push(
      sampleRatioGate(layer, arms),
      balanceGate(layer.layer, await readCovariates(database, layer, hasPre)),
    );
    if (form.isComplete) gates.push(sharesGate("missing_outcomes", layer.layer, arms, ({ known }) => known));
    if (form.hasShownAt) gates.push(exposureGate(layer.layer, arms));
  }
  return gates;
}

interface GateArm {
  readonly run: number;
  readonly arm: string;
  readonly n: number;
  readonly known: number;
  readonly shown: number;
}

async function readArms(database: Database, { column, filter }: LayerArms): Promise<GateArm[]> {
  const rows = await database.all(
    `SELECT run, ${column} AS arm, count(*) AS n, sum(has_outcome) AS known, count(shown_at) AS shown
     FROM results WHERE ${filter} GROUP BY ALL ORDER BY run, arm`,
  );
  return rows.map((row) => ({
    run: Number(row.run),
    arm: String(row.arm),
    n: Number(row.n),
    known: Number(row.known),
    shown: Number(row.shown),
  }));
}

interface CovariateArm {
  readonly arm: string;
  readonly n: number;
  readonly covariates: readonly { name: string; mean: number; variance: number; scale: number }[];
}

/** Reads the covariates from before the campaign, centred on the means of each run. */
async function readCovariates(
  database: Database,
  { layer, column, filter }: LayerArms,
  hasPre: boolean,
): Promise<CovariateArm[]> {
  const named = covariatesOf(layer, hasPre);
  const centred = named.map(
    ({ column: own }) =>
      `${own} - avg(${own}) OVER (PARTITION BY run) AS centred_${own}, abs(${own}) AS scale_${own}`,
  );
  const sums = named.map(
    ({ column: own }) =>
      `avg(centred_${own}) AS mean_${own}, var_samp(centred_${own}) AS var_${own}, max(scale_${own}) AS scale_${own}`,
  );
  const rows = await database.all(
    `SELECT arm, count(*) AS n, ${sums.join(", ")}
     FROM (SELECT ${column} AS arm, ${centred.join(", ")} FROM results WHERE ${filter}) GROUP BY 1 ORDER BY 1`,
  );
  const numberIn = (value: SqlCell) => Number(value ?? Number.NaN);
  return rows.map((row) => ({
    arm: String(row.arm),
    n: Number(row.n),
    covariates: named.map(({ name, column: own }) => ({
      name,
      mean: numberIn(row[`mean_${own}`]),
      variance: numberIn(row[`var_${own}`]),
      scale: numberIn(row[`scale_${own}`]),
    })),
  }));
}

type SqlCell = string | number | null | undefined;

/** Arms with a share of 0 are not a degree of freedom: a single customer in one is an error. */
function sampleRatioGate({ layer, planned }: LayerArms, arms: readonly GateArm[]): Gate {
  const gate = { id: "sample_ratio", layer } as const;
  const stray = arms.find(({ run, arm }) => !((planned[run]?.get(arm) ?? 0) > 0));
  if (stray !== undefined) {
    const detail = `${count(stray.n)} customers are in the arm ${stray.arm}, whose share is 0`;
    return { ...gate, status: "failed", detail, pValue: 0 };
  }
  const sizes = planned.flatMap((shares, run) => {
    const own = arms.filter((arm) => arm.run === run);
    const total = own.reduce((sum, { n }) => sum + n, 0);
    if (total === 0) return [];
    return [...shares]
      .filter(([, share]) => share > 0)
      .map(([arm, share]) => ({
        run,
        arm,
        expected: share * total,
        n: own.find((found) => found.arm === arm)?.n ?? 0,
      }));
  });
  const shown = [...new Set(sizes.map(({ arm }) => arm))]
    .map((arm) => {
      const own = sizes.filter((size) => size.arm === arm);
      const sum = (of: (size: (typeof own)[number]) => number) =>
        own.reduce((total, size) => total + of(size), 0);
      return `${arm} ${count(sum(({ n }) => n))} of ${count(sum(({ expected }) => expected))} planned`;
    })
    .join(", ");
  if (sizes.some(({ expected }) => expected < LEAST)) {
    return {
      ...gate,
      status: "not_checked",
      detail: `fewer than ${LEAST} customers are due in an arm: ${shown}`,
      pValue: null,
    };
  }
  const statistic = sizes.reduce((sum, { n, expected }) => sum + (n - expected) ** 2 / expected, 0);
  const freedom = sizes.length - new Set(sizes.map(({ run }) => run)).size;
  const pValue = chiSquareTail(statistic, Math.max(1, freedom));
  return { ...gate, status: pValue < ALARM ? "failed" : "ok", detail: shown, pValue };
}

/** Standardised differences of the covariates, each arm against the first (Austin 2009). */
function balanceGate(layer: Gate["layer"], arms: readonly CovariateArm[]): Gate {
  const gate = { id: "balance", layer, pValue: null } as const;
  const [first, ...others] = arms;
  let worst: { text: string; size: number } | null = null;
  let isFlagged = false;
  for (const arm of others) {
    for (const [i, own] of arm.covariates.entries()) {
      const base = first?.covariates[i];
      const spread = Math.sqrt((own.variance + (base?.variance ?? Number.NaN)) / 2);
      const size = Math.abs(own.mean - (base?.mean ?? Number.NaN)) / spread;
      // A constant covariate differs only by rounding.
      if (!Number.isFinite(size) || spread <= 1e-9 * own.scale) continue;
      const chance = CHANCE * Math.sqrt(1 / arm.n + 1 / (first?.n ?? 1));
      if (size > Math.max(NOTABLE, chance)) isFlagged = true;
      const text = `${own.name} differs by ${size.toFixed(3)} standard deviations between ${first?.arm} and ${arm.arm}`;
      if (worst === null || size > worst.size) worst = { text, size };
    }
  }
  if (worst === null) return { ...gate, status: "not_checked", detail: "nothing was known before" };
  return { ...gate, status: isFlagged ? "failed" : "ok", detail: `at most, ${worst.text}` };
}

/** Whether a share of customers is the same in every arm, within each run. */
function sharesGate(
  id: Gate["id"],
  layer: Gate["layer"],
  arms: readonly GateArm[],
  having: (arm: GateArm) => number,
): Gate {
  const detail = [...new Set(arms.map(({ arm }) => arm))]
    .map((name) => {
      const own = arms.filter(({ arm }) => arm === name);
      const share = own.reduce((sum, arm) => sum + having(arm), 0) / own.reduce((sum, { n }) => sum + n, 0);
      return `${name} ${(100 * share).toFixed(1)} %`;
    })
    .join(", ");
  const gate = { id, layer, detail } as const;
  let [statistic, freedom] = [0, 0];
  for (const run of new Set(arms.map((arm) => arm.run))) {
    const own = arms.filter((arm) => arm.run === run);
    const total = own.reduce((sum, { n }) => sum + n, 0);
    const share = own.reduce((sum, arm) => sum + having(arm), 0) / total;
    if (!(share > 0 && share < 1) || own.some(({ n }) => n < LEAST)) continue;
    freedom += own.length - 1;
    for (const arm of own) statistic += (having(arm) - share * arm.n) ** 2 / (share * (1 - share) * arm.n);
  }
  if (freedom === 0) return { ...gate, status: "ok", pValue: null };
  const pValue = chiSquareTail(statistic, freedom);
  return { ...gate, status: pValue < ALARM ? "failed" : "ok", pValue };
}

/** The holdout must not have been shown anything; the arms of the other layers must have equal exposure. */
function exposureGate(layer: Gate["layer"], arms: readonly GateArm[]): Gate {
  if (layer !== "holdout") return sharesGate("exposure", layer, arms, ({ shown }) => shown);
  const held = arms.filter(({ arm }) => arm === "holdout");
  const shown = held.reduce((sum, arm) => sum + arm.shown, 0);
  const detail =
    shown === 0
      ? "no customer of the holdout was shown an ad"
      : `${count(shown)} customers of the holdout were shown an ad`;
  return { id: "exposure", layer, status: shown === 0 ? "ok" : "failed", detail, pValue: null };
}

function twoArms({ inTwoArms, repeated }: Units): Gate {
  const detail = `${count(repeated)} customers are in several runs, ${count(inTwoArms)} of them in different arms`;
  return { id: "two_arms", layer: "all", status: inTwoArms === 0 ? "ok" : "failed", detail, pValue: null };
}

function unassigned({ unassigned: missing, decisions }: Units): Gate {
  const detail = `${count(missing)} of ${count(decisions)} decisions record no arm`;
  return { id: "unassigned", layer: "all", status: missing === 0 ? "ok" : "failed", detail, pValue: null };
}
