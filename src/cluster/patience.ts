import { setTimeout as sleep } from "node:timers/promises";
import { aborted } from "../core/index.ts";
import { isPassing } from "../io/postgres/index.ts";

export interface PatienceOptions {
  /** How long the database may be away; default 600,000. */
  readonly patienceMs?: number | undefined;
  /** Called when the database cannot be reached, each time. */
  readonly onWait?: ((error: unknown) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Runs an action, and runs it again where the database was away. */
export type Persist = <T>(action: () => Promise<T>) => Promise<T>;

const FIRST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 5000;

/**
 * Tries again while the database is away: it restarts, or the way to it is cut. Each action has the whole patience.
 *
 * @throws what the action throws, the database's absence too once the patience is over; ERR_ABORTED
 */
export function createPersistence({ signal, patienceMs = 600_000, onWait }: PatienceOptions): Persist {
  return async (action) => {
    const startedAt = performance.now();
    for (let waitMs = FIRST_WAIT_MS; ; waitMs = Math.min(LONGEST_WAIT_MS, waitMs * 2)) {
      try {
        return await action();
      } catch (error) {
        if (!isPassing(error) || performance.now() - startedAt > patienceMs) throw error;
        onWait?.(error);
        await sleep(waitMs, undefined, { signal }).catch(() => {
          throw aborted(signal);
        });
      }
    }
  };
}
