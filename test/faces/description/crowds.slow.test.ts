import sharp from "sharp";
import { beforeAll, describe, expect, it } from "vitest";
import type { FaceEngine } from "../../../src/faces/index.ts";
import { hasShared, london } from "../fixtures.ts";
import { openEngine } from "../shared-engine.ts";

let engine: FaceEngine;
beforeAll(async () => {
  engine = await openEngine({ attributes: false, look: false });
});

const PEOPLE = 25;

/** Portraits of `size` px in rows, `pitch` px apart. */
async function drawCrowd(columns: number, rows: number, size: number, pitch: number): Promise<Buffer> {
  const people = london("neutral").slice(0, PEOPLE);
  const portraits = await Promise.all(people.map((path) => sharp(path).resize(size, size).toBuffer()));
  const layers = Array.from({ length: columns * rows }, (_, i) => ({
    input: portraits[i % PEOPLE] as Buffer,
    left: (i % columns) * pitch,
    top: Math.floor(i / columns) * pitch,
  }));
  return sharp({
    create: { width: columns * pitch, height: rows * pitch, channels: 3, background: "#aab" },
  })
    .composite(layers)
    .jpeg({ quality: 90 })
    .toBuffer();
}

describe.skipIf(!hasShared)("many small faces", () => {
  it.each([
    [10, 3, 150, 160],
    [14, 8, 114, 114],
  ])("sees everyone once: %i x %i portraits of %i px", async (columns, rows, size, pitch) => {
    const { faces } = await engine.describe(await drawCrowd(columns, rows, size, pitch));
    const places = faces.map(({ box }) => {
      const column = Math.floor((box.x + box.width / 2) / pitch);
      return column + columns * Math.floor((box.y + box.height / 2) / pitch);
    });
    const everyone = Array.from({ length: columns * rows }, (_, i) => i);
    expect(places.toSorted((a, b) => a - b)).toEqual(everyone);
  });
});
