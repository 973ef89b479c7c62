import { describe, expect, it } from "vitest";
import { createFaceEngine, FEATURE_COUNT, PART_RANGES } from "../../../src/faces/index.ts";
import { SAMPLES } from "../fixtures.ts";
import { openEngine } from "../shared-engine.ts";

describe("an engine", () => {
  it("gives features of the parts that are switched on", async () => {
    for (const [options, id] of [
      [{ attributes: false, look: false }, "features-2"],
      [{ look: false }, "features-2+traits"],
    ] as const) {
      const engine = await openEngine(options);
      const { faces } = await engine.describe(SAMPLES[0] as string);
      expect(engine.featuresId).toBe(id);
      const features = faces[0]?.features ?? new Float32Array(0);
      expect(features).toHaveLength(FEATURE_COUNT);
      const isKnown = (name: keyof typeof PART_RANGES) =>
        features.subarray(...PART_RANGES[name]).some((value) => value !== 0);
      expect([isKnown("identity"), isKnown("shape"), isKnown("look")]).toEqual([true, true, false]);
      expect(isKnown("traits")).toBe(id.includes("traits"));
    }
    await expect(createFaceEngine({ engine: "tfjs", look: true })).rejects.toMatchObject({
      code: "ERR_OPTION_INVALID",
    });
  });
});
