import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { createRandom } from "../../src/core/index.ts";
import { nearestOf } from "../../src/gallery/vectors/exact.ts";
import { growGraphs } from "../../src/gallery/vectors/graphs.ts";
import {
  createHnswIndex,
  type Graph,
  type HnswLibrary,
  loadHnswLibrary,
} from "../../src/gallery/vectors/hnsw.ts";
import {
  createShortener,
  fitProjection,
  type Projection,
  shorten,
} from "../../src/gallery/vectors/projection.ts";
import { createSegmentedIndex, SEGMENT_FACES, segmentsOf } from "../../src/gallery/vectors/segments.ts";
import type { VectorIndex, VectorSet } from "../../src/gallery/vectors/types.ts";
import { lfwPopulation, type VectorKind } from "./gallery/population.ts";

/**
 * Search by resemblance, or by distance, in galleries with the statistics of real faces (gallery/population.ts): graphs of
 * shortened vectors, and as their peer, with --peer, graphs of whole vectors in the same run. Probes are other photos of
 * people in the gallery, people drawn like those in the gallery but not in it, and real photos of people who are neither in
 * the gallery nor in the model.
 *
 *     npx tsx scripts/bench/gallery-resemblance.ts [--of resemblance|distance] [--faces 100000] [--each 20]
 *       [--probes 1000] [--ef 200,300,400] [--threads 2] [--segment 1000000] [--peer] [--cache folder] [--jobs 2]
 *
 * Times of a query are elapsed ones of one thread; on a machine that is not idle read the processor time beside them.
 */
const { values } = parseArgs({
  options: {
    of: { type: "string", default: "resemblance" },
    faces: { type: "string", default: "100000" },
    each: { type: "string", default: "20" },
    probes: { type: "string", default: "1000" },
    ef: { type: "string", default: "200,300,400" },
    threads: { type: "string", default: "2" },
    segment: { type: "string", default: String(SEGMENT_FACES) },
    peer: { type: "boolean", default: false },
    cache: { type: "string" },
    jobs: { type: "string", default: "2" },
  },
});
const TOP = 10;
const MEGABYTE = 2 ** 20;

const hnswlib = await loadHnswLibrary();
if (hnswlib === null) throw new Error("hnswlib-node is not installed");
const [faces, each, count] = [Number(values.faces), Number(values.each), Number(values.probes)];
const kind: VectorKind = values.of === "distance" ? "distance" : "resemblance";
const population = await lfwPopulation(kind, { cache: values.cache ?? null, jobs: Number(values.jobs) });
const set = population.draw(faces, each, 1);
console.log(
  `${faces} faces of ${Math.ceil(faces / each)} people, ${set.dimensions} numbers each (${megabytes(set)} MB); ` +
    `model of ${population.photos} photos`,
);
const random = createRandom(2);
const probesOf: Readonly<Record<string, readonly Float32Array[]>> = {
  "another photo of a person": Array.from({ length: count }, () => population.another(set, each, random)),
  "a drawn stranger": rowsOf(population.draw(count, 1, 3)),
  "a real stranger": population.strangers.slice(0, count),
};
let truth: ReadonlyMap<Float32Array, readonly number[]> | null = null;
await measure(hnswlib, "short vectors, then whole ones", fitProjection);
if (values.peer) await measure(hnswlib, "whole vectors in the graph", () => null);

async function measure(
  library: HnswLibrary,
  what: string,
  projectionOf: (part: VectorSet) => Projection | null,
): Promise<void> {
  const [started, before, memory] = [performance.now(), process.cpuUsage(), residentBytes()];
  const parts: { part: VectorSet; projection: Projection | null; short: VectorSet }[] = [];
  for (const part of segmentsOf(set, Number(values.segment))) {
    const projection = projectionOf(part);
    parts.push({ part, projection, short: await shorten(part, projection) });
  }
  const prepared = performance.now();
  const tasks = parts.map(({ short }) => ({ set: short, graph: null }));
  const graphs = await growGraphs(tasks, { library, threads: Number(values.threads) });
  const sizes = parts.map(({ short }) => short.dimensions).join(", ");
  console.log(
    `${what}: ${parts.length} graphs of ${sizes} numbers; built in ${seconds(started)} s ` +
      `(${((prepared - started) / 1000).toFixed(1)} s to shorten), ${processorSeconds(before).toFixed(0)} s of processor ` +
      `time, ${Math.round((residentBytes() - memory) / MEGABYTE)} MB more resident`,
  );
  const indexOf = (ef: number) =>
    createSegmentedIndex(
      parts.map(({ part, projection }, i) => createHnswIndex(part, graphs[i] as Graph, { projection, ef })),
    );
  const breadths = values.ef.split(",").map(Number);
  const known = truth ?? (await exactly(Object.values(probesOf).flat(), indexOf(Math.max(...breadths))));
  truth = known;
  const rows = breadths.flatMap((ef) =>
    Object.entries(probesOf).map(([kind, probes]) => ({
      ef,
      probe: kind,
      ...search(indexOf(ef), probes, known),
    })),
  );
  console.table(rows);
}

function search(
  index: VectorIndex,
  probes: readonly Float32Array[],
  known: ReadonlyMap<Float32Array, readonly number[]>,
) {
  for (const probe of probes.slice(0, 50)) index.search(probe, TOP);
  const before = process.cpuUsage();
  const times: number[] = [];
  let [first, inTop] = [0, 0];
  for (const probe of probes) {
    const started = performance.now();
    const found = index.search(probe, TOP);
    times.push(performance.now() - started);
    const own = known.get(probe) ?? [];
    if (found[0]?.row === own[0]) first++;
    inTop += found.filter(({ row }) => own.includes(row)).length;
  }
  const processor = (1000 * processorSeconds(before)) / probes.length;
  times.sort((a, b) => a - b);
  const at = (share: number) => (times[Math.floor(share * (times.length - 1))] ?? 0).toFixed(2);
  return {
    probes: probes.length,
    "recall@1": (first / probes.length).toFixed(4),
    [`recall@${TOP}`]: (inTop / probes.length / TOP).toFixed(4),
    "processor, ms": processor.toFixed(2),
    p50: at(0.5),
    p99: at(0.99),
  };
}

/**
 * The nearest rows of each probe by exact search: what an index finds bounds their distance, and shortened distances, which
 * are never above the whole ones, leave few rows to compare.
 */
async function exactly(
  probes: readonly Float32Array[],
  index: VectorIndex,
): Promise<Map<Float32Array, readonly number[]>> {
  const projection = fitProjection(set);
  if (projection === null) throw new Error("these faces differ in all directions");
  const short = await shorten(set, projection);
  const toShort = createShortener(projection);
  const target = new Float32Array(projection.to);
  return new Map(
    probes.map((probe) => {
      toShort(probe, target);
      const bound = index.search(probe, TOP).at(-1)?.distance ?? Number.POSITIVE_INFINITY;
      const candidates = within(short, Float64Array.from(target), bound * (1 + 1e-4));
      return [probe, nearestOf(set, probe, candidates, TOP).map(({ row }) => row)];
    }),
  );
}

/** Rows at most so far away. */
function within({ ids, dimensions, vectors }: VectorSet, probe: Float64Array, radius: number): number[] {
  const limit = radius ** 2;
  const rows: number[] = [];
  for (let row = 0; row < ids.length; row++) {
    const at = row * dimensions;
    let sum = 0;
    for (let i = 0; i < dimensions && sum <= limit; i += 4) {
      const a = (vectors[at + i] as number) - (probe[i] as number);
      const b = (vectors[at + i + 1] as number) - (probe[i + 1] as number);
      const c = (vectors[at + i + 2] as number) - (probe[i + 2] as number);
      const d = (vectors[at + i + 3] as number) - (probe[i + 3] as number);
      sum += a * a + b * b + c * c + d * d;
    }
    if (sum <= limit) rows.push(row);
  }
  return rows;
}

function rowsOf({ ids, dimensions, vectors }: VectorSet): Float32Array[] {
  return Array.from(ids, (_, row) => vectors.slice(row * dimensions, (row + 1) * dimensions));
}

function seconds(since: number): string {
  return ((performance.now() - since) / 1000).toFixed(0);
}

function processorSeconds(since: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1e6;
}

function megabytes({ vectors }: VectorSet): number {
  return Math.round(vectors.byteLength / MEGABYTE);
}

function residentBytes(): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync("/proc/self/status", "utf8"))?.[1] ?? 0) * 1024;
}
