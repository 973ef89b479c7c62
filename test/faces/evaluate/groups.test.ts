import { describe, expect, it } from "vitest";
import { evaluateMatches } from "../../../src/faces/evaluate/matches.ts";
import {
  type ComparedPair,
  describeContrast,
  errorVersusReject,
  evaluateGroups,
  type GroupContrast,
} from "../../../src/faces/index.ts";

function pair(a: string, b: string, distance: number | null, quality: number | null = null): ComparedPair {
  return { fold: "1", same: a === b, distance, quality, people: [a, b] };
}

describe("groups, worked by hand", () => {
  const gender = new Map([
    ["ann", "female"],
    ["bea", "female"],
    ["carl", "male"],
    ["dan", "NA"],
  ]);
  const pairs = [
    pair("ann", "ann", 0.2),
    pair("bea", "bea", null),
    pair("ann", "bea", 0.4),
    pair("ann", "bea", 0.9),
    pair("carl", "carl", 0.7),
    pair("ann", "carl", 0.1),
    pair("dan", "dan", 0.3),
  ];
  const ranks = [
    { person: "ann", rank: 1 },
    { person: "bea", rank: null },
    { person: "carl", rank: 2 },
  ];
  const report = evaluateGroups("gender", gender, { pairs, ranks, threshold: 0.5 });

  it("takes pairs whose people are both of the group, at the threshold of all", () => {
    const [female, male, unknown] = report.groups;
    expect(female).toMatchObject({
      group: "female",
      people: 2,
      pairs: 4,
      undetected: 1,
      accuracy: { value: 2 / 4, of: 4 },
      falseNonMatch: { value: 1 / 2, of: 2 },
      falseMatch: { value: 1 / 2, of: 2 },
      rank1: { value: 1 / 2, of: 2 },
    });
    expect(male).toMatchObject({
      group: "male",
      falseNonMatch: { value: 1 },
      falseMatch: null,
      rank1: { value: 0 },
    });
    expect(unknown).toMatchObject({ group: "unknown", people: 1, rank1: null });
    expect(report.mixedPairs).toBe(1);
  });

  it("tells who gets a match: somebody else inside the bounds", () => {
    const face = (person: string, at: number | null) => ({
      photo: `${person}.jpg`,
      person,
      embedding: at === null ? null : Float32Array.of(at),
    });
    // ann and bea are 0.3 apart, too near; carl is 0.5 from bea and 0.8 from ann; dan is far from all.
    const photos = [face("ann", 0), face("bea", 0.3), face("carl", 0.8), face("dan", 5), face("ann", null)];
    const matches = evaluateMatches(photos, { least: 0.4, most: 0.75 });
    expect(matches.map(({ matched }) => matched)).toEqual([false, true, true, false, false]);
    const { groups } = evaluateGroups("gender", gender, { pairs, ranks, threshold: 0.5, matches });
    const [female, male, unknown] = groups;
    expect(female).toMatchObject({ matched: { value: 1 / 3, of: 3 }, defaults: { value: 2 / 3 } });
    expect(male).toMatchObject({ matched: { value: 1, of: 1 }, defaults: { value: 0 } });
    expect(unknown).toMatchObject({ matched: { value: 0 }, defaults: { value: 1, of: 1 } });
    // Somebody else counts, not another photo of the same person.
    expect(evaluateMatches([face("ann", 0), face("ann", 0.5)], { least: 0.4, most: 0.8 })).toEqual([
      { person: "ann", matched: false },
      { person: "ann", matched: false },
    ]);
  });

  it("compares groups of 20 people or more, with people as the sample size", () => {
    const people = Array.from({ length: 90 }, (_, i) => `p${i}`);
    const side = (i: number) => ["left", "right"][Math.floor(i / 40)] ?? "few";
    const values = new Map(people.map((person, i) => [person, side(i)]));
    const contrastsOf = (matchedLeft: number) => {
      const matches = people.map((person, i) => ({ person, matched: side(i) !== "left" || i < matchedLeft }));
      return evaluateGroups("side", values, { pairs: [], ranks: [], threshold: 0.5, matches }).contrasts;
    };
    const [matched, rank1] = contrastsOf(20);
    expect(matched).toMatchObject({
      verdict: "differ",
      widest: { high: "right", low: "left" },
      tooSmall: ["few"],
    });
    // Newcombe's interval of 40 of 40 against 20 of 40: 0.5 minus and plus the distances to Wilson's limits.
    expect(matched?.widest?.difference).toMatchObject({
      value: 0.5,
      low: expect.closeTo(0.5 - Math.hypot(1 - 0.9124, 0.648 - 0.5), 3),
      high: expect.closeTo(0.5 + Math.hypot(0, 0.5 - 0.352), 3),
    });
    expect(contrastsOf(39)[0]).toMatchObject({ verdict: "not-shown" });
    expect(rank1).toMatchObject({ verdict: "too-few", widest: null });
    expect(describeContrast(rank1 as GroupContrast)).toContain("no conclusion; fewer than 20 people: few");
  });

  it("has Wilson's intervals: 1 of 2 is between 9.5 and 90.5 %, 0 of 1 up to 79.3 %", () => {
    const [female, male] = report.groups;
    expect(female?.falseMatch?.low).toBeCloseTo(0.0945, 4);
    expect(female?.falseMatch?.high).toBeCloseTo(0.9055, 4);
    expect(male?.rank1).toMatchObject({ low: 0, high: expect.closeTo(0.7935, 4) });
  });

  it("puts many numbers into four bands of about as many people", () => {
    const people = Array.from({ length: 12 }, (_, i) => `p${i}`);
    const ages = new Map(people.map((person, i) => [person, String(20 + i)]));
    const all = people.map((person) => pair(person, person, 0.1));
    const { groups } = evaluateGroups("age", ages, { pairs: all, ranks: [], threshold: 0.5 });
    expect(groups.map(({ group, people: count }) => [group, count])).toEqual([
      ["20 to 22", 3],
      ["23 to 25", 3],
      ["26 to 27", 2],
      ["28 to 31", 4],
    ]);
  });
});

describe("error versus reject, worked by hand", () => {
  const at = (points: readonly { rejected: number; falseNonMatch: number }[], rejected: number) =>
    points.find((point) => Math.abs(point.rejected - rejected) < 1e-9)?.falseNonMatch;

  it("leaves out the worst quality first", () => {
    const pairs = [
      pair("a", "a", 0.9, 0.1),
      pair("b", "b", 0.2, 0.2),
      pair("c", "c", 0.8, 0.3),
      pair("d", "d", 0.3, 0.4),
      pair("a", "b", 0.1, 0.0),
    ];
    const curve = errorVersusReject(pairs, 0.5);
    expect(at(curve?.points ?? [], 0)).toBeCloseTo(0.5, 10);
    expect(at(curve?.points ?? [], 0.25)).toBeCloseTo(1 / 3, 10);
    expect(at(curve?.points ?? [], 0.5)).toBeCloseTo(1 / 2, 10);
    expect(at(curve?.points ?? [], 0.75)).toBeCloseTo(0, 10);
    expect(curve?.remaining).toBeLessThan(1);
  });

  it("leaves an undetected face out before all others, and equal qualities in proportion", () => {
    const pairs = [
      pair("a", "a", null),
      pair("b", "b", 0.9, 0.5),
      pair("c", "c", 0.1, 0.5),
      pair("d", "d", 0.1, 0.5),
    ];
    const curve = errorVersusReject(pairs, 0.5);
    expect(at(curve?.points ?? [], 0)).toBeCloseTo(2 / 4, 10);
    expect(at(curve?.points ?? [], 0.25)).toBeCloseTo(1 / 3, 10);
    expect(at(curve?.points ?? [], 0.5)).toBeCloseTo(1 / 3, 10);
    expect(at(curve?.points ?? [], 0.75)).toBeCloseTo(1 / 3, 10);
  });

  it("is nothing where no quality was measured, or nothing is missed", () => {
    expect(errorVersusReject([pair("a", "a", 0.9)], 0.5)).toBeNull();
    expect(errorVersusReject([pair("a", "a", 0.1, 0.9)], 0.5)).toBeNull();
  });
});
