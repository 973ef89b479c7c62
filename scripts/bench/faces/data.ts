import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

/** The photos to measure on; they are no part of the package. */

const SHARED = resolve(import.meta.dirname, "../../../../shared/data");

export interface LfwPair {
  readonly fold: string;
  readonly a: string;
  readonly b: string;
  readonly same: boolean;
}

/** Both photos of each of the 102 people of the Face Research Lab London Set, neutral before smiling; null if absent. */
export function londonPhotos(): readonly string[] | null {
  const folder = join(SHARED, "london");
  if (!existsSync(folder)) return null;
  return ["neutral", "smiling"].flatMap((kind) =>
    readdirSync(join(folder, kind))
      .filter((name) => name.endsWith(".jpg"))
      .map((name) => join(folder, kind, name)),
  );
}

export function londonPerson(photo: string): string {
  return /(\d{3})_\d+\.jpg$/.exec(photo)?.[1] ?? photo;
}

/** Labeled Faces in the Wild, as far as it is there; null if absent. */
export function lfw(): { readonly photos: readonly string[]; readonly pairs: readonly LfwPair[] } | null {
  const folder = join(SHARED, "lfw");
  if (!existsSync(folder)) return null;
  const images = join(folder, "images");
  const photos = readdirSync(images, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".jpg"))
    .toSorted()
    .map((name) => join(images, name));
  const [, ...rows] = readFileSync(join(folder, "pairs.csv"), "utf8").trim().split(/\r?\n/);
  const pairs = rows.map((row): LfwPair => {
    const [fold = "", a = "", b = "", same = ""] = row.split(",");
    return { fold, a: join(images, a), b: join(images, b), same: same === "1" };
  });
  return { photos, pairs };
}

export function lfwPerson(photo: string): string {
  return photo.split("/").at(-2) ?? photo;
}
