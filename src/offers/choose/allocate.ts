import { createRandom, invalidOption, type Random, throwIfAborted } from "../../core/index.ts";
import { type Limits, type Prices, scaleOf, solvePrices } from "./prices.ts";
import { refinePrices } from "./refine.ts";
import { settle } from "./settle.ts";
import { createValueStore, type ValueStore, type ValueStoreOptions } from "./value-store.ts";
import { NO_OFFER, type Weighed, weighOffers } from "./worth.ts";

/** An offer and its limits. */
export interface LimitedOffer {
  readonly id: string;
  /** Cost per customer who is shown the offer; >= 0. */
  readonly cost: number;
  /** Maximum number of customers who are shown it; null: no limit. */
  readonly maxCustomers: number | null;
}

export interface AllocatorOptions extends ValueStoreOptions {
  /** Maximum cost of all offers together; null (default): no limit. */
  readonly maxSpend?: number | null | undefined;
  /** Seed for choosing between customers with equal values; default 1. */
  readonly seed?: number | undefined;
}

/** Collects the values of all customers, then decides for all together. Uses a temporary file: call `close()`. */
export interface Allocator {
  /**
   * Adds the next customer, in the order of the decisions.
   *
   * @param eligible whether the customer may be shown an offer; default: all offers; none for customers in
   *   the holdout
   */
  add(score: Weighed, eligible?: (offerId: string) => boolean): void;
  /** Adds the next customer, with values from `createWeigher` for the same offers. */
  addWorths(worths: ArrayLike<number>): void;
  /** @throws ERR_ABORTED */
  solve(signal?: AbortSignal): Allocation;
  close(): void;
}

export interface Allocation {
  /** Number of customers in the allocation. */
  readonly rows: number;
  /** The offer of the customer that was added as number `row` (from 0), or `none`. */
  offerOf(row: number): string;
  readonly customers: ReadonlyMap<string, number>;
  readonly spend: number;
  /** Sum of the values of the chosen offers (`weighOffers`). */
  readonly value: number;
  /** Upper bound of the value of any allocation within the limits: the Lagrangian bound on the LP optimum. */
  readonly bound: number;
  /** The value that one more customer of each offer, and one more unit of budget, would add. */
  readonly prices: { readonly money: number; readonly offers: ReadonlyMap<string, number> };
}

/** Size of the sample on which prices are found first; problems with fewer customers are solved exactly. */
const SAMPLE_ROWS = 100_000;
/** Random tie-breaking of equal values, as a share of the value. */
const TIE_BREAK = 1e-5;

/**
 * Allocates limited offers to customers so that the sum of expected values is maximal. Every customer gets at
 * most one offer, never one with an expected loss or one that is not eligible. No offer exceeds its number of
 * customers, and all offers together do not exceed the budget. The prices of the Lagrangian dual solve the
 * problem; customers at the margin are assigned one by one. Reads the customers twice and keeps one byte per
 * customer in memory (values beyond `memoryMb` are stored on disk).
 *
 * The value of an offer is computed by `weighOffers`, as in `chooseBest`.
 *
 * @throws ERR_OPTION_INVALID a limit or cost that is negative or not a number; more than 250 offers
 * @example const allocator = createAllocator([{ id: "gift", cost: 2, maxCustomers: 1_000 }]); for (const
 *   score of scores) allocator.add(score); const allocation = allocator.solve(); allocator.close();
 */
export function createAllocator(offers: readonly LimitedOffer[], options: AllocatorOptions = {}): Allocator {
  const limits = limitsOf(offers, options.maxSpend ?? null);
  const store = createValueStore(offers.length, options);
  const random = createRandom(options.seed ?? 1);
  const weigh = createWeigher(offers);
  const row = new Float64Array(offers.length);
  const addWorths = (worths: ArrayLike<number>) => {
    for (let i = 0; i < row.length; i++) {
      const worth = worths[i] ?? Number.NaN;
      row[i] = Number.isNaN(worth) ? worth : breakTie(worth, random);
    }
    store.append(row);
  };
  return {
    add: (score, eligible) => addWorths(weigh(score, eligible)),
    addWorths,
    solve: (signal) => solve(offers, limits, store, signal),
    close: () => store.close(),
  };
}

/** The values of the offers for one customer, in the order of the offers; NaN: the offer cannot be chosen. */
export type Weigh = (score: Weighed, eligible?: (offerId: string) => boolean) => Float64Array;

/** Computes the values customer by customer; every call returns the same array. */
export function createWeigher(offers: readonly Pick<LimitedOffer, "id">[]): Weigh {
  const indexOf = new Map(offers.map(({ id }, i) => [id, i]));
  const row = new Float64Array(offers.length);
  return (score, eligible = () => true) => {
    row.fill(Number.NaN);
    weighOffers(
      score,
      (offerId) => indexOf.has(offerId) && eligible(offerId),
      (offerId, worth) => {
        row[indexOf.get(offerId) as number] = worth;
      },
    );
    return row;
  };
}

/**
 * Reduces the value by a tiny random share, so that no two customers have exactly the same value. No value is
 * increased.
 */
function breakTie(value: number, random: Random): number {
  return value * (1 - TIE_BREAK * random());
}

function limitsOf(offers: readonly LimitedOffer[], maxSpend: number | null): Limits {
  const refuse = (name: string, received: unknown): never => {
    throw invalidOption("a number of at least 0", name, received);
  };
  if (offers.length > 250) {
    throw invalidOption("at most 250 offers", "offers", offers.length);
  }
  if (maxSpend !== null && !(maxSpend >= 0)) refuse("maxSpend", maxSpend);
  for (const { id, cost, maxCustomers } of offers) {
    if (!(cost >= 0 && Number.isFinite(cost))) refuse(`the cost of ${id}`, cost);
    if (maxCustomers !== null && !(maxCustomers >= 0)) refuse(`the most customers of ${id}`, maxCustomers);
  }
  return {
    maxSpend: maxSpend ?? Number.POSITIVE_INFINITY,
    costs: Float64Array.from(offers, ({ cost }) => cost),
    maxCustomers: Float64Array.from(offers, ({ maxCustomers }) =>
      maxCustomers === null ? Number.POSITIVE_INFINITY : Math.floor(maxCustomers),
    ),
  };
}

function solve(
  offers: readonly LimitedOffer[],
  limits: Limits,
  store: ValueStore,
  signal: AbortSignal | undefined,
): Allocation {
  throwIfAborted(signal);
  const prices = findPrices(store, limits, signal);
  const settled = settle(store, limits, prices);
  const { choices } = settled;
  const spend = choices.reduce(
    (sum, choice) => sum + (choice === 0 ? 0 : (limits.costs[choice - 1] ?? 0)),
    0,
  );
  const customers = new Map<string, number>([[NO_OFFER, 0], ...offers.map(({ id }) => [id, 0] as const)]);
  for (const choice of choices) {
    const id = offers[choice - 1]?.id ?? NO_OFFER;
    customers.set(id, (customers.get(id) ?? 0) + 1);
  }
  return {
    rows: store.rows,
    offerOf: (row) => offers[(choices[row] ?? 0) - 1]?.id ?? NO_OFFER,
    customers,
    spend,
    value: settled.value,
    bound: settled.surplus + dualOfLimits(limits, prices),
    prices: {
      money: prices.money,
      offers: new Map(offers.map(({ id }, i) => [id, prices.offers[i] as number])),
    },
  };
}

function dualOfLimits({ maxSpend, maxCustomers }: Limits, prices: Prices): number {
  const money = prices.money > 0 ? prices.money * maxSpend : 0;
  return prices.offers.reduce(
    (sum, price, offer) => sum + (price > 0 ? price * (maxCustomers[offer] as number) : 0),
    money,
  );
}

function findPrices(store: ValueStore, limits: Limits, signal: AbortSignal | undefined): Prices {
  const { width, rows } = store;
  const every = Math.max(1, Math.ceil(rows / SAMPLE_ROWS));
  const sampled = Math.ceil(rows / every);
  const values = new Float32Array(sampled * width);
  let taken = 0;
  // One customer from each block, at a random position, so that the sample does not follow a period in the
  // file.
  const random = createRandom(rows);
  let next = Math.floor(random() * every);
  store.visit((chunk, count, first) => {
    while (next < first + count && taken < sampled) {
      values.set(chunk.subarray((next - first) * width, (next - first + 1) * width), taken * width);
      taken++;
      next = taken * every + Math.floor(random() * every);
    }
  });
  const share = rows === 0 ? 1 : taken / rows;
  const sample = { values: values.subarray(0, taken * width), rows: taken };
  const scaled = {
    costs: limits.costs,
    maxSpend: limits.maxSpend * share,
    maxCustomers: limits.maxCustomers.map((stock) => stock * share),
  };
  const prices = solvePrices(sample, scaled);
  if (every === 1) return prices;
  return refinePrices(store, limits, { prices, scale: scaleOf(sample), signal });
}
