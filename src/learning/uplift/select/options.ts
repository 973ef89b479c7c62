import type { LearnerId } from "../types.ts";
import type { OfferPolicy, OfferTerms } from "./terms.ts";

export interface LearnUpliftOptions {
  /** A learner by name, or "auto": the best by cross-validation. */
  readonly learner: LearnerId | "auto";
  /** Earnings and costs of the arms, in their order. */
  readonly terms: readonly OfferTerms[];
  /** Default "auto". */
  readonly policy?: OfferPolicy | undefined;
  readonly seed: number;
  /** Maximum number of threads; the result does not depend on it. */
  readonly jobs: number;
  readonly signal?: AbortSignal | undefined;
  /** Called after every fitted model. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}
