import { createHash, randomBytes } from "node:crypto";
import { chmod, open, readdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { hashFile, writeFileAtomic } from "../../files.ts";
import { type Graph, HNSW_PARAMETERS, type HnswLibrary, readGraph, writeGraph } from "./hnsw.ts";
import type { VectorSet } from "./types.ts";

/**
 * The saved graph, `faces.hnsw`, and a note beside it, `faces.hnsw.json`, that says what it was built of. The file
 * is derived: it is used only if the note fits the database and the file fits the note, to the byte, since the
 * native reader trusts what it reads.
 */

const FORMAT = 1;

interface IndexNote {
  readonly format: number;
  readonly embedder: string;
  readonly dimensions: number;
  readonly parameters: typeof HNSW_PARAMETERS;
  /** Rows in the graph, and the SHA-256 of their ids and vectors. */
  readonly rows: number;
  readonly source: string;
  /** SHA-256 of the graph's file. */
  readonly sha256: string;
}

export interface SavedGraph {
  readonly graph: Graph;
  /** The graph holds the first so many rows of the set. */
  readonly rows: number;
}

export interface IndexFile {
  /** The graph of the first rows of `set`, or null: missing, stale, damaged, or built another way. */
  load(library: HnswLibrary, set: VectorSet, embedder: string): Promise<SavedGraph | null>;
  /** Only for the gallery's one writer. */
  save(graph: Graph, set: VectorSet, embedder: string): Promise<void>;
  /** Also the first step of forgetting a face: the graph holds the vectors. */
  discard(): Promise<void>;
}

export function createIndexFile(folder: string): IndexFile {
  const path = join(folder, "faces.hnsw");
  const notePath = `${path}.json`;
  return {
    async load(library, set, embedder) {
      const note = await readNote(notePath);
      if (note === null || note.rows > set.ids.length) return null;
      if (!isSameNote(note, describe(set, note.rows, embedder, note.sha256))) return null;
      if ((await hashFile(path).catch(() => null)) !== note.sha256) return null;
      const graph = await readGraph(library, path, set.dimensions);
      return graph?.getCurrentCount() === note.rows ? { graph, rows: note.rows } : null;
    },
    async save(graph, set, embedder) {
      await sweep(folder);
      const temporary = join(folder, `.faces.hnsw.${randomBytes(6).toString("hex")}.tmp`);
      try {
        await writeGraph(graph, temporary);
        await chmod(temporary, 0o600);
        await flush(temporary);
        const note = describe(set, set.ids.length, embedder, await hashFile(temporary));
        await rename(temporary, path);
        await writeFileAtomic(notePath, `${JSON.stringify(note, null, 2)}\n`, 0o600);
      } finally {
        await rm(temporary, { force: true });
      }
    },
    async discard() {
      await rm(notePath, { force: true });
      await rm(path, { force: true });
      await sweep(folder);
    },
  };
}

function describe(set: VectorSet, rows: number, embedder: string, sha256: string): IndexNote {
  const { dimensions } = set;
  const source = createHash("sha256")
    .update(bytes(set.ids.subarray(0, rows)))
    .update(bytes(set.vectors.subarray(0, rows * dimensions)))
    .digest("hex");
  return { format: FORMAT, embedder, dimensions, parameters: HNSW_PARAMETERS, rows, source, sha256 };
}

function bytes(array: Uint32Array | Float32Array): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}

async function readNote(path: string): Promise<IndexNote | null> {
  try {
    return JSON.parse(await readFile(path, "utf8")) as IndexNote;
  } catch {
    return null;
  }
}

/** Both are written by `describe`, so equal content has equal text. */
function isSameNote(a: IndexNote, b: IndexNote): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** Removes what a killed process left half-written. */
async function sweep(folder: string): Promise<void> {
  const names = await readdir(folder);
  const left = names.filter((name) => name.startsWith(".faces.hnsw.") && name.endsWith(".tmp"));
  for (const name of left) await rm(join(folder, name), { force: true });
}

async function flush(path: string): Promise<void> {
  const handle = await open(path, "r+");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
