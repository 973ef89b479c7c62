import type { ArmRows, Estimate } from "../../statistics/index.ts";
import type { PropensitySource } from "./propensity.ts";
import type { Heterogeneity, LearnerId, OutcomeKind } from "./types.ts";

/** What is known of an uplift model: how the learner was chosen, how well it ranks, and the effects of the arms. */

/** A metric over the folds of a cross-validation; folds in which it is undefined are skipped. */
export interface FoldSummary {
  readonly mean: number | null;
  /** Standard deviation over the folds. */
  readonly deviation: number | null;
  readonly perFold: readonly (number | null)[];
}

/** How well a model ranks unseen customers, one offer against the control. */
export interface RankingQuality {
  /** Average number of customers of both arms in a test fold: the sample size of `qiniCount`. */
  readonly testCustomers: number;
  readonly qiniCount: FoldSummary;
  /** All values are null if the outcome is an amount, because its perfect order is not defined. */
  readonly qiniScore: FoldSummary;
  readonly upliftAt30: FoldSummary;
  readonly auuc: FoldSummary;
}

export interface ArmMetrics {
  readonly offerId: string;
  readonly rows: number;
  /** The mean outcome: a rate if it is binary. */
  readonly outcomeRate: Estimate;
  /**
   * Outcome of this arm minus that of the control; doubly robust if customers' propensities differ. The
   * intervals of all arms are valid simultaneously.
   */
  readonly averageUplift: Estimate;
  /** The arms' unadjusted difference; absent in old models. */
  readonly rawUplift?: Estimate | undefined;
  /** Quality of the chosen learner; null if an arm has too few rows to split. */
  readonly ranking: RankingQuality | null;
}

/** One learner of the comparison; all figures are for customers that it had not seen. */
export interface LearnerComparison {
  readonly learner: LearnerId;
  /** Mean over folds and offers (weighted by the offers' margins), per `testCustomers` of the offers' rankings. */
  readonly qiniCount: number;
  /** Standard error of `qiniCount`, by the bootstrap. */
  readonly standardError: number;
  /** Mean over folds and offers; null if the outcome is an amount. */
  readonly qiniScore: number | null;
  /** The best learner's Qini-count minus this one's, and the standard error of that difference. */
  readonly behindBest: number;
  readonly behindError: number;
}

/** The chosen learner and the reason. */
export interface LearnerChoice {
  readonly asked: LearnerId | "auto";
  /** Number of rows on which the learners were compared; a sample if the log is very large. */
  readonly rows: number;
  /** Whether these rows are a random sample of all. */
  readonly isSample: boolean;
  readonly ground: ChoiceGround;
}

type ChoiceGround =
  /** Requested by name. */
  | { readonly kind: "asked" }
  /** No comparison: every arm needs `needed` customers. */
  | { readonly kind: "too few"; readonly needed: number }
  /** No comparison: the effects of the offers cannot be determined from the log. */
  | { readonly kind: "untold" }
  /** The highest cross-validated Qini. */
  | { readonly kind: "best" }
  /**
   * The first of the learners that are less than one standard error behind the best, in Qini-counts of a test
   * fold.
   */
  | {
      readonly kind: "near best";
      readonly best: LearnerId;
      readonly behind: number;
      readonly standardError: number;
    };

/** The reason why effects cannot be determined from a log, and the arms concerned. */
export interface Doubt {
  /**
   * `no overlap`: too few comparable customers were shown anything else; `moved`: the assignment depended on
   * the customers, and the correction for the columns changes the effect beyond error; `unbalanced`: columns
   * differ between the arms more than the probabilities of the arms explain; `incomplete`: other shares of the arms' rows
   * than of the control's were rejected; `drifting`: the shares of the arms change in the course of the log's rows, and
   * comparing neighbours changes the effect beyond error; `repeated`: customers who bought have several rows, and no
   * others; `units`: amounts are in another unit than the control's.
   */
  readonly kind: "no overlap" | "moved" | "unbalanced" | "incomplete" | "drifting" | "repeated" | "units";
  readonly arms: readonly string[];
  /** The columns that differ; absent for the other kinds. */
  readonly columns?: readonly string[] | undefined;
  /** The rows of the control and of these arms; absent for the other kinds. */
  readonly received?: readonly ArmRows[] | undefined;
}

export interface UpliftMetrics {
  readonly learner: LearnerId;
  readonly outcome: OutcomeKind;
  readonly choice: LearnerChoice;
  /** From the simplest on; empty if there were too few rows to compare. */
  readonly learners: readonly LearnerComparison[];
  readonly heterogeneity: Heterogeneity;
  /**
   * The source of the arms' probabilities, and the number of rows whose probability was too small and was
   * raised.
   */
  readonly propensity: { readonly source: PropensitySource; readonly trimmed: number };
  /**
   * Why effects cannot be determined from the log at all; empty if they can, absent in models of older
   * versions.
   */
  readonly doubts?: readonly Doubt[] | undefined;
  readonly rows: number;
  readonly folds: number;
  readonly control: { readonly name: string; readonly rows: number; readonly outcomeRate: Estimate };
  readonly arms: readonly ArmMetrics[];
}
