import { createHash } from "node:crypto";
import { join } from "node:path";
import { createRandom } from "../../src/core/index.ts";
import { openSqlite, type SqlValue } from "../../src/io/sqlite/index.ts";

const NAMES = {
  what: "a gallery",
  corrupt: "ERR_STORE_CORRUPT",
  busy: "ERR_STORE_BUSY",
  corruptHint: "",
} as const;

/** Rows of a gallery that are copied until it has so many faces, each with an embedding of its own. */
export function addFaces(work: string, faces: number): void {
  const database = openSqlite(join(work, "gallery/gallery.db"), { names: NAMES });
  const insert = (table: string) => {
    const row = database.prepare(`SELECT * FROM ${table} LIMIT 1`).get();
    if (row === undefined) throw new RangeError(`${table} is empty`);
    const columns = Object.keys(row);
    const statement = database.prepare(
      `INSERT INTO ${table} (${columns.join(", ")}) VALUES (${columns.map(() => "?").join(", ")})`,
    );
    return (changes: Readonly<Record<string, SqlValue>>) =>
      statement.run(...columns.map((column) => plain(changes[column] ?? row[column] ?? null)));
  };
  const [content, photo, face] = [insert("contents"), insert("photos"), insert("faces")];
  const random = createRandom(50);
  database.transaction(() => {
    for (let i = 0; i < faces; i++) {
      const id = 100_000 + i;
      const embedding = Float32Array.from({ length: 128 }, () => random() / 4);
      content({ id, hash: createHash("sha256").update(String(i)).digest("hex") });
      photo({ id, path: join(work, `photos/more/${i}.png`), content_id: id });
      face({ id, content_id: id, embedding: new Uint8Array(embedding.buffer) });
    }
  });
  database.close();
}

function plain(value: SqlValue): SqlValue {
  return value instanceof ArrayBuffer ? new Uint8Array(value) : value;
}
