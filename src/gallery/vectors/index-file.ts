import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { chmod, copyFile, link, open, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { hashFile, readNamedText, writeFileAtomic } from "../../io/files.ts";
import { makeScratch, removeLeftovers, temporaryBeside } from "../../io/scratch.ts";
import type { Vault } from "../../trust/index.ts";
import {
  type Graph,
  HNSW_PARAMETERS,
  type HnswLibrary,
  type HnswParameters,
  readGraph,
  writeGraph,
} from "./hnsw.ts";
import { isSoundGraph } from "./hnsw-check.ts";
import {
  type PackedProjection,
  type Projection,
  packProjection,
  shorten,
  suits,
  unpackProjection,
} from "./projection.ts";
import type { VectorSet } from "./types.ts";

/**
 * A saved graph, `faces.hnsw` of embeddings or `resemblance.hnsw` of a metric's vectors, and a note beside it,
 * `faces.hnsw.json`, with hashes of its content and source. The graph can be built again from the database. It is read only if
 * the note matches the database, the file matches the note, and every link in it is valid, because the native reader does
 * not check it.
 */

const FORMAT = 2;

export type GraphName = "faces" | "resemblance";

interface IndexNote {
  readonly format: number;
  readonly embedder: string;
  readonly dimensions: number;
  readonly parameters: HnswParameters;
  /** The projection of the vectors in the graph; null: they are not shortened. */
  readonly projection: PackedProjection | null;
  /** Rows in the graph, and the SHA-256 of their ids and whole vectors. */
  readonly rows: number;
  readonly source: string;
  /** SHA-256 of the graph's file. */
  readonly sha256: string;
}

interface SavedGraph {
  readonly graph: Graph;
  readonly projection: Projection | null;
  /** All rows of the set, shortened for the graph. */
  readonly short: VectorSet;
  /** Number of the set's first rows in the graph. */
  readonly rows: number;
}

export interface IndexFile {
  /** The graph of the first rows of `set`; null: missing, outdated, damaged, or built with other parameters. */
  load(library: HnswLibrary, set: VectorSet, embedder: string): Promise<SavedGraph | null>;
  /** Saves a graph. The caller has the gallery's lock. */
  save(graph: Pick<SavedGraph, "graph" | "projection">, set: VectorSet, embedder: string): Promise<void>;
  /** Deletes every graph of the folder: the first step of erasing a face, because graphs contain its vector. */
  discard(): Promise<void>;
}

/** @param vault encrypts both files; the native library then reads and writes a temporary file in memory */
export function createIndexFile(
  folder: string,
  vault: Vault | null = null,
  name: GraphName = "faces",
  segment = 0,
): IndexFile {
  const graphName = segment === 0 ? `${name}.hnsw` : `${name}.${segment}.hnsw`;
  const noteName = `${graphName}.json`;
  const path = join(folder, graphName);
  const notePath = join(folder, noteName);
  return {
    async load(library, set, embedder) {
      const note = await readNote(folder, noteName, vault);
      if (note === null || note.rows > set.ids.length) return null;
      const { rows, sha256 } = note;
      const projection = unpackProjection(note.projection, set.dimensions);
      if (!isSameNote(note, describe(set, { rows, embedder, sha256, projection }))) return null;
      const isGrown = rows < set.ids.length;
      if (projection !== null && isGrown && !suits(projection, set)) return null;
      const short = await shorten(set, projection);
      const graph = await withPinned(path, async (pinned) => {
        // A pipe or a device in its place is not read.
        if ((await hashFile(pinned).catch(() => null)) !== note.sha256) return null;
        return readSealed({ path: pinned, name: graphName, vault }, async (clear) =>
          isSoundGraph(clear, short, rows, HNSW_PARAMETERS)
            ? readGraph(library, clear, short.dimensions)
            : null,
        );
      });
      return graph?.getCurrentCount() === rows ? { graph, projection, short, rows } : null;
    },
    async save({ graph, projection }, set, embedder) {
      await removeLeftovers(folder);
      const temporary = temporaryBeside(path);
      try {
        await writeSealed({ path: temporary, name: graphName, vault }, (clear) => writeGraph(graph, clear));
        await chmod(temporary, 0o600);
        await flush(temporary);
        const sha256 = await hashFile(temporary);
        const note = describe(set, { rows: set.ids.length, embedder, sha256, projection });
        await rename(temporary, path);
        const text = `${JSON.stringify(note, null, 2)}\n`;
        await writeFileAtomic(notePath, vault?.sealText(text, noteName) ?? text, 0o600);
      } finally {
        await rm(temporary, { force: true });
      }
    },
    async discard() {
      // Notes go first: a graph without one is never read.
      const names = await graphNames(folder);
      for (const own of names.toSorted((a, b) => b.length - a.length))
        await rm(join(folder, own), { force: true });
      await removeLeftovers(folder);
    },
  };
}

const GRAPH_FILE = /^(?:faces|resemblance)(?:\.\d+)?\.hnsw(?:\.json)?$/;

/** Names of a gallery's graphs and their notes. */
export async function graphNames(folder: string): Promise<readonly string[]> {
  return (await readdir(folder).catch(() => [])).filter((name) => GRAPH_FILE.test(name));
}

interface Described extends Pick<IndexNote, "rows" | "embedder" | "sha256"> {
  readonly projection: Projection | null;
}

function describe(set: VectorSet, { rows, embedder, sha256, projection: used }: Described): IndexNote {
  const { dimensions } = set;
  const projection = used === null ? null : packProjection(used);
  const source = createHash("sha256")
    .update(bytes(set.ids.subarray(0, rows)))
    .update(bytes(set.vectors.subarray(0, rows * dimensions)))
    .digest("hex");
  const parameters = HNSW_PARAMETERS;
  return { format: FORMAT, embedder, dimensions, parameters, projection, rows, source, sha256 };
}

function bytes(array: Uint32Array | Float32Array): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}

async function readNote(folder: string, name: string, vault: Vault | null): Promise<IndexNote | null> {
  try {
    const text = await readNamedText(join(folder, name));
    return JSON.parse(vault?.openText(text, name) ?? text) as IndexNote;
  } catch {
    return null;
  }
}

/**
 * Runs `work` on the file that has this name now, even if another process replaces it meanwhile. Null if there is none, or
 * it cannot be read.
 */
async function withPinned<T>(path: string, work: (pinned: string) => Promise<T>): Promise<T | null> {
  const pinned = temporaryBeside(path);
  try {
    await link(path, pinned);
  } catch {
    return existsSync(path) ? withTransient((copy) => copyAndWork(path, copy, work)) : null;
  }
  try {
    return await work(pinned);
  } finally {
    await rm(pinned, { force: true });
  }
}

/** Used if hard links are not possible: the folder is read-only, or the file system has none. */
async function copyAndWork<T>(
  path: string,
  copy: string,
  work: (copy: string) => Promise<T>,
): Promise<T | null> {
  const isCopied = await copyFile(path, copy).then(
    () => true,
    () => false,
  );
  return isCopied ? work(copy) : null;
}

/** A file that a vault encrypts with its name as associated data. */
interface Sealed {
  readonly path: string;
  readonly name: string;
  readonly vault: Vault | null;
}

async function readSealed<T>({ path, name, vault }: Sealed, read: (clear: string) => Promise<T>): Promise<T> {
  if (vault === null) return read(path);
  return withTransient(async (clear) => {
    await writeFile(clear, vault.openBytes(await readFile(path), name), { mode: 0o600 });
    return read(clear);
  });
}

async function writeSealed(
  { path, name, vault }: Sealed,
  write: (clear: string) => Promise<void>,
): Promise<void> {
  if (vault === null) return write(path);
  await withTransient(async (clear) => {
    await write(clear);
    await writeFile(path, vault.sealBytes(await readFile(clear), name), { mode: 0o600 });
  });
}

/**
 * A temporary file during `work`: in memory if the system supports it, because the native library reads
 * only files. It contains protected templates.
 */
async function withTransient<T>(work: (path: string) => Promise<T>): Promise<T> {
  const base = existsSync("/dev/shm") ? "/dev/shm" : tmpdir();
  const folder = makeScratch(base);
  try {
    return await work(join(folder, "graph"));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** `describe` writes both, so equal notes have equal text. */
function isSameNote(a: IndexNote, b: IndexNote): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

async function flush(path: string): Promise<void> {
  const handle = await open(path, "r+");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
