import {
  addMoments,
  bernoulliSequence,
  cuped,
  type Difference,
  differenceOfMeans,
  type JointMoments,
  NO_MOMENTS,
  type Posterior,
  posteriorOf,
  ratioOf,
  type Sample,
  sampleOf,
  sequenceInterval,
} from "../../statistics/index.ts";
import type { ResultCell, ResultMetric } from "../outcomes/cells.ts";

/** One of the independent randomisations. */
export const LAYERS = ["face", "holdout", "offer", "copy", "template"] as const;
export type Layer = (typeof LAYERS)[number];

/** A comparison of one layer: an arm against another, overall or within a group. */
export interface Question {
  readonly id: string;
  readonly layer: Layer;
  /** A title. */
  readonly text: string;
  readonly control: string;
  readonly arm: string;
  /** Group of the cells; null: all of them. */
  readonly group: string | null;
  readonly metric: ResultMetric;
  /** The comparison that decides; the others of its layer are secondary. */
  readonly isPrimary: boolean;
}

export interface Range {
  readonly low: number;
  readonly high: number;
}

/** A difference, read once at a sample size fixed beforehand, and at every look. */
export interface Effect {
  readonly value: number;
  readonly fixed: Range & { readonly pValue: number };
  readonly sequence: Range & { readonly pValue: number };
}

export interface ArmResult {
  readonly arm: string;
  readonly customers: number;
  /** Mean of the metric, after adjustment. */
  readonly mean: number;
  /**
   * Interval of a rate, valid at every look; null for amounts, and if customers are weighted or clustered.
   */
  readonly range: Range | null;
}

export interface Look {
  /** ISO date. */
  readonly date: string;
  readonly customers: number;
  readonly value: number;
  readonly sequence: Range;
}

export interface Comparison {
  readonly question: Question;
  readonly control: ArmResult;
  readonly arm: ArmResult;
  /** Arm minus control; null if an arm has fewer than 2 customers or there is no variance. */
  readonly difference: Effect | null;
  /** Difference as a share of the control's mean; null likewise, and if that mean is 0. */
  readonly relative: Effect | null;
  /** Share of the variance removed by the pre-period; null: there is none. */
  readonly saved: number | null;
  /** Mean uplift that the model predicted for the arm's customers. */
  readonly predicted: number | null;
  readonly bayes: Posterior | null;
  /** The comparison after each day on which windows closed. */
  readonly looks: readonly Look[];
}

export interface CompareOptions {
  /** Planned number of customers in both arms together. */
  readonly planned: number;
  /** Whether means are ratios of two sums: over clusters, or of weighted customers. */
  readonly isRatio: boolean;
  readonly hasPre: boolean;
  readonly withBayes: boolean;
  readonly alpha?: number | undefined;
}

export function compareArms(
  question: Question,
  cells: readonly ResultCell[],
  options: CompareOptions,
): Comparison {
  const own = cells.filter(({ group }) => question.group === null || group === question.group);
  const days = [...new Set(own.map(({ day }) => day))].sort((a, b) => a - b);
  const looks = days.flatMap((day) => {
    const { samples } = samplesOf(
      question,
      own.filter((cell) => cell.day <= day),
      options,
    );
    const found = effectOf(samples, options, false);
    const date = new Date((day + 1) * 86_400_000).toISOString().slice(0, 10);
    const customers = samples[0].n + samples[1].n;
    return found === null ? [] : [{ date, customers, value: found.value, sequence: found.sequence }];
  });
  const { samples, saved } = samplesOf(question, own, options);
  const [control, arm] = samples;
  const difference = effectOf(samples, options, false);
  const welch = differenceOfMeans(control, arm, { alpha: options.alpha });
  return {
    question,
    control: armResult(question, question.control, control, options),
    arm: armResult(question, question.arm, arm, options),
    difference,
    relative: effectOf(samples, options, true),
    saved,
    predicted: predictedOf(own, question.arm),
    bayes: options.withBayes && welch !== null ? posteriorOf(welch) : null,
    looks,
  };
}

type Pair = readonly [control: Sample, arm: Sample];

function samplesOf(
  { control, arm }: Question,
  cells: readonly ResultCell[],
  { isRatio, hasPre }: CompareOptions,
): { samples: Pair; saved: number | null } {
  const of = (name: string) => cells.filter((cell) => cell.arm === name);
  const total = (own: readonly ResultCell[]) => own.reduce<JointMoments>(addMoments, NO_MOMENTS);
  if (isRatio) return { samples: [ratioOf(total(of(control))), ratioOf(total(of(arm)))], saved: null };
  if (hasPre) {
    const folds = [...new Set(cells.map(({ fold }) => fold))].sort((a, b) => a - b);
    const byFold = (name: string) =>
      folds.map((fold) => total(of(name).filter((cell) => cell.fold === fold)));
    const { samples, saved } = cuped([byFold(control), byFold(arm)]);
    const [first, second] = samples;
    if (first !== undefined && second !== undefined) return { samples: [first, second], saved };
  }
  const plain = (name: string) => {
    const { n, y, yy } = total(of(name));
    return sampleOf({ n, sum: y, squares: yy });
  };
  return { samples: [plain(control), plain(arm)], saved: null };
}

function effectOf(
  samples: Pair,
  { planned, alpha = 0.05 }: CompareOptions,
  relative: boolean,
): Effect | null {
  const found: Difference | null = differenceOfMeans(...samples, { alpha, relative });
  if (found === null) return null;
  const n = samples[0].n + samples[1].n;
  const { value, low, high, pValue } = found;
  return {
    value,
    fixed: { low, high, pValue },
    sequence: sequenceInterval(found, n, { tuning: Math.max(2, planned), alpha }),
  };
}

function armResult(
  { metric }: Question,
  arm: string,
  { n, mean }: Sample,
  { isRatio }: CompareOptions,
): ArmResult {
  const isRate = metric === "converted" && !isRatio && n > 0 && mean >= 0 && mean <= 1;
  const range = isRate ? bernoulliSequence(mean * n, n, { best: n }) : null;
  return { arm, customers: n, mean, range };
}

function predictedOf(cells: readonly ResultCell[], arm: string): number | null {
  let sum = 0;
  let n = 0;
  for (const cell of cells) {
    if (cell.arm !== arm) continue;
    sum += cell.predicted;
    n += cell.n;
  }
  return n === 0 ? null : sum / n;
}
