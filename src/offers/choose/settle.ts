import { improve, type OpenAllocation } from "./improve.ts";
import { bestAt, type Limits, type Prices } from "./prices.ts";
import type { ValueStore } from "./value-store.ts";

/** Assignment of customers at given prices, when stock and budget run out. */

/** Problems up to this number of customers are improved by exchanges at the end. */
const EXCHANGED_ROWS = 100_000;

export interface Settled extends OpenAllocation {
  /** Sum over customers of their best value minus its prices, if above 0. */
  surplus: number;
}

/**
 * Every customer gets the best offer at the prices while stock and budget last. Two kinds of customers are at
 * the margin: those for whom nothing was left, and those without an offer at these prices for whom an offer
 * has a value above 0. They get the remaining offers, closest to the margin first.
 */
export function settle(store: ValueStore, limits: Limits, prices: Prices): Settled {
  const { width } = store;
  const draft: Settled = {
    choices: new Uint8Array(store.rows),
    stock: limits.maxCustomers.slice(),
    budget: limits.maxSpend,
    value: 0,
    surplus: 0,
  };
  store.visit((chunk, rows, first) => {
    for (let row = 0; row < rows; row++) {
      const offer = bestAt(chunk, row * width, limits, prices);
      if (offer < 0) continue;
      const value = chunk[row * width + offer] as number;
      draft.surplus += value - pricedAt(prices, limits, offer);
      give(draft, limits, { row: first + row, offer, value });
    }
  });
  if (isLimited(limits)) serveMargin(store, limits, prices, draft);
  if (isLimited(limits) && store.rows <= EXCHANGED_ROWS) improve(store, limits, prices, draft);
  return draft;
}

interface Gift {
  readonly row: number;
  readonly offer: number;
  readonly value: number;
}

/** Does nothing if the offer or the budget is used up. */
function give(draft: OpenAllocation, { costs }: Limits, { row, offer, value }: Gift): void {
  const cost = costs[offer] as number;
  if ((draft.stock[offer] as number) < 1 || cost > draft.budget) return;
  draft.choices[row] = offer + 1;
  draft.stock[offer] = (draft.stock[offer] as number) - 1;
  draft.budget -= cost;
  draft.value += value;
}

function isLimited({ maxSpend, maxCustomers }: Limits): boolean {
  return Number.isFinite(maxSpend) || maxCustomers.some(Number.isFinite);
}

function pricedAt(prices: Prices, { costs }: Limits, offer: number): number {
  return prices.money * (costs[offer] as number) + (prices.offers[offer] as number);
}

/** Candidates kept for the remaining offers; the margin of a solved problem has only a few customers. */
const MAX_MARGIN = 50_000;

function serveMargin(store: ValueStore, limits: Limits, prices: Prices, draft: OpenAllocation): void {
  const { width } = store;
  const candidates: (Gift & { readonly reduced: number })[] = [];
  const keepNearest = () => {
    candidates.sort((a, b) => b.reduced - a.reduced || a.row - b.row);
    candidates.length = Math.min(candidates.length, MAX_MARGIN);
  };
  store.visit((chunk, rows, first) => {
    for (let i = 0; i < rows; i++) {
      const row = first + i;
      if (draft.choices[row] !== 0) continue;
      for (let offer = 0; offer < width; offer++) {
        const value = chunk[i * width + offer] as number;
        if (!(value > 0) || (draft.stock[offer] as number) < 1) continue;
        candidates.push({ row, offer, value, reduced: value - pricedAt(prices, limits, offer) });
      }
    }
    if (candidates.length > 2 * MAX_MARGIN) keepNearest();
  });
  keepNearest();
  for (const candidate of candidates) {
    if (draft.choices[candidate.row] === 0) give(draft, limits, candidate);
  }
}
