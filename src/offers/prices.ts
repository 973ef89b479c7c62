import type { UpliftMetrics } from "../learning/index.ts";
import { holm, nonIncreasing, normalTail, Z_95 } from "../statistics/index.ts";
import type { OfferTerms, PricePoint, PriceResponse } from "./types.ts";

const LEVEL = 0.01;

/**
 * The response to price of each product that the experiment offered at two or more prices. If customers'
 * propensities differ, shares are estimates for all customers (doubly robust).
 *
 * @returns empty if no offer has a price, or if the outcome is an amount, because an amount paid need not
 *   fall with the price
 */
export function priceResponses(metrics: UpliftMetrics, offers: readonly OfferTerms[]): PriceResponse[] {
  if (metrics.outcome !== "binary") return [];
  const control = metrics.control.outcomeRate.value;
  const priced = offers.flatMap(({ id, product, price = null }) => {
    const arm = metrics.arms.find(({ offerId }) => offerId === id);
    if (price === null || arm === undefined) return [];
    const shift = control + arm.averageUplift.value - arm.outcomeRate.value;
    const { value, low, high } = arm.outcomeRate;
    const bought = { value: value + shift, low: low + shift, high: high + shift };
    return [{ product, point: { offerId: id, price, rows: arm.rows, bought } }];
  });
  return [...new Set(priced.map(({ product }) => product))].flatMap((product) => {
    const points = priced
      .filter((own) => own.product === product)
      .map(({ point }) => point)
      .sort((a, b) => a.price - b.price);
    if (new Set(points.map(({ price }) => price)).size < 2) return [];
    const errors = points.map(({ bought }) => Math.max(1e-9, (bought.high - bought.low) / 2 / Z_95));
    const fitted = nonIncreasing(
      points.map(({ bought }) => bought.value),
      errors.map((error) => 1 / error ** 2),
    );
    return [
      {
        product,
        points: points.map((point, i) => ({ ...point, fitted: fitted[i] ?? point.bought.value })),
        rises: rises(points, errors),
      },
    ];
  });
}

/** Whether a higher price sold more than the next lower one, by one-sided tests with Holm's adjustment. */
function rises(points: readonly Omit<PricePoint, "fitted">[], errors: readonly number[]): boolean {
  const pValues = points.slice(1).map(({ bought, price }, i) => {
    const before = points[i];
    if (before === undefined || before.price === price) return 1;
    const error = Math.hypot(errors[i] ?? 0, errors[i + 1] ?? 0);
    return normalTail((bought.value - before.bought.value) / error);
  });
  return holm(pValues).some((p) => p <= LEVEL);
}
