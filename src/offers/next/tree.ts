import { type CountedSegment, estimateConcentration, shrink } from "../../learning/index.ts";
import type { BranchConcentration } from "./types.ts";

/** A segment whose customers all have the manufacturer with index `own` now. */
export interface OwnedSegment extends CountedSegment {
  readonly own: number;
}

/**
 * Estimates the concentrations of the two choices in a purchase: to stay or to leave, and for those who
 * leave, the new manufacturer. Each choice has its own concentration, because segments may differ much in one
 * and little in the other.
 *
 * Source: Minka 1999, "The Dirichlet-tree distribution".
 */
export function estimateBranches(segments: readonly OwnedSegment[]): BranchConcentration {
  return {
    loyalty: estimateConcentration(segments.map(stayOrLeave)),
    destination: estimateConcentration(segments.map(whereTo)),
  };
}

/** Posterior mean of a segment's probabilities over all manufacturers. */
export function shrinkBranches(segment: OwnedSegment, concentration: BranchConcentration): Float64Array {
  const [stay] = shrink(stayOrLeave(segment), concentration.loyalty) as Float64Array & [number, number];
  const probabilities = shrink(whereTo(segment), concentration.destination).map(
    (share) => share * (1 - stay),
  );
  probabilities[segment.own] = stay;
  return probabilities;
}

function stayOrLeave({ own, counts, parent }: OwnedSegment): CountedSegment {
  const stayed = counts[own] as number;
  const expected = parent[own] as number;
  let all = 0;
  for (let i = 0; i < counts.length; i++) all += counts[i] as number;
  return { counts: [stayed, all - stayed], parent: [expected, 1 - expected] };
}

/** The choice of a new manufacturer: the own one has probability 0 and no customers. */
function whereTo({ own, counts, parent }: OwnedSegment): CountedSegment {
  const elsewhere = 1 - (parent[own] as number);
  return {
    counts: Float64Array.from(counts, (count, i) => (i === own ? 0 : count)),
    parent: Float64Array.from(parent, (p, i) => (i === own || elsewhere <= 0 ? 0 : p / elsewhere)),
  };
}
