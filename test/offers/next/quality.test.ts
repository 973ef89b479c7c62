import { expect, it } from "vitest";
import { measureNextQuality } from "../../../src/offers/next/quality.ts";

it("names a rare class by lift where it is never the likeliest", () => {
  // Mean probabilities .72 and .28: the second row's .4 for b is the only one above it.
  const probabilities = Float64Array.of(0.8, 0.2, 0.6, 0.4, 0.75, 0.25);
  const found = measureNextQuality(probabilities, Int32Array.of(0, 1, 0), ["a", "b"]);
  expect(found.recall.map(({ recall }) => recall.value)).toEqual([1, 0]);
  expect(found.recall.map(({ recallByLift }) => recallByLift?.value)).toEqual([1, 1]);
  expect(found.balancedAccuracy).toBe(0.5);
  expect(found.balancedByLift).toBe(1);
  expect(found.top1).toBeCloseTo(2 / 3, 12);
});
