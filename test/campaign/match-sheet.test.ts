import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { drawMatchSheet } from "../../src/campaign/index.ts";
import type { Match } from "../../src/gallery/index.ts";

/** A head drawn as a light disc with a dark mark at the top, off the middle of a photo that is not square. */
const SIZE = { width: 300, height: 400 };
const BOX = { x: 150, y: 60, width: 80, height: 100 };
const DRAWING = `<svg xmlns="http://www.w3.org/2000/svg" width="300" height="400"><rect width="300" height="400" fill="#578"/><circle cx="190" cy="110" r="60" fill="#eca"/><rect x="170" y="60" width="40" height="20" fill="#411"/></svg>`;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "lookalike-match-sheet-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** The photo stored with a rotation of its head, degrees clockwise, and its face's box there. */
async function stored(degrees: 0 | 90 | 180 | 270) {
  const path = join(folder, "same.png");
  await sharp(Buffer.from(DRAWING)).rotate(degrees).png().toFile(path);
  const { x, y, width, height } = BOX;
  const boxes = {
    0: BOX,
    90: { x: SIZE.height - y - height, y: x, width: height, height: width },
    180: { x: SIZE.width - x - width, y: SIZE.height - y - height, width, height },
    270: { x: y, y: SIZE.width - x - width, width: height, height: width },
  };
  return { path, box: boxes[degrees], roll: degrees > 180 ? degrees - 360 : degrees };
}

async function sheetOf(degrees: 0 | 90 | 180 | 270, roll?: number): Promise<Buffer> {
  const { path, box, roll: own } = await stored(degrees);
  const quality = { rollDegrees: roll ?? own };
  const photo = { path, hash: "", ...SIZE, faces: [{ box, quality }] };
  const match = { photo, faceIndex: 0, box, distance: 0.4, resemblance: 0.3 } as unknown as Match;
  return drawMatchSheet({ photo: path, box, quality }, [match]);
}

async function difference(a: Buffer, b: Buffer): Promise<number> {
  const [one, other] = await Promise.all([a, b].map((png) => sharp(png).raw().toBuffer()));
  if (!one || !other) throw new Error("no pixels");
  return one.reduce((sum, value, at) => sum + Math.abs(value - (other[at] ?? 0)), 0) / one.length;
}

describe("a sheet of matches", () => {
  it.each([90, 180, 270] as const)("sets a head upright that is rotated by %d degrees", async (degrees) => {
    const upright = await sheetOf(0);
    expect(await difference(upright, await sheetOf(degrees))).toBeLessThan(0.5);
  });

  it("leaves a photo whose upright side is not certain as it is", async () => {
    const upright = await sheetOf(0);
    expect(await difference(upright, await sheetOf(90, 55))).toBeGreaterThan(2);
  });
});
