import { areCurrent } from "../../faces/index.ts";
import type { Database } from "../../io/sqlite/index.ts";
import { uprightTurn } from "../tilt.ts";
import type { StoredFeatures } from "../types.ts";
import type { TiltedPhoto } from "../types-index.ts";
import type { Template } from "../vectors/template.ts";
import type { VectorSet } from "../vectors/types.ts";
import { blobToFloats } from "./codec.ts";
import { readSet } from "./read-set.ts";
import type { Statements } from "./statements.ts";

/** The faces of all photos: counts, embeddings and features. */
export function createFaces(database: Database, sql: Statements, template: Template) {
  return {
    /** Distinct faces of all photos. */
    countFaces: (): number => Number(sql.countFaces.get()?.n),

    tilted: (degrees: number): TiltedPhoto[] =>
      sql.tilted.all(degrees).map(({ path, rolls: text }) => {
        const rolls = (JSON.parse(String(text)) as unknown[]).map(Number);
        return { photo: String(path), rollDegrees: rolls[0] ?? 0, turn: uprightTurn(rolls, 0) };
      }),

    hasFaces: (): boolean => sql.anyFace.get() !== undefined,

    /** The ids of the features of the faces that can match; null for faces without features of this version. */
    featuresIds: (): (string | null)[] =>
      sql.featuresIds.all().map(({ features }) => (isCurrent(features) ? features : null)),

    /** Features of the most prominent face of a content; null if it has none of this version. */
    featuresOf(hash: string): StoredFeatures | null {
      const row = sql.featuresOf.get(hash);
      if (row === undefined || !isCurrent(row.id) || row.stored === null) return null;
      return { id: row.id, values: template.restore(blobToFloats(row.stored)) };
    },

    /** One face's embedding in its stored, protected form; null if the face is gone. */
    embeddingOf(faceId: number): Float32Array | null {
      const row = sql.embeddingOf.get(faceId);
      return row === undefined ? null : blobToFloats(row.embedding);
    },

    /** All embeddings in their stored, protected form. */
    readVectors: (dimensions: number): VectorSet =>
      readSet(database, { column: "embedding", dimensions, toVector: (stored) => stored }),

    /** All features, converted to the vectors of a metric and protected like the embeddings. */
    readFeatures(dimensions: number, toVector: (features: Float32Array) => Float32Array): VectorSet {
      const protect = (stored: Float32Array) => template.protect(toVector(template.restore(stored)));
      return readSet(database, { column: "features", dimensions, toVector: protect });
    },
  };
}

function isCurrent(featuresId: unknown): featuresId is string {
  return typeof featuresId === "string" && areCurrent(featuresId);
}
