import { join } from "node:path";
import type { Vault } from "../trust/index.ts";
import { embedderMismatch } from "./indexing/embedder.ts";
import { type Database, openDatabase } from "./state/database.ts";
import { prepareSchema } from "./state/schema.ts";
import { createStore, type Store } from "./state/store.ts";

/** Contents read at a time. */
const PAGE = 200;

/**
 * Copies the photos of another gallery that has the same key: contents that are missing here, with their faces, and their
 * paths. Labels and releases are not copied: the next index run reads them. The caller has the gallery's lock.
 *
 * @param folder of the other gallery
 * @returns number of contents copied
 * @throws ERR_GALLERY_EMBEDDER, ERR_GALLERY_CORRUPT, ERR_KEY_REQUIRED, ERR_KEY_WRONG
 */
export function absorbGallery(
  { database, store }: { readonly database: Database; readonly store: Store },
  folder: string,
  vault: Vault | null,
): number {
  const path = join(folder, "gallery.db");
  const source = openDatabase(path, { key: vault?.databaseKey });
  try {
    prepareSchema(source, path);
    const { embedder } = createStore(source).state();
    const own = store.state().embedder;
    if (embedder === null) return 0;
    if (own !== null && own.id !== embedder.id && store.hasFaces())
      throw embedderMismatch(own.id, embedder.id);
    return database.transaction(() => {
      if (own?.id !== embedder.id) store.setEmbedder(embedder);
      return copyAll(source, store);
    });
  } finally {
    source.close();
  }
}

function copyAll(source: Database, store: Store): number {
  const contents = source.prepare(`SELECT * FROM contents WHERE id > ? ORDER BY id LIMIT ${PAGE}`);
  const facesOf = source.prepare("SELECT * FROM faces WHERE content_id = ? ORDER BY position");
  const photosOf = source.prepare("SELECT path, fingerprint FROM photos WHERE content_id = ? ORDER BY path");
  let copied = 0;
  for (let last = 0; ; ) {
    const page = contents.all(last);
    if (page.length === 0) return copied;
    for (const content of page) {
      const id = Number(content.id);
      last = id;
      const hash = String(content.hash);
      // Erased content is not added again.
      if (store.isErased(hash)) continue;
      if (store.findContent(hash) === null) {
        store.copyContent(content, facesOf.all(id));
        copied++;
      }
      for (const { path, fingerprint } of photosOf.all(id)) {
        const contentId = store.findContent(hash)?.id;
        if (contentId === undefined) continue;
        store.attach({ path: String(path), contentId, fingerprint: String(fingerprint), labels: null });
      }
    }
  }
}
