import type { Decider, DeciderCustomer, Settled } from "../../campaign/index.ts";
import type { RunRecords } from "../../handover/index.ts";
import { gather } from "./gather.ts";
import { readServed } from "./known.ts";
import type { RunIndex } from "./run-index.ts";

export interface SettledNow {
  readonly settled: Settled;
  /** Offers whose budgets were used up when the offer was settled. */
  readonly spent: ReadonlySet<string>;
}

/** Chooses the offers of customers, and counts offers with a budget. */
export interface Settler {
  /** Calls that arrive together are settled together. @throws ERR_FEATURE_INVALID */
  settle(customer: DeciderCustomer): Promise<SettledNow>;
  /** Offers whose budgets are used up now. */
  spent(): ReadonlySet<string>;
}

export interface SettlerParts {
  readonly index: RunIndex;
  readonly decider: Decider;
  readonly records: RunRecords;
  /** Offers with a budget. */
  readonly budgets: ReadonlyMap<string, number>;
}

const NONE_SPENT: ReadonlySet<string> = new Set();

/** @param most customers who are settled in one turn of the event loop */
export function createSettler(parts: SettlerParts, most: number): Settler {
  const { decider, budgets } = parts;
  const given = countGiven(parts);
  const isSpent = (id: string) => (given.get(id) ?? 0) >= (budgets.get(id) ?? Number.POSITIVE_INFINITY);
  const spent = () => (budgets.size === 0 ? NONE_SPENT : new Set([...budgets.keys()].filter(isSpent)));

  const settleAll = async (customers: readonly DeciderCustomer[]): Promise<readonly SettledNow[]> => {
    const before = spent();
    const results: SettledNow[] = [];
    for (const settled of await decider.settle(customers, before)) {
      const { id } = settled.decision.offer;
      // An earlier customer of this list got the last of this budget: the others are settled without the offer.
      if (isSpent(id) && !before.has(id))
        return [...results, ...(await settleAll(customers.slice(results.length)))];
      increment(given, id);
      results.push({ settled, spent: before });
    }
    return results;
  };

  return { settle: gather(settleAll, most), spent };
}

/** Customers per offer, in the run and since. Only counted if an offer has a budget. */
function countGiven({ index, budgets, records, decider }: SettlerParts): Map<string, number> {
  const given = new Map(index.offers);
  if (budgets.size === 0) return given;
  for (const served of records.allServed()) {
    const known = readServed(served, decider.version);
    if (known !== null) increment(given, known.content.offer.id);
  }
  return given;
}

function increment(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
