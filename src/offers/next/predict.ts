import { shrink } from "./concentration.ts";
import {
  crossPairs,
  currentParents,
  keyOf,
  type Level,
  type LevelProbabilities,
  levelSegments,
  overallShares,
  shrinkLevel,
} from "./levels.ts";
import type { NextModel, Segment } from "./types.ts";

/** What a segment's customers buy next. */
export interface NextPrediction {
  /** Probability by index of the manufacturer; sums to 1. */
  readonly probabilities: Float64Array;
  /** Customers and pseudo-customers behind the probabilities: how firm they are. */
  readonly weight: number;
}

/** A model made ready to answer. */
export interface NextPredictor {
  /** Overall share of each manufacturer among the next purchases: what lift is relative to. */
  readonly overall: Float64Array;
  predict(segment: Segment): NextPrediction;
}

/**
 * Derives every segment's probabilities from a model's counts. A segment that the counts do not know has its
 * parent's probabilities; what a customer does not tell (age, residence) is left out of the segment.
 */
export function createPredictor(model: NextModel): NextPredictor {
  const { counts, concentration } = model;
  const size = model.manufacturers.length;
  const overall = overallShares(counts, size);
  const weights = segmentWeights(model);
  const parents = currentParents(counts, size);
  const current = shrinkLevel(levelSegments(counts, "current", parents), concentration.current);
  const ofCurrent: LevelProbabilities = new Map([...parents, ...current]);
  const age = shrinkLevel(levelSegments(counts, "age", ofCurrent), concentration.age);
  const residence = shrinkLevel(levelSegments(counts, "residence", ofCurrent), concentration.residence);
  const cells = levelSegments(counts, "cell", ofCurrent, { age, residence });
  const known = new Map<string, NextPrediction>();

  const compute = (segment: Segment): NextPrediction => {
    const level = levelOf(segment);
    const above = level && ofCurrent.get(keyOf(segment, "current") as string);
    if (!level || !above) return { probabilities: overall, weight: weights.total };
    const key = keyOf(segment, level) as string;
    const weight = (weights.of.get(key) ?? 0) + concentration[level];
    if (level === "current") return { probabilities: above, weight };
    const ofAge = age.get(keyOf(segment, "age") ?? "") ?? above;
    const ofResidence = residence.get(keyOf(segment, "residence") ?? "") ?? above;
    if (level === "age") return { probabilities: ofAge, weight };
    if (level === "residence") return { probabilities: ofResidence, weight };
    const counted = cells.get(key);
    const probabilities = counted
      ? shrink(counted, concentration.cell)
      : crossPairs(above, ofAge, ofResidence);
    return { probabilities, weight };
  };

  return {
    overall,
    predict(segment) {
      const key = `${segment.current} ${segment.age} ${segment.residence}`;
      const cached = known.get(key);
      if (cached !== undefined) return cached;
      const prediction = compute(segment);
      known.set(key, prediction);
      return prediction;
    },
  };
}

/** The level that uses all that a segment knows; null where the current manufacturer is unknown. */
function levelOf({ current, age, residence }: Segment): Level | null {
  if (current < 0) return null;
  if (age >= 0 && residence >= 0) return "cell";
  if (age >= 0) return "age";
  return residence >= 0 ? "residence" : "current";
}

/** Customers by segment of every level, and in total. */
function segmentWeights({ counts }: NextModel): { of: ReadonlyMap<string, number>; total: number } {
  const of = new Map<string, number>();
  let total = 0;
  for (const segment of counts) {
    const customers = segment.next.reduce((sum, count) => sum + count, 0);
    total += customers;
    for (const level of ["current", "age", "residence", "cell"] as const) {
      const key = keyOf(segment, level);
      if (key !== null) of.set(key, (of.get(key) ?? 0) + customers);
    }
  }
  return { of, total };
}
