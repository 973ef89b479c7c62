import sharp from "sharp";
import { beforeAll, describe, expect, it } from "vitest";
import { euclideanDistance, type FaceEngine } from "../../../src/faces/index.ts";
import { hasShared, london } from "../fixtures.ts";
import { openEngine } from "../shared-engine.ts";

let engine: FaceEngine;
beforeAll(async () => {
  engine = await openEngine({ attributes: false, look: false });
});

async function darken(photo: string, factor: number): Promise<Buffer> {
  return sharp(photo).linear(factor, 0).jpeg({ quality: 90 }).toBuffer();
}

describe.skipIf(!hasShared)("very dark photos", () => {
  it.each([
    [0, [0.12, 0.05]],
    [1, [0.08, 0.05]],
  ])("show the face that they show in light: photo %i, %o of it", async (person, factors) => {
    const photo = london("neutral")[person] as string;
    const [inLight] = (await engine.describe(photo)).faces;
    for (const factor of factors) {
      const { faces } = await engine.describe(await darken(photo, factor));
      expect(faces).toHaveLength(1);
      const eyes = (faces[0]?.quality.interocularPx ?? 0) / (inLight?.quality.interocularPx ?? 1);
      expect(eyes).toBeGreaterThan(0.85);
      expect(eyes).toBeLessThan(1.15);
      expect(
        euclideanDistance(
          faces[0]?.embedding ?? new Float32Array(),
          inLight?.embedding ?? new Float32Array(),
        ),
      ).toBeLessThan(0.35);
    }
  });
});
