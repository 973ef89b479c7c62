/**
 * Combines calls that arrive in one turn of the event loop, or while another call is running, into one call. It is for
 * work that costs about the same for one item as for a hundred. A call that fails is repeated for each item alone.
 *
 * @param work maps items to results, in order
 * @param most items in one call
 */
export function gather<Item, Result>(
  work: (items: readonly Item[]) => Promise<readonly Result[]>,
  most: number,
): (item: Item) => Promise<Result> {
  interface Waiting {
    readonly item: Item;
    resolve(result: Result): void;
    reject(error: unknown): void;
  }
  const waiting: Waiting[] = [];
  let isRunning = false;

  const run = async () => {
    isRunning = true;
    // Items of this turn of the event loop join the call.
    await new Promise(setImmediate);
    while (waiting.length > 0) {
      const batch = waiting.splice(0, most);
      // A mistake of one caller must not fail the others.
      if (!(await settle(batch, batch.length === 1))) for (const one of batch) await settle([one], true);
    }
    isRunning = false;
  };

  /** @returns false if the call failed and its items are still waiting */
  const settle = async (batch: readonly Waiting[], isLast: boolean): Promise<boolean> => {
    try {
      const results = await work(batch.map(({ item }) => item));
      batch.forEach(({ resolve }, i) => {
        resolve(results[i] as Result);
      });
      return true;
    } catch (error) {
      if (isLast) for (const { reject } of batch) reject(error);
      return isLast;
    }
  };

  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject });
      if (!isRunning) void run();
    });
}

/** A call with the key of a running call gets the result of that call. */
export function share<Item, Result>(
  work: (item: Item) => Promise<Result>,
  keyOf: (item: Item) => string,
): typeof work {
  const underWay = new Map<string, Promise<Result>>();
  return (item) => {
    const key = keyOf(item);
    const before = underWay.get(key);
    if (before !== undefined) return before;
    const result = work(item).finally(() => underWay.delete(key));
    underWay.set(key, result);
    return result;
  };
}
