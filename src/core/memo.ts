/** Returns a value that is made at the first call. */
export interface Once<T> {
  (): T;
  /** The value if it was made, otherwise null. */
  made(): T | null;
}

/** Makes a value at the first call and keeps it. A promise that rejects is not kept: the next call makes another. */
export function once<T>(make: () => T): Once<T> {
  let kept: { readonly value: T } | null = null;
  const get = () => {
    if (kept !== null) return kept.value;
    const value = make();
    kept = { value };
    if (value instanceof Promise) {
      value.catch(() => {
        kept = null;
      });
    }
    return value;
  };
  return Object.assign(get, { made: () => kept?.value ?? null });
}

/** Returns the result of a key, which is made at the first call with it. */
export type Memo<T> = (key: string, make: () => Promise<T>) => Promise<T>;

/**
 * Keeps the results of the `size` keys that were used last. A promise that rejects is not kept.
 *
 * @param size default: all keys
 */
export function createMemo<T>(size = Number.POSITIVE_INFINITY): Memo<T> {
  const kept = new Map<string, Promise<T>>();
  return (key, make) => {
    const known = kept.get(key);
    const result = known ?? make();
    kept.delete(key);
    kept.set(key, result);
    if (known === undefined) {
      result.catch(() => {
        if (kept.get(key) === result) kept.delete(key);
      });
      if (kept.size > size) kept.delete(kept.keys().next().value ?? "");
    }
    return result;
  };
}
