import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { defaultMetric, FEATURE_COUNT, PART_RANGES, partsOf } from "../../src/faces/index.ts";
import { openGallery } from "../../src/gallery/index.ts";
import { loadMetric } from "../../src/learning/index.ts";
import { createFakeEngine } from "../gallery/fake-engine.ts";
import { blocks, writePhoto, writePhotos } from "../gallery/fixtures.ts";
import { drawPeople, simulateRaters } from "../learning/resemblance/world.ts";
import { folderOfTest } from "../temporary.ts";
import { lookalike, lookalikeWith } from "./capture.ts";

const NAMES = "abcdefghijkl";
/** Features without the parts of the age and gender network. */
const people = [...drawPeople(NAMES.length, 1).values()].map((features) => {
  for (const part of ["traits", "age", "smile", "hair"] as const) features.fill(0, ...PART_RANGES[part]);
  return features;
});
const engine = createFakeEngine({
  features: (photo) => people[NAMES.indexOf(photo.at(-5) ?? "")] ?? new Float32Array(),
  featuresId: "features-2+look-fake",
});

async function setUp(questions: number) {
  const home = folderOfTest();
  await writePhotos(join(home, "photos"), NAMES);
  const folder = join(home, "gallery");
  const gallery = await openGallery(folder);
  await gallery.index([join(home, "photos")], engine);
  const known = new Map<string, Float32Array>();
  for await (const { hash } of gallery.photos()) {
    const features = await gallery.features(hash);
    if (features !== null) known.set(hash, features.values);
  }
  await gallery.close();
  const taste = defaultMetric(partsOf("features-2+look-fake"));
  const judgements = join(home, "judgements.jsonl");
  const answers = simulateRaters(known, taste, { questions, sharpness: 6, seed: 3 });
  writeFileSync(judgements, answers.map((answer) => `${JSON.stringify(answer)}\n`).join(""));
  return { home, folder, judgements, out: join(home, "metric.json") };
}

it("fits a metric on the parts that the gallery has, and says whether to use it", async () => {
  const { home, folder, judgements, out } = await setUp(60);
  const blank = await writePhoto(join(home, "blank.png"), {
    width: 8,
    height: 8,
    data: new Uint8Array(192).fill(90),
  });
  const args = ["metric", "fit", judgements, "--gallery", folder, "--out", out];
  const fitted = await lookalikeWith(engine, ...args, "--probes", blank);
  expect(fitted.status).toBe(3);
  expect(fitted.stderr).toContain("ERR_PHOTO_NO_FACE");
  expect(fitted.stderr).toMatch(/gain -?\d+\.\d points, 95 % interval -?\d+\.\d to -?\d+\.\d/);
  expect(fitted.stderr).toContain(`${out} was written, but its gain is not significant`);
  const { weights } = await loadMetric(out);
  expect(Object.values(weights).reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(0.925, 3);
  expect([weights.look > 0.1, weights.age]).toEqual([true, 0]);
});

it("says how many answers are missing, and of which photos", async () => {
  const { folder, judgements, out } = await setUp(20);
  const few = await lookalike("metric", "fit", judgements, "--gallery", folder, "--out", out);
  expect(few.stderr).toMatch(/Expected at least 50 answers about photos of the gallery but found 19\n/);
  const lines = readFileSync(judgements, "utf8");
  writeFileSync(
    judgements,
    lines
      .replaceAll(/"probe":"[0-9a-f]/g, '"probe":"00')
      .replaceAll(/(?<="probe":"[0-9a-f]{64})[0-9a-f]/g, ""),
  );
  const unknown = await lookalike("metric", "fit", judgements, "--gallery", folder, "--out", out);
  expect(unknown.stderr).toMatch(/found 0; 19 more are about photos that it does not have/);
  writeFileSync(judgements, readFileSync(judgements, "utf8").replaceAll(/"probe":"./g, '"probe":"x'));
  const invalid = await lookalike("metric", "fit", judgements, "--gallery", folder, "--out", out);
  expect([invalid.status, invalid.stderr]).toEqual([2, expect.stringContaining("ERR_JUDGEMENTS_INVALID")]);
});

it("reports each line that is no answer", async () => {
  const { folder, judgements, out } = await setUp(60);
  const [first = "", ...others] = readFileSync(judgements, "utf8").split("\n");
  writeFileSync(judgements, [first.slice(0, 90), ...others].join("\n"));
  const { status, stderr } = await lookalike("metric", "fit", judgements, "--gallery", folder, "--out", out);
  expect([status, stderr]).toEqual([
    3,
    expect.stringContaining(`rejected ${judgements}:1: ERR_JUDGEMENTS_INVALID`),
  ]);
});

it("learns nothing from a part that the judged portraits do not have", async () => {
  const { home, folder, judgements, out } = await setUp(60);
  const portrait = await writePhoto(join(home, "portrait.png"), blocks(99));
  const less = createFakeEngine({
    features: () => new Float32Array(FEATURE_COUNT),
    featuresId: "features-2",
  });
  const args = ["metric", "fit", judgements, "--gallery", folder, "--out", out, "--probes", portrait];
  expect((await lookalikeWith(less, ...args)).status).toBe(0);
  expect((await loadMetric(out)).weights.look).toBe(0);
});

it("judge takes no blank name, with which no answer could be read", async () => {
  const { home, folder } = await setUp(0);
  const path = join(home, "answers.jsonl");
  const { status, stderr } = await lookalike("judge", "--gallery", folder, "--rater", " ", "--out", path);
  expect([status, stderr]).toEqual([2, expect.stringContaining("ERR_OPTION_INVALID")]);
});

it("judge appends to no file of other data", async () => {
  const { home, folder } = await setUp(0);
  const path = join(home, "customers.csv");
  writeFileSync(path, "customer_id,portrait\n");
  const { status, stderr } = await lookalike("judge", "--gallery", folder, "--rater", "anna", "--out", path);
  expect([status, stderr]).toEqual([2, expect.stringContaining("ERR_JUDGEMENTS_INVALID")]);
  expect(readFileSync(path, "utf8")).toBe("customer_id,portrait\n");
});
