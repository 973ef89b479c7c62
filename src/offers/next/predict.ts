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
import { shrinkBranches } from "./tree.ts";
import type { NextModel, Segment } from "./types.ts";

/** A model prepared for predictions. */
export interface NextPredictor {
  /** Overall share of each manufacturer among the next purchases; lift is relative to it. */
  readonly overall: Float64Array;
  /** Probability by index of the manufacturer, summing to 1; the same segment returns the same array. */
  predict(segment: Segment): Float64Array;
}

/**
 * Computes every segment's probabilities from a model's counts. A segment without counts has its parent's
 * probabilities; missing values of a customer (age, residence) are not part of the segment.
 */
export function createPredictor(model: NextModel): NextPredictor {
  const { counts, concentration } = model;
  const size = model.manufacturers.length;
  const overall = overallShares(counts, size);
  const parents = currentParents(counts, size);
  const current = shrinkLevel(levelSegments(counts, "current", parents), concentration.current);
  const ofCurrent: LevelProbabilities = new Map([...parents, ...current]);
  const age = shrinkLevel(levelSegments(counts, "age", ofCurrent), concentration.age);
  const residence = shrinkLevel(levelSegments(counts, "residence", ofCurrent), concentration.residence);
  const cells = levelSegments(counts, "cell", ofCurrent, { age, residence });
  const known = new Map<string, Float64Array>();

  const compute = (segment: Segment): Float64Array => {
    const level = levelOf(segment);
    const above = level && ofCurrent.get(keyOf(segment, "current") as string);
    if (!level || !above) return overall;
    if (level === "current") return above;
    const ofAge = age.get(keyOf(segment, "age") ?? "") ?? above;
    const ofResidence = residence.get(keyOf(segment, "residence") ?? "") ?? above;
    if (level === "age") return ofAge;
    if (level === "residence") return ofResidence;
    const counted = cells.get(keyOf(segment, "cell") as string);
    return counted ? shrinkBranches(counted, concentration.cell) : crossPairs(above, ofAge, ofResidence);
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

/** The most detailed level for a segment; null if the current manufacturer is unknown. */
function levelOf({ current, age, residence }: Segment): Level | null {
  if (current < 0) return null;
  if (age >= 0 && residence >= 0) return "cell";
  if (age >= 0) return "age";
  return residence >= 0 ? "residence" : "current";
}
