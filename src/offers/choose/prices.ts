import { quantile } from "../../statistics/index.ts";

/** Lagrange multipliers of the shared limits: what one customer's choice costs all others. */
export interface Prices {
  /** Price per unit of currency spent; 0 if the budget is not scarce. */
  money: number;
  /** Price per customer shown each offer, in currency; 0 if its stock is not scarce. */
  readonly offers: Float64Array;
}

/** Limits of one problem, by offer; Infinity means no limit. */
export interface Limits {
  readonly maxSpend: number;
  readonly costs: Float64Array;
  readonly maxCustomers: Float64Array;
}

/** Values in rows, one entry per offer; NaN if the customer may not be shown the offer. */
export interface Values {
  readonly values: Float32Array;
  readonly rows: number;
}

const MONEY_STEPS = 40;
const MAX_CYCLES = 60;

/**
 * Prices under which the best choice of every customer meets all limits, by minimising the Lagrangian dual
 *
 *     money x maxSpend + sum of offers x maxCustomers + sum over customers of max(0, best value minus its
 * prices)
 *
 * For a given price of money the offers' prices follow from an ascending auction: the price of each offer,
 * one after another, is set to what the first customer beyond its stock would pay. Each customer takes one
 * offer, so raising one price never lowers the demand for another (gross substitutes) and the cycle
 * converges. An outer bisection finds the price of money.
 *
 * Source: Bertsekas 1988, "The auction algorithm"; Kelso and Crawford 1982 on gross substitutes.
 */
export function solvePrices(sample: Values, limits: Limits): Prices {
  const free = auction(sample, limits, 0, new Float64Array(limits.costs.length));
  if (spendAt(sample, limits, free) <= limits.maxSpend) return free;
  let low = 0;
  let high = highestReturn(sample, limits);
  let best = auction(sample, limits, high, free.offers);
  for (let step = 0; step < MONEY_STEPS && high - low > 1e-7 * high; step++) {
    const middle = (low + high) / 2;
    const prices = auction(sample, limits, middle, best.offers);
    if (spendAt(sample, limits, prices) > limits.maxSpend) low = middle;
    else {
      high = middle;
      best = prices;
    }
  }
  return best;
}

/** The offer with the best value at these prices for a row, or -1; of ties the first. */
export function bestAt(values: Float32Array, start: number, { costs }: Limits, prices: Prices): number {
  let best = -1;
  let bestValue = 0;
  for (let offer = 0; offer < costs.length; offer++) {
    const value =
      (values[start + offer] as number) -
      prices.money * (costs[offer] as number) -
      (prices.offers[offer] as number);
    if (value > bestValue && (values[start + offer] as number) > 0) {
      best = offer;
      bestValue = value;
    }
  }
  return best;
}

/**
 * The amount above the price that each row would pay for an offer before its next best choice is better; NaN
 * if it would not take the offer at any price.
 */
export function slackFor(
  { values, rows }: Values,
  { costs }: Limits,
  prices: Prices,
  offer: number,
): Float64Array {
  const width = costs.length;
  const slack = new Float64Array(rows);
  for (let row = 0, start = 0; row < rows; row++, start += width) {
    let other = 0;
    for (let rival = 0; rival < width; rival++) {
      if (rival === offer) continue;
      const value = values[start + rival] as number;
      const reduced = value - prices.money * (costs[rival] as number) - (prices.offers[rival] as number);
      if (value > 0 && reduced > other) other = reduced;
    }
    const value = values[start + offer] as number;
    slack[row] = value > 0 ? value - prices.money * (costs[offer] as number) - other : Number.NaN;
  }
  return slack;
}

function auction(sample: Values, limits: Limits, money: number, start: Float64Array): Prices {
  const prices: Prices = { money, offers: start.slice() };
  const scarce = [...limits.maxCustomers.keys()].filter((offer) =>
    Number.isFinite(limits.maxCustomers[offer]),
  );
  for (let cycle = 0; cycle < MAX_CYCLES; cycle++) {
    let moved = 0;
    for (const offer of scarce) {
      const before = prices.offers[offer] as number;
      const price = clearing(sample, limits, prices, offer);
      prices.offers[offer] = price;
      moved = Math.max(moved, Math.abs(price - before) / Math.max(price, before, 1e-12));
    }
    if (moved < 1e-7) break;
  }
  return prices;
}

/** The lowest price at which the number of customers who take the offer is within its limit. */
function clearing(sample: Values, limits: Limits, prices: Prices, offer: number): number {
  const stock = limits.maxCustomers[offer] as number;
  const slack = slackFor(sample, limits, prices, offer);
  let wanted = 0;
  for (const value of slack) if (value > 0) slack[wanted++] = value;
  if (wanted <= stock) return 0;
  const willing = slack.subarray(0, wanted).sort();
  // The first customer left out sets the price: the customers before would pay more.
  return willing[wanted - 1 - Math.floor(stock)] as number;
}

function spendAt({ values, rows }: Values, limits: Limits, prices: Prices): number {
  const width = limits.costs.length;
  let spend = 0;
  for (let row = 0; row < rows; row++) {
    const offer = bestAt(values, row * width, limits, prices);
    if (offer >= 0) spend += limits.costs[offer] as number;
  }
  return spend;
}

/** The price of money above which no customer is worth the cost. */
function highestReturn({ values, rows }: Values, { costs }: Limits): number {
  let highest = 1e-9;
  for (let i = 0; i < rows * costs.length; i++) {
    const cost = costs[i % costs.length] as number;
    const value = values[i] as number;
    if (cost > 0 && value / cost > highest) highest = value / cost;
  }
  return highest * 1.001;
}

/** A robust scale of the values, for measuring small differences. */
export function scaleOf({ values }: Values): number {
  const positive = values.filter((value) => value > 0).sort();
  return positive.length === 0 ? 1 : quantile(positive, 0.9);
}
