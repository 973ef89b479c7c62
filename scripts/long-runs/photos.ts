import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createRandom } from "../../src/core/index.ts";
import { cropImage, decodePhoto, encodeImage } from "../../src/io/image/index.ts";
import { openSqlite } from "../../src/io/sqlite/index.ts";
import { type WatchedRun, watch } from "./watch.ts";

/**
 * Makes as many photos as are asked for of those that are there: cut a little differently and encoded anew, so that
 * no two files are equal. What is there already stays.
 */
export async function writePhotos(
  from: string,
  { work, count }: { readonly work: string; readonly count: number },
): Promise<string> {
  const folder = join(work, "photos");
  mkdirSync(folder, { recursive: true });
  const originals = readdirSync(from, { recursive: true, encoding: "utf8" })
    .filter((name) => /\.jpe?g$/i.test(name))
    .sort();
  const random = createRandom(11);
  for (let i = 0; i < count; i++) {
    const [x, y, smaller] = [random() * 12, random() * 12, random() * 12];
    const path = join(folder, `${String(i).padStart(6, "0")}.jpg`);
    const original = originals[i % originals.length];
    if (existsSync(path) || original === undefined) continue;
    const { image } = await decodePhoto(join(from, original));
    const [width, height] = [image.width - 12 - smaller, image.height - 12 - smaller].map(Math.round);
    const region = { x, y, width: width ?? 0, height: height ?? 0 };
    const varied = await cropImage(image, region, image.width, image.height);
    writeFileSync(path, await encodeImage(varied, { format: "jpeg", quality: 88, effort: "fast" }));
  }
  return folder;
}

export function indexMany(folder: string, work: string): Promise<WatchedRun> {
  const gallery = join(work, "gallery");
  return watch(["index", folder, "--gallery", gallery], {
    step: 1000,
    doneSoFar: () => countPhotos(join(gallery, "gallery.db")),
  });
}

function countPhotos(path: string): number {
  if (!existsSync(path)) return 0;
  const names = {
    what: "a gallery",
    corrupt: "ERR_GALLERY_CORRUPT",
    busy: "ERR_GALLERY_BUSY",
    corruptHint: "",
  } as const;
  const database = openSqlite(path, { names });
  try {
    return Number(database.prepare("SELECT count(*) AS n FROM photos").get()?.n ?? 0);
  } catch {
    return 0;
  } finally {
    database.close();
  }
}
