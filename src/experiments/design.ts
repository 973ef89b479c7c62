/** The design of a campaign's experiment, checked and with its defaults filled in. */
export interface ExperimentDesign {
  /** Names the experiment in decisions and reports. */
  readonly name: string;
  /** Determines the arms; another salt assigns all customers anew. */
  readonly salt: string;
  /** Share of all customers who are shown nothing, in [0, 1). */
  readonly holdout: number;
  /** Share of the others who get an eligible offer drawn uniformly in place of the best one, in [0, 1]. */
  readonly explore: number;
  /** How explored offers are drawn: weights by offer, shared among those that a customer may see; null or absent: evenly. */
  readonly exploreShares?: readonly NamedArm[] | null | undefined;
  /** The arms of customers with a look-alike; null: all are shown the look-alike. */
  readonly faces: readonly FaceArm[] | null;
  /** The arms of the offers' texts; null or absent: each offer's own text. */
  readonly copy?: readonly NamedArm[] | null | undefined;
  /** The arms of the templates; null or absent: the campaign's template. */
  readonly template?: readonly NamedArm[] | null | undefined;
  readonly metric: Metric;
  /** Days after the decision within which outcomes count, above 0. */
  readonly windowDays: number;
  /**
   * Columns of the customers on which the shares of this run depended (`lin-ts`, `lin-ucb`); the shares of the arms
   * are then means. null or absent: all customers had the same shares.
   */
  readonly personal?: readonly string[] | null | undefined;
  /** The date of the final reading; null: not declared. */
  readonly end: Date | null;
  /** The reading that verdicts are based on. */
  readonly reading: Reading;
  /** The smallest relative effect of practical interest, above 0. */
  readonly worth: number;
  /** Values above this quantile are capped at it, in the secondary metric; in (0.5, 1]. */
  readonly winsorise: number;
}

export const METRICS = ["converted", "value"] as const;
/** `converted`: whether a customer bought; `value`: for how much, 0 without a purchase. */
export type Metric = (typeof METRICS)[number];

export const READINGS = ["sequence", "fixed"] as const;
/** `sequence`: at any time, by a confidence sequence; `fixed`: once, at the declared end. */
export type Reading = (typeof READINGS)[number];

export const FACE_ARMS = ["lookalike", "random", "same_gender", "band", "influencer", "default"] as const;
export type FaceArmName = (typeof FACE_ARMS)[number];

export interface FaceArm {
  readonly arm: FaceArmName;
  /** In [0, 1]; those of all arms sum to 1. */
  readonly share: number;
  /** For the arm `band`: the photo is drawn from those within these distances. */
  readonly band: readonly [from: number, to: number] | null;
}

/** The layers of an ad's text and template. */
export const CREATIVE_LAYERS = ["copy", "template"] as const;
export type CreativeLayer = (typeof CREATIVE_LAYERS)[number];

/** An arm of a creative layer: a variant of the text, or a template. */
export interface NamedArm {
  readonly arm: string;
  /** In [0, 1]; those of all arms sum to 1. */
  readonly share: number;
}

/** The arm of the layer `copy` that shows an offer's own text. */
export const PLAIN_COPY = "plain";

export const DESIGN_DEFAULTS = {
  holdout: 0,
  explore: 0,
  metric: "converted",
  windowDays: 28,
  reading: "sequence",
  worth: 0.05,
  winsorise: 0.99,
} as const satisfies Partial<ExperimentDesign>;

/**
 * The design of a campaign that configures only a holdout, which may be 0.
 *
 * @example
 * const design = holdoutDesign("spring", { holdout: 0.05, seed: 1 });
 */
export function holdoutDesign(
  name: string,
  { holdout, seed }: { holdout: number; seed: number },
): ExperimentDesign {
  return { ...DESIGN_DEFAULTS, name, salt: `${name}:${seed}`, holdout, faces: null, end: null };
}
