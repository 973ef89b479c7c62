import { throwIfAborted } from "../../core/index.ts";
import { bestAt, type Limits, type Prices, slackFor } from "./prices.ts";
import type { ValueStore } from "./value-store.ts";

const ROUNDS = 4;
const BINS = 4_096;
/** Largest distance between the sample's price and the true one, as a share of the scale of the values. */
const WINDOW = 0.25;
const MONEY_FACTORS: readonly number[] = [0.8, 0.9, 0.95, 0.98, 0.99, 1, 1.01, 1.02, 1.05, 1.1, 1.2];

interface RefineContext {
  readonly prices: Prices;
  /** Scale of the values, in currency. */
  readonly scale: number;
  readonly signal: AbortSignal | undefined;
}

/**
 * Corrects the prices of a sample with all customers. Each round counts, in one pass over the store, how many
 * customers would take each offer at prices around its current one, with the other prices unchanged, and
 * moves every price to the point at which its limit is met.
 */
export function refinePrices(
  store: ValueStore,
  limits: Limits,
  { prices, scale, signal }: RefineContext,
): Prices {
  const current: Prices = { money: prices.money, offers: prices.offers.slice() };
  let window = WINDOW * scale;
  for (let round = 0; round < ROUNDS; round++) {
    throwIfAborted(signal);
    if (current.money > 0) current.money = clearMoney(store, limits, current);
    clearOffers(store, limits, current, window);
    window /= 4;
  }
  return current;
}

function clearOffers(store: ValueStore, limits: Limits, prices: Prices, window: number): void {
  const scarce = [...limits.maxCustomers.keys()].filter((offer) =>
    Number.isFinite(limits.maxCustomers[offer]),
  );
  const histograms = scarce.map((offer) => ({
    offer,
    low: Math.max(0, (prices.offers[offer] as number) - window),
    counts: new Float64Array(BINS + 1),
  }));
  const width = (2 * window) / BINS;
  store.visit((values, rows) => {
    for (const { offer, low, counts } of histograms) {
      for (const slack of slackFor({ values, rows }, limits, prices, offer)) {
        if (!(slack > low)) continue;
        const bin = Math.min(BINS, Math.floor((slack - low) / width));
        counts[bin] = (counts[bin] as number) + 1;
      }
    }
  });
  for (const { offer, low, counts } of histograms) {
    let above = 0;
    let bin = BINS;
    const stock = limits.maxCustomers[offer] as number;
    while (bin >= 0 && above + (counts[bin] as number) <= stock) {
      above += counts[bin] as number;
      bin--;
    }
    if (bin < 0) {
      prices.offers[offer] = low;
      continue;
    }
    // Within the bin that crosses the limit, customers are assumed to be uniformly distributed.
    const part = (stock - above) / (counts[bin] as number);
    prices.offers[offer] = low + (bin + 1 - part) * width;
  }
}

function clearMoney(store: ValueStore, limits: Limits, prices: Prices): number {
  const trials = MONEY_FACTORS.map((factor) => ({ money: prices.money * factor, offers: prices.offers }));
  const spent = new Float64Array(trials.length);
  store.visit((values, rows) => {
    for (const [trial, at] of trials.entries()) {
      let sum = 0;
      for (let row = 0; row < rows; row++) {
        const offer = bestAt(values, row * store.width, limits, at);
        if (offer >= 0) sum += limits.costs[offer] as number;
      }
      spent[trial] = (spent[trial] as number) + sum;
    }
  });
  // Spend decreases as the price of money rises: linear interpolation between the two trials around the
  // limit.
  const over = spent.findLastIndex((spend) => spend > limits.maxSpend);
  const from = trials[over];
  const to = trials[over + 1];
  if (from === undefined) return (trials[0] as Prices).money;
  if (to === undefined) return from.money;
  const a = spent[over] as number;
  const b = spent[over + 1] as number;
  return from.money + ((a - limits.maxSpend) / Math.max(1e-12, a - b)) * (to.money - from.money);
}
