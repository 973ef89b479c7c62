import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { createRandom, randomNormal } from "../../src/core/index.ts";
import {
  emptyGraph,
  growGraph,
  HNSW_PARAMETERS,
  type HnswLibrary,
  loadHnswLibrary,
  writeGraph,
} from "../../src/gallery/vectors/hnsw.ts";
import { isSoundGraph } from "../../src/gallery/vectors/hnsw-check.ts";
import type { VectorSet } from "../../src/gallery/vectors/types.ts";
import { folderOfTest } from "../temporary.ts";

const ROWS = 600;
const DIMENSIONS = 16;
const { m } = HNSW_PARAMETERS;
const NODE_BYTES = 4 * (2 * m + 1) + 4 * DIMENSIONS + 8;
const VECTOR_AT = 4 * (2 * m + 1);
const TAIL_AT = 96 + ROWS * NODE_BYTES;

function randomSet(rows: number): VectorSet {
  const random = createRandom(7);
  const ids = Uint32Array.from({ length: rows }, (_, i) => i + 1);
  const vectors = Float32Array.from({ length: rows * DIMENSIONS }, () => randomNormal(random));
  return { dimensions: DIMENSIONS, ids, contents: ids, vectors };
}

const set = randomSet(ROWS);
let whole: Buffer;
const found = await loadHnswLibrary();
const library = found as HnswLibrary;

beforeAll(async () => {
  if (found === null) return;
  const folder = await mkdtemp(join(tmpdir(), "lookalike-graph-"));
  await writeGraph(await growGraph(library, set, null), join(folder, "graph"));
  whole = await readFile(join(folder, "graph"));
  await rm(folder, { recursive: true });
});

async function isSound(bytes: Uint8Array, of = set, rows = ROWS): Promise<boolean> {
  const path = join(folderOfTest(), "graph");
  await writeFile(path, bytes);
  return isSoundGraph(path, of, rows, HNSW_PARAMETERS);
}

/** The file with some bytes changed. */
function put(change: (bytes: Buffer) => void): Buffer {
  const bytes = Buffer.from(whole);
  change(bytes);
  return bytes;
}

describe.skipIf(found === null)("a saved graph", () => {
  it("is sound as the library writes it, also when it was grown", async () => {
    expect(await isSound(whole)).toBe(true);
    const first = {
      ...set,
      ids: set.ids.subarray(0, 400),
      vectors: set.vectors.subarray(0, 400 * DIMENSIONS),
    };
    const half = await growGraph(library, first, emptyGraph(library, first));
    const path = join(folderOfTest(), "graph");
    await writeGraph(await growGraph(library, set, half), path);
    expect(isSoundGraph(path, set, ROWS, HNSW_PARAMETERS)).toBe(true);
  });

  const entry = (bytes: Buffer) => bytes.readUInt32LE(52);
  const levelOf = (bytes: Buffer, node: number) => {
    let at = TAIL_AT;
    for (let i = 0; i < node; i++) at += 4 + bytes.readUInt32LE(at);
    return { at, lists: bytes.readUInt32LE(at) / (4 * (m + 1)) };
  };

  const lowNode = (bytes: Buffer) =>
    Array.from({ length: ROWS }, (_, node) => node).find((node) => levelOf(bytes, node).lists === 0) ?? 0;

  it.each<[string, (bytes: Buffer) => void]>([
    ["an entry point behind the last node", (b) => b.writeUInt32LE(0x7fffffff, 52)],
    ["an entry point that is not on the highest level", (b) => b.writeUInt32LE(lowNode(b), 52)],
    ["a highest level that no node has", (b) => b.writeInt32LE(b.readInt32LE(48) + 1, 48)],
    ["a level below 0", (b) => b.writeInt32LE(-1, 48)],
    ["a huge level", (b) => b.writeInt32LE(1 << 28, 48)],
    ["more nodes than there are", (b) => b.writeBigUInt64LE(BigInt(1000 * ROWS), 16)],
    ["room for more nodes", (b) => b.writeBigUInt64LE(1n << 40n, 8)],
    ["huge nodes", (b) => b.writeBigUInt64LE(1n << 40n, 24)],
    ["labels elsewhere", (b) => b.writeBigUInt64LE(1n << 33n, 32)],
    ["vectors elsewhere", (b) => b.writeBigUInt64LE(1n << 33n, 40)],
    ["more links a node", (b) => b.writeBigUInt64LE(1n << 20n, 64)],
    ["a breadth of its own", (b) => b.writeBigUInt64LE(1n << 50n, 88)],
    ["a node of 60,000 links", (b) => b.writeUInt16LE(60_000, 96)],
    ["a node that is marked as deleted", (b) => b.writeUInt8(1, 96 + 2)],
    ["a link to no node", (b) => b.writeUInt32LE(0x40000000, 96 + 3 * NODE_BYTES + 4)],
    ["another vector", (b) => b.writeFloatLE(9, 96 + 5 * NODE_BYTES + VECTOR_AT)],
    ["another label", (b) => b.writeUInt32LE(1, 96 + VECTOR_AT + 4 * DIMENSIONS)],
    ["a list of upper links that ends nowhere", (b) => b.writeUInt32LE(0xfffffffc, TAIL_AT)],
    ["half a list of upper links", (b) => b.writeUInt32LE(4, TAIL_AT)],
    [
      "an upper link to a node of the lowest level",
      (b) => {
        const { at } = levelOf(b, entry(b));
        b.writeUInt32LE(Math.max(1, b.readUInt32LE(at + 4)), at + 4);
        b.writeUInt32LE(lowNode(b), at + 8);
      },
    ],
  ])("with %s is refused", async (_, change) => {
    expect(await isSound(put(change))).toBe(false);
  });

  it("is refused where it was cut, is longer, or is none", async () => {
    for (const size of [0, 95, 96, TAIL_AT - 1, TAIL_AT, whole.length - 1]) {
      expect(await isSound(whole.subarray(0, size)), String(size)).toBe(false);
    }
    expect(await isSound(Buffer.concat([whole, Buffer.alloc(4)]))).toBe(false);
    expect(await isSound(Buffer.alloc(whole.length, 0xa5))).toBe(false);
    expect(await isSound(whole, randomSet(ROWS - 1), ROWS - 1)).toBe(false);
  });
});
