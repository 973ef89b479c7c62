import { createHash } from "node:crypto";
import { createRandom, randomNormal } from "../../../src/core/index.ts";
import {
  FEATURE_COUNT,
  PART_RANGES,
  PARTS,
  type ResemblanceMetric,
  resemblanceVector,
} from "../../../src/faces/index.ts";
import type { Judgement } from "../../../src/learning/index.ts";

/** Simulated people and raters of known taste. */

export function hashOf(person: number): string {
  return createHash("sha256").update(`person ${person}`).digest("hex");
}

/** Features like real ones: in every part components of falling variance, two people 1 apart on average. */
export function drawPeople(count: number, seed: number): ReadonlyMap<string, Float32Array> {
  const random = createRandom(seed);
  const deviations = new Float32Array(FEATURE_COUNT);
  for (const { name, size } of PARTS) {
    const [from] = PART_RANGES[name];
    const raw = Array.from({ length: size }, (_, k) => 1 / (k + 3));
    const total = 2 * raw.reduce((sum, value) => sum + value, 0);
    raw.forEach((value, k) => {
      deviations[from + k] = Math.sqrt(value / total);
    });
  }
  const people = new Map<string, Float32Array>();
  for (let person = 0; person < count; person++)
    people.set(
      hashOf(person),
      deviations.map((deviation) => deviation * randomNormal(random)),
    );
  return people;
}

/** Raters who judge by a metric, each answer with logistic noise. */
export function simulateRaters(
  people: ReadonlyMap<string, Float32Array>,
  taste: ResemblanceMetric,
  { questions, sharpness, seed }: { questions: number; sharpness: number; seed: number },
): Judgement[] {
  const random = createRandom(seed);
  const hashes = [...people.keys()];
  const vectors = new Map([...people].map(([hash, features]) => [hash, resemblanceVector(features, taste)]));
  const any = () => hashes[Math.floor(random() * hashes.length)] ?? "";
  const squared = (a: string, b: string) => {
    const [x, y] = [vectors.get(a), vectors.get(b)];
    return x?.reduce((sum, value, i) => sum + (value - (y?.[i] ?? 0)) ** 2, 0) ?? 0;
  };
  const ask = (probe: string, left: string, right: string, kind: Judgement["kind"]): Judgement => {
    const margin = squared(probe, right) - squared(probe, left);
    const answer = random() < 1 / (1 + Math.exp(-sharpness * margin)) ? "left" : "right";
    return { rater: "simulated", probe, left, right, answer, kind, at: "2026-11-26T12:00:00Z" };
  };
  const judgements: Judgement[] = [];
  while (judgements.length < questions) {
    const [probe, left, right] = [any(), any(), any()];
    if (new Set([probe, left, right]).size < 3) continue;
    judgements.push(ask(probe, left, right, "question"));
    if (judgements.length % 10 === 0) judgements.push(ask(probe, right, left, "repeat"));
  }
  return judgements;
}
