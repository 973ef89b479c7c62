/** Runs tasks at most `jobs` at a time, in the order they came. */
export type Limit = <T>(task: () => Promise<T>) => Promise<T>;

/** A task that fails does not stop the next one. */
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

/**
 * Maps with several concurrent calls and yields the results in the order of the source. At most `width`
 * items are in memory; if the consumer stops, running calls are awaited.
 */
export async function* mapOrdered<T, R>(
  source: Iterable<T> | AsyncIterable<T>,
  width: number,
  transform: (item: T) => Promise<R>,
): AsyncGenerator<R> {
  const underWay: Promise<R>[] = [];
  try {
    for await (const item of source) {
      const result = transform(item);
      // A failure is thrown when its result is yielded, not earlier as an unhandled rejection.
      result.catch(() => {});
      underWay.push(result);
      if (underWay.length >= width) yield (await underWay.shift()) as R;
    }
    while (underWay.length > 0) yield (await underWay.shift()) as R;
  } finally {
    await Promise.allSettled(underWay);
  }
}
