import { describe, expect, it } from "vitest";
import { createRandom } from "../../src/core/index.ts";
import { encodeExperiment } from "../../src/learning/index.ts";
import { qiniPerCustomer, rankPair } from "../../src/learning/uplift/select/area.ts";
import { poissonCounts, qiniCount, rankByUplift } from "../../src/statistics/index.ts";

const ROWS = 600;

/** Three arms with known probabilities; every fifth customer is in another fold. */
function simulate(seed: number, areEqual: boolean) {
  const random = createRandom(seed);
  const codes = Int32Array.from({ length: ROWS }, () => Math.floor(3 * random()));
  const outcome = Float64Array.from({ length: ROWS }, () => (random() < 0.3 ? 1 : 0));
  const given = Float64Array.from({ length: ROWS }, () => 0.28 + 0.12 * random());
  const values = Float64Array.from({ length: ROWS }, random);
  const experiment = encodeExperiment({
    rows: ROWS,
    arms: { labels: ["none", "a", "b"], codes },
    outcome,
    propensity: areEqual ? null : given,
    features: { rows: ROWS, columns: new Map([["x", { kind: "number", values }]]) },
  });
  const test = Uint32Array.from({ length: ROWS }, (_, row) => row).filter((row) => row % 5 !== 0);
  // Twelve different effects, so that most customers are tied with others.
  const effects = Float64Array.from(test, () => Math.floor(12 * random()) / 12);
  const draw = poissonCounts(ROWS, random, null);
  const samples = [draw().slice(), draw().slice()];
  const times = Uint8Array.from({ length: 2 * ROWS }, (_, i) => samples[i % 2]?.[i >> 1] as number);
  return { experiment, test, effects, samples, times };
}

describe("the Qini of a resample", () => {
  it.each([
    [true, "one probability for everyone"],
    [false, "a probability for each customer"],
  ])("is that of the customers written as often as they were drawn (%s: %s)", (areEqual) => {
    for (const seed of [1, 2, 3]) {
      const { experiment, test, effects, samples, times } = simulate(seed, areEqual);
      const { arms, outcomes, propensities } = experiment;
      for (const arm of [1, 2]) {
        const found = qiniPerCustomer(rankPair(experiment, test, effects, arm), { count: 2, times });
        const expected = samples.map((counts) => {
          const drawn = Array.from(test.keys()).flatMap((i) => {
            const row = test[i] as number;
            const isInside = arms[row] === 0 || arms[row] === arm;
            return isInside ? Array<number>(counts[row] as number).fill(i) : [];
          });
          const rows = drawn.map((i) => test[i] as number);
          const weightOf = (row: number) =>
            propensities.own
              ? (propensities.shares[arms[row] as number] as number) / (propensities.own[row] as number)
              : 1;
          const ranking = rankByUplift({
            scores: Float64Array.from(drawn, (i) => effects[i] as number),
            treated: Uint8Array.from(rows, (row) => (arms[row] === arm ? 1 : 0)),
            outcomes: Float64Array.from(rows, (row) => outcomes[row] as number),
            weights: Float64Array.from(rows, weightOf),
          });
          return qiniCount(ranking) / (ranking.customers.at(-1) as number);
        });
        for (const [b, value] of expected.entries()) expect(found[b]).toBeCloseTo(value, 12);
        expect(found[0]).not.toBe(found[1]);
      }
    }
  });
});
