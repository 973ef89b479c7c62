import { createRandom, type Random, randomNormal } from "../../core/index.ts";
import { PART_RANGES, PARTS, type ResemblanceMetric, resemblanceVector } from "../../faces/index.ts";
import { chosenOf } from "./consistency.ts";
import type { Judgement } from "./judgements.ts";

/** A question: which of two photos looks more like a third one. Photos are identified by their hashes. */
export type Question = Pick<Judgement, "probe" | "left" | "right" | "kind">;

export interface QuestionSource {
  readonly probes: readonly string[];
  readonly photos: readonly string[];
  readonly features: ReadonlyMap<string, Float32Array>;
  readonly base: ResemblanceMetric;
  readonly seed: number;
}

export interface Questioner {
  next(): Question;
  /** Updates the probabilities with an answer; skipped questions are ignored. */
  learn(judgement: Judgement): void;
  /** Reverts `learn` for an answer that was undone. */
  unlearn(judgement: Judgement): void;
}

/**
 * Number of possible tastes, of triples compared per question, and of neighbours from which they are drawn.
 */
const TASTES = 32;
const TRIPLES = 80;
const NEIGHBOURS = 30;
/** Spread of the logarithms of weights between tastes, and the assumed precision of people's answers. */
const SPREAD = 0.8;
const SHARPNESS = 8;
const REPEAT_EVERY = 10;
const CATCH_EVERY = 25;

/**
 * Chooses questions by expected information: the mutual information between the answer and the taste,
 * estimated over tastes drawn around the base and weighted by the answers so far (Houlsby et al. 2011, BALD).
 * One in ten is a repeat with the sides swapped, one in 25 a catch trial that shows the probe itself.
 */
export function createQuestioner(source: QuestionSource): Questioner {
  const random = createRandom(source.seed);
  const tastes = Array.from({ length: TASTES }, () => drawTaste(source.base, random));
  const logs = new Float64Array(TASTES);
  const requested: Question[] = [];
  let count = 0;

  const informative = (): Question => {
    const triples = Array.from({ length: TRIPLES }, () => drawTriple(source, random));
    const scored = triples.map((triple) => ({ triple, bits: information(triple, { source, tastes, logs }) }));
    const { triple } = scored.reduce((best, next) => (next.bits > best.bits ? next : best));
    requested.push(triple);
    return triple;
  };
  const addEvidence = (judgement: Judgement, times: number): void => {
    const chosen = chosenOf(judgement);
    if (chosen === null || judgement.kind !== "question") return;
    tastes.forEach((taste, t) => {
      const left = chanceOfLeft(judgement, source, taste);
      logs[t] = (logs[t] ?? 0) + times * Math.log(chosen === judgement.left ? left : 1 - left);
    });
  };
  return {
    next() {
      count++;
      if (count % CATCH_EVERY === 0) return catchTrial(drawTriple(source, random), random);
      const earlier = requested[Math.floor(random() * Math.max(0, requested.length - 5))];
      if (count % REPEAT_EVERY !== 0 || requested.length <= 5 || earlier === undefined) return informative();
      return { probe: earlier.probe, left: earlier.right, right: earlier.left, kind: "repeat" };
    },
    learn: (judgement) => addEvidence(judgement, 1),
    unlearn: (judgement) => addEvidence(judgement, -1),
  };
}

function drawTaste({ weights }: ResemblanceMetric, random: Random): ResemblanceMetric {
  const drawn = PARTS.map(({ name }) => [
    name,
    Math.max(weights[name], 0.02) * Math.exp(SPREAD * randomNormal(random)),
  ]);
  return { weights: Object.fromEntries(drawn) as ResemblanceMetric["weights"], map: null };
}

/** A probe and two of its nearest photos by the base metric: other photos are too easy to distinguish. */
function drawTriple({ probes, photos, features, base }: QuestionSource, random: Random): Question {
  const probe = probes[Math.floor(random() * probes.length)] ?? "";
  const own = resemblanceVector(features.get(probe) ?? new Float32Array(0), base);
  const pool = Array.from(
    { length: 4 * NEIGHBOURS },
    () => photos[Math.floor(random() * photos.length)] ?? "",
  );
  const near = [...new Set(pool)]
    .filter((photo) => photo !== probe)
    .map((photo) => {
      const other = resemblanceVector(features.get(photo) ?? new Float32Array(0), base);
      return { photo, far: own.reduce((sum, value, i) => sum + (value - (other[i] ?? 0)) ** 2, 0) };
    })
    .sort((a, b) => a.far - b.far)
    .slice(0, NEIGHBOURS);
  const first = Math.floor(random() * near.length);
  const second = (first + 1 + Math.floor(random() * Math.max(1, near.length - 1))) % near.length;
  return { probe, left: near[first]?.photo ?? probe, right: near[second]?.photo ?? probe, kind: "question" };
}

function catchTrial(question: Question, random: Random): Question {
  return random() < 0.5
    ? { ...question, left: question.probe, kind: "catch" }
    : { ...question, right: question.probe, kind: "catch" };
}

interface Belief {
  readonly source: QuestionSource;
  readonly tastes: readonly ResemblanceMetric[];
  readonly logs: Float64Array;
}

/** Mutual information of answer and taste, in nats. */
function information(question: Question, { source, tastes, logs }: Belief): number {
  const most = Math.max(...logs);
  let [total, chance, entropy] = [0, 0, 0];
  tastes.forEach((taste, t) => {
    const weight = Math.exp((logs[t] ?? 0) - most);
    const left = chanceOfLeft(question, source, taste);
    total += weight;
    chance += weight * left;
    entropy += weight * entropyOf(left);
  });
  return entropyOf(chance / total) - entropy / total;
}

function chanceOfLeft(
  { probe, left, right }: Pick<Question, "probe" | "left" | "right">,
  { features }: QuestionSource,
  { weights }: ResemblanceMetric,
): number {
  const [p, a, b] = [probe, left, right].map((hash) => features.get(hash));
  if (!p || !a || !b) return 0.5;
  let margin = 0;
  for (const { name } of PARTS) {
    const [from, to] = PART_RANGES[name];
    for (let i = from; i < to; i++) {
      const value = p[i] ?? 0;
      margin += weights[name] * ((value - (b[i] ?? 0)) ** 2 - (value - (a[i] ?? 0)) ** 2);
    }
  }
  const left01 = 1 / (1 + Math.exp(-SHARPNESS * margin));
  return Math.min(0.99, Math.max(0.01, left01));
}

function entropyOf(chance: number): number {
  if (chance <= 0 || chance >= 1) return 0;
  return -chance * Math.log(chance) - (1 - chance) * Math.log(1 - chance);
}
