import { chmod, readdir } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, expect, it } from "vitest";
import { openGallery } from "../../src/gallery/index.ts";
import { emptyLog, openSqlite } from "../../src/io/sqlite/index.ts";
import { folderOfTest } from "../temporary.ts";
import { createFakeEngine } from "./fake-engine.ts";
import { writePhotos } from "./fixtures.ts";

const NAMES = {
  what: "a gallery",
  corrupt: "ERR_GALLERY_CORRUPT",
  busy: "ERR_GALLERY_BUSY",
  corruptHint: "",
} as const;

/** As it is when all its users have ended. */
function settle(folder: string): void {
  const path = join(folder, "gallery.db");
  const database = openSqlite(path, { names: NAMES });
  emptyLog(database, path, NAMES);
  database.close();
}

/** Root may write everywhere: it reads as a user who may not. */
const NOBODY = 65_534;
const isRoot = process.geteuid?.() === 0;

afterEach(() => {
  if (isRoot) process.seteuid?.(0);
});

async function makeGallery() {
  const home = folderOfTest();
  const folder = join(home, "gallery");
  const paths = await writePhotos(join(home, "photos"), "abc");
  const gallery = await openGallery(folder);
  const engine = createFakeEngine();
  await gallery.index([join(home, "photos")], engine);
  const probe = (await engine.describe(paths[1] ?? "")).faces[0]?.embedding ?? new Float32Array(0);
  return { home, folder, gallery, engine, probe, second: paths[1] };
}

async function forbidWriting({ home, folder }: { readonly home: string; readonly folder: string }) {
  for (const name of await readdir(folder)) await chmod(join(folder, name), 0o444);
  await chmod(folder, 0o555);
  await chmod(home, 0o755);
  if (isRoot) process.seteuid?.(NOBODY);
}

it.skipIf(process.platform === "win32")(
  "a gallery that may only be read answers, and takes no change",
  async () => {
    const made = await makeGallery();
    await made.gallery.close();
    settle(made.folder);
    await forbidWriting(made);
    const gallery = await openGallery(made.folder, { mustExist: true });
    const [match] = await gallery.match(made.probe, { top: 1 });
    expect(match).toMatchObject({ photo: { path: made.second }, distance: 0 });
    await expect(gallery.remove(made.second ?? "")).rejects.toMatchObject({ code: "ERR_OUTPUT_UNWRITABLE" });
    await gallery.close();
  },
);

it.skipIf(process.platform === "win32")(
  "changes that its owner has not put into the file yet count",
  async () => {
    const made = await makeGallery();
    await made.gallery.remove(made.second ?? "");
    await forbidWriting(made);
    const gallery = await openGallery(made.folder, { mustExist: true });
    const matches = await gallery.match(made.probe, { top: 3 });
    expect(matches.map(({ photo }) => photo.path)).not.toContain(made.second);
    await gallery.close();
    if (isRoot) process.seteuid?.(0);
    await made.gallery.close();
  },
);

it.skipIf(!isRoot)("a gallery that its owner changes meanwhile is not read on", async () => {
  const made = await makeGallery();
  await made.gallery.close();
  settle(made.folder);
  await forbidWriting(made);
  const gallery = await openGallery(made.folder, { mustExist: true });
  process.seteuid?.(0);
  const owner = await openGallery(made.folder);
  await owner.remove(made.second ?? "");
  await expect(gallery.match(made.probe, { top: 1 })).rejects.toMatchObject({ code: "ERR_GALLERY_BUSY" });
  await gallery.close();
  await owner.close();
});
