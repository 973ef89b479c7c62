import { createRandom, randomPermutation } from "../../core/index.ts";
import { createPredictor } from "./predict.ts";
import type { CodedTransitions, NextModel } from "./types.ts";

/** The data splits and baselines with which models of the next purchase are compared. */

export interface TimeSplit {
  readonly split: "time" | "random";
  readonly train: Uint32Array;
  readonly validation: Uint32Array;
  readonly test: Uint32Array;
}

/**
 * Splits by time, with rows in ascending order within each part. If no times are known (a survey), the parts
 * are drawn at random.
 */
export function splitByTime({ at, rows }: CodedTransitions, seed: number): TimeSplit {
  const lottery = randomPermutation(rows, createRandom(seed));
  const isTimed = at.some((time) => time !== at[0]) && at.every(Number.isFinite);
  const order = isTimed
    ? Uint32Array.from(lottery.keys()).sort((a, b) => {
        return (at[a] as number) - (at[b] as number) || (lottery[a] as number) - (lottery[b] as number);
      })
    : lottery;
  const [first, second] = [Math.floor(0.6 * rows), Math.floor(0.8 * rows)];
  return {
    split: isTimed ? "time" : "random",
    train: order.slice(0, first).sort(),
    validation: order.slice(first, second).sort(),
    test: order.slice(second).sort(),
  };
}

/** The part of the segment that an answer may use. */
export type Knowledge = "all" | "current" | "stays" | "overall";

/** `rows x manufacturers` probabilities from the table, using only the given part of the segment. */
export function bySegment(
  model: NextModel,
  { current, age, residence }: CodedTransitions,
  rows: Uint32Array,
  knowledge: Knowledge,
): Float64Array {
  const predictor = createPredictor(model);
  const classes = model.manufacturers.length;
  const loyal = knowledge === "stays" ? loyalty(model) : 0;
  const probabilities = new Float64Array(rows.length * classes);
  const answerOf = (row: number, own: number) => {
    if (knowledge === "overall") return predictor.overall;
    if (knowledge === "stays") return staysWith(predictor.overall, own, loyal);
    const knowsAll = knowledge === "all";
    return predictor.predict({
      current: own,
      age: knowsAll ? (age[row] as number) : -1,
      residence: knowsAll ? (residence[row] as number) : -1,
    });
  };
  for (const [i, row] of rows.entries()) {
    const own = current[row] as number;
    const answer = answerOf(row, own);
    probabilities.set(answer, i * classes);
  }
  return probabilities;
}

/** Share of all customers who stayed. */
function loyalty({ counts }: NextModel): number {
  let stayed = 0.5;
  let all = 1;
  for (const { current, next } of counts) {
    stayed += next[current] ?? 0;
    all += next.reduce((sum, count) => sum + count, 0);
  }
  return stayed / all;
}

/** The same loyalty for all customers, and the rest distributed by the overall shares. */
function staysWith(overall: Float64Array, own: number, loyal: number): Float64Array {
  if (own < 0) return overall;
  const elsewhere = 1 - (overall[own] as number);
  return overall.map((share, k) => (k === own ? loyal : ((1 - loyal) * share) / elsewhere));
}
