import { expect, it } from "vitest";
import { categoryColumn, createRandom, numberColumn } from "../../src/core/index.ts";
import { encode } from "../../src/learning/features/encode.ts";
import { learnSchema } from "../../src/learning/features/schema.ts";
import { prepareArms, solveArms, solvePrepared } from "../../src/learning/uplift/linear/prior.ts";
import { expandLoss } from "../../src/learning/uplift/linear/quadratic.ts";
import { table } from "../offers/simulate.ts";

const random = createRandom(5);
const rows = 900;
const features = table({
  x: numberColumn(Array.from({ length: rows }, () => (random() < 0.1 ? null : random()))),
  zip: categoryColumn(
    Array.from({ length: rows }, () => (random() < 0.1 ? null : `Z${Math.floor(25 * random())}`)),
  ),
});
const sparse = encode(learnSchema(features), features);
const { base, ...dense } = sparse;
const targets = Float64Array.from({ length: rows }, () => (random() < 0.3 ? 1 : 0));
const weights = Float64Array.from({ length: rows }, () => 0.5 + random());
const at = Float64Array.from({ length: sparse.width + 1 }, () => random() - 0.5);
const everyone = Uint32Array.from({ length: rows }, (_, row) => row);

it.each(["logistic", "identity"] as const)(
  "sums only indicators that are set, to the same %s form",
  (link) => {
    expect(base).toHaveLength(sparse.width);
    const own = expandLoss(link, { matrix: sparse, targets, weights }, everyone, at);
    const other = expandLoss(link, { matrix: dense, targets, weights }, everyone, at);
    const largest = (a: Float64Array, b: Float64Array) =>
      a.reduce((most, value, i) => Math.max(most, Math.abs(value - (b[i] ?? Number.NaN))), 0);
    expect(largest(own.a, other.a)).toBeLessThan(1e-9);
    expect(largest(own.b, other.b)).toBeLessThan(1e-9);
    expect(own.loss).toBeCloseTo(other.loss, 9);
  },
);

it("solves arms that were prepared once for every shared precision as it solves each anew", () => {
  const half = [everyone.subarray(0, 450), everyone.subarray(450)];
  const forms = half.map((part) => expandLoss("logistic", { matrix: sparse, targets, weights }, part, at));
  const prepared = prepareArms(forms, { shared: 1, arm: 30 });
  for (const shared of [1, 100]) {
    expect(solvePrepared(prepared, { shared, arm: 30 })).toEqual(solveArms(forms, { shared, arm: 30 }));
  }
  const weak = solvePrepared(prepared, { shared: 1e-9, arm: 30 });
  const strong = solvePrepared(prepared, { shared: 1e9, arm: 30 });
  const apart = solveArms(forms, { shared: Number.POSITIVE_INFINITY, arm: 30 });
  expect(strong[0]?.[0]).toBeCloseTo(apart[0]?.[0] ?? Number.NaN, 5);
  expect(Math.abs((weak[0]?.[0] ?? 0) - (apart[0]?.[0] ?? 0))).toBeGreaterThan(1e-4);
});
