import { closeSync, openSync, readSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeScratch } from "../../io/scratch.ts";

/** Rows of a chunk: small enough to stay in the processor's cache during its use. */
const CHUNK_ROWS = 16_384;

/** Values of all customers and offers in row-major order, in memory or, if there are many, on disk. */
export interface ValueStore {
  readonly rows: number;
  readonly width: number;
  /** Adds one row; `values` has `width` entries and is copied. */
  append(values: ArrayLike<number>): void;
  /** Visits every row in order, chunk by chunk; a chunk is valid only during the call. */
  visit(look: (values: Float32Array, rows: number, firstRow: number) => void): void;
  close(): void;
}

export interface ValueStoreOptions {
  /** Maximum memory, MB; more values go to a temporary file. Default 256. */
  readonly memoryMb?: number | undefined;
  /** Default: the system's temporary folder. */
  readonly tempFolder?: string | undefined;
}

/** Single precision, 4 bytes a value: 10 M customers x 10 offers are 400 MB of disk. */
export function createValueStore(width: number, options: ValueStoreOptions = {}): ValueStore {
  const { memoryMb = 256, tempFolder = tmpdir() } = options;
  const chunkBytes = CHUNK_ROWS * width * Float32Array.BYTES_PER_ELEMENT;
  const keep = Math.max(1, Math.floor((memoryMb * 2 ** 20) / chunkBytes));
  const kept: Float32Array[] = [];
  let file: { readonly folder: string; readonly handle: number } | null = null;
  let spilled = 0;
  let filling = new Float32Array(CHUNK_ROWS * width);
  let filled = 0;
  let rows = 0;
  const spill = (chunk: Float32Array): void => {
    if (file === null) {
      const folder = makeScratch(tempFolder);
      file = { folder, handle: openSync(join(folder, "values"), "w+") };
    }
    writeSync(file.handle, chunk, 0, chunkBytes, spilled * chunkBytes);
    spilled++;
  };
  return {
    width,
    get rows() {
      return rows;
    },
    append(values) {
      filling.set(values, filled * width);
      filled++;
      rows++;
      if (filled < CHUNK_ROWS) return;
      if (kept.length < keep) {
        kept.push(filling);
        filling = new Float32Array(CHUNK_ROWS * width);
      } else spill(filling);
      filled = 0;
    },
    visit(look) {
      let first = 0;
      for (const chunk of kept) {
        look(chunk, CHUNK_ROWS, first);
        first += CHUNK_ROWS;
      }
      const buffer = file === null ? null : new Float32Array(CHUNK_ROWS * width);
      for (let i = 0; i < spilled && buffer !== null && file !== null; i++) {
        readSync(file.handle, buffer, 0, chunkBytes, i * chunkBytes);
        look(buffer, CHUNK_ROWS, first);
        first += CHUNK_ROWS;
      }
      if (filled > 0) look(filling, filled, first);
    },
    close() {
      if (file === null) return;
      closeSync(file.handle);
      rmSync(file.folder, { recursive: true, force: true });
      file = null;
    },
  };
}
