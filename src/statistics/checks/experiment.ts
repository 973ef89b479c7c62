import { takeRows } from "../../core/index.ts";
import { drawnRows } from "../clusters.ts";
import type { ExperimentTable } from "../types.ts";
import { type CovariateBalance, covariateBalance } from "./balance.ts";
import { type ColumnFinding, inspectColumns, isUnfit } from "./columns.ts";
import { plannedShares, type SampleRatio, sampleRatio } from "./sample-ratio.ts";

/** The checks of an experiment that precede any analysis. */
export interface ExperimentChecks {
  readonly sampleRatio: SampleRatio;
  /**
   * Whether the planned shares are known (given, or from propensities); otherwise the sizes are compared with
   * equal shares.
   */
  readonly planKnown: boolean;
  readonly balance: readonly CovariateBalance[];
  readonly columns: readonly ColumnFinding[];
  /**
   * Number of outcomes that are neither 0 nor 1. They make the outcome an amount; reported if at least 20
   * times as many outcomes are 1.
   */
  readonly strayOutcomes: number;
  /** Rows of all arms, and those that were rejected, most of them without a readable outcome; absent in old models. */
  readonly received?: { readonly rows: number; readonly rejected: number } | undefined;
  /**
   * Rows of the control if none of them has an outcome other than 0, which the other arms' outcomes do not let chance
   * explain; absent otherwise.
   */
  readonly needsOffer?: number | undefined;
}

/** Share of rejected rows that is reported. */
const MANY_REJECTED = 0.05;
/** Probability that nobody of the control has an outcome by chance. */
const CERTAIN = 1e-6;

/** The columns that the checks read. */
export type CheckedExperiment = Pick<ExperimentTable, "arms" | "outcome" | "features"> & {
  readonly propensity?: ExperimentTable["propensity"] | undefined;
  readonly clusters?: ExperimentTable["clusters"];
  readonly received?: ExperimentTable["received"] | undefined;
};

/**
 * Checks an experiment: sizes of the arms against the plan, balance of the features, columns that are
 * duplicated or leak.
 *
 * @param planned share of each arm by name; default: from the propensities, else equal
 * @throws ERR_OPTION_INVALID planned shares that do not fit the arms
 */
export function checkExperiment(
  { arms, propensity, outcome, features, clusters = null, received = [] }: CheckedExperiment,
  planned?: ReadonlyMap<string, number> | undefined,
): ExperimentChecks {
  const given = planned && arms.labels.map((label) => planned.get(label) ?? Number.NaN);
  const plan = given ?? (propensity ? plannedShares(arms, propensity) : null);
  // Rows of a cluster depend on each other: one represents all.
  const all = { arms, outcome, features, propensity };
  const units = clusters === null ? all : takeUnits(all, clusters);
  return {
    sampleRatio: sampleRatio(units.arms, plan ?? undefined),
    planKnown: plan !== null,
    balance: covariateBalance(units.arms, units.features, units.propensity ?? null),
    columns: inspectColumns(units.arms, units.outcome, units.features),
    strayOutcomes: countStrays(outcome),
    received: {
      rows: received.reduce((sum, { rows }) => sum + rows, 0),
      rejected: received.reduce((sum, { rejected }) => sum + rejected, 0),
    },
    ...onlyWithOffer(units.arms.codes, units.outcome),
  };
}

function onlyWithOffer(arms: Int32Array, outcome: Float64Array): Pick<ExperimentChecks, "needsOffer"> {
  let [control, shown, happened] = [0, 0, 0];
  for (let row = 0; row < arms.length; row++) {
    const isOne = outcome[row] !== 0;
    if (arms[row] !== 0) {
      shown++;
      if (isOne) happened++;
    } else if (isOne) return {};
    else control++;
  }
  return shown > 0 && (1 - happened / shown) ** control < CERTAIN ? { needsOffer: control } : {};
}

function takeUnits({ arms, outcome, features, propensity }: CheckedExperiment, clusters: Int32Array) {
  const rows = drawnRows(outcome.length, clusters);
  return {
    arms: { labels: arms.labels, codes: Int32Array.from(rows, (row) => arms.codes[row] as number) },
    outcome: Float64Array.from(rows, (row) => outcome[row] as number),
    features: takeRows(features, rows),
    propensity: propensity && Float64Array.from(rows, (row) => propensity[row] as number),
  };
}

function countStrays(outcome: Float64Array): number {
  let ones = 0;
  let others = 0;
  for (const value of outcome) {
    if (value === 1) ones++;
    else if (value !== 0) others++;
  }
  return ones >= 20 * others ? others : 0;
}

/** Warnings about the outcome of a log, of one that is trained on or evaluated. */
export function outcomeWarnings({
  sampleRatio,
  received,
  needsOffer,
}: Pick<ExperimentChecks, "sampleRatio" | "received" | "needsOffer">): string[] {
  return [
    ...(received && received.rejected > MANY_REJECTED * received.rows
      ? [
          `${Math.round((100 * received.rejected) / received.rows)} % of the rows were rejected, so effects are those on customers whose outcome is known: if an empty outcome means that nothing happened, write 0`,
        ]
      : []),
    ...(needsOffer === undefined
      ? []
      : [
          `None of the ${needsOffer} customers of ${sampleRatio.arms[0]?.arm} has an outcome, as if only customers who were shown an offer could have one (redeemed, clicked): it also counts what they would have bought without the offer, so measure something that customers of every arm can do`,
        ]),
  ];
}

/** Warnings to read before using a model that was trained on the experiment; empty if there are none. */
export function experimentWarnings({
  sampleRatio: ratio,
  planKnown,
  balance,
  columns,
  strayOutcomes,
  received,
  needsOffer,
}: ExperimentChecks): string[] {
  const sizes = ratio.arms.map(({ arm, rows }) => `${arm} ${rows}`).join(", ");
  const unfit = new Set(columns.filter(isUnfit).map(({ feature }) => feature));
  const flagged = [...new Set(balance.filter((entry) => entry.flagged).map(({ feature }) => feature))].filter(
    (feature) => !unfit.has(feature),
  );
  const of = (kind: ColumnFinding["kind"]) =>
    columns.filter((finding) => finding.kind === kind).map(({ feature }) => feature);
  const listed = (names: readonly string[], text: string) =>
    names.length === 0
      ? []
      : [`${text}: ${names.slice(0, 10).join(", ")}${names.length > 10 ? ", ..." : ""}`];
  return [
    ...(ratio.mismatch && planKnown
      ? [
          `The arms' sizes do not fit the plan (${sizes}; p = ${ratio.pValue.toPrecision(2)}): effects cannot be trusted`,
        ]
      : []),
    ...(strayOutcomes > 0
      ? [
          `The outcome is neither 0 nor 1 in ${strayOutcomes} rows, so it is treated as an amount: correct these rows if the outcome is binary`,
        ]
      : []),
    ...outcomeWarnings({ sampleRatio: ratio, received, needsOffer }),
    ...listed(flagged, "Features that differ between arms by more than 0.1 standard deviations"),
    ...listed(of("tells treatment"), "Columns that reveal a customer's arm"),
    ...listed(of("tells outcome"), "Columns that reveal the outcome and are probably recorded after it"),
    ...listed(of("after treatment"), "Columns changed by the treatment, which would hide part of the effect"),
    ...listed(of("names rows"), "Columns that are different in every row"),
    ...listed(of("duplicate"), "Columns that duplicate another"),
    ...listed(of("constant"), "Columns of one value"),
  ];
}
