import type { Shards } from "./ledger/shards.ts";
import type { Attempt } from "./types.ts";

export interface LeaseOptions {
  readonly leaseSeconds: number;
  /** Time between renewals, ms; default: a third of the lease, so that one may fail. */
  readonly renewMs?: number | undefined;
}

/** The lease of a shard that is worked on. */
export interface Lease {
  /** Reports that the work has advanced. */
  progress(): void;
  /** Ends the renewals. */
  end(): void;
}

/**
 * A lease is renewed for this many leases after the last progress. Some steps, such as a query over a file of
 * logs, report none before their end; work that waits for a file server that does not answer reports none ever.
 */
const LEASES_WITHOUT_PROGRESS = 3;

/**
 * Renews the lease of an attempt until `end`, while its work makes progress. Renewals end when the lease is lost. A
 * process that is stopped, or whose thread is blocked for longer than the lease, renews nothing and loses it, as does one
 * that cannot reach the database. Whether the attempt counts is decided by its commit alone.
 */
export function keepLease(
  shards: Pick<Shards, "renew">,
  attempt: Attempt,
  { leaseSeconds, renewMs = (leaseSeconds * 1000) / 3 }: LeaseOptions,
): Lease {
  const longestMs = LEASES_WITHOUT_PROGRESS * leaseSeconds * 1000;
  let progressedAt = performance.now();
  let isEnded = false;
  let timer: NodeJS.Timeout;
  const renew = async () => {
    if (performance.now() - progressedAt > longestMs) return;
    // After a failure, such as a restart of the database, the next renewal may succeed.
    const isKept = await shards.renew(attempt, leaseSeconds).catch(() => true);
    if (isKept && !isEnded) schedule();
  };
  const schedule = () => {
    timer = setTimeout(renew, renewMs);
    // The work keeps the process alive, not its lease.
    timer.unref();
  };
  schedule();
  return {
    progress() {
      progressedAt = performance.now();
    },
    end() {
      isEnded = true;
      clearTimeout(timer);
    },
  };
}
