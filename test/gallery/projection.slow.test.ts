import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createRandom, randomNormal } from "../../src/core/index.ts";
import { createExactIndex } from "../../src/gallery/vectors/exact.ts";
import { growGraphs } from "../../src/gallery/vectors/graphs.ts";
import { createHnswIndex, growGraph, loadHnswLibrary } from "../../src/gallery/vectors/hnsw.ts";
import { createIndexFile } from "../../src/gallery/vectors/index-file.ts";
import {
  createShortener,
  fitProjection,
  type Projection,
  packProjection,
  shorten,
  suits,
  unpackProjection,
} from "../../src/gallery/vectors/projection.ts";
import { segmentsOf } from "../../src/gallery/vectors/segments.ts";
import type { VectorSet } from "../../src/gallery/vectors/types.ts";
import { createVault } from "../../src/trust/index.ts";
import { folderOfTest } from "../temporary.ts";

const DIMENSIONS = 128;
const ROWS = 1400;

/** Faces that differ mostly in some directions, given by `world`, and a little in all. */
function facesOf(world: number, { rows = ROWS, directions = 24, seed = 1, noise = 0.02 } = {}): VectorSet {
  const draw = createRandom(world);
  const basis = Array.from({ length: directions }, () =>
    Float64Array.from({ length: DIMENSIONS }, () => randomNormal(draw) / Math.sqrt(DIMENSIONS)),
  );
  const random = createRandom(seed);
  const vectors = new Float32Array(rows * DIMENSIONS);
  for (let row = 0; row < rows; row++) {
    const face = vectors.subarray(row * DIMENSIONS, (row + 1) * DIMENSIONS);
    for (const [k, direction] of basis.entries()) {
      const along = randomNormal(random) * 0.95 ** k;
      for (let i = 0; i < DIMENSIONS; i++) face[i] = (face[i] ?? 0) + along * (direction[i] ?? 0);
    }
    for (let i = 0; i < DIMENSIONS; i++) face[i] = (face[i] ?? 0) + noise * randomNormal(random);
  }
  const ids = Uint32Array.from({ length: rows }, (_, i) => i + 1);
  return { dimensions: DIMENSIONS, ids, contents: ids, vectors };
}

function rowOf({ vectors, dimensions }: VectorSet, row: number): Float32Array {
  return vectors.subarray(row * dimensions, (row + 1) * dimensions);
}

function apart(a: Float32Array, b: Float32Array): number {
  return Math.hypot(...a.map((value, i) => value - (b[i] ?? 0)));
}

function required(projection: Projection | null): Projection {
  if (projection === null) throw new Error("no projection");
  return projection;
}

function firstRows(set: VectorSet, rows: number): VectorSet {
  const [part] = segmentsOf(set, rows);
  if (part === undefined) throw new Error("no rows");
  return part;
}

const set = facesOf(1);
const projection = required(fitProjection(set));
const library = await loadHnswLibrary();

describe("a projection", () => {
  it("keeps most of the differences in fewer numbers, and never makes a distance longer", async () => {
    expect(projection.to % 16).toBe(0);
    expect(projection.to).toBeLessThan(DIMENSIONS / 2);
    const short = await shorten(set, projection);
    expect([short.dimensions, short.vectors.length]).toEqual([projection.to, ROWS * projection.to]);
    let [whole, kept] = [0, 0];
    for (let row = 1; row < ROWS; row++) {
      const distance = apart(rowOf(set, row), rowOf(set, row - 1));
      const shortened = apart(rowOf(short, row), rowOf(short, row - 1));
      expect(shortened).toBeLessThan(distance * (1 + 1e-5));
      whole += distance ** 2;
      kept += shortened ** 2;
    }
    expect(kept / whole).toBeGreaterThan(0.73);
    const probe = new Float32Array(projection.to);
    createShortener(projection)(rowOf(set, 7), probe);
    expect(probe).toEqual(rowOf(short, 7));
  });

  it("is the same for the same faces, and suits others of the same kind alone", () => {
    expect(fitProjection(facesOf(1))).toEqual(projection);
    expect(suits(projection, facesOf(1, { seed: 2 }))).toBe(true);
    expect(suits(projection, facesOf(2))).toBe(false);
    expect(suits(projection, { ...set, dimensions: 64 })).toBe(false);
  });

  it.each<[string, VectorSet]>([
    ["few faces", firstRows(set, 1000)],
    ["faces that differ in all directions", facesOf(1, { noise: 1 })],
    ["faces that are all the same", { ...set, vectors: new Float32Array(set.vectors.length).fill(0.1) }],
    ["short vectors", { ...set, dimensions: 16, vectors: set.vectors.subarray(0, ROWS * 16) }],
    [
      "vectors that are no numbers",
      { ...set, vectors: new Float32Array(set.vectors.length).fill(Number.NaN) },
    ],
  ])("is not made of %s", (_, others) => {
    expect(fitProjection(others)).toBeNull();
  });

  it("is read back as it was written", () => {
    const packed = JSON.parse(JSON.stringify(packProjection(projection)));
    expect(unpackProjection(packed, DIMENSIONS)).toEqual(projection);
  });

  const { values } = projection;
  const packed = packProjection(projection);
  const changed = (change: (values: Float32Array) => void) => {
    const copy = values.slice();
    change(copy);
    return packProjection({ ...projection, values: copy });
  };
  it.each<[string, unknown]>([
    ["nothing", null],
    ["text", "projection"],
    ["no values", { to: packed.to }],
    ["a size that is no number", { ...packed, to: "16" }],
    ["a size below 0", { ...packed, to: -16 }],
    ["a size that is not a multiple of 16", { ...packed, to: packed.to - 1 }],
    ["all dimensions", { ...packed, to: DIMENSIONS }],
    ["more rows than it says", { ...packed, to: packed.to - 16 }],
    ["half its bytes", { ...packed, values: packed.values.slice(packed.values.length / 2) }],
    ["a number that is none", changed((copy) => copy.fill(Number.NaN, 5, 6))],
    ["rows of another length", changed((copy) => copy.fill(3, 0, 1))],
    ["two equal rows", changed((copy) => copy.copyWithin(0, DIMENSIONS, 2 * DIMENSIONS))],
  ])("is refused where it is %s", (_, text) => {
    expect(unpackProjection(text, DIMENSIONS)).toBeNull();
  });
});

describe.skipIf(library === null)("a graph of shortened vectors", () => {
  const build = async (of: VectorSet, by: Projection) => {
    if (library === null) throw new Error("hnswlib-node is not installed");
    return growGraph(library, await shorten(of, by), null);
  };

  it("finds what exact search finds, with the distances of the whole vectors", async () => {
    const index = createHnswIndex(set, await build(set, projection), { projection });
    const exact = createExactIndex(set);
    const probes = facesOf(1, { rows: 100, seed: 3 });
    for (let row = 0; row < 100; row++) {
      const probe = rowOf(probes, row);
      expect(index.search(probe, 5)).toEqual(exact.search(probe, 5));
      const bits = Uint8Array.from({ length: ROWS }, (_, i) => (i % 3 === 0 ? 1 : 0));
      const mask = { bits, count: Math.ceil(ROWS / 3) };
      expect(index.search(probe, 3, mask)).toEqual(exact.search(probe, 3, mask));
    }
  });

  it.each([null, createVault(new Uint8Array(32).fill(3))])(
    "is kept in a file, and grows there",
    async (vault) => {
      if (library === null) throw new Error("hnswlib-node is not installed");
      const file = createIndexFile(folderOfTest(), vault, "resemblance");
      const first = firstRows(set, 1300);
      const graph = await build(first, projection);
      await file.save({ graph, projection }, first, "metric");
      const saved = await file.load(library, set, "metric");
      expect(saved?.rows).toBe(1300);
      expect(saved?.projection).toEqual(projection);
      if (saved == null) throw new Error("no graph");
      const [grown] = await growGraphs([{ set: saved.short, graph: saved.graph }], { library, threads: 2 });
      if (grown === undefined) throw new Error("no graph");
      await file.save({ graph: grown, projection }, set, "metric");
      const again = await file.load(library, set, "metric");
      expect(again?.rows).toBe(ROWS);
      const index = createHnswIndex(set, again?.graph ?? grown, { projection });
      const probe = rowOf(set, ROWS - 1);
      expect(index.search(probe, 4)).toEqual(createExactIndex(set).search(probe, 4));
    },
  );

  it("is stale under another metric, and where faces of another kind came", async () => {
    if (library === null) throw new Error("hnswlib-node is not installed");
    const file = createIndexFile(folderOfTest(), null, "resemblance");
    await file.save({ graph: await build(set, projection), projection }, set, "metric");
    expect(await file.load(library, set, "another metric")).toBeNull();
    const vectors = new Float32Array(2 * set.vectors.length);
    vectors.set(set.vectors);
    vectors.set(facesOf(2).vectors, set.vectors.length);
    const ids = Uint32Array.from({ length: 2 * ROWS }, (_, i) => i + 1);
    expect(await file.load(library, { ...set, ids, contents: ids, vectors }, "metric")).toBeNull();
    expect(await file.load(library, set, "metric")).not.toBeNull();
  });

  it("is refused with a projection that is not its own", async () => {
    if (library === null) throw new Error("hnswlib-node is not installed");
    const folder = folderOfTest();
    const file = createIndexFile(folder, null, "resemblance");
    await file.save({ graph: await build(set, projection), projection }, set, "metric");
    const path = join(folder, "resemblance.hnsw.json");
    const note = JSON.parse(await readFile(path, "utf8"));
    const other = packProjection(required(fitProjection(facesOf(2))));
    const swapped = { ...projection, values: projection.values.slice() };
    swapped.values.copyWithin(0, DIMENSIONS, 2 * DIMENSIONS);
    swapped.values.set(projection.values.subarray(0, DIMENSIONS), DIMENSIONS);
    for (const wrong of [other, packProjection(swapped), null, { to: 16, values: "AAAA" }, "x"]) {
      await writeFile(path, JSON.stringify({ ...note, projection: wrong }));
      expect(await file.load(library, set, "metric")).toBeNull();
    }
    await writeFile(path, JSON.stringify(note));
    expect((await file.load(library, set, "metric"))?.rows).toBe(ROWS);
  });
});
