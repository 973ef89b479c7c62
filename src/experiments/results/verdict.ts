import { holm, sequenceFactor, unitsNeeded, Z_95 } from "../../statistics/index.ts";
import type { ExperimentDesign } from "../design.ts";
import type { Comparison, Range } from "./compare.ts";

/** The conclusion of a comparison. */
export type Conclusion =
  | { readonly status: "more" | "less" }
  /** Any effect lies within plus and minus `worth` of the other arm's mean. */
  | { readonly status: "no_effect"; readonly worth: number }
  | {
      readonly status: "cannot_tell";
      /** Approximate number of additional customers needed; null: unknown. */
      readonly needed: number | null;
      /** The declared reading has not been reached yet. */
      readonly isEarly: boolean;
    }
  /** A health gate failed: no winner is reported. */
  | { readonly status: "not_valid"; readonly gate: string };

export interface Concluded extends Comparison {
  /** p-value of the deciding reading, adjusted by Holm over arms and metrics of the layer. */
  readonly adjustedP: number | null;
  readonly conclusion: Conclusion;
}

export interface VerdictContext {
  readonly design: ExperimentDesign;
  /** Time of the evaluation. */
  readonly at: Date;
  /** The gate that failed; null: none did. */
  readonly failedGate: string | null;
  /** Planned number of customers of both arms. */
  readonly planned: (comparison: Comparison) => number;
  readonly alpha?: number | undefined;
}

/** Share of the level reserved for the primary question, so that the others hardly reduce its power. */
const PRIMARY_SHARE = 0.9;

/**
 * Concludes for the comparisons of one layer, which share the probability of a false claim: adjusted by Holm,
 * it stays at alpha for the layer, nine tenths of it for the primary question. For the sequence reading this
 * is valid over all looks together, because its p-values are.
 */
export function concludeLayer(
  comparisons: readonly Comparison[],
  { design, at, failedGate, planned, alpha = 0.05 }: VerdictContext,
): Concluded[] {
  const { reading, end, worth } = design;
  const isEarly = reading === "fixed" && end !== null && at.getTime() < end.getTime();
  const known = comparisons.filter(({ difference }) => difference !== null);
  const pValues = known.map(({ difference }) => difference?.[reading].pValue ?? 1);
  const adjusted = holm(pValues, weightsOf(known));
  return comparisons.map((comparison) => {
    const { difference, relative } = comparison;
    const adjustedP = difference === null ? null : (adjusted[known.indexOf(comparison)] ?? 1);
    const conclude = (): Conclusion => {
      if (failedGate !== null) return { status: "not_valid", gate: failedGate };
      if (difference === null || adjustedP === null) return { status: "cannot_tell", needed: null, isEarly };
      if (!isEarly && adjustedP < alpha) return { status: difference.value > 0 ? "more" : "less" };
      if (!isEarly && relative !== null && isWithin(relative[reading], worth))
        return { status: "no_effect", worth };
      const needed = moreNeeded(comparison, { worth, reading, planned: planned(comparison), alpha });
      return { status: "cannot_tell", needed, isEarly };
    };
    return { ...comparison, adjustedP, conclusion: conclude() };
  });
}

function weightsOf(comparisons: readonly Comparison[]): number[] {
  const others = comparisons.filter(({ question }) => !question.isPrimary).length;
  if (others === 0 || others === comparisons.length) return comparisons.map(() => 1);
  return comparisons.map(({ question }) =>
    question.isPrimary ? PRIMARY_SHARE : (1 - PRIMARY_SHARE) / others,
  );
}

function isWithin({ low, high }: Range, worth: number): boolean {
  return low > -worth && high < worth;
}

/** Number of further customers needed to detect the observed effect, or the smallest of interest. */
function moreNeeded(
  { difference, control, arm }: Comparison,
  {
    worth,
    reading,
    planned,
    alpha,
  }: { worth: number; reading: ExperimentDesign["reading"]; planned: number; alpha: number },
): number | null {
  if (difference === null) return null;
  const effect = Math.max(Math.abs(difference.value), worth * Math.abs(control.mean));
  if (!(effect > 0)) return null;
  const n = control.customers + arm.customers;
  const share = arm.customers / n;
  // The width of the fixed interval gives the standard error, for any metric and adjustment.
  const error = (difference.fixed.high - difference.fixed.low) / (2 * Z_95);
  const variance = (error ** 2 * n) / (1 / (1 - share) + 1 / share);
  const units = unitsNeeded(effect, { control: variance, arm: variance }, { alpha, share });
  const widened =
    reading === "sequence"
      ? (sequenceFactor(Math.max(units, planned), { tuning: planned, alpha }) / Z_95) ** 2
      : 1;
  const more = Math.ceil(units * widened - n);
  return more > 0 ? more : null;
}
