import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { createRandom, randomNormal } from "../../src/core/index.ts";
import { createExactIndex } from "../../src/gallery/vectors/exact.ts";
import {
  createHnswIndex,
  emptyGraph,
  growGraph,
  HNSW_PARAMETERS,
  loadHnswLibrary,
} from "../../src/gallery/vectors/hnsw.ts";
import type { RowMask, VectorIndex, VectorSet } from "../../src/gallery/vectors/types.ts";

/**
 * Search in the gallery: exact against hnsw on synthetic clustered embeddings (20 faces a person, spread as dlib's
 * are: about 0.5 within a person, 1.4 between), from sizes where one wins to sizes where the other does.
 *
 *     tsx scripts/bench/gallery.ts [--sizes 1000,10000] [--queries 300] [--dimensions 128]
 *
 * and how the parameters of the graph were chosen, links and breadth of building against breadths of searching:
 *
 *     tsx scripts/bench/gallery.ts --sizes 1000000 --graphs 16/100,24/200 --ef 64,128,200 --queries 2000
 */
const { values } = parseArgs({
  options: {
    sizes: { type: "string", default: "1000,5000,20000,50000,100000" },
    queries: { type: "string", default: "300" },
    dimensions: { type: "string", default: "128" },
    graphs: { type: "string", default: `${HNSW_PARAMETERS.m}/${HNSW_PARAMETERS.efConstruction}` },
    ef: { type: "string", default: "200" },
  },
});
/** 128 for embeddings; the vectors of resemblance have 262, without the second descriptor 134. */
const DIMENSIONS = Number(values.dimensions);
const MEGABYTE = 2 ** 20;

const library = await loadHnswLibrary();
if (library === null) throw new Error("hnswlib-node is not installed");
const exactRows: Record<string, string | number>[] = [];
const graphRows: Record<string, string | number>[] = [];
for (const size of values.sizes.split(",").map(Number)) {
  const set = clustered(size, 1);
  const probes = probesNear(set, Number(values.queries), 2);
  const sparse = maskEvery(size, 1000);
  const exact = createExactIndex(set);
  const truth = probes.map((probe) => exact.search(probe, 1)[0]?.row);
  exactRows.push({
    faces: size,
    "matrix, MB": Math.round(set.vectors.byteLength / MEGABYTE),
    ...timings(exact, probes),
    "0.1 % left p50": time(exact, probes, 0.5, sparse),
  });
  for (const graphName of values.graphs.split(",")) {
    const [m = 0, efConstruction = 0] = graphName.split("/").map(Number);
    const before = residentBytes();
    const startedAt = performance.now();
    const graph = await growGraph(
      library,
      set,
      emptyGraph(library, set, { ...HNSW_PARAMETERS, m, efConstruction }),
    );
    const buildSeconds = (performance.now() - startedAt) / 1000;
    const graphBytes = residentBytes() - before;
    for (const ef of values.ef.split(",").map(Number)) {
      const hnsw = createHnswIndex(set, graph, { ef });
      const hits = probes.filter((probe, i) => hnsw.search(probe, 1)[0]?.row === truth[i]).length;
      graphRows.push({
        faces: size,
        "m/efC": graphName,
        ef,
        "recall@1": (hits / probes.length).toFixed(4),
        ...timings(hnsw, probes),
        "0.1 % left p50": time(hnsw, probes, 0.5, sparse),
        "build, s": buildSeconds.toFixed(1),
        "graph, MB": Math.round(graphBytes / MEGABYTE),
      });
      console.error(graphRows.at(-1));
    }
  }
}
console.log("exact, ms a query");
console.table(exactRows);
console.log("hnsw, ms a query");
console.table(graphRows);

function timings(index: VectorIndex, probes: readonly Float32Array[]): Record<string, string> {
  return {
    p50: time(index, probes, 0.5),
    p99: time(index, probes, 0.99),
    "back to back": backToBack(index, probes),
  };
}

function time(index: VectorIndex, probes: readonly Float32Array[], quantile: number, mask?: RowMask): string {
  for (const probe of probes.slice(0, 20)) index.search(probe, 5, mask);
  const times = probes.slice(0, 500).map((probe) => {
    const startedAt = performance.now();
    index.search(probe, 5, mask);
    return performance.now() - startedAt;
  });
  times.sort((a, b) => a - b);
  return (times[Math.floor(quantile * (times.length - 1))] ?? 0).toFixed(3);
}

/** The mean of a batch, without a look at the clock in between. */
function backToBack(index: VectorIndex, probes: readonly Float32Array[]): string {
  const batch = probes.slice(0, 500);
  const startedAt = performance.now();
  for (const probe of batch) index.search(probe, 5);
  return ((performance.now() - startedAt) / batch.length).toFixed(3);
}

/** What the process occupies now: the graph lies outside of JavaScript's heap. */
function residentBytes(): number {
  globalThis.gc?.();
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync("/proc/self/status", "utf8"))?.[1] ?? 0) * 1024;
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
