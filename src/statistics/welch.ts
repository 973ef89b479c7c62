import type { Sample } from "./sample.ts";
import { studentCritical, studentTwoSided } from "./student.ts";

/**
 * The difference between an arm's mean and the control's, for one look at a sample size that was fixed in
 * advance.
 */
export interface Difference {
  readonly value: number;
  readonly standardError: number;
  /** Welch-Satterthwaite degrees of freedom. */
  readonly freedom: number;
  readonly low: number;
  readonly high: number;
  /** Two-sided. */
  readonly pValue: number;
}

export interface DifferenceOptions {
  /** 1 - alpha is the interval's coverage; in (0, 1), default 0.05. */
  readonly alpha?: number | undefined;
  /**
   * Whether the difference is a share of the control's mean; its standard error is by the delta method. The
   * sign of the difference is kept if the control's mean is negative. Default false.
   */
  readonly relative?: boolean | undefined;
}

/**
 * Welch's t-interval and test of the difference of two means.
 *
 * Source: Welch 1947, Biometrika 34; relative: Deng, Knoblich and Lu 2018, KDD.
 *
 * @returns null if either arm has fewer than 2 units, nothing varies, or a relative difference has a baseline
 *   of 0
 */
export function differenceOfMeans(
  control: Sample,
  arm: Sample,
  { alpha = 0.05, relative = false }: DifferenceOptions = {},
): Difference | null {
  if (control.n < 2 || arm.n < 2) return null;
  const base = Math.abs(control.mean);
  if (relative && base === 0) return null;
  const gap = arm.mean - control.mean;
  // The variances of both means, in squared units of the requested difference.
  const armPart = arm.variance / arm.n / (relative ? base ** 2 : 1);
  const controlPart =
    (control.variance / control.n) * (relative ? (arm.mean / control.mean) ** 2 / base ** 2 : 1);
  const variance = armPart + controlPart;
  if (!(variance > 0)) return null;
  const standardError = Math.sqrt(variance);
  const value = relative ? gap / base : gap;
  const freedom = welchFreedom(control, arm);
  const half = studentCritical(alpha, freedom) * standardError;
  return {
    value,
    standardError,
    freedom,
    low: value - half,
    high: value + half,
    pValue: studentTwoSided(value / standardError, freedom),
  };
}

function welchFreedom(a: Sample, b: Sample): number {
  const [partA, partB] = [a.variance / a.n, b.variance / b.n];
  return (partA + partB) ** 2 / (partA ** 2 / (a.n - 1) + partB ** 2 / (b.n - 1));
}
