import { type FaceAttributes, HAIR_COLORS, type HairColor, type Point } from "../types.ts";
import { BASES, project } from "./basis.ts";
import { deepOf, middleOf } from "./look.ts";
import { landmarkShape } from "./shape.ts";

/**
 * The parts of a face's features, side by side in one vector. Each part is centred on the mean face of the
 * reference photos and scaled so that the squared distance between two different people is 1 on average: a
 * weight therefore says how much its part counts (`metric.ts`).
 */
export const PARTS = [
  /** The identity descriptor. */
  { name: "identity", size: BASES.identity.rank },
  /** The shape of the 68 landmarks. */
  { name: "shape", size: BASES.shape.rank },
  /** The features of the age and gender network. */
  { name: "traits", size: BASES.traits.rank },
  /** The second descriptor: face, hair and outline of the head. */
  { name: "look", size: BASES.look.rank + BASES.middle.rank },
  { name: "age", size: 1 },
  { name: "smile", size: 1 },
  { name: "hair", size: 6 },
] as const;

export type PartName = (typeof PARTS)[number]["name"];

/** The same value for each part. */
export function perPart<T>(value: T): Record<PartName, T> {
  return Object.fromEntries(PARTS.map(({ name }) => [name, value])) as Record<PartName, T>;
}

/** Length of a face's features. */
export const FEATURE_COUNT = PARTS.reduce((sum, { size }) => sum + size, 0);

/** Position of a part in the features. */
export const PART_RANGES: Readonly<Record<PartName, readonly [from: number, to: number]>> = rangesOf();

function rangesOf(): Record<PartName, readonly [number, number]> {
  const ranges = {} as Record<PartName, readonly [number, number]>;
  let from = 0;
  for (const { name, size } of PARTS) {
    ranges[name] = [from, from + size];
    from += size;
  }
  return ranges;
}

/** Raise it when the same face gets other features: galleries then describe their photos again. */
export const FEATURES_VERSION = 2;

/**
 * The id of an engine's features.
 * @param lookHash SHA-256 of the second network's weights; null: it is not used
 */
export function featuresIdOf(attributes: boolean, lookHash: string | null): string {
  const traits = attributes ? "+traits" : "";
  const look = lookHash === null ? "" : `+look-${lookHash.slice(0, 12)}`;
  return `features-${FEATURES_VERSION}${traits}${look}`;
}

/**
 * Whether features of this id are of this version. Features of another version cannot be compared with them.
 */
export function areCurrent(featuresId: string): boolean {
  return featuresId.split("+")[0] === `features-${FEATURES_VERSION}`;
}

/** The parts that features of this id have. */
export function partsOf(featuresId: string): ReadonlySet<PartName> {
  const parts = new Set<PartName>(["identity", "shape"]);
  for (const extra of extrasOf(featuresId)) {
    if (extra === "traits") for (const part of ["traits", "age", "smile", "hair"] as const) parts.add(part);
    else if (extra.startsWith("look-")) parts.add("look");
  }
  return parts;
}

/** The parts that features of all these ids have, computed by the same networks. */
export function commonParts(ids: readonly string[]): ReadonlySet<PartName> {
  const [first, ...others] = ids;
  if (first === undefined) return new Set();
  const [version] = first.split("+");
  const common = extrasOf(first).filter((extra) => others.every((id) => extrasOf(id).includes(extra)));
  return partsOf([version, ...common].join("+"));
}

/** A copy of a face's features in which the parts that other faces do not have are unknown, 0. */
export function withParts(features: Float32Array, parts: ReadonlySet<PartName>): Float32Array {
  const kept = features.slice();
  for (const { name } of PARTS) if (!parts.has(name)) kept.fill(0, ...PART_RANGES[name]);
  return kept;
}

function extrasOf(featuresId: string): readonly string[] {
  return featuresId.split("+").slice(1);
}

/** Whether features of one id include all that an engine of another id would compute. */
export function covers(featuresId: string, wanted: string): boolean {
  const parts = new Set(featuresId.split("+"));
  return wanted.split("+").every((part) => parts.has(part));
}

/** The estimates of a face that its features are made of; null: not estimated. */
export interface FeatureEvidence {
  /** The standard 128-d embedding. */
  readonly embedding: Float32Array;
  readonly landmarks: readonly Point[];
  readonly attributes: FaceAttributes | null;
  /** 512 numbers of the age and gender network. */
  readonly traits: Float32Array | null;
  /** 1,024 numbers of the last layer and 512 of the middle one, each of unit length. */
  readonly look: Float32Array | null;
}

/** Mean and spread of age (years) and smile over the reference photos; a spread is a standard deviation times √2. */
const AGE = { mean: 44.7, spread: 15.75 * Math.SQRT2 };
const SMILE = { mean: 0.676, spread: 0.35 * Math.SQRT2 };
const HAIR: readonly HairColor[] = HAIR_COLORS.filter((color) => color !== "unknown");

/** Share of the middle layer in the squared distance of the second descriptor (docs/decisions/143). */
const MIDDLE_SHARE = 0.2;

function lookFeatures(look: Float32Array): Float32Array {
  const deep = project(BASES.look, deepOf(look)).map((value) => Math.sqrt(1 - MIDDLE_SHARE) * value);
  const middle = project(BASES.middle, middleOf(look)).map((value) => Math.sqrt(MIDDLE_SHARE) * value);
  return Float32Array.of(...deep, ...middle);
}

/** @returns `FEATURE_COUNT` numbers; a part that is not known is that of the mean face, 0 */
export function assembleFeatures(evidence: FeatureEvidence): Float32Array {
  const features = new Float32Array(FEATURE_COUNT);
  const { embedding, landmarks, attributes, traits, look } = evidence;
  const set = (name: PartName, values: ArrayLike<number>) => features.set(values, PART_RANGES[name][0]);
  set("identity", project(BASES.identity, embedding));
  set("shape", project(BASES.shape, landmarkShape(landmarks)));
  if (traits !== null) set("traits", project(BASES.traits, traits));
  if (look !== null) set("look", lookFeatures(look));
  if (attributes === null) return features;
  const { age, smiling, hair } = attributes;
  set("age", [(age - AGE.mean) / AGE.spread]);
  set("smile", [(smiling - SMILE.mean) / SMILE.spread]);
  // The squared distance of two colours is 1; unknown hair is half as far from each.
  set(
    "hair",
    HAIR.map((colour) => (colour === hair ? Math.SQRT1_2 : 0)),
  );
  return features;
}
