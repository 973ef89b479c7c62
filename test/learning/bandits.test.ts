import { describe, expect, it } from "vitest";
import { createRandom, randomNormal } from "../../src/core/index.ts";
import { bestOfBetas, bestOfNormals } from "../../src/learning/bandits/best-arm.ts";
import { armWeights, topTwo, ucb1Scores, withFloor } from "../../src/learning/bandits/choose.ts";
import { addReward, emptyLinearArm, freezeLinear } from "../../src/learning/bandits/linear.ts";

// Decisions and rewards: MABWiser, tests/test_ucb.py and tests/test_linucb.py (Apache-2.0).
const DECISIONS = [1, 1, 1, 2, 2, 3, 3, 3, 3, 3];
const REWARDS = [0, 0, 1, 0, 0, 0, 0, 1, 1, 1];
const CONTEXTS = [
  [0, 1, 2, 3, 5],
  [1, 1, 1, 1, 1],
  [0, 0, 1, 0, 0],
  [0, 2, 2, 3, 5],
  [1, 3, 1, 1, 1],
  [0, 0, 0, 0, 0],
  [0, 1, 4, 3, 5],
  [0, 1, 2, 4, 5],
  [1, 2, 1, 1, 3],
  [0, 2, 1, 0, 0],
];
const arms = [1, 2, 3].map((arm) => {
  const own = REWARDS.filter((_, i) => DECISIONS[i] === arm);
  const sum = own.reduce((total, reward) => total + reward, 0);
  return { n: own.length, sum, squares: sum };
});

describe("bandits without features", () => {
  it("gives MABWiser's UCB1 scores", () => {
    const expected = [1.5723073962832794, 1.5174271293851465, 1.5597051824376162];
    for (const [arm, score] of ucb1Scores(arms).entries()) expect(score).toBeCloseTo(expected[arm] ?? 0, 12);
    expect([...armWeights(arms, { algorithm: "ucb1", reward: "binary" })]).toEqual([1, 0, 0]);
    expect(ucb1Scores([{ n: 0, sum: 0, squares: 0 }, ...arms])[0]).toBe(Number.POSITIVE_INFINITY);
  });

  it("gives the chances of being best that draws give", () => {
    const normals = [
      { mean: 0.1, deviation: 0.02 },
      { mean: 0.11, deviation: 0.01 },
      { mean: 0.08, deviation: 0.05 },
    ];
    const random = createRandom(3);
    const wins = [0, 0, 0];
    for (let i = 0; i < 100_000; i++) {
      const draws = normals.map(({ mean, deviation }) => mean + deviation * randomNormal(random));
      const best = draws.indexOf(Math.max(...draws));
      wins[best] = (wins[best] ?? 0) + 1;
    }
    const chances = bestOfNormals(normals);
    for (const [arm, chance] of chances.entries()) expect(chance).toBeCloseTo((wins[arm] ?? 0) / 100_000, 2);
  });

  it("gives the chance of one beta to exceed another, known in closed form", () => {
    // Beta(1, 1) against Beta(2, 1): 1 / 3; alike: 1 / 2; a landslide: about 1.
    expect(
      bestOfBetas([
        { alpha: 1, beta: 1 },
        { alpha: 2, beta: 1 },
      ])[0],
    ).toBeCloseTo(1 / 3, 3);
    expect(
      bestOfBetas([
        { alpha: 30, beta: 900 },
        { alpha: 30, beta: 900 },
      ])[0],
    ).toBeCloseTo(0.5, 9);
    expect(
      bestOfBetas([
        { alpha: 300, beta: 700 },
        { alpha: 100, beta: 900 },
      ])[0],
    ).toBeGreaterThan(0.9999);
  });

  it("keeps the order of the arms, whichever leads", () => {
    const weights = topTwo(Float64Array.of(0.1, 0.7, 0.2));
    expect(weights.indexOf(Math.max(...weights))).toBe(1);
    const turned = topTwo(Float64Array.of(0.2, 0.1, 0.7));
    expect([...turned].map((weight) => weight.toFixed(9))).toEqual(
      [weights[2], weights[0], weights[1]].map((weight) => weight?.toFixed(9)),
    );
    // By hand: 0.7 (0.5 + 0.5 (1/9 + 1/4)), 0.1 (0.5 + 0.5 (7/3 + 1/4)), 0.2 (0.5 + 0.5 (7/3 + 1/9))
    expect(weights[1]).toBeCloseTo(0.4763889, 6);
    expect(weights[0]).toBeCloseTo(0.1791667, 6);
    expect(topTwo(Float64Array.of(1, 0, 0)).every(Number.isFinite)).toBe(true);
  });

  it("keeps a floor under every arm and spreads evenly until each has its customers", () => {
    const known = [500, 500, 500].map((n) => ({ n, sum: n / 10, squares: n / 10 }));
    const floored = withFloor(Float64Array.of(1, 0, 0), known, { uniform: 0.09 });
    expect([...floored].map((share) => share.toFixed(9))).toEqual([
      "0.940000000",
      "0.030000000",
      "0.030000000",
    ]);
    expect(Math.min(...withFloor(Float64Array.of(1, 0, 0), known, { uniform: 0 }))).toBeCloseTo(0.05 / 3, 12);
    const early = [...known.slice(1), { n: 99, sum: 9, squares: 9 }];
    expect([...withFloor(Float64Array.of(1, 0, 0), early)]).toEqual([1 / 3, 1 / 3, 1 / 3]);
  });

  it("draws customers to what the priors say while little is known", () => {
    const unknown = [0, 0].map(() => ({ n: 0, sum: 0, squares: 0 }));
    const priors = [
      { mean: 0.02, weight: 2000 },
      { mean: 0.03, weight: 2000 },
    ];
    const options = { algorithm: "thompson", reward: "binary", priors } as const;
    expect(armWeights(unknown, options)[1]).toBeGreaterThan(0.95);
    const learned = [
      { n: 20_000, sum: 600, squares: 600 },
      { n: 20_000, sum: 400, squares: 400 },
    ];
    expect(armWeights(learned, options)[0]).toBeGreaterThan(0.99);
    expect(armWeights(learned, { ...options, reward: "amount" })[0]).toBeGreaterThan(0.99);
    expect(armWeights(learned, { ...options, algorithm: "epsilon-greedy" })[0]).toBeCloseTo(0.95, 12);
  });
});

describe("linear bandits", () => {
  const linear = () => {
    const own = [1, 2, 3].map(() => emptyLinearArm(5));
    for (const [i, decision] of DECISIONS.entries()) {
      const arm = own[decision - 1];
      if (arm) addReward(arm, CONTEXTS[i] ?? [], REWARDS[i] ?? 0);
    }
    return own;
  };

  it("gives MABWiser's LinUCB scores", () => {
    const policy = freezeLinear(linear());
    const expected = [
      [0.9790312458954391, 1.1617706239438832, 1.4247056229871702],
      [0.8896475809353053, 0.923364043088837, 1.457085577251709],
    ];
    for (const [i, scores] of expected.entries()) {
      const found = policy.upperBounds(CONTEXTS[i] ?? []);
      for (const [arm, score] of scores.entries()) expect(found[arm]).toBeCloseTo(score, 12);
    }
    const unused = freezeLinear([...linear(), emptyLinearArm(5)]);
    expect(unused.upperBounds(CONTEXTS[0] ?? [])[3]).toBeCloseTo(6.244997998398398, 12);
  });

  it("gives every arm the chance that its draw is the highest", () => {
    const policy = freezeLinear(linear(), { alpha: 0.3 });
    const chances = policy.bestChances(CONTEXTS[0] ?? []);
    expect(chances.reduce((sum, chance) => sum + chance, 0)).toBeCloseTo(1, 12);
    expect(chances.indexOf(Math.max(...chances))).toBe(2);
    const moved = [...policy.bestChances(CONTEXTS[0] ?? [], [9, 0, 0])];
    expect(moved[0]).toBeGreaterThan(0.99);
  });

  it("refuses more than fifty features", () => {
    expect(() => emptyLinearArm(51)).toThrow(expect.objectContaining({ code: "ERR_OPTION_INVALID" }));
  });
});
