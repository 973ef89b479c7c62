import { byDistance } from "./nearest.ts";
import type { Neighbour, RowMask, VectorIndex, VectorSet } from "./types.ts";

/**
 * Galleries with more faces have several graphs, which are built in parallel. All are searched, and their results are
 * merged. One large graph is faster than several small ones of the same recall (docs/performance.md, "Search").
 */
export const SEGMENT_FACES = 1_000_000;

/** The rows of a set in parts of at most `size` rows, without copying. */
export function segmentsOf(set: VectorSet, size = SEGMENT_FACES): readonly VectorSet[] {
  const { dimensions, ids, contents, vectors } = set;
  const count = Math.max(1, Math.ceil(ids.length / size));
  return Array.from({ length: count }, (_, i) => {
    const [from, to] = [i * size, Math.min(ids.length, (i + 1) * size)];
    return {
      dimensions,
      ids: ids.subarray(from, to),
      contents: contents.subarray(from, to),
      vectors: vectors.subarray(from * dimensions, to * dimensions),
    };
  });
}

/** One index over consecutive parts of a set. */
export function createSegmentedIndex(parts: readonly VectorIndex[]): VectorIndex {
  const [only] = parts;
  if (only !== undefined && parts.length === 1) return only;
  const firsts: number[] = [];
  let size = 0;
  for (const part of parts) {
    firsts.push(size);
    size += part.size;
  }
  const masks = new WeakMap<RowMask, readonly RowMask[]>();
  const cut = (allowed: RowMask): readonly RowMask[] => {
    const known = masks.get(allowed) ?? parts.map((part, i) => maskOf(allowed, firsts[i] ?? 0, part.size));
    masks.set(allowed, known);
    return known;
  };
  return {
    kind: parts.some(({ kind }) => kind === "hnsw") ? "hnsw" : "exact",
    size,
    search(probe, k, allowed) {
      const own = allowed === undefined ? null : cut(allowed);
      const found: Neighbour[] = [];
      for (const [i, part] of parts.entries()) {
        const mask = own?.[i];
        if (mask?.count === 0) continue;
        for (const { row, distance } of part.search(probe, k, mask)) {
          found.push({ row: row + (firsts[i] ?? 0), distance });
        }
      }
      return found.sort(byDistance).slice(0, k);
    },
  };
}

function maskOf({ bits }: RowMask, first: number, size: number): RowMask {
  const own = bits.subarray(first, first + size);
  return { bits: own, count: own.reduce((sum, bit) => sum + bit, 0) };
}
