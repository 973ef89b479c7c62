import { currentParents, levelSegments, shrinkLevel } from "./levels.ts";
import { estimateBranches } from "./tree.ts";
import type { CodedTransitions, NextModel, SegmentCount } from "./types.ts";

/**
 * Next-purchase probabilities by current manufacturer, age band and residence. Most segments are small, so
 * each has a posterior around the level above it: all three -> the pairs with the current manufacturer -> the
 * current manufacturer -> overall. The strength of the prior is estimated from the counts, level by level
 * (empirical Bayes).
 *
 * Source: Gelman et al. 2013, Bayesian Data Analysis, chapter 5; `estimateBranches` for the levels.
 *
 * @param rows the transitions to use; default: all
 */
export function trainNext(transitions: CodedTransitions, rows?: Uint32Array): NextModel {
  const { manufacturers, residences, usesAge, stays } = transitions;
  const counts = countSegments(transitions, rows);
  const size = manufacturers.length;
  const byCurrent = levelSegments(counts, "current", currentParents(counts, size));
  const current = estimateBranches([...byCurrent.values()]);
  const ofCurrent = shrinkLevel(byCurrent, current);
  const byAge = levelSegments(counts, "age", ofCurrent);
  const byResidence = levelSegments(counts, "residence", ofCurrent);
  const age = estimateBranches([...byAge.values()]);
  const residence = estimateBranches([...byResidence.values()]);
  const byCell = levelSegments(counts, "cell", ofCurrent, {
    age: shrinkLevel(byAge, age),
    residence: shrinkLevel(byResidence, residence),
  });
  const cell = estimateBranches([...byCell.values()]);
  return {
    manufacturers,
    residences,
    usesAge,
    stays,
    concentration: { current, age, residence, cell },
    counts,
  };
}

function countSegments(transitions: CodedTransitions, rows: Uint32Array | undefined): SegmentCount[] {
  const found = new Map<string, SegmentCount & { readonly next: number[] }>();
  const total = rows ? rows.length : transitions.rows;
  for (let i = 0; i < total; i++) {
    const row = rows ? (rows[i] as number) : i;
    const current = transitions.current[row] as number;
    const age = transitions.age[row] as number;
    const residence = transitions.residence[row] as number;
    const key = `${current} ${age} ${residence}`;
    let segment = found.get(key);
    if (segment === undefined) {
      segment = { current, age, residence, next: transitions.manufacturers.map(() => 0) };
      found.set(key, segment);
    }
    const bought = transitions.next[row] as number;
    segment.next[bought] = (segment.next[bought] as number) + 1;
  }
  return [...found.values()];
}
