import { describe, expect, it } from "vitest";
import { evaluateIdentification, type PersonPhoto } from "../../../src/faces/index.ts";

function photo(person: string, x: number | null): PersonPhoto {
  return { person, photo: `${person}/${x}.jpg`, embedding: x === null ? null : Float32Array.of(x, 0) };
}

describe("identification, worked by hand", () => {
  it("ranks each probe's own person among all enrolled; people with one photo are distractors", () => {
    // Enrolled: a at 0, b at 3, c at 10. The probe of b at 1 is nearer to a (1) than to b (2).
    const report = evaluateIdentification([
      photo("a", 0),
      photo("a", 1),
      photo("b", 3),
      photo("b", 1),
      photo("c", 10),
    ]);
    expect(report).toMatchObject({ enrolled: 3, distractors: 1, probes: 2, undetected: 0 });
    expect(report.ranks).toEqual([
      { person: "a", rank: 1 },
      { person: "b", rank: 2 },
    ]);
    expect(report.rank1).toMatchObject({ value: 0.5, of: 2 });
    expect(report.cmc).toEqual([0.5, 1, 1]);
  });

  it("misses a probe at every rank when a face was not found in it, or in its person's enrolled photo", () => {
    const report = evaluateIdentification([
      photo("a", 0),
      photo("a", null),
      photo("b", null),
      photo("b", 5),
      photo("c", 1),
      photo("c", 1.1),
    ]);
    expect(report.undetected).toBe(2);
    expect(report.rank1?.value).toBeCloseTo(1 / 3, 10);
    expect(report.cmc.at(-1)).toBeCloseTo(1 / 3, 10);
  });

  it("counts equal distances against the probe", () => {
    const report = evaluateIdentification([photo("a", 0), photo("a", 1), photo("b", 2)]);
    expect(report.ranks).toEqual([{ person: "a", rank: 2 }]);
  });

  it("refuses photos of which nobody has two with ERR_EVALUATION_EMPTY", () => {
    const empty = expect.objectContaining({ code: "ERR_EVALUATION_EMPTY" });
    expect(() => evaluateIdentification([])).toThrow(empty);
    expect(() => evaluateIdentification([photo("a", 0), photo("b", 1)])).toThrow(empty);
  });
});
