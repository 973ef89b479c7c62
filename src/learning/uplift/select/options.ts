import type { LearnerId } from "../types.ts";
import type { OfferPolicy, OfferTerms } from "./terms.ts";

export interface LearnUpliftOptions {
  /** One learner by name, or "auto": the best by cross-validation. */
  readonly learner: LearnerId | "auto";
  /** What the arms earn and cost, in their order. */
  readonly terms: readonly OfferTerms[];
  /** Default "auto". */
  readonly policy?: OfferPolicy | undefined;
  readonly seed: number;
  /** Threads; the result does not depend on it. */
  readonly jobs: number;
  readonly signal?: AbortSignal | undefined;
  /** Told after every model that was fitted. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}
