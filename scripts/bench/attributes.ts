import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { createFaceEngine, type FaceAttributes } from "../../src/faces/index.ts";

/**
 * Attributes against the London set: reported age and gender, neutral against smiling, hand-labelled hair.
 * Usage: npx tsx scripts/bench/attributes.ts [folder of the London set]
 */

const root = resolve(import.meta.dirname, "../..");
const london = resolve(process.argv[2] ?? join(root, "../shared/data/london"));

interface Seen {
  readonly id: string;
  readonly isSmiling: boolean;
  readonly looks: FaceAttributes;
}

function readTable(path: string): Map<string, string[]> {
  const lines = readFileSync(path, "utf8").trim().split(/\r?\n/).slice(1);
  return new Map(lines.map((line) => line.split(",")).map(([id = "", ...rest]) => [id, rest]));
}

async function describeAll(): Promise<Seen[]> {
  const photos = ["neutral", "smiling"].flatMap((kind) =>
    readdirSync(join(london, kind))
      .filter((name) => name.endsWith(".jpg"))
      .map((name) => join(london, kind, name)),
  );
  const engine = await createFaceEngine();
  const seen: Seen[] = [];
  for await (const outcome of engine.describeAll(photos)) {
    const looks = outcome.status === "described" ? outcome.faces[0]?.attributes : null;
    const [id = ""] = /\d{3}(?=_[^/\\]*$)/.exec(outcome.photo) ?? [];
    if (looks) seen.push({ id, isSmiling: outcome.photo.includes("smiling"), looks });
  }
  await engine.close();
  return seen;
}

/** P(a smiling face scores above a neutral one), ties half. */
function smileAuc(seen: readonly Seen[]): number {
  const smiles = seen.filter(({ isSmiling }) => isSmiling);
  const neutral = seen.filter(({ isSmiling }) => !isSmiling);
  let wins = 0;
  for (const a of smiles) {
    for (const b of neutral) wins += (Math.sign(a.looks.smiling - b.looks.smiling) + 1) / 2;
  }
  return wins / (smiles.length * neutral.length);
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const percent = (rights: readonly boolean[]) => `${(100 * mean(rights.map(Number))).toFixed(1)} %`;

const people = readTable(join(london, "people.csv"));
const hair = readTable(join(root, "test/faces/fixtures/london-hair.csv"));
const seen = await describeAll();
const errors = seen
  .map(({ id, looks }) => looks.age - Number(people.get(id)?.[0]))
  .filter((e) => !Number.isNaN(e));
console.log(
  `age: MAE ${mean(errors.map(Math.abs)).toFixed(2)}, bias ${mean(errors).toFixed(2)} years, ${errors.length} photos`,
);
console.log(
  `gender: ${percent(seen.map(({ id, looks }) => looks.female > 0.5 === (people.get(id)?.[1] === "female")))}`,
);
console.log(
  `smile: AUC ${smileAuc(seen).toFixed(3)}, ${percent(seen.map(({ isSmiling, looks }) => looks.smiling > 0.5 === isSmiling))}`,
);
for (const isSmiling of [false, true]) {
  const labelled = seen.filter((each) => each.isSmiling === isSmiling && hair.has(each.id));
  console.log(
    `hair, ${isSmiling ? "smiling" : "neutral"}: ${percent(labelled.map(({ id, looks }) => hair.get(id)?.[0] === looks.hair))}`,
  );
  const pairs = new Map<string, number>();
  for (const { id, looks } of labelled) {
    const pair = `${hair.get(id)?.[0]} -> ${looks.hair}`;
    pairs.set(pair, (pairs.get(pair) ?? 0) + 1);
  }
  console.log(
    [...pairs]
      .toSorted()
      .map(([pair, count]) => `  ${pair}: ${count}`)
      .join("\n"),
  );
}
