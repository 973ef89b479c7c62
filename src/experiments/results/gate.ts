import type { Layer } from "./compare.ts";

/** One check of whether the experiment was run and logged as designed. */
export interface Gate {
  readonly id: "sample_ratio" | "balance" | "two_arms" | "missing_outcomes" | "exposure" | "unassigned";
  /** The layer that was checked; `all`: every layer. */
  readonly layer: Layer | "all";
  readonly status: "ok" | "failed" | "not_checked";
  /** The finding, as text. */
  readonly detail: string;
  readonly pValue: number | null;
}

/** What was known of customers before the campaign, as columns of `results`; arms must not differ in it. */
export function covariatesOf(
  layer: Layer,
  hasPre: boolean,
): readonly { readonly name: string; readonly column: string }[] {
  return [
    ...(hasPre ? [{ name: "the pre-period", column: "x" }] : []),
    { name: "the predicted uplift", column: "uplift" },
    ...(layer === "face" ? [{ name: "the look-alike's distance", column: "distance" }] : []),
  ];
}

/**
 * Fabijan et al. 2019: sizes that differ this much by chance occur in fewer than one of a thousand
 * experiments.
 */
export const ALARM = 0.001;
/** Arms with fewer customers than this are not checked. */
export const LEAST = 8;
/** Differences of a covariate below a tenth of a standard deviation are not reported (Austin 2009). */
export const NOTABLE = 0.1;
/** A larger difference must exceed this many standard errors. */
export const CHANCE = 3.5;
