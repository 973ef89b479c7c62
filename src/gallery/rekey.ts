import { join, resolve } from "node:path";
import type { Database, SqlValue } from "../io/sqlite/index.ts";
import { isUnderKey, rekeySqlite } from "../io/sqlite/index.ts";
import type { Vault } from "../trust/index.ts";
import { blobToFloats, floatBytes } from "./state/codec.ts";
import { corrupt, NAMES } from "./state/database.ts";
import { lockGallery } from "./state/lock.ts";
import { createIndexFile } from "./vectors/index-file.ts";
import { type Template, templateOf } from "./vectors/template.ts";

/** Whether the gallery opens with this key, or, for null, without any. */
export function isGalleryUnder(folder: string, vault: Vault | null): boolean {
  return isUnderKey(join(resolve(folder), "gallery.db"), { names: NAMES, key: vault?.databaseKey });
}

/** Faces rotated in one transaction. */
const BATCH = 1000;

/**
 * Changes the key of a gallery: from none to one (encrypts it), from one to another, or to none (decrypts it). The
 * templates are rotated with the new key, so that templates stolen under the old key do not match the new ones.
 *
 * @throws ERR_GALLERY_BUSY another process has the gallery open
 * @throws ERR_KEY_WRONG, ERR_KEY_REQUIRED, ERR_GALLERY_CORRUPT, ERR_OUTPUT_UNWRITABLE
 *
 * @example
 * await rekeyGallery("gallery", null, await writeKeyFile("key"));
 */
export async function rekeyGallery(folder: string, from: Vault | null, to: Vault | null): Promise<void> {
  const home = resolve(folder);
  const lock = lockGallery(home);
  try {
    const options = { names: NAMES, key: from?.databaseKey };
    const [old, next] = [templateOf(from), templateOf(to)];
    await rekeySqlite(join(home, "gallery.db"), options, to?.databaseKey, {
      change: (database) => turnTemplates(database, old, next),
      verify: (before, after) =>
        compareTemplates({ database: before, template: old }, { database: after, template: next }),
    });
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

/** Number of faces compared, spread evenly over all. */
const COMPARED = 200;
/** Rotations are computed in 64 bits and stored in 32. */
const ROUNDING = 1e-3;

interface Turned {
  readonly database: Database;
  readonly template: Template;
}

/** Checks that faces are equal in both databases. @throws ERR_GALLERY_CORRUPT */
function compareTemplates(before: Turned, after: Turned): void {
  const count = Number(before.database.prepare("SELECT count(*) AS n FROM faces").get()?.n);
  const step = Math.max(1, Math.floor(count / COMPARED));
  const ids = before.database
    .prepare(
      "SELECT id FROM (SELECT id, row_number() OVER (ORDER BY id) AS place FROM faces) WHERE place % ? = 0",
    )
    .all(step);
  const read = ({ database, template }: Turned, id: number) => {
    const row = database.prepare("SELECT embedding FROM faces WHERE id = ?").get(id);
    return row === undefined ? null : template.restore(blobToFloats(row.embedding ?? null));
  };
  for (const { id } of ids) {
    const [own, turned] = [read(before, Number(id)), read(after, Number(id))];
    const isSame =
      own !== null && turned !== null && distanceOf(own, turned) < ROUNDING * Math.hypot(1, ...own);
    if (!isSame) throw corrupt("the copy of gallery.db", new Error(`face ${id} differs under the new key`));
  }
}

function distanceOf(a: Float32Array, b: Float32Array): number {
  return Math.hypot(...a.map((value, i) => value - (b[i] ?? Number.NaN)));
}
