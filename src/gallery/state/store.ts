import type { EmbedderInfo } from "../../faces/index.ts";
import type { Database } from "../../io/sqlite/index.ts";
import { OPEN_TEMPLATE, type Template } from "../vectors/template.ts";
import { damaged } from "./codec.ts";
import { prepareStatements } from "./statements.ts";
import { createContents } from "./store-contents.ts";
import { createFaces } from "./store-faces.ts";
import { createPhotoRows } from "./store-photos.ts";

export interface GalleryState {
  readonly embedder: EmbedderInfo | null;
  /** Changes whenever the faces that can match may change. */
  readonly facesGeneration: number;
  /** Changes with every write. */
  readonly changes: number;
}

export type Store = ReturnType<typeof createStore>;

/** Writes of the gallery, and the reads they need. The caller runs them in a transaction, so that a photo is one commit. */
export function createStore(database: Database, template: Template = OPEN_TEMPLATE) {
  const sql = prepareStatements(database);
  return {
    state(): GalleryState {
      const row = sql.state.get();
      if (row === undefined) throw damaged("one row of state", "none");
      const { embedder, dimensions } = row;
      return {
        embedder: typeof embedder === "string" ? { id: embedder, dimensions: Number(dimensions) } : null,
        facesGeneration: Number(row.faces_generation),
        changes: Number(row.changes),
      };
    },

    setEmbedder: (embedder: EmbedderInfo | null) =>
      void sql.setEmbedder.run(embedder?.id ?? null, embedder?.dimensions ?? null),
    ...createContents(sql, template),
    ...createPhotoRows(sql),
    ...createFaces(database, sql, template),
  };
}
