import { canonicalId } from "../../core/index.ts";
import { findEndedPermits } from "./consenting.ts";
import { consentStatus } from "./status.ts";
import type { ConsentStore } from "./store.ts";
import type { ConsentRegistry, KeptConsent, StoppedOptions, StopReason } from "./types.ts";

/** Ids per statement. */
const BATCH = 1000;

/** What the registry stores of a customer for face matching. */
interface Entry {
  readonly records: readonly KeptConsent[];
  readonly withdrawnAt: Date | null;
  readonly isErased: boolean;
}

/** Reads the entries of at most `BATCH` customers; a customer without one is missing or null. */
type ReadEntries = (customerIds: readonly string[]) => ReadonlyMap<string, Entry | null>;

/**
 * The same check as before a face is computed, for many customers and from the registry alone. Their place of residence
 * is unknown here, so a record that may not meet the law blocks no customer: no face was computed with it.
 */
export function findStopped(
  store: ConsentStore,
  customerIds: readonly string[],
  options: StoppedOptions,
  read: ReadEntries = (ids) => readEntries(store, ids),
): ReadonlyMap<string, StopReason> {
  const stopped = new Map<string, StopReason>();
  for (let start = 0; start < customerIds.length; start += BATCH) {
    // Runs of earlier versions spelled ids as their source did.
    const spellings = customerIds.slice(start, start + BATCH).map((id) => [id, canonicalId(id)] as const);
    const entries = read([...new Set(spellings.map(([, id]) => id))]);
    for (const [spelling, id] of spellings) {
      const reason = reasonOf(entries.get(id) ?? null, options);
      if (reason !== null) stopped.set(spelling, reason);
    }
  }
  const { uses = [], at } = options;
  const ended = uses.length === 0 ? new Set() : findEndedPermits(store, uses, at);
  for (const { customerId, permit } of uses) {
    if (ended.has(permit) && !stopped.has(customerId)) stopped.set(customerId, "withdrawn");
  }
  return stopped;
}

/** Entries kept at most; they are all dropped when there are more. */
const MOST_ENTRIES = 200_000;

/**
 * See `ConsentRegistry.watchStopped`. Entries are kept, not reasons: a consent can start or expire without a change of
 * the registry. The version is read before the entries, so an entry is never older than its version.
 */
export function watchStopped(store: ConsentStore, most = MOST_ENTRIES): ConsentRegistry["stopped"] {
  const kept = new Map<string, Entry | null>();
  let version = Number.NaN;
  const read: ReadEntries = (ids) => {
    const now = store.version();
    if (now !== version || kept.size + ids.length > most) kept.clear();
    version = now;
    const missing = ids.filter((id) => !kept.has(id));
    if (missing.length > 0) {
      const found = readEntries(store, missing);
      for (const id of missing) kept.set(id, found.get(id) ?? null);
    }
    return kept;
  };
  return (customerIds, options) => findStopped(store, customerIds, options, read);
}

function readEntries(store: ConsentStore, customerIds: readonly string[]): ReadonlyMap<string, Entry> {
  // A service checks few ids at a time, and most customers have no entry.
  const ids = store.noted(customerIds, "face_matching");
  if (ids.length === 0) return new Map();
  const records = store.findMany(ids, "face_matching");
  const withdrawals = store.withdrawnAtMany(ids, "face_matching");
  const erased = new Set(store.hasErased() ? store.erasedOf(ids) : []);
  const entryOf = (id: string): Entry => ({
    records: records.get(id) ?? [],
    withdrawnAt: withdrawals.get(id) ?? null,
    isErased: erased.has(id),
  });
  return new Map(ids.map((id) => [id, entryOf(id)]));
}

function reasonOf(entry: Entry | null, { at, crmConsent }: StoppedOptions): StopReason | null {
  if (entry === null) return crmConsent === "ignore" ? "missing" : null;
  if (entry.isErased) return "erased";
  const { status } = consentStatus(entry.records, entry.withdrawnAt, {
    crm: { status: "missing" },
    crmConsent: "ignore",
    jurisdiction: null,
    at,
  });
  if (status === "withdrawn" || status === "expired") return status;
  return status === "missing" && crmConsent === "ignore" ? status : null;
}
