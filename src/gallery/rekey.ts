import { join, resolve } from "node:path";
import type { Database, SqlValue } from "../io/sqlite/index.ts";
import { isUnderKey, rekeySqlite } from "../io/sqlite/index.ts";
import type { Vault } from "../trust/index.ts";
import { blobToFloats, floatBytes } from "./state/codec.ts";
import { NAMES } from "./state/database.ts";
import { lockGallery } from "./state/lock.ts";
import { createIndexFile } from "./vectors/index-file.ts";
import { type Template, templateOf } from "./vectors/template.ts";

/** Whether the gallery opens with this key, or, for null, without any. */
export function isGalleryUnder(folder: string, vault: Vault | null): boolean {
  return isUnderKey(join(resolve(folder), "gallery.db"), { names: NAMES, key: vault?.databaseKey });
}

/** Faces turned in one transaction. */
const BATCH = 1000;

/**
 * Gives a gallery another key: from none to one (encrypts it), from one to another, or back to none. The templates
 * are turned over to the new key's rotation, so that what was stolen under the old one matches nothing any more.
 *
 * @throws ERR_GALLERY_BUSY, ERR_KEY_WRONG, ERR_KEY_REQUIRED, ERR_GALLERY_CORRUPT, ERR_OUTPUT_UNWRITABLE
 */
export async function rekeyGallery(folder: string, from: Vault | null, to: Vault | null): Promise<void> {
  const home = resolve(folder);
  const lock = lockGallery(home);
  try {
    const options = { names: NAMES, key: from?.databaseKey };
    await rekeySqlite(join(home, "gallery.db"), options, to?.databaseKey, (database) =>
      turnTemplates(database, templateOf(from), templateOf(to)),
    );
    await createIndexFile(home).discard();
  } finally {
    lock.release();
  }
}

function turnTemplates(database: Database, from: Template, to: Template): void {
  const page = database.prepare("SELECT id, embedding, features FROM faces WHERE id > ? ORDER BY id LIMIT ?");
  const set = database.prepare("UPDATE faces SET embedding = ?, features = ? WHERE id = ?");
  const turn = (blob: SqlValue | undefined) => floatBytes(to.protect(from.restore(blobToFloats(blob))));
  for (let last = 0; ; ) {
    const rows = page.all(last, BATCH);
    if (rows.length === 0) break;
    database.transaction(() => {
      for (const { id, embedding, features } of rows) {
        last = Number(id);
        set.run(turn(embedding), features === null ? null : turn(features), last);
      }
    });
  }
  database.exec("UPDATE state SET faces_generation = faces_generation + 1, changes = changes + 1");
}
