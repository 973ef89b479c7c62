import { type PhotoPair, pairUp } from "./pairs.ts";
import { listPhotos, type NamedPhoto, type NamePerson } from "./people.ts";
import { type PairColumns, type PairTable, type RefusedPair, readPairs } from "./tables.ts";

/** Photos of people: the pairs of a table, or all photos below a folder. */
export type EvaluationSource =
  | { readonly pairs: string; readonly photos: string; readonly columns?: PairColumns | undefined }
  | { readonly folder: string };

/** The photos to describe and the pairs to compare, before any photo is opened. */
export interface EvaluationPlan {
  /** Every photo once, in the order of their paths. */
  readonly photos: readonly string[];
  readonly pairs: readonly PhotoPair<NamedPhoto>[];
  readonly refused: readonly RefusedPair[];
}

export async function planPairs(
  source: EvaluationSource,
  naming: NamePerson,
  draw: { readonly seed: number; readonly maxDifferent: number },
): Promise<EvaluationPlan> {
  if (!("folder" in source)) return planTable(await readPairs(source.pairs, source.columns), naming);
  const named = (await listPhotos(source.folder)).flatMap((photo): NamedPhoto[] => {
    const person = naming(photo);
    return person === null ? [] : [{ photo, person }];
  });
  return { photos: named.map(({ photo }) => photo), pairs: pairUp(named, draw), refused: [] };
}

function planTable({ rows, refused }: PairTable, naming: NamePerson): EvaluationPlan {
  const photos = [...new Set(rows.flatMap(({ photoA, photoB }) => [photoA, photoB]))];
  const name = (photo: string): NamedPhoto => ({ photo, person: naming(photo) ?? "" });
  return {
    photos: photos.toSorted((a, b) => (a < b ? -1 : 1)),
    pairs: rows.map(({ fold, photoA, photoB, same }) => ({ fold, same, a: name(photoA), b: name(photoB) })),
    refused,
  };
}
