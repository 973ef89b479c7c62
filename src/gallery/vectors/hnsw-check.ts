import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import type { HnswParameters } from "./hnsw.ts";
import type { VectorSet } from "./types.ts";

/**
 * Checks a saved graph before the native library reads it, because the library does not check it: every count, link and
 * level must be valid, and every vector must be the gallery's. The layout is that of hnswlib's `saveIndex`: a header of 96
 * bytes; per node the links of its lowest level, its vector and its label; then per node the links of its upper levels.
 * All numbers are little-endian.
 */

const HEADER_BYTES = 96;
const LABEL_BYTES = 8;
const LINK_BYTES = 4;
/** More levels than any graph has: the expected number for a billion nodes is 7. */
const MAX_LEVELS = 32;
const NODES_AT_A_TIME = 4096;

interface Layout {
  readonly nodes: number;
  readonly maxLevel: number;
  readonly entry: number;
  /** Maximum number of links of a node on the lowest level, and on each upper level. */
  readonly lowest: number;
  readonly upper: number;
  readonly vectorBytes: number;
  readonly nodeBytes: number;
}

/** Whether a file is a valid graph of the first `rows` rows of a set, built with these parameters. */
export function isSoundGraph(
  path: string,
  set: VectorSet,
  rows: number,
  parameters: HnswParameters,
): boolean {
  const file = openSync(path, "r");
  try {
    const header = readAt(file, 0, HEADER_BYTES);
    const layout = header === null ? null : readHeader(header, { set, rows, parameters });
    if (layout === null) return false;
    const tailAt = HEADER_BYTES + layout.nodes * layout.nodeBytes;
    const tailBytes = fstatSync(file).size - tailAt;
    if (tailBytes < layout.nodes * LINK_BYTES || !areNodesSound(file, layout, set)) return false;
    const tail = readAt(file, tailAt, tailBytes);
    return tail !== null && areLevelsSound(tail, layout);
  } finally {
    closeSync(file);
  }
}

interface Wanted {
  readonly set: VectorSet;
  readonly rows: number;
  readonly parameters: HnswParameters;
}

function readHeader(header: Buffer, { set, rows, parameters }: Wanted): Layout | null {
  const { m, efConstruction } = parameters;
  const number = (at: number) => Number(header.readBigUInt64LE(at));
  const vectorBytes = set.dimensions * Float32Array.BYTES_PER_ELEMENT;
  const linksBytes = LINK_BYTES * (2 * m + 1);
  const nodeBytes = linksBytes + vectorBytes + LABEL_BYTES;
  const layout: Layout = {
    nodes: rows,
    maxLevel: header.readInt32LE(48),
    entry: header.readUInt32LE(52),
    lowest: 2 * m,
    upper: m,
    vectorBytes,
    nodeBytes,
  };
  const found = [0, 8, 16, 24, 32, 40, 56, 64, 72, 88].map(number);
  const wanted = [
    0,
    rows,
    rows,
    nodeBytes,
    linksBytes + vectorBytes,
    linksBytes,
    m,
    2 * m,
    m,
    efConstruction,
  ];
  const isOurs =
    found.every((value, i) => value === wanted[i]) &&
    Math.abs(header.readDoubleLE(80) - 1 / Math.log(m)) < 1e-9 &&
    rows > 0 &&
    layout.entry < rows &&
    layout.maxLevel >= 0 &&
    layout.maxLevel <= MAX_LEVELS;
  return isOurs ? layout : null;
}

function areNodesSound(file: number, layout: Layout, { vectors, dimensions }: VectorSet): boolean {
  const { nodes, nodeBytes, lowest, vectorBytes } = layout;
  const bytes = Buffer.from(vectors.buffer, vectors.byteOffset, nodes * dimensions * 4);
  const vectorAt = LINK_BYTES * (lowest + 1);
  for (let first = 0; first < nodes; first += NODES_AT_A_TIME) {
    const count = Math.min(NODES_AT_A_TIME, nodes - first);
    const chunk = readAt(file, HEADER_BYTES + first * nodeBytes, count * nodeBytes);
    if (chunk === null) return false;
    for (let i = 0; i < count; i++) {
      const at = i * nodeBytes;
      const row = first + i;
      const own = bytes.subarray(row * vectorBytes, (row + 1) * vectorBytes);
      const isOwn = chunk.compare(own, 0, vectorBytes, at + vectorAt, at + vectorAt + vectorBytes) === 0;
      const isLabelled = chunk.readBigUInt64LE(at + vectorAt + vectorBytes) === BigInt(row);
      if (!isOwn || !isLabelled || !areLinksSound(chunk, at, lowest, nodes)) return false;
    }
  }
  return true;
}

/** A list is its length (the upper half marks deleted nodes, of which there are none) and that many nodes. */
function areLinksSound(bytes: Buffer, at: number, most: number, nodes: number): boolean {
  const count = bytes.readUInt32LE(at);
  if (count > most) return false;
  for (let i = 1; i <= count; i++) if (bytes.readUInt32LE(at + i * LINK_BYTES) >= nodes) return false;
  return true;
}

/** Links of an upper level lead only to nodes of that level, and the entry node is on the highest level. */
function areLevelsSound(tail: Buffer, layout: Layout): boolean {
  const starts = findLevels(tail, layout);
  if (starts === null) return false;
  const { levels, at } = starts;
  const { nodes, upper, maxLevel, entry } = layout;
  const listBytes = LINK_BYTES * (upper + 1);
  if (levels[entry] !== maxLevel) return false;
  for (let node = 0; node < nodes; node++) {
    for (let level = 1; level <= (levels[node] ?? 0); level++) {
      const list = (at[node] ?? 0) + (level - 1) * listBytes;
      if (!areLinksSound(tail, list, upper, nodes)) return false;
      const count = tail.readUInt32LE(list);
      for (let i = 1; i <= count; i++) {
        if ((levels[tail.readUInt32LE(list + i * LINK_BYTES)] ?? 0) < level) return false;
      }
    }
  }
  return true;
}

/** Per node its highest level and the start of its lists; null if a size is invalid or bytes remain. */
function findLevels(tail: Buffer, { nodes, upper, maxLevel }: Layout) {
  const levels = new Uint8Array(nodes);
  const at = new Float64Array(nodes);
  const listBytes = LINK_BYTES * (upper + 1);
  let offset = 0;
  for (let node = 0; node < nodes; node++) {
    if (offset + LINK_BYTES > tail.length) return null;
    const size = tail.readUInt32LE(offset);
    const level = size / listBytes;
    offset += LINK_BYTES;
    if (!Number.isInteger(level) || level > maxLevel || offset + size > tail.length) return null;
    levels[node] = level;
    at[node] = offset;
    offset += size;
  }
  return offset === tail.length ? { levels, at } : null;
}

function readAt(file: number, position: number, length: number): Buffer | null {
  const buffer = Buffer.alloc(length);
  let done = 0;
  while (done < length) {
    const read = readSync(file, buffer, done, length - done, position + done);
    if (read === 0) return null;
    done += read;
  }
  return buffer;
}
