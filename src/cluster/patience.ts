import { setTimeout as sleep } from "node:timers/promises";
import { aborted } from "../core/index.ts";
import { isPassing } from "../io/postgres/index.ts";

export interface PatienceOptions {
  /** How long the database may be unreachable, ms; default 600,000. */
  readonly patienceMs?: number | undefined;
  /** Called at each failed attempt to reach the database. */
  readonly onWait?: ((error: unknown) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Runs an action, and retries it if the database was unreachable. */
export type Persist = <T>(action: () => Promise<T>) => Promise<T>;

const FIRST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 5000;

/**
 * Retries while the database is unreachable, such as during a restart or a network failure. The time limit
 * applies to each action.
 *
 * @throws the action's errors, also for an unreachable database after the time limit; ERR_ABORTED
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
