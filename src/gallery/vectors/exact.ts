import { Nearest } from "./nearest.ts";
import type { Neighbour, RowMask, VectorIndex, VectorSet } from "./types.ts";

/** Components summed between two comparisons with the bound. */
const BLOCK = 32;

/**
 * Exact search: one pass over the matrix. The sum of a row stops as soon as it exceeds the k-th smallest so far (partial
 * distance search, Cheng et al., ICASSP 1984), which does not change the result.
 */
export function createExactIndex(set: VectorSet): VectorIndex {
  return {
    kind: "exact",
    size: set.ids.length,
    search(probe, k, allowed) {
      const nearest = new Nearest(Math.min(k, allowed?.count ?? set.ids.length));
      // Converted to doubles once, not for every row.
      scan(set, Float64Array.from(probe), nearest, allowed);
      return nearest.sorted();
    },
  };
}

function scan(set: VectorSet, probe: Float64Array, nearest: Nearest, allowed: RowMask | undefined): void {
  const { ids, vectors, dimensions } = set;
  let bound = nearest.bound;
  for (let row = 0; row < ids.length; row++) {
    if (allowed !== undefined && allowed.bits[row] !== 1) continue;
    const squared = squaredBelow(vectors, row * dimensions, probe, bound);
    if (squared >= bound) continue;
    nearest.offer(row, squared);
    bound = nearest.bound;
  }
}

/** The `k` nearest of the given rows, with the same distances as the exact index. */
export function nearestOf(
  set: VectorSet,
  probe: Float32Array,
  rows: readonly number[],
  k: number,
): readonly Neighbour[] {
  const nearest = new Nearest(Math.min(k, rows.length));
  const exactProbe = Float64Array.from(probe);
  for (const row of Uint32Array.from(rows).sort()) {
    const squared = squaredBelow(set.vectors, row * set.dimensions, exactProbe, nearest.bound);
    nearest.offer(row, squared);
  }
  return nearest.sorted();
}

/** The squared distance, or a number >= `bound` if the distance is not below it. */
function squaredBelow(vectors: Float32Array, offset: number, probe: Float64Array, bound: number): number {
  const dimensions = probe.length;
  let sum = 0;
  for (let start = 0; start < dimensions; start += BLOCK) {
    const end = Math.min(start + BLOCK, dimensions);
    // Four independent sums: additions do not wait for each other.
    let a = 0;
    let b = 0;
    let c = 0;
    let d = 0;
    let i = start;
    for (; i + 3 < end; i += 4) {
      const p = (vectors[offset + i] as number) - (probe[i] as number);
      const q = (vectors[offset + i + 1] as number) - (probe[i + 1] as number);
      const r = (vectors[offset + i + 2] as number) - (probe[i + 2] as number);
      const s = (vectors[offset + i + 3] as number) - (probe[i + 3] as number);
      a += p * p;
      b += q * q;
      c += r * r;
      d += s * s;
    }
    for (; i < end; i++) a += ((vectors[offset + i] as number) - (probe[i] as number)) ** 2;
    sum += a + b + c + d;
    if (sum >= bound) return sum;
  }
  return sum;
}

/** The Euclidean distance between a row and a probe, equal to that of the exact index. */
export function distanceTo(set: VectorSet, row: number, probe: Float64Array): number {
  return Math.sqrt(squaredBelow(set.vectors, row * set.dimensions, probe, Number.POSITIVE_INFINITY));
}
