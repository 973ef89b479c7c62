import type { LookalikeError } from "../../core/index.ts";

/** A measured number with its 95 % interval. */
export interface Measured {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** A share of `of` cases with its Wilson interval; null if there are no cases. */
export type Share = (Measured & { readonly of: number }) | null;

/** Two photos, whether they show one person, and the distance of their embeddings. */
export interface ComparedPair {
  /** Cross-validation fold; thresholds for a fold are chosen on the others. */
  readonly fold: string;
  readonly same: boolean;
  /** Euclidean distance; null if no face was found in one of the photos. */
  readonly distance: number | null;
  /** The lower of the two faces' quality scores, in [0, 1]; absent or null if it was not measured. */
  readonly quality?: number | null | undefined;
  /** The people of the pair, if known; the same person twice if `same`. */
  readonly people?: readonly [string, string] | undefined;
}

/** One photo of one person, with its embedding. */
export interface PersonPhoto {
  readonly person: string;
  /** Path as given. */
  readonly photo: string;
  /** null if no face was found, or the photo could not be read. */
  readonly embedding: Float32Array | null;
  readonly quality?: number | null | undefined;
}

export interface RocPoint {
  /** Pairs at this distance or less are accepted. */
  readonly threshold: number;
  /** Share of different pairs accepted. */
  readonly far: number;
  /** Share of same pairs accepted. */
  readonly tar: number;
}

/** The true accept rate at a bound on the false accept rate. */
export interface TarAtFar extends Measured {
  readonly far: number;
  readonly threshold: number;
}

export interface FoldResult {
  readonly fold: string;
  /** Chosen on all other folds. */
  readonly threshold: number;
  readonly accuracy: number;
}

export interface VerificationReport {
  readonly pairs: number;
  readonly same: number;
  /** Pairs with an undetected face. They count as wrong, and as missed if the person is the same. */
  readonly undetected: number;
  readonly folds: readonly FoldResult[];
  /** Mean over folds of the share of pairs decided right. */
  readonly accuracy: number;
  /** Standard error of that mean. */
  readonly accuracyError: number;
  /** Mean of the thresholds chosen. */
  readonly threshold: number;
  /** The share of pairs decided right at a fixed threshold. */
  readonly accuracyAt: Measured & { readonly threshold: number };
  /** Area under the ROC curve; an undetected pair counts as infinitely far apart. */
  readonly auc: Measured;
  /** The rate at which both kinds of error are equal. */
  readonly equalErrorRate: Measured;
  readonly tarAtFar: readonly TarAtFar[];
  /** The curve's corners; between two of them it is straight. */
  readonly roc: readonly RocPoint[];
}

export interface IdentificationReport {
  /** People enrolled, each with one photo. */
  readonly enrolled: number;
  /** Of them, people with no other photo. */
  readonly distractors: number;
  /** Photos that were searched for. */
  readonly probes: number;
  /** Probes that cannot be found: no face in the probe, or none in its person's enrolled photo. */
  readonly undetected: number;
  readonly rank1: Share;
  /** `cmc[k - 1]`: share of probes whose person is among the k nearest (cumulative match characteristic). */
  readonly cmc: readonly number[];
  /** The rank of each probe's own person, from 1; null if a face was not found. */
  readonly ranks: readonly { readonly person: string; readonly rank: number | null }[];
}

/** The figures of one group of people at the common threshold. */
export interface GroupResult {
  readonly group: string;
  readonly people: number;
  readonly pairs: number;
  readonly undetected: number;
  /** Share of pairs decided right. */
  readonly accuracy: Share;
  /** False non-match rate: same pairs decided different, undetected ones included. */
  readonly falseNonMatch: Share;
  /** False match rate among different people of this group. */
  readonly falseMatch: Share;
  readonly rank1: Share;
  /** Share of photos with another person inside the bounds of a match, and of photos without one. */
  readonly matched: Share;
  readonly defaults: Share;
}

/** Whether the groups of a column differ in one figure, as far as the data show. */
export interface GroupContrast {
  readonly figure: "matched" | "rank1" | "falseMatch";
  /** `too-few`: fewer than two groups have 20 people. */
  readonly verdict: "differ" | "not-shown" | "too-few";
  /** The two groups that differ most, and the difference of their shares with its interval; null if there are none. */
  readonly widest: { readonly high: string; readonly low: string; readonly difference: Measured } | null;
  /** Groups that were not compared, because they have fewer than 20 people. */
  readonly tooSmall: readonly string[];
}

export interface GroupReport {
  /** Column of the people file. */
  readonly column: string;
  readonly threshold: number;
  readonly groups: readonly GroupResult[];
  readonly contrasts: readonly GroupContrast[];
  /** Pairs of two people of different groups; they belong to none. */
  readonly mixedPairs: number;
}

export interface RejectPoint {
  /** Share of same pairs rejected, those of the lowest quality first. */
  readonly rejected: number;
  /** False non-match rate of the rest. */
  readonly falseNonMatch: number;
}

export interface RejectCurve {
  readonly threshold: number;
  readonly points: readonly RejectPoint[];
  /**
   * Mean of the curve over the first 20 % rejected, as a share of the rate with nothing rejected: 1 means
   * that the score is of no use.
   */
  readonly remaining: number;
}

/** A photo that could not be read; it is not part of any figure. */
export interface RefusedPhoto {
  readonly photo: string;
  readonly error: LookalikeError;
}
