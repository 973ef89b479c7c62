import { join } from "node:path";
import { expect, it } from "vitest";
import { openGallery } from "../../src/gallery/index.ts";
import { openSqlite } from "../../src/io/sqlite/index.ts";
import { folderOfTest } from "../temporary.ts";
import { createFakeEngine } from "./fake-engine.ts";
import { writePhotos } from "./fixtures.ts";

const names = {
  what: "a gallery",
  corrupt: "ERR_GALLERY_CORRUPT",
  busy: "ERR_GALLERY_BUSY",
  corruptHint: "",
} as const;

it.each([
  "UPDATE photos SET labels = 'x'",
  "UPDATE photos SET labels = '[]'",
  `UPDATE photos SET labels = '{"release":5}'`,
  "UPDATE photos SET inherited = 'x', copy_of = '/a.jpg'",
  "UPDATE faces SET details = 'null'",
  "UPDATE faces SET landmarks = x'010203'",
  "UPDATE faces SET embedding = x'00'",
  "UPDATE faces SET embedding = zeroblob(8)",
  "DELETE FROM state",
  "UPDATE state SET embedder = NULL",
  "DROP TABLE faces",
  "ALTER TABLE photos RENAME COLUMN labels TO words",
  "PRAGMA user_version = 2",
])("contents that no release wrote are refused by code: %s", async (sql) => {
  const home = folderOfTest();
  const folder = join(home, "gallery");
  const [photo = ""] = await writePhotos(join(home, "photos"), "a");
  const engine = createFakeEngine();
  const probe = (await engine.describe(photo)).faces[0]?.embedding ?? new Float32Array(0);
  const made = await openGallery(folder);
  await made.index([photo], engine);
  await made.close();
  const database = openSqlite(join(folder, "gallery.db"), { names });
  database.exec(sql);
  database.close();
  const match = async () => {
    const gallery = await openGallery(folder, { mustExist: true });
    try {
      return await gallery.match(probe, { top: 1 });
    } finally {
      await gallery.close();
    }
  };
  await expect(match()).rejects.toMatchObject({ code: "ERR_GALLERY_CORRUPT" });
});
