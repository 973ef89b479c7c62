import { resolve } from "node:path";
import type { Database, SqlValue } from "../../io/sqlite/index.ts";
import { IS_UPRIGHT_OR_TURNED } from "../tilt.ts";
import type { MatchOptions } from "../types-match.ts";
import type { RowMask, VectorSet } from "../vectors/types.ts";

/** The photos that a match may show: an SQL condition on `photos p`, and one on their `faces f`. */
export interface PhotoFilter {
  readonly condition: string;
  readonly values: readonly SqlValue[];
  /** Null: all faces may match. */
  readonly faces: { readonly condition: string; readonly values: readonly SqlValue[] } | null;
  /** Absolute paths. Not part of the condition, because they differ between probes and masks are cached. */
  readonly excluded: ReadonlySet<string>;
  /** Only `excluded` is set. */
  readonly isOpen: boolean;
}

export function createFilter(options: MatchOptions): PhotoFilter {
  const conditions: string[] = [];
  const values: SqlValue[] = [];
  for (const tag of new Set(options.tags)) {
    conditions.push("p.id IN (SELECT photo_id FROM photo_tags WHERE tag = ?)");
    values.push(tag);
  }
  if (options.at !== undefined) {
    conditions.push("(p.release_expires IS NULL OR p.release_expires >= ?)");
    values.push(options.at.getTime());
  }
  if (options.territory !== undefined) {
    const code = options.territory.toUpperCase();
    const [country = code] = code.split("-");
    // A release for a country is valid in its subdivisions.
    conditions.push("(p.territories = '' OR instr(p.territories, ?) > 0 OR instr(p.territories, ?) > 0)");
    values.push(`,${code},`, `,${country},`);
  }
  if (options.requireRelease) conditions.push("p.release_id IS NOT NULL");
  if (options.media !== undefined) {
    conditions.push("(p.media = '' OR instr(p.media, ?) > 0)");
    values.push(`,${options.media.toLowerCase()},`);
  }
  const excluded = new Set([...(options.excludePhotos ?? [])].map((path) => resolve(path)));
  const faces = createFaceFilter(options);
  const isOpen = conditions.length === 0 && faces === null;
  // A withdrawn release never counts.
  conditions.push("p.withdrawn = 0");
  return { condition: conditions.join(" AND "), values, faces, excluded, isOpen };
}

/** From these probabilities on a face counts as smiling, or as female. */
const SMILES = 0.5;
const IS_FEMALE = 0.5;

/** Comparisons with null are not true, so faces without attributes pass no filter of appearance. */
function createFaceFilter({ appearance = {}, floor = {} }: MatchOptions): PhotoFilter["faces"] {
  const { age, ageIfKnown, smiling, hair, female } = appearance;
  const conditions: string[] = [];
  const values: SqlValue[] = [];
  if (age !== undefined) {
    conditions.push("f.age BETWEEN ? AND ?");
    values.push(...age);
  }
  if (ageIfKnown !== undefined) {
    conditions.push("(f.age IS NULL OR f.age BETWEEN ? AND ?)");
    values.push(...ageIfKnown);
  }
  if (smiling !== undefined) conditions.push(`f.smiling ${smiling ? ">=" : "<"} ${SMILES}`);
  if (female !== undefined)
    conditions.push(`json_extract(f.details, '$.attributes.female') ${female ? ">=" : "<"} ${IS_FEMALE}`);
  if (hair !== undefined) {
    conditions.push(`f.hair IN (${hair.map(() => "?").join(", ")})`);
    values.push(...hair);
  }
  for (const name of ["interocularPx", "score", "eyeLight"] as const) {
    const least = floor[name] ?? 0;
    if (least === 0) continue;
    conditions.push(`COALESCE(json_extract(f.details, '$.quality.${name}'), 1e9) >= ?`);
    values.push(least);
  }
  const { maxYawDegrees = Number.POSITIVE_INFINITY } = floor;
  if (Number.isFinite(maxYawDegrees)) {
    conditions.push("abs(COALESCE(json_extract(f.details, '$.quality.yawDegrees'), 0)) <= ?");
    values.push(maxYawDegrees);
  }
  if (floor.upright) conditions.push(IS_UPRIGHT_OR_TURNED);
  return conditions.length === 0 ? null : { condition: conditions.join(" AND "), values };
}

/** The rows with at least one photo that passes; undefined: all. */
function createMask(database: Database, set: VectorSet, filter: PhotoFilter): RowMask | undefined {
  if (filter.isOpen && !hasWithdrawn(database)) return undefined;
  const rows = database
    .prepare(`SELECT DISTINCT p.content_id FROM photos p WHERE ${filter.condition}`)
    .all(...filter.values);
  const passing = new Set(rows.map((row) => Number(row.content_id)));
  const faces = findFaces(database, filter.faces);
  const bits = new Uint8Array(set.ids.length);
  let count = 0;
  for (let row = 0; row < bits.length; row++) {
    if (!passing.has(set.contents[row] ?? 0)) continue;
    if (faces !== null && !faces.has(set.ids[row] ?? 0)) continue;
    bits[row] = 1;
    count++;
  }
  return { bits, count };
}

/** Ids of the faces that pass; null: all do. */
function findFaces(database: Database, filter: PhotoFilter["faces"]): ReadonlySet<number> | null {
  if (filter === null) return null;
  const rows = database.prepare(`SELECT id FROM faces f WHERE ${filter.condition}`).all(...filter.values);
  return new Set(rows.map((row) => Number(row.id)));
}

function hasWithdrawn(database: Database): boolean {
  return database.prepare("SELECT 1 FROM photos WHERE withdrawn = 1 LIMIT 1").get() !== undefined;
}

/** Number of cached masks: a campaign uses few filters for all its customers. */
const KEPT = 16;

export interface MaskCache {
  find(set: VectorSet, filter: PhotoFilter, changes: number): RowMask | undefined;
}

export function createMaskCache(database: Database): MaskCache {
  // By set: embeddings and the vectors of each metric are different sets.
  let ofSet = new WeakMap<VectorSet, Map<string, RowMask | undefined>>();
  let ofChanges = -1;
  return {
    find(set, filter, changes) {
      if (changes !== ofChanges) ofSet = new WeakMap();
      ofChanges = changes;
      const masks = ofSet.get(set) ?? new Map<string, RowMask | undefined>();
      ofSet.set(set, masks);
      const key = JSON.stringify([filter.condition, filter.values, filter.faces]);
      if (!masks.has(key)) masks.set(key, createMask(database, set, filter));
      const [oldest] = masks.keys();
      if (masks.size > KEPT && oldest !== undefined) masks.delete(oldest);
      return masks.get(key);
    },
  };
}
