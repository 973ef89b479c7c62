import sharp from "sharp";
import { beforeAll, describe, expect, it } from "vitest";
import { createRandom } from "../../../src/core/index.ts";
import type { FaceEngine } from "../../../src/faces/index.ts";
import { SAMPLES } from "../fixtures.ts";
import { openEngine } from "../shared-engine.ts";

let engine: FaceEngine;
beforeAll(async () => {
  engine = await openEngine({ attributes: false, look: false });
});

const WIDTH = 640;
const HEIGHT = 480;

/** Noise in square blocks. */
function noise(seed: number, block: number): Promise<Buffer> {
  const random = createRandom(seed);
  const width = Math.ceil(WIDTH / block);
  const height = Math.ceil(HEIGHT / block);
  const data = Buffer.from(Array.from({ length: width * height * 3 }, () => Math.floor(random() * 256)));
  return sharp(data, { raw: { width, height, channels: 3 } })
    .resize(WIDTH, HEIGHT, { kernel: "nearest", fit: "fill" })
    .jpeg({ quality: 88 })
    .toBuffer();
}

describe("faces that are not there", () => {
  it.each([1, 8])("sees nobody in noise of seed %i", async (seed) => {
    // The detector alone sees one face there, as large as the picture, at scores of 0.53 to 0.61.
    const { faces } = await engine.describe(await noise(seed, 6));
    expect(faces).toEqual([]);
  });

  it("believes in a face that fills the picture", async () => {
    for (const photo of SAMPLES.slice(3, 5)) {
      const { faces } = await engine.describe(photo);
      for (const { box } of faces) {
        const crop = await sharp(photo)
          .extract({
            left: Math.max(0, Math.round(box.x)),
            top: Math.max(0, Math.round(box.y)),
            width: Math.round(box.width),
            height: Math.round(box.height),
          })
          .toBuffer();
        const found = await engine.describe(crop);
        expect(found.faces).toHaveLength(1);
      }
    }
  });
});
