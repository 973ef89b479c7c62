import { describe, expect, it } from "vitest";
import { canLead, headOf } from "../../src/ads/index.ts";
import { isRival } from "../../src/ads/layout/leading.ts";
import { sampleNames, samplePhoto } from "./samples.ts";

const face = (x: number, width: number, height: number) => ({
  box: { x, y: 200, width, height },
  landmarks: [],
});
const photo = (...faces: ReturnType<typeof face>[]) => ({ width: 1920, height: 1080, faces, leadFace: 0 });

describe("canLead", () => {
  it("asks the layout's rule whether a close neighbour is as large", () => {
    const lead = face(400, 200, 260);
    for (const [width, height] of [
      [160, 220],
      [165, 225],
      [170, 230],
      [120, 264],
    ] as const) {
      const other = face(620, width, height);
      expect(canLead(photo(lead, other), 100)).toBe(!isRival(headOf(other), headOf(lead)));
    }
    expect(canLead(photo(lead, face(620, 160, 220)), 100)).toBe(true);
    // Higher than the leading face, though of less than 70 % of its area.
    expect(canLead(photo(lead, face(620, 120, 264)), 100)).toBe(false);
  });

  it("accepts a face beside an equal one that stands apart, and none that is too small or that the photo cuts", () => {
    expect(canLead(photo(face(400, 200, 260), face(1200, 200, 260)), 100)).toBe(true);
    expect(canLead(photo(face(400, 200, 260), face(1200, 200, 260)), 300)).toBe(false);
    expect(canLead(photo(face(-10, 200, 260)), 100)).toBe(false);
  });

  it("accepts some faces of group photos and rejects others", async () => {
    const answers = new Set<boolean>();
    for (const name of sampleNames) {
      const group = await samplePhoto(name);
      for (const leadFace of [0, 1, 2]) answers.add(canLead({ ...group, leadFace }, 100));
    }
    expect(answers).toEqual(new Set([true, false]));
  });
});
