/** A queue of work that no request waits for: matching portraits and drawing pictures, once for each customer. */
export interface Background {
  /** @returns false if the queue is full: the customer is queued at the next request */
  add(customerId: string, work: () => Promise<void>): boolean;
  readonly size: number;
  /** Resolves when the queue is empty and no work is running. */
  idle(): Promise<void>;
  /** Waits for running work and drops the rest, which is queued again at the next request. */
  close(): Promise<void>;
}

export interface BackgroundOptions {
  /** Customers processed at once; default 1, which leaves the other core to requests. */
  readonly jobs?: number | undefined;
  /** Maximum queue length; default 10,000. */
  readonly most?: number | undefined;
  readonly onError: (error: unknown) => void;
}

export function createBackground({ jobs = 1, most = 10_000, onError }: BackgroundOptions): Background {
  const waiting = new Map<string, () => Promise<void>>();
  const running = new Map<string, Promise<void>>();
  let isClosed = false;

  const next = () => {
    for (const [customerId, work] of waiting) {
      if (isClosed || running.size >= jobs) return;
      waiting.delete(customerId);
      const ended = work()
        .catch(onError)
        .finally(() => {
          running.delete(customerId);
          next();
        });
      running.set(customerId, ended);
    }
  };

  return {
    add(customerId, work) {
      if (waiting.has(customerId) || running.has(customerId)) return true;
      if (isClosed || waiting.size >= most) return false;
      waiting.set(customerId, work);
      next();
      return true;
    },
    get size() {
      return waiting.size + running.size;
    },
    async idle() {
      while (running.size > 0) await Promise.all(running.values());
    },
    async close() {
      isClosed = true;
      waiting.clear();
      await Promise.all(running.values());
    },
  };
}
