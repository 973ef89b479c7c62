import { FEATURE_COUNT, PART_RANGES, PARTS } from "../../faces/index.ts";
import { chosenOf } from "./consistency.ts";
import type { Judgement } from "./judgements.ts";

/** Answered questions as numbers, the training data of the metric. */
export interface Triplets {
  readonly count: number;
  /**
   * For each question and part: squared distance from the probe to the other photo minus that to the chosen
   * one.
   */
  readonly parts: Float64Array;
  /**
   * For each question: features of the probe minus those of the chosen photo, and minus those of the other
   * one.
   */
  readonly toChosen: readonly Float32Array[];
  readonly toOther: readonly Float32Array[];
  /** The probe photo of each question: folds keep its questions together. */
  readonly probes: readonly string[];
}

/**
 * @param featuresOf features of a photo's face by the photo's hash; null: the photo is unknown
 * @returns the triplets, and the number of questions with unknown photos
 */
export function toTriplets(
  judgements: readonly Judgement[],
  featuresOf: (hash: string) => Float32Array | null,
): { readonly triplets: Triplets; readonly unknown: number } {
  const toChosen: Float32Array[] = [];
  const toOther: Float32Array[] = [];
  const probes: string[] = [];
  let unknown = 0;
  for (const judgement of judgements) {
    const chosen = chosenOf(judgement);
    if (chosen === null || judgement.kind !== "question") continue;
    const other = chosen === judgement.left ? judgement.right : judgement.left;
    const [p, a, b] = [judgement.probe, chosen, other].map(featuresOf);
    if (!p || !a || !b) {
      unknown++;
      continue;
    }
    toChosen.push(minus(p, a));
    toOther.push(minus(p, b));
    probes.push(judgement.probe);
  }
  return { triplets: { ...gather(toChosen, toOther), probes }, unknown };
}

function gather(toChosen: readonly Float32Array[], toOther: readonly Float32Array[]) {
  const count = toChosen.length;
  const parts = new Float64Array(count * PARTS.length);
  for (let i = 0; i < count; i++) {
    PARTS.forEach(({ name }, k) => {
      const [from, to] = PART_RANGES[name];
      parts[i * PARTS.length + k] = squares(toOther[i], from, to) - squares(toChosen[i], from, to);
    });
  }
  return { count, parts, toChosen, toOther };
}

/** The questions at the given positions. */
export function pick({ toChosen, toOther, probes }: Triplets, places: readonly number[]): Triplets {
  const at = <T>(items: readonly T[]) => places.flatMap((place) => items.slice(place, place + 1));
  return { ...gather(at(toChosen), at(toOther)), probes: at(probes) };
}

function minus(a: Float32Array, b: Float32Array): Float32Array {
  return Float32Array.from({ length: FEATURE_COUNT }, (_, i) => (a[i] ?? 0) - (b[i] ?? 0));
}

function squares(vector: Float32Array | undefined, from: number, to: number): number {
  let sum = 0;
  for (let i = from; i < to; i++) sum += (vector?.[i] ?? 0) ** 2;
  return sum;
}
