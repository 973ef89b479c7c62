import { parseArgs } from "node:util";
import { createExactIndex } from "../../src/gallery/vectors/exact.ts";
import { createHnswIndex, growGraph, loadHnswLibrary } from "../../src/gallery/vectors/hnsw.ts";
import type { RowMask, VectorIndex, VectorSet } from "../../src/gallery/vectors/types.ts";
import { createRandom, randomNormal } from "../../src/random.ts";

/**
 * Search in the gallery: exact against hnsw on synthetic clustered embeddings (20 faces a person, spread as dlib's
 * are: about 0.5 within a person, 1.4 between), from sizes where one wins to sizes where the other does.
 *
 *     tsx scripts/bench/gallery.ts [--sizes 1000,10000] [--queries 300]
 */
const { values } = parseArgs({
  options: {
    sizes: { type: "string", default: "1000,5000,20000,50000,100000" },
    queries: { type: "string", default: "300" },
  },
});
const DIMENSIONS = 128;

const library = await loadHnswLibrary();
if (library === null) throw new Error("hnswlib-node is not installed");
const rows: Record<string, string | number>[] = [];
for (const size of values.sizes.split(",").map(Number)) {
  const set = clustered(size, 1);
  const probes = probesNear(set, Number(values.queries), 2);
  const startedAt = performance.now();
  const graph = await growGraph(library, set, null);
  const buildSeconds = (performance.now() - startedAt) / 1000;
  const exact = createExactIndex(set);
  const hnsw = createHnswIndex(set, graph);
  const sparse = maskEvery(size, 1000);
  const truth = probes.map((probe) => exact.search(probe, 1)[0]?.row);
  const hits = probes.filter((probe, i) => hnsw.search(probe, 1)[0]?.row === truth[i]).length;
  rows.push({
    faces: size,
    "exact p50 ms": time(exact, probes, 0.5),
    "exact p99 ms": time(exact, probes, 0.99),
    "hnsw p50 ms": time(hnsw, probes, 0.5),
    "hnsw p99 ms": time(hnsw, probes, 0.99),
    "0.1 % left p50 ms": time(hnsw, probes, 0.5, sparse),
    "recall@1": (hits / probes.length).toFixed(4),
    "build s": buildSeconds.toFixed(1),
  });
}
console.table(rows);

function time(index: VectorIndex, probes: readonly Float32Array[], quantile: number, mask?: RowMask): string {
  for (const probe of probes.slice(0, 20)) index.search(probe, 5, mask);
  const times = probes.map((probe) => {
    const startedAt = performance.now();
    index.search(probe, 5, mask);
    return performance.now() - startedAt;
  });
  times.sort((a, b) => a - b);
  return (times[Math.floor(quantile * (times.length - 1))] ?? 0).toFixed(3);
}

function clustered(size: number, seed: number): VectorSet {
  const random = createRandom(seed);
  const people = Math.ceil(size / 20);
  const centres = Float32Array.from({ length: people * DIMENSIONS }, () => randomNormal(random) * 0.085);
  const vectors = new Float32Array(size * DIMENSIONS);
  for (let row = 0; row < size; row++) {
    const person = Math.floor(random() * people) * DIMENSIONS;
    for (let d = 0; d < DIMENSIONS; d++) {
      vectors[row * DIMENSIONS + d] = (centres[person + d] ?? 0) + randomNormal(random) * 0.035;
    }
  }
  const ids = Uint32Array.from({ length: size }, (_, i) => i + 1);
  return { dimensions: DIMENSIONS, ids, contents: ids, vectors };
}

function probesNear(set: VectorSet, count: number, seed: number): Float32Array[] {
  const random = createRandom(seed);
  return Array.from({ length: count }, () => {
    const start = Math.floor(random() * set.ids.length) * DIMENSIONS;
    return set.vectors.slice(start, start + DIMENSIONS).map((value) => value + randomNormal(random) * 0.04);
  });
}

function maskEvery(size: number, step: number): RowMask {
  const bits = Uint8Array.from({ length: size }, (_, row) => (row % step === 0 ? 1 : 0));
  return { bits, count: Math.ceil(size / step) };
}
