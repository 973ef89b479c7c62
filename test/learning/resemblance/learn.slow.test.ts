import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import {
  defaultMetric,
  FEATURE_COUNT,
  PART_RANGES,
  partsOf,
  type ResemblanceMetric,
} from "../../../src/faces/index.ts";
import {
  type Judgement,
  learnMetric,
  loadMetric,
  measureConsistency,
  readJudgements,
  saveMetric,
  toTriplets,
} from "../../../src/learning/index.ts";
import { triedFor } from "../../../src/learning/resemblance/learn.ts";
import { drawPeople, hashOf, simulateRaters } from "./world.ts";

const base = defaultMetric(partsOf("features-2+traits+look-x"));
const weights = { identity: 0.1, shape: 0.25, traits: 0.05, look: 0.2, age: 0.2, smile: 0, hair: 0.2 };

function learn(taste: ResemblanceMetric, questions: number, sharpness: number) {
  const people = drawPeople(150, 3);
  const judgements = simulateRaters(people, taste, { questions, sharpness, seed: 5 });
  const { triplets, unknown } = toTriplets(judgements, (hash) => people.get(hash) ?? null);
  expect(unknown).toBe(0);
  return {
    judgements,
    learned: learnMetric(triplets, base, { folds: 3 }),
    consistency: measureConsistency(judgements),
  };
}

async function temporaryFile(text: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "lookalike-judge-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const path = join(folder, "file");
  await writeFile(path, text);
  return path;
}

describe("the rank of a map", () => {
  it("grows with the questions, up to 16", () => {
    const most = (questions: number) => Math.max(...triedFor(questions).map(({ rank }) => rank));
    expect([20, 200, 1000, 2000, 1e6].map(most)).toEqual([0, 1, 4, 8, 16]);
    expect(triedFor(20).length).toBeGreaterThan(1);
  });
});

describe("a metric learned from judgements", () => {
  it("recovers raters who weigh parts in another way: 5 points over the default, 90 % of the ceiling", () => {
    const { learned, consistency } = learn({ weights, map: null }, 1500, 6);
    expect(learned.learned - learned.base).toBeGreaterThan(0.05);
    expect(learned.learned / (consistency.ceiling ?? 1)).toBeGreaterThan(0.9);
    expect(learned.isShown).toBe(true);
    const found = learned.metric.weights;
    expect(found.hair).toBeGreaterThan(0.08);
    expect(found.shape).toBeGreaterThan(0.12);
    expect(found.smile).toBeLessThan(0.03);
    expect(Object.values(found).reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 5);
  });

  it("recovers raters who look at one thing that no part weighs", () => {
    const values = new Float32Array(FEATURE_COUNT);
    values[PART_RANGES.look[0] + 2] = 4;
    values[PART_RANGES.look[0] + 3] = -4;
    const { learned, consistency } = learn({ weights: base.weights, map: { rank: 1, values } }, 1500, 4);
    expect(learned.learned - learned.base).toBeGreaterThan(0.05);
    expect(learned.learned / (consistency.ceiling ?? 1)).toBeGreaterThan(0.9);
    expect(learned.isShown).toBe(true);
    expect(learned.metric.map?.rank ?? 0).toBeGreaterThan(0);
  });

  it("claims no gain over raters who judge as the default does", () => {
    const { learned } = learn(base, 600, 6);
    expect(learned.isShown).toBe(false);
    expect(learned.learned).toBeGreaterThan(learned.base - 0.05);
  });
});

describe("too few differences", () => {
  const people = drawPeople(30, 3);
  const featuresOf = (hash: string) => people.get(hash) ?? null;
  const answers = simulateRaters(people, base, { questions: 60, sharpness: 6, seed: 5 });

  it("are refused: people held out need several probe photos", () => {
    const one = answers.map((answer) => ({ ...answer, probe: hashOf(0) }));
    expect(() => learnMetric(toTriplets(one, featuresOf).triplets, base)).toThrow(
      expect.objectContaining({ code: "ERR_JUDGEMENTS_INVALID" }),
    );
  });

  it("change nothing: the metric of photos with equal features is the base", () => {
    const equal = new Float32Array(FEATURE_COUNT);
    const { triplets } = toTriplets(answers, () => equal);
    expect(learnMetric(triplets, base).metric).toEqual(base);
  });
});

describe("consistency", () => {
  const judgement = (kind: Judgement["kind"], answer: Judgement["answer"], swapped = false): Judgement => ({
    rater: "a",
    probe: hashOf(0),
    left: hashOf(swapped ? 2 : 1),
    right: hashOf(swapped ? 1 : 2),
    answer,
    kind,
    at: "2026-11-26T12:00:00Z",
  });

  it("counts the same photo chosen again, on whichever side it stands", () => {
    const asked = judgement("question", "left");
    expect(measureConsistency([asked, judgement("repeat", "right", true)])).toMatchObject({
      repeats: 1,
      sameAnswer: 1,
      ceiling: 1,
    });
    expect(measureConsistency([asked, judgement("repeat", "left", true)])).toMatchObject({
      sameAnswer: 0,
      ceiling: 0.5,
    });
    expect(measureConsistency([asked, judgement("repeat", "skip")])).toMatchObject({
      repeats: 0,
      ceiling: null,
    });
    // p = .9 agrees with itself in .82 of the repeats.
    const many = Array.from({ length: 100 }, (_, i): Judgement[] => {
      const own = { probe: hashOf(i + 10) };
      return [
        { ...asked, ...own },
        { ...judgement("repeat", i < 82 ? "left" : "right"), ...own },
      ];
    }).flat();
    expect(measureConsistency(many).ceiling).toBeCloseTo(0.9, 5);
  });

  it("tells attention from catch trials", () => {
    const caught = { ...judgement("catch", "left"), left: hashOf(0) };
    expect(measureConsistency([caught, { ...caught, answer: "right" }]).attention).toBe(0.5);
  });
});

describe("files", () => {
  it("of judgements keep what can be read", async () => {
    const good = JSON.stringify({
      rater: "a",
      probe: hashOf(0),
      left: hashOf(1),
      right: hashOf(2),
      answer: "left",
      kind: "question",
      at: "2026-11-26T12:00:00Z",
    });
    const path = await temporaryFile(`\uFEFF${good}\n{"rater":"a"}\n\n${good.slice(0, 20)}\n`);
    expect(await readJudgements(path)).toMatchObject({ judgements: [{ rater: "a" }], rejected: [2, 4] });
    const changed = (changes: object) => JSON.stringify({ ...JSON.parse(good), ...changes });
    const lines = [
      `${good}\r`,
      changed({ rater: " " }),
      changed({ right: hashOf(1) }),
      changed({ probe: hashOf(1) }),
      changed({ probe: hashOf(1), kind: "catch" }),
      changed({ probe: hashOf(1), kind: "catch", right: hashOf(1) }),
      changed({ note: "of a later version" }),
      "null",
    ];
    const { rejected } = await readJudgements(await temporaryFile(lines.join("\n")));
    expect(rejected).toEqual([2, 3, 4, 6, 8]);
    await expect(readJudgements(await temporaryFile("x\n"))).rejects.toMatchObject({
      code: "ERR_JUDGEMENTS_INVALID",
    });
    await expect(readJudgements("/nowhere")).rejects.toMatchObject({ code: "ERR_JUDGEMENTS_INVALID" });
  });

  it("of metrics read back as they were written, and nothing else does", async () => {
    const path = await temporaryFile("");
    const values = Float32Array.from({ length: 2 * FEATURE_COUNT }, (_, i) => i / 7);
    await saveMetric(path, { weights, map: { rank: 2, values } }, { learned: 0.7 });
    expect(await loadMetric(path)).toEqual({ weights, map: { rank: 2, values } });
    await saveMetric(path, { weights, map: null }, null);
    expect((await loadMetric(path)).map).toBeNull();
    await expect(loadMetric(await temporaryFile("{}"))).rejects.toMatchObject({ code: "ERR_MODEL_MISMATCH" });
    const text = await readFile(path, "utf8");
    const row = (value: number) => JSON.stringify(Array(FEATURE_COUNT).fill(value));
    for (const [from, to] of [
      ['"look":0.2', '"look":1e300'],
      ['"look":0.2', '"look":-1'],
      ['"map":null', `"map":[${row(1e30)}]`],
      ['"features":2', '"features":1'],
      ['"version":1', '"version":2'],
    ] as const) {
      expect(text).toContain(from);
      await expect(loadMetric(await temporaryFile(text.replace(from, to)))).rejects.toMatchObject({
        code: "ERR_MODEL_MISMATCH",
      });
    }
    await expect(loadMetric(await temporaryFile("{"))).rejects.toMatchObject({
      code: "ERR_MODEL_UNREADABLE",
    });
  });
});
