import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  type EvaluationSource,
  evaluateFaces,
  type Face,
  type FaceEngine,
  type FaceEvaluationOptions,
  renderFaceEvaluation,
} from "../../../src/faces/index.ts";
import { hasShared, SHARED } from "../fixtures.ts";
import { openEngine } from "../shared-engine.ts";

/** An engine whose photos are text files: one number per face, its place on a line; nothing is no face. */
function fakeEngine(): FaceEngine {
  const face = (x: number, i: number): Face =>
    ({
      box: { x: i * 30, y: 0, width: 40 - i * 10, height: 40 - i * 10 },
      score: 1,
      landmarks: [],
      embedding: Float32Array.of(x, 0),
      quality: { score: 1 - x / 10 },
    }) as unknown as Face;
  return {
    name: "fake",
    embedder: { id: "fake-1", dimensions: 2 },
    attributesId: "fake-1",
    async describe() {
      throw new Error("not used");
    },
    async *describeAll(photos) {
      const { readFileSync } = await import("node:fs");
      for await (const photo of photos) {
        const numbers = readFileSync(String(photo), "utf8").split(" ").filter(Boolean).map(Number);
        yield { status: "described", photo, width: 80, height: 40, faces: numbers.map(face) };
      }
    },
    async close() {},
  };
}

let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "lookalike-evaluate-"));
  const photos = {
    "ann/1.jpg": "0",
    "ann/2.jpg": "0.1",
    "bea/1.jpg": "5 0.05",
    "bea/2.jpg": "5.2",
    "carl/1.jpg": "9",
    "carl/2.jpg": "",
    "dan/1.jpg": "7",
  };
  for (const [name, text] of Object.entries(photos)) write(`people/${name}`, text);
});
afterAll(() => rmSync(root, { recursive: true }));

function write(name: string, text: string): string {
  const path = join(root, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return path;
}

const evaluate = (source: EvaluationSource, options?: FaceEvaluationOptions) =>
  evaluateFaces(source, fakeEngine(), options);

describe("a folder of people", () => {
  it("compares every two photos, enrols the first of each person, and lists who was not found", async () => {
    const report = await evaluate({ folder: join(root, "people") }, { folds: 3 });
    expect(report.photos).toBe(7);
    expect(report.undetected).toEqual(["carl/2.jpg"]);
    expect(report.verification).toMatchObject({ pairs: 21, same: 3, undetected: 6 });
    expect(report.verification.tarAtFar[0]?.value).toBeCloseTo(2 / 3, 10);
    expect(report.identification).toMatchObject({ enrolled: 4, distractors: 1, probes: 3, undetected: 1 });
    expect(report.identification?.rank1?.value).toBeCloseTo(2 / 3, 10);
    expect(report.reject?.points[0]?.falseNonMatch).toBeCloseTo(1 / 3, 10);
    const counted = report.histogram.same.reduce((sum, count) => sum + count, 0);
    expect(counted).toBe(2);
    expect(JSON.stringify(report)).not.toContain("embedding");
  });

  it("takes the central face where asked: bea's second one is at 0.05, near ann", async () => {
    const report = await evaluate({ folder: join(root, "people") }, { folds: 3, face: "central" });
    expect(report.identification?.ranks).toContainEqual({ person: "bea", rank: 3 });
  });

  it("names people by a pattern, and breaks down by a people file", async () => {
    for (const [name, text] of Object.entries({ "neutral/01_a.jpg": "0", "smiling/01_b.jpg": "0.2" })) {
      write(`sets/${name}`, text);
      write(`sets/${name.replaceAll("01", "02")}`, `${Number(text) + 3}`);
    }
    const people = write("people.csv", "id,eyes\n01,blue\n02,NA\n03,green\n");
    const report = await evaluate(
      { folder: join(root, "sets") },
      { folds: 2, personPattern: "(\\d+)_", people, personColumn: "id", by: ["eyes", "eyes"] },
    );
    expect(report.identification).toMatchObject({ enrolled: 2, probes: 2 });
    expect(report.groups).toHaveLength(1);
    expect(report.groups[0]?.groups.map(({ group, people: count }) => [group, count])).toEqual([
      ["blue", 1],
      ["unknown", 1],
    ]);
  });

  it("draws so many pairs of different people, the same for one seed", async () => {
    const draw = (seed: number) =>
      evaluate({ folder: join(root, "people") }, { folds: 2, maxDifferent: 5, seed });
    const [a, b] = [await draw(3), await draw(3)];
    expect(a.verification).toMatchObject({ pairs: 8, same: 3 });
    expect(a).toEqual(b);
  });
});

describe("pairs in a table", () => {
  it("takes folds as they are, refuses bad rows one by one, and maps columns", async () => {
    const pairs = write(
      "pairs.csv",
      [
        "split,one,other,match",
        "x,ann/1.jpg,ann/2.jpg,yes",
        "x,ann/1.jpg,bea/1.jpg,no",
        "y,bea/1.jpg,bea/2.jpg,yes",
        "y,bea/2.jpg,dan/1.jpg,no",
        "y,bea/2.jpg,dan/1.jpg,perhaps",
        "y,,dan/1.jpg,no",
      ].join("\n"),
    );
    const columns = { fold: "split", photoA: "one", photoB: "other", same: "match" };
    const report = await evaluate({ pairs, photos: join(root, "people"), columns });
    expect(report.photos).toBe(5);
    expect(report.verification.folds.map(({ fold }) => fold)).toEqual(["x", "y"]);
    expect(report.refusedPairs.map(({ row, error }) => [row, error.code])).toEqual([
      [5, "ERR_ROW_VALUE_INVALID"],
      [6, "ERR_ROW_VALUE_INVALID"],
    ]);
  });

  it("refuses what it cannot use before any photo is opened", async () => {
    const photos = join(root, "people");
    const pairs = write("bad.csv", "a,b\n1,2\n");
    const failures: [() => Promise<unknown>, string][] = [
      [() => evaluate({ pairs: join(root, "none.csv"), photos }), "ERR_SOURCE_NOT_FOUND"],
      [() => evaluate({ pairs: write("empty.csv", ""), photos }), "ERR_SOURCE_EMPTY"],
      [() => evaluate({ pairs, photos }), "ERR_COLUMN_MISSING"],
      [() => evaluate({ folder: join(root, "nobody") }), "ERR_FOLDER_EMPTY"],
      [() => evaluate({ folder: photos }, { personPattern: "(" }), "ERR_OPTION_INVALID"],
      [() => evaluate({ folder: photos }, { by: ["eyes"] }), "ERR_OPTION_INVALID"],
      [() => evaluate({ folder: photos }, { folds: 1 }), "ERR_OPTION_INVALID"],
      [() => evaluate({ folder: photos }, { minDistance: 0.9, maxDistance: 0.5 }), "ERR_OPTION_INVALID"],
      // Above the default of the other bound.
      [() => evaluate({ folder: photos }, { minDistance: 0.9 }), "ERR_OPTION_INVALID"],
      [() => evaluate({ folder: photos }, { minDistance: Number.NaN }), "ERR_OPTION_INVALID"],
      [
        () => evaluate({ folder: photos }, { personPattern: "^.", folds: 2, maxDifferent: 0 }),
        "ERR_EVALUATION_EMPTY",
      ],
    ];
    for (const [failure, code] of failures) await expect(failure()).rejects.toMatchObject({ code });
  });
});

describe("the page", () => {
  it("holds figures, curves and groups, loads nothing, and escapes what files are called", async () => {
    write("odd/<b>x/1.jpg", "");
    write("odd/<b>x/2.jpg", "1");
    write("odd/y/1.jpg", "3");
    write("odd/y/2.jpg", "3.1");
    const people = write("odd.csv", 'person,kind\n<b>x,"<i>k"\ny,z\n');
    const html = renderFaceEvaluation(
      await evaluate({ folder: join(root, "odd") }, { folds: 2, people, by: ["kind"] }),
    );
    expect(html.match(/<figure /g)?.length).toBeGreaterThanOrEqual(4);
    expect(html).toContain("&lt;b&gt;x/1.jpg");
    expect(html).toContain("&lt;i&gt;k");
    expect(html).not.toMatch(/<b>x|<i>k|https?:|<script|src=|NaN|Infinity|undefined/);
  });
});

describe.skipIf(!hasShared)("real faces", () => {
  it("London: six people, each found by the other photo, in every group", async () => {
    const engine = await openEngine({ attributes: false, look: false });
    const names = ["001", "002", "003", "004", "005", "006"].map((id) => [
      `neutral/${id}_03.jpg`,
      `smiling/${id}_08.jpg`,
    ]);
    const rows = names.flatMap(([a], i) => names.map(([, b], j) => `${a},${b},${i === j ? 1 : 0}`));
    const pairs = write("london.csv", ["photo_a,photo_b,same", ...rows].join("\n"));
    const report = await evaluateFaces({ pairs, photos: join(SHARED, "london") }, engine, {
      folds: 2,
      personPattern: "(\\d{3})_",
      people: join(SHARED, "london/people.csv"),
      personColumn: "face_id",
      by: ["face_gender"],
    });
    expect(report.undetected).toEqual([]);
    expect(report.identification?.rank1).toMatchObject({ value: 1, of: 6 });
    expect(report.verification.auc.value).toBe(1);
    expect(report.groups[0]?.groups.map(({ rank1 }) => rank1?.value)).toEqual([1, 1]);
  });

  it("LFW: twenty pairs from the head of two folds", async () => {
    const { readFileSync } = await import("node:fs");
    const [header = "", ...rows] = readFileSync(join(SHARED, "lfw/pairs.csv"), "utf8").trim().split(/\r?\n/);
    const some = [0, 300, 600, 900].flatMap((start) => rows.slice(start, start + 5));
    const pairs = write("lfw.csv", [header, ...some].join("\n"));
    const engine = await openEngine({ attributes: false, look: false });
    const report = await evaluateFaces({ pairs, photos: join(SHARED, "lfw/images") }, engine, {
      face: "central",
    });
    expect(report.verification).toMatchObject({ pairs: 20, same: 10 });
    expect(report.verification.accuracyAt.value).toBeGreaterThanOrEqual(0.9);
  });
});
