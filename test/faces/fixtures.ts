import { existsSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";

const faceApi = dirname(createRequire(import.meta.url).resolve("@vladmandic/face-api/package.json"));

/** Group photos of 3 to 5 people inside the face-api package; always there. */
export const SAMPLES = [1, 2, 3, 4, 5, 6].map((n) => join(faceApi, "demo", `sample${n}.jpg`));

/** How many people a person counts in each of them. */
export const PEOPLE = [3, 3, 3, 4, 5, 4];

export const SHARED = resolve(import.meta.dirname, "../../../shared/data");
export const hasShared = existsSync(join(SHARED, "london"));

export function london(kind: "neutral" | "smiling"): string[] {
  const folder = join(SHARED, "london", kind);
  return readdirSync(folder)
    .filter((name) => name.endsWith(".jpg"))
    .map((name) => join(folder, name));
}
