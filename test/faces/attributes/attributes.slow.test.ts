import { readFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { estimateHair } from "../../../src/faces/attributes/hair.ts";
import { toLab } from "../../../src/faces/attributes/lab.ts";
import type { FaceAttributes, HairColor, Point } from "../../../src/faces/index.ts";
import { alignment } from "../../../src/faces/landmarks/align.ts";
import { apply, invert } from "../../../src/faces/pictures/geometry.ts";
import type { RgbImage } from "../../../src/io/image/index.ts";
import { hasShared, london, SAMPLES, SHARED } from "../fixtures.ts";
import { openEngine } from "../shared-engine.ts";

type Rgb = readonly [number, number, number];

const SKIN: Rgb = [205, 160, 135];
const BACKGROUND: Rgb = [190, 195, 195];

describe("colours", () => {
  it("are those of CIE L*a*b*", () => {
    const [white, red, grey] = [0, 3, 6].map((at) => [
      ...toLab(Uint8Array.of(255, 255, 255, 255, 0, 0, 119, 119, 119)).slice(at, at + 3),
    ]);
    expect(white?.map(Math.round)).toEqual([100, 0, 0].map((value) => expect.closeTo(value, 0)));
    expect(red).toEqual([expect.closeTo(53.24, 1), expect.closeTo(80.09, 1), expect.closeTo(67.2, 1)]);
    expect(grey?.[0]).toBeCloseTo(50.03, 1);
  });
});

describe("hair", () => {
  /** A bust in flat colours, 400 px, the face 100 px wide, and where its landmarks are. */
  function paint(hair: Rgb | null, shift = 0): { photo: RgbImage; landmarks: Point[] } {
    const photo = { width: 400, height: 400, data: new Uint8Array(400 * 400 * 3) };
    for (let index = 0; index < 400 * 400; index++) {
      const x = ((index % 400) - 150) / 100;
      const y = (Math.floor(index / 400) - 170 + shift) / 100;
      const isFace = Math.hypot((x - 0.49) / 0.55, (y - 0.4) / 0.85) < 1;
      const isHead = Math.hypot((x - 0.49) / 0.75, (y - 0.2) / 1.1) < 1;
      const behind = isHead ? (hair ?? SKIN) : BACKGROUND;
      const color = isFace ? SKIN : behind;
      photo.data.set(color, index * 3);
    }
    const landmarks: Point[] = [];
    for (const [index, x, y] of MEAN) landmarks[index] = [150 + x * 100, 170 - shift + y * 100];
    return { photo, landmarks };
  }

  it.each([
    [[20, 18, 18], "black"],
    [[70, 48, 35], "brown"],
    [[200, 165, 110], "blond"],
    [[130, 60, 35], "red"],
    [[130, 130, 132], "grey"],
    [null, "bald"],
  ] as const)("of %o is %s", (color, name) => {
    const { photo, landmarks } = paint(color);
    expect(estimateHair(photo, landmarks)).toBe(name);
  });

  it("is unknown where the photo ends at the forehead", () => {
    const { photo, landmarks } = paint([20, 18, 18], 165);
    expect(estimateHair(photo, landmarks)).toBe("unknown");
  });

  it("is judged on the upright face: the landmarks of the painting are the template's", () => {
    const { landmarks } = paint(null);
    const [x, y] = apply(invert(alignment(landmarks, 1, 0)), [0, 0]);
    expect([x, y]).toEqual([expect.closeTo(150, 0), expect.closeTo(170, 0)]);
  });
});

/** Some landmarks of the mean face (align.ts). */
const MEAN: readonly (readonly [index: number, x: number, y: number])[] = [
  [27, 0.490127, 0.203352],
  [30, 0.490127, 0.515625],
  [36, 0.121737, 0.216423],
  [39, 0.334606, 0.231733],
  [42, 0.645647, 0.231733],
  [45, 0.858516, 0.216423],
  [48, 0.254149, 0.780233],
  [54, 0.726104, 0.780233],
];

describe("the engine's attributes", () => {
  it("are switched off where nobody wants them", async () => {
    const engine = await openEngine({ attributes: false, look: false });
    expect(engine.attributesId).toBeNull();
    const { faces } = await engine.describe(SAMPLES[4] as string);
    expect(faces.map(({ attributes }) => attributes)).toEqual([null, null, null, null, null]);
  });
});

/** Rows of a small CSV file without quotes, by its first column. */
function readTable(path: string): Map<string, string[]> {
  const lines = readFileSync(path, "utf8").trim().split(/\r?\n/).slice(1);
  return new Map(lines.map((line) => line.split(",")).map(([id = "", ...rest]) => [id, rest]));
}

describe.skipIf(!hasShared)("attributes of the London faces", () => {
  it("agree with age, gender, smile and hair as people report and see them", async () => {
    const hair = readTable(resolve(import.meta.dirname, "../fixtures/london-hair.csv"));
    expect(hair.size).toBe(60);
    const people = readTable(join(SHARED, "london/people.csv"));
    const idOf = (path: string) => basename(path).slice(0, 3);
    // One photo of each person, every second one smiling.
    const smiling = new Map(london("smiling").map((path) => [idOf(path), path]));
    const photos = london("neutral")
      .filter((path) => hair.has(idOf(path)))
      .map((path, i) => (i % 2 === 0 ? path : (smiling.get(idOf(path)) ?? path)));
    expect(photos.filter((path) => path.includes("smiling"))).toHaveLength(30);
    const engine = await openEngine({ look: false });
    const seen: { path: string; looks: FaceAttributes }[] = [];
    for await (const outcome of engine.describeAll(photos)) {
      const looks = outcome.status === "described" ? outcome.faces[0]?.attributes : null;
      if (looks) seen.push({ path: outcome.photo, looks });
    }
    expect(seen).toHaveLength(photos.length);
    const share = (isRight: (path: string, looks: FaceAttributes) => boolean) =>
      seen.filter(({ path, looks }) => isRight(path, looks)).length / seen.length;
    const years = seen
      .map(({ path, looks }) => Math.abs(looks.age - Number(people.get(idOf(path))?.[0])))
      .filter((error) => !Number.isNaN(error));
    expect(years.reduce((sum, error) => sum + error, 0) / years.length).toBeLessThan(4.5);
    expect(
      share((path, { female }) => female > 0.5 === (people.get(idOf(path))?.[1] === "female")),
    ).toBeGreaterThan(0.9);
    expect(share((path, { smiling }) => smiling > 0.5 === path.includes("smiling"))).toBeGreaterThan(0.8);
    const isHair = (path: string, color: HairColor) => hair.get(idOf(path))?.[0] === color;
    expect(share((path, looks) => isHair(path, looks.hair))).toBeGreaterThan(0.8);
  });
});
