import { invalidOption } from "../../core/index.ts";
import { MATCH_BOUNDS } from "../distance.ts";
import type { FaceEngine } from "../types.ts";
import { evaluateGroups } from "./groups.ts";
import { countDistances, type DistanceHistogram } from "./histogram.ts";
import { evaluateIdentification } from "./identification.ts";
import { evaluateMatches } from "./matches.ts";
import { assignFolds, comparePhotos, type PhotoPair } from "./pairs.ts";
import { createNaming, type NamedPhoto, type NamePerson } from "./people.ts";
import { type EvaluationSource, planPairs } from "./plan.ts";
import { errorVersusReject } from "./reject.ts";
import { type FaceChoice, type LookOptions, lookAt, type SeenPhotos } from "./seen.ts";
import { type PeopleTable, type RefusedPair, readPeople, requireColumns } from "./tables.ts";
import type {
  ComparedPair,
  GroupReport,
  IdentificationReport,
  PersonPhoto,
  RefusedPhoto,
  RejectCurve,
  VerificationReport,
} from "./types.ts";
import { evaluateVerification, requireBothKinds } from "./verification.ts";

export interface FaceEvaluationOptions extends Pick<LookOptions, "signal" | "jobs" | "onProgress"> {
  /** Which face of a photo represents its person; default the most prominent. */
  readonly face?: FaceChoice | undefined;
  /** A regular expression that names the person in a photo's path; default the photo's folder. */
  readonly personPattern?: string | undefined;
  /** CSV or Parquet file with attributes of people. */
  readonly people?: string | undefined;
  /** Column of that file that names the person; default `person`. */
  readonly personColumn?: string | undefined;
  /** Columns of that file by which the results are broken down. */
  readonly by?: readonly string[] | undefined;
  /** Number of random folds for pairs without a fold; default 10. */
  readonly folds?: number | undefined;
  /** Seed of folds, drawn pairs and bootstraps; default 1. */
  readonly seed?: number | undefined;
  /** Accuracy is also reported at this distance; default 0.6. */
  readonly threshold?: number | undefined;
  readonly fars?: readonly number[] | undefined;
  /**
   * Bounds of the distance within which another person is a match, for the figures per group; default 0.4 to
   * 0.8.
   */
  readonly minDistance?: number | undefined;
  readonly maxDistance?: number | undefined;
  /** Most pairs of different people drawn from a folder; default 100,000. */
  readonly maxDifferent?: number | undefined;
}

export interface FaceEvaluation {
  readonly engine: string;
  readonly embedder: string;
  readonly face: FaceChoice;
  readonly seed: number;
  /** Photos that could be read. */
  readonly photos: number;
  /** Photos that were read but show no face. */
  readonly undetected: readonly string[];
  /** Photos that could not be read; pairs with them are left out. */
  readonly refusedPhotos: readonly RefusedPhoto[];
  /** Rows of the pairs table that were left out. */
  readonly refusedPairs: readonly RefusedPair[];
  readonly verification: VerificationReport;
  /** null if the people of the photos are unknown, or no person has two. */
  readonly identification: IdentificationReport | null;
  readonly groups: readonly GroupReport[];
  /** null if the engine gives no quality score. */
  readonly reject: RejectCurve | null;
  readonly histogram: DistanceHistogram;
}

/**
 * Measures an engine on photos of known people: verification, identification, fairness and quality. Embeddings are kept
 * in memory during the evaluation and are not part of the result.
 *
 * @throws ERR_OPTION_INVALID, ERR_FOLDER_EMPTY, ERR_SOURCE_NOT_FOUND, ERR_SOURCE_UNREADABLE, ERR_SOURCE_EMPTY,
 * ERR_COLUMN_MISSING, ERR_EVALUATION_EMPTY, ERR_ABORTED
 *
 * @example
 * const engine = await createFaceEngine();
 * const { verification } = await evaluateFaces({ folder: "people" }, engine, { seed: 1 });
 * console.log(verification.accuracy);
 * await engine.close();
 */
export async function evaluateFaces(
  source: EvaluationSource,
  engine: FaceEngine,
  options: FaceEvaluationOptions = {},
): Promise<FaceEvaluation> {
  const { face = "prominent", seed = 1, folds = 10 } = options;
  const by = [...new Set(options.by)];
  if (!Number.isInteger(folds) || folds < 2) {
    throw invalidOption("a whole number of 2 or more", "folds", folds);
  }
  const bounds = {
    least: options.minDistance ?? MATCH_BOUNDS.least,
    most: options.maxDistance ?? MATCH_BOUNDS.most,
  };
  if (!(bounds.least >= 0 && bounds.least < bounds.most)) {
    const what = `a distance below the greatest one, ${bounds.most}`;
    throw invalidOption(what, "minDistance", bounds.least);
  }
  const people = await readPeopleFile(options);
  const naming = createNaming(options.personPattern, people?.personOfPhoto ?? null);
  const plan = await planPairs(source, naming, { seed, maxDifferent: options.maxDifferent ?? 100_000 });
  requireBothKinds(assignFolds(plan.pairs, { folds, seed }));
  const root = "folder" in source ? source.folder : source.photos;
  const seen = await lookAt(root, plan.photos, engine, { ...options, choice: face });
  const readable = plan.pairs.filter(({ a, b }) => seen.faces.has(a.photo) && seen.faces.has(b.photo));
  const planned = assignFolds(readable, { folds, seed });
  requireBothKinds(planned);
  const pairs = planned.map((pair) => compare(pair, seen));
  const verification = evaluateVerification(pairs, {
    fixedThreshold: options.threshold,
    fars: options.fars,
    seed,
  });
  const known = nameSeen(plan.photos, naming, seen);
  const identification = identify(known);
  const { threshold } = verification;
  const ranks = identification?.ranks ?? [];
  const matches = by.length === 0 ? [] : evaluateMatches(known, bounds);
  return {
    engine: engine.name,
    embedder: engine.embedder.id,
    face,
    seed,
    photos: seen.faces.size,
    undetected: seen.undetected,
    refusedPhotos: seen.refused,
    refusedPairs: plan.refused,
    verification,
    identification,
    groups: by.map((column) =>
      evaluateGroups(column, people?.columns.get(column) ?? new Map(), {
        pairs,
        ranks,
        threshold,
        matches,
      }),
    ),
    reject: errorVersusReject(pairs, threshold),
    histogram: countDistances(pairs),
  };
}

async function readPeopleFile(options: FaceEvaluationOptions): Promise<PeopleTable | null> {
  const { people, personColumn, by = [] } = options;
  if (people !== undefined) {
    const table = await readPeople(people, personColumn);
    requireColumns([...table.columns.keys()], by, people);
    return table;
  }
  if (by.length === 0) return null;
  throw invalidOption(
    "a people file",
    "people",
    undefined,
    "Pass a people file: results are grouped by its columns.",
  );
}

function compare(pair: PhotoPair<NamedPhoto> & { fold: string }, { faces }: SeenPhotos): ComparedPair {
  const withFace = (named: NamedPhoto): PersonPhoto => ({
    ...named,
    ...(faces.get(named.photo) ?? { embedding: null }),
  });
  return comparePhotos({ ...pair, a: withFace(pair.a), b: withFace(pair.b) });
}

/** The photos of known people. */
function nameSeen(photos: readonly string[], naming: NamePerson, { faces }: SeenPhotos): PersonPhoto[] {
  return photos.flatMap((photo): PersonPhoto[] => {
    const person = naming(photo);
    const seen = faces.get(photo);
    return person === null || seen === undefined ? [] : [{ photo, person, ...seen }];
  });
}

function identify(known: readonly PersonPhoto[]): IdentificationReport | null {
  const people = new Set(known.map(({ person }) => person)).size;
  return people === known.length ? null : evaluateIdentification(known);
}
