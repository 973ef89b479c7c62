import type { Database } from "../../io/duckdb/index.ts";
import { chiSquareTail } from "../../statistics/index.ts";
import type { ExperimentDesign } from "../design.ts";
import type { OutcomeForm } from "../outcomes/events.ts";
import type { Units } from "../outcomes/units.ts";

/** One check of whether the experiment was run and logged as it was designed. */
export interface Gate {
  readonly id: "sample_ratio" | "balance" | "two_arms" | "missing_outcomes" | "exposure" | "unassigned";
  /** The layer that is checked; `all`: every layer. */
  readonly layer: "holdout" | "offer" | "face" | "all";
  readonly status: "ok" | "failed" | "not_checked";
  /** For people: what was found. */
  readonly detail: string;
  readonly pValue: number | null;
}

/** Fabijan et al. 2019: a mismatch of sizes that chance makes less than once in a thousand experiments. */
const ALARM = 0.001;
/** Arms with fewer customers than this are not checked. */
const LEAST = 8;

interface LayerArms {
  readonly layer: "holdout" | "offer" | "face";
  readonly column: string;
  readonly filter: string;
  readonly planned: ReadonlyMap<string, number>;
}

function layersOf({ holdout, explore, faces }: ExperimentDesign): LayerArms[] {
  const layers: LayerArms[] = [];
  if (holdout > 0) {
    const planned = new Map([
      ["holdout", holdout],
      ["campaign", 1 - holdout],
    ]);
    layers.push({ layer: "holdout", column: "holdout", filter: "can_hold = 1", planned });
  }
  if (explore > 0 && explore < 1) {
    const planned = new Map([
      ["explore", explore],
      ["best", 1 - explore],
    ]);
    layers.push({ layer: "offer", column: "explore", filter: "explore IS NOT NULL", planned });
  }
  if (faces !== null) {
    const planned = new Map(faces.map(({ arm, share }) => [arm as string, share]));
    layers.push({ layer: "face", column: "face", filter: "can_face = 1", planned });
  }
  return layers;
}

/** All gates, before any effect is looked at. */
export async function checkGates(
  database: Database,
  units: Units,
  form: OutcomeForm,
  hasPre: boolean,
): Promise<Gate[]> {
  const gates: Gate[] = [twoArms(units), unassigned(units)];
  for (const layer of layersOf(units.design)) {
    const rows = await database.all(
      `SELECT ${layer.column} AS arm, count(*) AS n, sum(has_outcome) AS known, count(shown_at) AS shown,
         avg(x) AS x, var_samp(x) AS vx, avg(uplift) AS uplift, var_samp(uplift) AS vu,
         avg(distance) AS distance, var_samp(distance) AS vd
       FROM results WHERE ${layer.filter} GROUP BY 1 ORDER BY 1`,
    );
    const arms = rows.map((row) => ({
      arm: String(row.arm),
      n: Number(row.n),
      known: Number(row.known),
      shown: Number(row.shown),
      covariates: [
        ...(hasPre ? [covariate("the pre-period", row.x, row.vx)] : []),
        covariate("the predicted uplift", row.uplift, row.vu),
        ...(layer.layer === "face" ? [covariate("the look-alike's distance", row.distance, row.vd)] : []),
      ],
    }));
    gates.push(sampleRatioGate(layer, arms), balanceGate(layer.layer, arms));
    if (form.isComplete) gates.push(sharesGate("missing_outcomes", layer.layer, arms, ({ known }) => known));
    if (form.hasShownAt) gates.push(exposureGate(layer.layer, arms));
  }
  return gates;
}

interface GateArm {
  readonly arm: string;
  readonly n: number;
  readonly known: number;
  readonly shown: number;
  readonly covariates: readonly { name: string; mean: number; variance: number }[];
}

type SqlCell = string | number | null | undefined;

function covariate(name: string, mean: SqlCell, variance: SqlCell) {
  return { name, mean: Number(mean ?? Number.NaN), variance: Number(variance ?? Number.NaN) };
}

/** Arms with a share of 0 are no degree of freedom: a single customer in one is a fault. */
function sampleRatioGate({ layer, planned }: LayerArms, arms: readonly GateArm[]): Gate {
  const gate = { id: "sample_ratio", layer } as const;
  const stray = arms.find(({ arm }) => !((planned.get(arm) ?? 0) > 0));
  if (stray !== undefined) {
    const detail = `${stray.n} customers are in the arm ${stray.arm}, whose share is 0`;
    return { ...gate, status: "failed", detail, pValue: 0 };
  }
  const shares = [...planned].filter(([, share]) => share > 0);
  const total = arms.reduce((sum, { n }) => sum + n, 0);
  const sizes = shares.map(([arm, share]) => ({
    arm,
    expected: share * total,
    n: arms.find((own) => own.arm === arm)?.n ?? 0,
  }));
  const shown = sizes
    .map(({ arm, n, expected }) => `${arm} ${n} of ${Math.round(expected)} planned`)
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
  const pValue = chiSquareTail(statistic, Math.max(1, sizes.length - 1));
  return { ...gate, status: pValue < ALARM ? "failed" : "ok", detail: shown, pValue };
}

/** Standardised differences of what was known before, each arm against the first (Austin 2009). */
function balanceGate(layer: Gate["layer"], arms: readonly GateArm[]): Gate {
  const gate = { id: "balance", layer, pValue: null } as const;
  const [first, ...others] = arms;
  let worst: { text: string; size: number } | null = null;
  let isFlagged = false;
  for (const arm of others) {
    for (const [i, own] of arm.covariates.entries()) {
      const base = first?.covariates[i];
      const spread = Math.sqrt((own.variance + (base?.variance ?? Number.NaN)) / 2);
      const size = Math.abs(own.mean - (base?.mean ?? Number.NaN)) / spread;
      if (!Number.isFinite(size)) continue;
      const chance = 3.5 * Math.sqrt(1 / arm.n + 1 / (first?.n ?? 1));
      if (size > Math.max(0.1, chance)) isFlagged = true;
      const text = `${own.name} differs by ${size.toFixed(3)} standard deviations between ${first?.arm} and ${arm.arm}`;
      if (worst === null || size > worst.size) worst = { text, size };
    }
  }
  if (worst === null) return { ...gate, status: "not_checked", detail: "nothing was known before" };
  return { ...gate, status: isFlagged ? "failed" : "ok", detail: `at most, ${worst.text}` };
}

/** Whether a share of customers is the same in every arm. */
function sharesGate(
  id: Gate["id"],
  layer: Gate["layer"],
  arms: readonly GateArm[],
  count: (arm: GateArm) => number,
): Gate {
  const total = arms.reduce((sum, { n }) => sum + n, 0);
  const share = arms.reduce((sum, arm) => sum + count(arm), 0) / total;
  const detail = arms.map((arm) => `${arm.arm} ${((100 * count(arm)) / arm.n).toFixed(1)} %`).join(", ");
  const gate = { id, layer, detail } as const;
  if (!(share > 0 && share < 1) || arms.some(({ n }) => n < LEAST))
    return { ...gate, status: "ok", pValue: null };
  const statistic = arms.reduce(
    (sum, arm) => sum + (count(arm) - share * arm.n) ** 2 / (share * (1 - share) * arm.n),
    0,
  );
  const pValue = chiSquareTail(statistic, Math.max(1, arms.length - 1));
  return { ...gate, status: pValue < ALARM ? "failed" : "ok", pValue };
}

/** The holdout must not have been shown anything; the arms of the other layers must have equal exposure. */
function exposureGate(layer: Gate["layer"], arms: readonly GateArm[]): Gate {
  if (layer !== "holdout") return sharesGate("exposure", layer, arms, ({ shown }) => shown);
  const shown = arms.find(({ arm }) => arm === "holdout")?.shown ?? 0;
  const detail =
    shown === 0
      ? "no customer of the holdout was shown an ad"
      : `${shown} customers of the holdout were shown an ad`;
  return { id: "exposure", layer, status: shown === 0 ? "ok" : "failed", detail, pValue: null };
}

function twoArms({ inTwoArms, repeated }: Units): Gate {
  const detail = `${repeated} customers are in several runs, ${inTwoArms} of them in different arms`;
  return { id: "two_arms", layer: "all", status: inTwoArms === 0 ? "ok" : "failed", detail, pValue: null };
}

function unassigned({ unassigned: count, decisions }: Units): Gate {
  const detail = `${count} of ${decisions} decisions record no arm`;
  return { id: "unassigned", layer: "all", status: count === 0 ? "ok" : "failed", detail, pValue: null };
}
