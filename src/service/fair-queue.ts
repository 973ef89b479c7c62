import { setImmediate as nextTurn } from "node:timers/promises";

/** Runs one piece of work at a time, in the order of the calls. */
export type FairQueue = <T>(work: () => Promise<T>) => Promise<T>;

/** Customers who are decided for in one turn of the event loop, which takes some milliseconds. */
export const SLICE = 25;

/**
 * A fair queue for work that is too long for one turn of the event loop. Callers cut their work into slices and call once
 * for each slice, so that slices of several callers alternate. The event loop turns before each slice, so that other
 * requests are served.
 */
export function createFairQueue(): FairQueue {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const own = last.then(() => nextTurn()).then(work);
    // A slice that fails does not stop the next one.
    last = own.catch(() => {});
    return own;
  };
}

/**
 * Maps items in slices of at most `most`, each in a turn of its own; `most` items or fewer are mapped immediately.
 *
 * @param work maps the items of a slice to results, in order
 */
export async function inSlices<Item, Result>(
  items: readonly Item[],
  { most, queue }: { readonly most: number; readonly queue: FairQueue },
  work: (slice: readonly Item[]) => Promise<readonly Result[]>,
): Promise<readonly Result[]> {
  if (items.length <= most) return work(items);
  const results: Result[] = [];
  for (let start = 0; start < items.length; start += most) {
    const slice = items.slice(start, start + most);
    results.push(...(await queue(() => work(slice))));
  }
  return results;
}
