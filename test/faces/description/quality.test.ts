import { describe, expect, it } from "vitest";
import { measureQuality } from "../../../src/faces/description/quality.ts";
import type { Point } from "../../../src/faces/index.ts";

const SIZE = 150;

/** A grey chip with a darker or lighter band from row to row, all of its width. */
function chipOf(
  value: number,
  band?: { readonly from: number; readonly to: number; readonly value: number },
) {
  const data = new Uint8Array(SIZE * SIZE * 3).fill(value);
  if (band) data.fill(band.value, band.from * SIZE * 3, band.to * SIZE * 3);
  return { width: SIZE, height: SIZE, data };
}

function eyeLightOf(chip: ReturnType<typeof chipOf>): number | undefined {
  const landmarks = Array.from({ length: 68 }, (_, i): Point => [i, (i * 7) % 13]);
  return measureQuality({ landmarks, chip, facelessness: 0.9, agreement: 0.99, detection: 0.9 }).eyeLight;
}

describe("light of the eyes", () => {
  it("is that of the skin beneath the eyes against the cheeks", () => {
    expect(eyeLightOf(chipOf(120))).toBeCloseTo(1, 5);
    // Unit rows 0.32 to 0.42 are px 57 to 67 of the chip; glasses from 35 to 70 cover them.
    expect(eyeLightOf(chipOf(120, { from: 35, to: 70, value: 30 }))).toBeCloseTo(0.25, 5);
    // Brows and eyes alone, down to px 55, change nothing.
    expect(eyeLightOf(chipOf(120, { from: 20, to: 55, value: 10 }))).toBeCloseTo(1, 5);
    // Dark skin is as light beneath the eyes as on the cheeks.
    expect(eyeLightOf(chipOf(40))).toBeCloseTo(1, 5);
    expect(eyeLightOf(chipOf(0))).toBe(0);
  });
});
