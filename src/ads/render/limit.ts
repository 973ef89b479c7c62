/** Runs tasks at most `jobs` at a time, in the order they came. */
export type Limit = <T>(task: () => Promise<T>) => Promise<T>;

export function createLimit(jobs: number): Limit {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async (task) => {
    if (running >= jobs) await new Promise<void>((resolve) => waiting.push(resolve));
    else running++;
    try {
      return await task();
    } finally {
      // A waiting task takes over this one's place; without one the place is given back.
      const next = waiting.shift();
      if (next) next();
      else running--;
    }
  };
}

/**
 * All results in order, or the first failure in that order; not before the last task has ended, so that a caller who
 * cleans up finds nobody at work.
 */
export async function allFinished<T>(tasks: readonly Promise<T>[]): Promise<T[]> {
  await Promise.allSettled(tasks);
  return Promise.all(tasks);
}

/** Keeps the results of the last `size` keys. */
export function createMemo<T>(size: number): (key: string, make: () => Promise<T>) => Promise<T> {
  const kept = new Map<string, Promise<T>>();
  return (key, make) => {
    const known = kept.get(key);
    kept.delete(key);
    const result = known ?? make();
    kept.set(key, result);
    result.catch(() => kept.delete(key));
    if (kept.size > size) kept.delete(kept.keys().next().value ?? "");
    return result;
  };
}
