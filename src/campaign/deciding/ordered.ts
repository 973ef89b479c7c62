/**
 * Maps with several concurrent calls and yields the results in the order of the source. At most `width`
 * items are in memory; if the consumer stops, running calls are awaited.
 */
export async function* mapOrdered<T, R>(
  source: AsyncIterable<T>,
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
