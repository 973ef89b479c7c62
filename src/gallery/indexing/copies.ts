import { throwIfAborted } from "../../core/index.ts";
import { hashPicture } from "../../io/image/index.ts";
import { findOriginals } from "../releases/originals.ts";
import type { PhotoCopy } from "../types-index.ts";
import type { IndexRun } from "./types.ts";

/**
 * Finds photos without a release of their own that are copies of photos with a limited release, and gives them the same
 * limits. Does nothing if neither photos nor labels changed.
 *
 * @param before `changes` of the gallery's state at the start of the run
 * @returns the photos that became copies in this run
 */
export async function markCopies(run: IndexRun, before: number): Promise<readonly PhotoCopy[]> {
  const { database, store, options } = run;
  let hashed = 0;
  for (const { id, path } of store.unhashed()) {
    throwIfAborted(options.signal);
    // A photo that cannot be read gets an empty hash; it is read again when it changes.
    const picture = await hashPicture(path).catch(() => null);
    database.transaction(() => store.savePicture(id, picture));
    hashed++;
  }
  const { changes, embedder } = store.state();
  if (hashed === 0 && changes === before) return [];
  const found = findOriginals(
    store.released(),
    store.unreleased(),
    store.readVectors(embedder?.dimensions ?? 0),
  );
  const copies: PhotoCopy[] = [];
  database.transaction(() => {
    for (const { path, copyOf, inherited } of store.unreleased()) {
      const original = found.get(path) ?? null;
      const isNew = original !== null && original.of !== copyOf;
      if (isNew) copies.push({ photo: path, of: original.of });
      if (
        isNew ||
        (original === null && copyOf !== null) ||
        (original !== null && original.text !== inherited)
      ) {
        store.inherit(path, original);
      }
    }
  });
  return copies;
}
