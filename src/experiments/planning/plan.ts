import {
  normalQuantile,
  powerOf,
  sequenceFactor,
  smallestEffect,
  unitsNeeded,
} from "../../statistics/index.ts";
import type { ExperimentDesign } from "../design.ts";

/** The outcome of one customer without the campaign. */
export interface Baseline {
  readonly mean: number;
  /** Variance of one customer's outcome. */
  readonly variance: number;
}

export interface PlanOptions {
  readonly design: ExperimentDesign;
  readonly baseline: Baseline;
  /** Customers to decide for. */
  readonly customers: number;
  /** Of these, customers with a consent and a portrait: only they can be shown a look-alike. */
  readonly matchable: number;
  /** Share of the matchable customers with a look-alike, in (0, 1]; default 1. */
  readonly matched?: number | undefined;
  /** Customers who enter per day; null (default): all at once. */
  readonly perDay?: number | null | undefined;
  /** The expected relative effect; default `design.worth`. */
  readonly effect?: number | undefined;
  /** In (0.05, 1); default 0.8. */
  readonly power?: number | undefined;
}

/** What a comparison can detect, read once at the end and read at any time. */
export interface PlannedComparison {
  readonly id: "programme" | "lookalike";
  readonly text: string;
  readonly control: number;
  readonly arm: number;
  /** Smallest relative effect that is detected with the planned power; null: none is. */
  readonly smallest: { readonly fixed: number | null; readonly sequence: number | null };
  /** Probability of detecting the expected effect. */
  readonly power: { readonly fixed: number; readonly sequence: number };
  /** Customers of the campaign needed to detect it. */
  readonly needed: { readonly fixed: number; readonly sequence: number };
  /** Days from the first decision to the end of the last window; null if all customers enter at once. */
  readonly days: { readonly fixed: number; readonly sequence: number } | null;
  /** Even an effect of half the baseline would probably not be detected. */
  readonly isHopeless: boolean;
}

export interface ExperimentPlan {
  readonly comparisons: readonly PlannedComparison[];
  readonly effect: number;
  readonly power: number;
  readonly isHopeless: boolean;
}

/** No advertising is known to have a larger effect; a plan that could only detect larger ones is useless. */
const MOST_HOPED = 0.5;

/**
 * Computes what an experiment can show before it runs: the smallest detectable effects, the power for an expected
 * effect, and the customers that it needs. The sequence is tuned to the planned customers, as in `readResults`.
 *
 * @example
 * const baseline = { mean: 0.02, variance: 0.0196 };
 * const plan = planExperiment({ design, baseline, customers: 100_000, matchable: 40_000, effect: 0.1 });
 */
export function planExperiment(options: PlanOptions): ExperimentPlan {
  const { design, customers, matchable, matched = 1, power = 0.8, effect = design.worth } = options;
  const comparisons: PlannedComparison[] = [];
  const { holdout, faces } = design;
  const settings = { ...options, power, effect };
  if (holdout > 0) {
    const arms = { control: customers * holdout, arm: customers * (1 - holdout) };
    comparisons.push(
      compare(
        "programme",
        "The programme against showing nothing",
        { ...arms, population: customers },
        settings,
      ),
    );
  }
  const rivals = (faces ?? []).filter(({ arm, share }) => arm !== "lookalike" && share > 0);
  const rival = rivals.find(({ arm }) => arm === "random") ?? rivals[0];
  const lookalike = faces?.find(({ arm }) => arm === "lookalike");
  if (rival !== undefined && lookalike !== undefined) {
    const triggered = matchable * matched * (1 - holdout);
    const arms = { control: triggered * rival.share, arm: triggered * lookalike.share };
    const text = `The look-alike against ${rival.arm === "random" ? "a random face" : rival.arm}`;
    comparisons.push(compare("lookalike", text, { ...arms, population: customers }, settings));
  }
  return { comparisons, effect, power, isHopeless: comparisons.some((own) => own.isHopeless) };
}

interface Arms {
  readonly control: number;
  readonly arm: number;
  /** Customers of the campaign. */
  readonly population: number;
}

function compare(
  id: PlannedComparison["id"],
  text: string,
  { control, arm, population }: Arms,
  { baseline, effect, power, perDay = null, design }: PlanOptions & { effect: number; power: number },
): PlannedComparison {
  const isRate = design.metric === "converted";
  const plan = { ...baseline, control, arm, isRate };
  const units = control + arm;
  const absolute = { relative: false } as const;
  const sequence = { ...absolute, tuning: Math.max(2, units) };
  const smallest = (options: { relative: false; tuning?: number }) => {
    const found = units > 0 ? smallestEffect(plan, power, options) : null;
    return found === null ? null : found / Math.abs(baseline.mean);
  };
  const gain = effect * Math.abs(baseline.mean);
  const share = units > 0 ? arm / units : 0.5;
  const rate = Math.min(1, baseline.mean + gain);
  const variances = { control: baseline.variance, arm: isRate ? rate * (1 - rate) : baseline.variance };
  const fixedUnits = unitsNeeded(gain, variances, { power, share });
  const perUnit = units > 0 ? population / units : Number.POSITIVE_INFINITY;
  const widened = widen(power, Math.max(2, fixedUnits));
  const needed = {
    fixed: Math.ceil(fixedUnits * perUnit),
    sequence: Math.ceil(fixedUnits * widened * perUnit),
  };
  const days = (count: number) => Math.ceil(count / (perDay ?? 1) + design.windowDays);
  const least = { fixed: smallest(absolute), sequence: smallest(sequence) };
  const deciding = design.reading === "fixed" ? least.fixed : least.sequence;
  return {
    id,
    text,
    control: Math.floor(control),
    arm: Math.floor(arm),
    smallest: least,
    power:
      units > 0
        ? { fixed: powerOf(plan, gain, absolute), sequence: powerOf(plan, gain, sequence) }
        : { fixed: 0, sequence: 0 },
    needed,
    days: perDay === null ? null : { fixed: days(needed.fixed), sequence: days(needed.sequence) },
    isHopeless: deciding === null || deciding > MOST_HOPED,
  };
}

/** Factor by which a sequence tuned to its own end needs more customers. */
function widen(power: number, units: number): number {
  const factor = sequenceFactor(units, { tuning: units });
  const beyond = (critical: number) => (critical + normalQuantile(power)) ** 2;
  return beyond(factor) / beyond(normalQuantile(0.975));
}
