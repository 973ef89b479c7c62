import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRandom, randomNormal } from "../../src/core/index.ts";
import { createExactIndex } from "../../src/gallery/vectors/exact.ts";
import { growGraphs } from "../../src/gallery/vectors/graphs.ts";
import {
  createHnswIndex,
  type Graph,
  growGraph,
  type HnswLibrary,
  loadHnswLibrary,
} from "../../src/gallery/vectors/hnsw.ts";
import { covarianceOf, principalDirections } from "../../src/gallery/vectors/principal.ts";
import { type Projection, shorten } from "../../src/gallery/vectors/projection.ts";
import { createSegmentedIndex, segmentsOf } from "../../src/gallery/vectors/segments.ts";
import type { RowMask, VectorIndex, VectorSet } from "../../src/gallery/vectors/types.ts";

/** One contract for every index, checked against a sort of all distances. */

function clustered(rows: number, dimensions: number, seed: number): VectorSet {
  const random = createRandom(seed);
  const clusters = Math.max(1, Math.ceil(rows / 20));
  const centres = Float32Array.from({ length: clusters * dimensions }, () => randomNormal(random) * 0.085);
  const vectors = new Float32Array(rows * dimensions);
  for (let row = 0; row < rows; row++) {
    const cluster = Math.floor(random() * clusters);
    for (let d = 0; d < dimensions; d++) {
      vectors[row * dimensions + d] = (centres[cluster * dimensions + d] ?? 0) + randomNormal(random) * 0.035;
    }
  }
  return {
    dimensions,
    ids: Uint32Array.from({ length: rows }, (_, i) => i + 1),
    contents: Uint32Array.from({ length: rows }, (_, i) => i + 1),
    vectors,
  };
}

function maskOf(rows: number, isAllowed: (row: number) => boolean): RowMask {
  const bits = Uint8Array.from({ length: rows }, (_, row) => (isAllowed(row) ? 1 : 0));
  return { bits, count: bits.reduce((sum, bit) => sum + bit, 0) };
}

function sortAll(set: VectorSet, probe: Float32Array, k: number, mask?: RowMask) {
  return Array.from(set.ids, (_, row) => {
    let sum = 0;
    for (let d = 0; d < set.dimensions; d++) {
      sum += ((set.vectors[row * set.dimensions + d] ?? 0) - (probe[d] ?? 0)) ** 2;
    }
    return { row, distance: Math.sqrt(sum) };
  })
    .filter(({ row }) => mask === undefined || mask.bits[row] === 1)
    .sort((a, b) => a.distance - b.distance || a.row - b.row)
    .slice(0, k);
}

const ROWS = 4000;
const SET = clustered(ROWS, 128, 1);
const PROBES = drawProbes(40);

function drawProbes(count: number): Float32Array[] {
  const random = createRandom(2);
  return Array.from({ length: count }, () => {
    const start = Math.floor(random() * ROWS) * 128;
    return SET.vectors.slice(start, start + 128).map((value) => value + randomNormal(random) * 0.04);
  });
}

/** The sorts by filter and probe: the same for every index. */
const sorted = new Map<string, ReturnType<typeof sortAll>>();

function nearestRows(filter: string, probe: number, k: number, mask?: RowMask) {
  const key = `${filter} ${probe} ${k}`;
  const found = sorted.get(key) ?? sortAll(SET, PROBES[probe] ?? new Float32Array(128), k, mask);
  sorted.set(key, found);
  return found;
}

/** On half of the dimensions, or on four of them. */
function halve(set: VectorSet): Projection {
  const { dimensions } = set;
  const to = Math.max(4, dimensions / 2);
  const principal = principalDirections(covarianceOf(set), dimensions, to);
  const values = Float32Array.from(principal.flatMap(({ direction }) => [...direction]));
  return { from: dimensions, to, values };
}

const library = await loadHnswLibrary();
type Build = (set: VectorSet) => Promise<VectorIndex>;

/** Builds the index of a set once. */
function builtOnce(build: Build): Build {
  const built = new WeakMap<VectorSet, Promise<VectorIndex>>();
  return (set) => {
    const index = built.get(set) ?? build(set);
    built.set(set, index);
    return index;
  };
}

function requireLibrary(): HnswLibrary {
  if (library === null) throw new Error("hnswlib-node is not installed");
  return library;
}

const indexes: readonly [string, Build][] = [
  ["exact", async (set) => createExactIndex(set)],
  ["hnsw", async (set) => createHnswIndex(set, await growGraph(requireLibrary(), set, null))],
  [
    "hnsw of shortened vectors",
    async (set) => {
      const projection = halve(set);
      const graph = await growGraph(requireLibrary(), await shorten(set, projection), null);
      return createHnswIndex(set, graph, { projection });
    },
  ],
  [
    "hnsw in segments",
    async (set) => {
      const parts = segmentsOf(set, 1500);
      const tasks = parts.map((part) => ({ set: part, graph: null }));
      const graphs = await growGraphs(tasks, { library: requireLibrary(), threads: 2 });
      return createSegmentedIndex(parts.map((part, i) => createHnswIndex(part, graphs[i] as Graph)));
    },
  ],
];

describe.each(indexes)("%s index", (name, buildIt) => {
  const build = builtOnce(buildIt);
  const skipped = name !== "exact" && library === null;

  it.skipIf(skipped)("finds the nearest rows, nearest first, with their distances", async () => {
    const index = await build(SET);
    expect(index.size).toBe(ROWS);
    for (const [i, probe] of PROBES.entries()) {
      const found = index.search(probe, 5);
      const truth = nearestRows("all", i, 5);
      expect(found.map(({ row }) => row)).toEqual(truth.map(({ row }) => row));
      for (const [i, { distance }] of found.entries())
        expect(distance).toBeCloseTo(truth[i]?.distance ?? -1, 9);
    }
  });

  it.skipIf(skipped).each([
    ["half", (row: number) => row % 2 === 0],
    ["a tenth", (row: number) => row % 10 === 3],
    ["0.1 %", (row: number) => row % 1000 === 7],
    ["one row", (row: number) => row === 1234],
    ["nothing", () => false],
  ])("is right when a filter leaves %s", async (share, isAllowed) => {
    const index = await build(SET);
    const mask = maskOf(ROWS, isAllowed);
    for (const [i, probe] of PROBES.entries()) {
      const found = index.search(probe, 5, mask).map(({ row }) => row);
      expect(found).toEqual(nearestRows(share, i, 5, mask).map(({ row }) => row));
    }
  });

  it.skipIf(skipped)("is right when a filter forbids just the probe's neighbourhood", async () => {
    const index = await build(SET);
    for (const [i, probe] of PROBES.slice(0, 5).entries()) {
      const near = new Set(nearestRows("all", i, 1500).map(({ row }) => row));
      const mask = maskOf(ROWS, (row) => !near.has(row));
      expect(index.search(probe, 3, mask)).toHaveLength(3);
      expect(index.search(probe, 3, mask).map(({ row }) => row)).toEqual(
        nearestRows("far", i, 3, mask).map(({ row }) => row),
      );
    }
  });

  it.skipIf(skipped)("gives all rows when asked for more than there are, equal ones by row", async () => {
    const few = { ...clustered(3, 4, 1), vectors: new Float32Array([1, 1, 1, 1, 0, 0, 0, 0, 1, 1, 1, 1]) };
    const index = await build(few);
    const found = index.search(new Float32Array([1, 1, 1, 1]), 10);
    expect(found).toEqual([
      { row: 0, distance: 0 },
      { row: 2, distance: 0 },
      { row: 1, distance: 2 },
    ]);
  });
});

describe("exact index", () => {
  it("equals a sort of all distances for any vectors, k and filter", () => {
    const small = fc.integer({ min: -3, max: 3 });
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 40 }).chain((dimensions) =>
          fc.record({
            probe: fc.array(small, { minLength: dimensions, maxLength: dimensions }),
            rows: fc.array(fc.array(small, { minLength: dimensions, maxLength: dimensions }), {
              maxLength: 30,
            }),
          }),
        ),
        fc.integer({ min: 1, max: 35 }),
        fc.integer({ min: 1, max: 4 }),
        ({ probe, rows }, k, step) => {
          const vectors = Float32Array.from(rows.flat());
          const ids = Uint32Array.from({ length: rows.length }, (_, i) => i + 1);
          const set = { dimensions: probe.length, ids, contents: ids, vectors };
          const mask = maskOf(rows.length, (row) => row % step === 0);
          const floats = Float32Array.from(probe);
          expect(createExactIndex(set).search(floats, k, mask)).toEqual(sortAll(set, floats, k, mask));
        },
      ),
    );
  });
});
