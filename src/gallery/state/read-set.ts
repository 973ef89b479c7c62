import type { Database } from "../../io/sqlite/index.ts";
import type { VectorSet } from "../vectors/types.ts";
import { blobToFloats, damaged } from "./codec.ts";

/** Faces read at a time. */
const PAGE = 2000;

export interface SetSource {
  readonly column: "embedding" | "features";
  /** Dimensions of the vectors. */
  readonly dimensions: number;
  /** Converts the stored numbers of a face to its vector. */
  readonly toVector: (stored: Float32Array) => Float32Array;
}

/** The faces of all photos as one matrix, read page by page. */
export function readSet(database: Database, { column, dimensions, toVector }: SetSource): VectorSet {
  const shown = "FROM faces f WHERE EXISTS (SELECT 1 FROM photos WHERE content_id = f.content_id)";
  const count = Number(database.prepare(`SELECT count(*) AS n ${shown}`).get()?.n);
  const pages = database.prepare(
    `SELECT id, content_id, ${column} AS stored ${shown} AND id > ? ORDER BY id LIMIT ${PAGE}`,
  );
  const ids = new Uint32Array(count);
  const contents = new Uint32Array(count);
  const vectors = new Float32Array(count * dimensions);
  for (let row = 0, last = 0; row < count; ) {
    const page = pages.all(last);
    if (page.length === 0) break;
    for (const { id, content_id, stored } of page.slice(0, count - row)) {
      ids[row] = last = Number(id);
      contents[row] = Number(content_id);
      const vector = toVector(blobToFloats(stored));
      if (vector.length !== dimensions) throw damaged(`${dimensions} numbers of a face`, vector.length);
      vectors.set(vector, row * dimensions);
      row++;
    }
  }
  return { dimensions, ids, contents, vectors };
}
