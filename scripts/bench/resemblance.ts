import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import {
  type ComparedPair,
  DEFAULT_WEIGHTS,
  euclideanDistance,
  evaluateVerification,
  type ResemblanceWeights,
} from "../../src/faces/index.ts";
import { assembleFeatures } from "../../src/faces/resemblance/features.ts";
import { deepOf } from "../../src/faces/resemblance/look.ts";
import { wilson } from "../../src/statistics/index.ts";
import { type EvidenceOf, gatherEvidence, type PhotoEvidence } from "../resemblance/evidence.ts";
import {
  areaUnder,
  type Distances,
  mean,
  rankCorrelation,
  rankPartners,
  shareBelow,
} from "../resemblance/ranking.ts";
import { kinPairs, lookalikePairs, ratedFaces } from "../resemblance/sets.ts";
import { crossValidatedRanks, partDistances, weigh } from "../resemblance/weights.ts";
import { runPeer } from "./faces/child.ts";
import { type LfwPair, lfw, londonPerson, londonPhotos } from "./faces/data.ts";

/**
 * Resemblance beside distance, the second descriptor alone and face-api's raw descriptor, all in this run. Nothing is
 * fetched: folders that are not given, and data that is absent, are left out and named.
 *
 *     npm run bench:resemblance -- [--pairs tll_dev.csv] [--looks data/train] [--kin KinFaceW-I] [--omi folder]
 *       [--cache folder] [--jobs 2] [--no-peer] [--only looks,london,kin,ratings,identity]
 *
 * `--looks` has the pictures of "totally looks like" (`left/ID.jpg`, `right/ID.jpg`), `--pairs` which of them are
 * compared; the default is the development half. `--cache` keeps what was computed for the next run. The basis of the
 * features was fitted on 850 photos of LFW without regard to pairs, the default weights on the development pairs: all the
 * rest is not tuned on.
 */
const { values } = parseArgs({
  allowNegative: true,
  options: {
    pairs: { type: "string", default: "../shared/data/resemblance/tll_dev.csv" },
    looks: { type: "string" },
    kin: { type: "string" },
    omi: { type: "string" },
    cache: { type: "string" },
    jobs: { type: "string", default: "2" },
    peer: { type: "boolean", default: true },
    only: { type: "string" },
  },
});

/** Faces of the synthetic set that are rated. */
const RATED = 360;
const FOLDS = { folds: 8, repeats: 2, seed: 1 };
const PULL = 1;

const MEASURES: readonly Measure[] = [
  { what: "distance", between: ({ embedding: a }, { embedding: b }) => euclideanDistance(a, b) },
  {
    what: "faceres alone",
    between: ({ look: a }, { look: b }) => (a && b ? euclideanDistance(deepOf(a), deepOf(b)) : Number.NaN),
  },
  { what: "resemblance without look", weights: DEFAULT_WEIGHTS.withoutLook },
  { what: "resemblance", weights: DEFAULT_WEIGHTS.withLook },
];

type Measure = { readonly what: string } & (
  | { readonly between: (a: PhotoEvidence, b: PhotoEvidence) => number }
  | { readonly weights: ResemblanceWeights }
);

const london = londonPhotos();
const wild = lfw();
const sections: Readonly<Record<string, (() => Promise<void>) | string>> = {
  looks:
    existsSync(values.pairs) && values.looks !== undefined
      ? () => compareLookalikes(values.pairs, values.looks ?? "")
      : "give --looks, the folder of the pictures, and --pairs",
  london: london === null ? "../shared/data/london is absent" : () => compareLondon(london),
  kin: values.kin === undefined ? "give --kin, the folder of KinFaceW-I" : () => compareKin(values.kin ?? ""),
  ratings:
    values.omi === undefined ? "give --omi, the folder of the faces" : () => compareRatings(values.omi ?? ""),
  identity:
    wild === null
      ? "../shared/data/lfw is absent"
      : () => compareIdentity(wild.pairs.filter(({ fold }) => fold === "4" || fold === "5")),
};
for (const name of (values.only ?? Object.keys(sections).join(",")).split(",")) {
  const run = sections[name];
  if (typeof run === "function") await run();
  else console.log(`${name}: left out; ${run ?? `there is only ${Object.keys(sections).join(", ")}`}`);
}
process.exit(0);

async function compareLookalikes(table: string, folder: string): Promise<void> {
  const all = lookalikePairs(table, folder);
  const evidence = await evidenceOf(
    all.flatMap(({ left, right }) => [left, right]),
    "looks",
  );
  const pairs = all.flatMap(({ left, right }) => {
    const [a, b] = [evidence.get(left), evidence.get(right)];
    return a && b ? [{ a, b }] : [];
  });
  const [left, right] = [pairs.map(({ a }) => a), pairs.map(({ b }) => b)];
  const female = pairs.map(({ a, b }) => [isFemale(a), isFemale(b)] as const);
  const rows = MEASURES.map((measure) => {
    const { ranks, auc, sameGender } = rankPartners(distancesOf(measure, left, right), female);
    return {
      what: measure.what,
      ...toShares(ranks),
      AUC: auc.toFixed(3),
      "same gender": sameGender.toFixed(3),
    };
  });
  const parts = partDistances(left.map(assembleFeatures), right.map(assembleFeatures));
  const validated = (["withoutLook", "withLook"] as const).map((key) => {
    const ranks = crossValidatedRanks(parts, { prior: DEFAULT_WEIGHTS[key], pull: PULL }, FOLDS);
    const what = `weights of the other pairs${key === "withLook" ? "" : ", without look"}`;
    return { what, ...toShares(ranks, FOLDS.repeats), AUC: "", "same gender": "" };
  });
  show(`${pairs.length} of ${all.length} pairs of look-alikes, in both directions`, [...rows, ...validated]);
  if (values.peer) await comparePeer(all, evidence);
}

/** On the pairs in which the peer finds both faces. */
async function comparePeer(all: ReturnType<typeof lookalikePairs>, evidence: EvidenceOf): Promise<void> {
  const { seen } = await runPeer(
    all.flatMap(({ left, right }) => [left, right]),
    { processes: Number(values.jobs), minConfidence: 0.2 },
  );
  const largest = (photo: string) =>
    seen.get(photo)?.faces.toSorted((a, b) => b.box.width * b.box.height - a.box.width * a.box.height)[0];
  const pairs = all.flatMap(({ left, right }) => {
    const [a, b, ownA, ownB] = [largest(left), largest(right), evidence.get(left), evidence.get(right)];
    return a && b && ownA && ownB ? [{ a, b, ownA, ownB }] : [];
  });
  const female = pairs.map(({ ownA, ownB }) => [isFemale(ownA), isFemale(ownB)] as const);
  const theirs = pairs.map(({ a }) => pairs.map(({ b }) => euclideanDistance(a.embedding, b.embedding)));
  const [left, right] = [pairs.map(({ ownA }) => ownA), pairs.map(({ ownB }) => ownB)];
  const tables = [
    { what: "face-api, raw descriptor", distances: theirs },
    ...MEASURES.map((measure) => ({ what: measure.what, distances: distancesOf(measure, left, right) })),
  ];
  show(
    `The ${pairs.length} pairs in which face-api finds both faces`,
    tables.map(({ what, distances }) => {
      const { ranks, auc, sameGender } = rankPartners(distances, female);
      return { what, ...toShares(ranks), AUC: auc.toFixed(3), "same gender": sameGender.toFixed(3) };
    }),
  );
}

async function compareLondon(photos: readonly string[]): Promise<void> {
  const evidence = await evidenceOf(photos, "london");
  const of = (kind: string) =>
    photos
      .filter((photo) => photo.includes(`/${kind}/`))
      .toSorted((a, b) => londonPerson(a).localeCompare(londonPerson(b)))
      .flatMap((photo) => evidence.get(photo) ?? []);
  const [neutral, smiling] = [of("neutral"), of("smiling")];
  show(
    `London: ${smiling.length} smiling faces searched among ${neutral.length} neutral ones`,
    MEASURES.map((measure) => {
      const first = distancesOf(measure, smiling, neutral).filter((row, i) =>
        row.every((distance, j) => j === i || distance > (row[i] ?? 0)),
      );
      return { what: measure.what, "rank 1": `${first.length} of ${smiling.length}` };
    }),
  );
}

/** How often a parent is nearer to the own child than to another child of the same sex, within one kind of kinship. */
async function compareKin(folder: string): Promise<void> {
  const all = kinPairs(folder);
  const evidence = await evidenceOf(
    all.flatMap(({ left, right }) => [left, right]),
    "kin",
  );
  const found = [...evidence.values()].filter((face) => face !== null).length;
  const pairs = all.flatMap(({ left, right, relation }) => {
    const [a, b] = [evidence.get(left), evidence.get(right)];
    return a && b ? [{ a, b, relation }] : [];
  });
  const [left, right] = [pairs.map(({ a }) => a), pairs.map(({ b }) => b)];
  const isOfOne = (i: number, j: number) => pairs[i]?.relation === pairs[j]?.relation;
  show(
    `KinFaceW-I: faces found in ${found} of ${2 * all.length} crops; ${pairs.length} pairs`,
    MEASURES.map((measure) => ({
      what: measure.what,
      "AUC kin against others": areaUnder(distancesOf(measure, left, right), isOfOne).toFixed(4),
    })),
  );
}

async function compareRatings(folder: string): Promise<void> {
  const { photos, ratings } = ratedFaces(folder, RATED);
  const evidence = await evidenceOf(photos, "omi");
  const faces = photos.flatMap((photo, i) => {
    const face = evidence.get(photo);
    return face ? [{ face, rated: ratings[i] ?? [] }] : [];
  });
  const above = <T>(table: readonly (readonly T[])[]) => table.flatMap((row, i) => row.slice(i + 1));
  const apart = (a: readonly number[], b: readonly number[]) =>
    Math.hypot(...a.map((one, k) => one - (b[k] ?? 0)));
  const judged = above(faces.map((a) => faces.map((b) => apart(a.rated, b.rated))));
  const all = faces.map(({ face }) => face);
  show(
    `One Million Impressions: ${faces.length} synthetic faces, Spearman with people's ratings`,
    MEASURES.map((measure) => ({
      what: measure.what,
      Spearman: rankCorrelation(above(distancesOf(measure, all, all)), judged).toFixed(3),
    })),
  );
}

async function compareIdentity(pairs: readonly LfwPair[]): Promise<void> {
  const evidence = await evidenceOf([...new Set(pairs.flatMap(({ a, b }) => [a, b]))], "lfw");
  show(
    `LFW folds 4 and 5, ${pairs.length} pairs: same person or not (the basis has seen a fifth of the photos)`,
    MEASURES.map((measure) => {
      const compared = pairs.map(({ fold, same, a, b }): ComparedPair => {
        const [one, other] = [evidence.get(a), evidence.get(b)];
        return { fold, same, distance: one && other ? distanceOf(measure, one, other) : null };
      });
      const { accuracy, auc, tarAtFar } = evaluateVerification(compared, { resamples: 200 });
      return {
        what: measure.what,
        accuracy: `${(100 * accuracy).toFixed(2)} %`,
        "TAR at FAR 1e-2": `${(100 * (tarAtFar[1]?.value ?? 0)).toFixed(1)} %`,
        AUC: auc.value.toFixed(4),
      };
    }),
  );
}

function evidenceOf(photos: readonly string[], name: string): Promise<EvidenceOf> {
  return gatherEvidence(
    photos.map((photo) => resolve(photo)),
    { name, cache: values.cache ?? null, jobs: Number(values.jobs) },
  );
}

function distancesOf(
  measure: Measure,
  left: readonly PhotoEvidence[],
  right: readonly PhotoEvidence[],
): Distances {
  if ("weights" in measure) {
    const parts = partDistances(left.map(assembleFeatures), right.map(assembleFeatures));
    return weigh(parts, measure.weights).map((row) => row.map(Math.sqrt));
  }
  return left.map((a) => right.map((b) => measure.between(a, b)));
}

function distanceOf(measure: Measure, a: PhotoEvidence, b: PhotoEvidence): number {
  return distancesOf(measure, [a], [b])[0]?.[0] ?? Number.NaN;
}

function isFemale({ attributes }: PhotoEvidence): boolean {
  return (attributes?.female ?? 0) > 0.5;
}

/** Shares of the ranks with the Wilson interval of as many cases; repeated ranks are one case. */
function toShares(ranks: readonly number[], repeats = 1): Record<string, string> {
  const cases = Math.round(ranks.length / repeats);
  const text = (k: number) => {
    const share = shareBelow(ranks, k);
    const { low, high } = wilson(Math.round(share * cases), cases);
    return `${share.toFixed(3)} (${low.toFixed(2)} to ${high.toFixed(2)})`;
  };
  return { first: text(1), "first five": text(5), "mean log rank": mean(ranks.map(Math.log1p)).toFixed(3) };
}

function show(title: string, rows: readonly object[]): void {
  console.log(`\n${title}`);
  console.table(Object.fromEntries(rows.map((row, i) => [i + 1, row])));
}
