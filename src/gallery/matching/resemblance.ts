import type { Database } from "../../io/sqlite/index.ts";
import type { Resemblance } from "../types.ts";
import type { VectorSet } from "../vectors/types.ts";

/** How the faces of a set look, row by row; NaN and null where it was never estimated. */
export interface Looks {
  readonly ages: Float32Array;
  readonly smiles: Float32Array;
  readonly hair: readonly (string | null)[];
}

/** What is added to the distance of a row. */
export type Penalty = (row: number) => number;

/** Years of age that make one step. */
const AGE_STEP = 10;
/** Steps that an unknown look counts: neither like nor unlike. */
const UNKNOWN = 0.5;

/** Null where no weight is above 0, or nothing is known of the probe. */
export function createPenalty(
  looks: Looks,
  { to, age = 0, hair = 0, smile = 0 }: Resemblance,
): Penalty | null {
  // Of a probe with unknown hair every face is as far.
  const hairWeight = to.hair === "unknown" ? 0 : hair;
  if (age + hairWeight + smile === 0) return null;
  return (row) => {
    const years = Math.abs((looks.ages[row] ?? Number.NaN) - to.age) / AGE_STEP;
    const smiles = Math.abs((looks.smiles[row] ?? Number.NaN) - to.smiling);
    return (
      age * known(years) + smile * known(smiles) + hairWeight * hairSteps(looks.hair[row] ?? null, to.hair)
    );
  };
}

function known(steps: number): number {
  return Number.isNaN(steps) ? UNKNOWN : steps;
}

function hairSteps(hair: string | null, wanted: string): number {
  if (hair === null || hair === "unknown") return UNKNOWN;
  return hair === wanted ? 0 : 1;
}

/** Reads the looks of a set's faces when they are first asked for, and again for another set. */
export function createLooksCache(database: Database): { find(set: VectorSet): Looks } {
  let looks: Looks | null = null;
  let ofSet: VectorSet | null = null;
  return {
    find(set) {
      if (looks === null || set !== ofSet) looks = readLooks(database, set);
      ofSet = set;
      return looks;
    },
  };
}

/** Faces read at a time. */
const PAGE = 5000;

function readLooks(database: Database, { ids }: VectorSet): Looks {
  const ages = new Float32Array(ids.length).fill(Number.NaN);
  const smiles = new Float32Array(ids.length).fill(Number.NaN);
  const hair: (string | null)[] = new Array(ids.length).fill(null);
  const page = database.prepare(
    `SELECT id, age, smiling, hair FROM faces WHERE id > ? AND age IS NOT NULL ORDER BY id LIMIT ${PAGE}`,
  );
  // Both ascend by id, so one pass over each finds every face's row.
  for (let last = 0, row = 0; ; ) {
    const faces = page.all(last);
    if (faces.length === 0) return { ages, smiles, hair };
    for (const face of faces) {
      last = Number(face.id);
      while (row < ids.length && (ids[row] ?? 0) < last) row++;
      if (ids[row] !== last) continue;
      ages[row] = Number(face.age);
      smiles[row] = Number(face.smiling);
      hair[row] = String(face.hair);
    }
  }
}
