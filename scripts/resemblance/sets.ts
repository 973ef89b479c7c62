import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";

/** The photos that resemblance is tuned and measured on. None is part of the package; folders are given by the caller. */

export interface Pair {
  readonly left: string;
  readonly right: string;
}

/** Pairs of faces that people posted as look-alikes (Rosenfeld et al. 2018); `photos` holds `left/ID.jpg`, `right/ID.jpg`. */
export function lookalikePairs(table: string, photos: string): readonly Pair[] {
  return rowsOf(table).map(([left = "", right = ""]) => ({
    left: join(photos, "left", `${left}.jpg`),
    right: join(photos, "right", `${right}.jpg`),
  }));
}

export interface KinPair extends Pair {
  /** `fd`, `fs`, `md`, `ms`: father or mother and daughter or son. */
  readonly relation: string;
}

/** KinFaceW-I (Lu et al. 2014): `images/father-dau/fd_001_1.jpg` and `..._2.jpg`, faces cut out at 64 px. */
export function kinPairs(folder: string): readonly KinPair[] {
  const images = join(folder, "images");
  return readdirSync(images, { recursive: true, encoding: "utf8" })
    .filter((name) => /_1\.jpg$/.test(name))
    .toSorted()
    .map((name) => ({
      left: join(images, name),
      right: join(images, name.replace(/_1\.jpg$/, "_2.jpg")),
      relation: basename(name).slice(0, 2),
    }))
    .filter(({ right }) => existsSync(right));
}

export interface RatedFaces {
  readonly photos: readonly string[];
  /** Per photo its mean ratings, each attribute standardised. */
  readonly ratings: readonly (readonly number[])[];
}

/** One Million Impressions (Peterson et al. 2022): synthetic faces with 34 attributes as people rated them. */
export function ratedFaces(folder: string, count: number): RatedFaces {
  const rows = rowsOf(join(folder, "attribute_means.csv")).map(([id = "", ...values]) => ({
    photo: join(folder, "images", `${id}.jpg`),
    values: values.map(Number),
  }));
  const present = rows.filter(({ photo }) => existsSync(photo));
  const step = Math.max(1, Math.floor(present.length / count));
  const chosen = present.filter((_, i) => i % step === 0).slice(0, count);
  const columns = chosen[0]?.values.map((_, k) => standardise(chosen.map(({ values }) => values[k] ?? 0)));
  return {
    photos: chosen.map(({ photo }) => photo),
    ratings: chosen.map((_, i) => (columns ?? []).map((column) => column[i] ?? 0)),
  };
}

function standardise(values: readonly number[]): number[] {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const spread = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length) || 1;
  return values.map((value) => (value - mean) / spread);
}

/** The rows of a plain CSV file without its header. */
function rowsOf(table: string): string[][] {
  const [, ...rows] = readFileSync(table, "utf8").trim().split(/\r?\n/);
  return rows.map((row) => row.split(","));
}
