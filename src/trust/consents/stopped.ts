import { canonicalId } from "../../core/index.ts";
import { findEndedPermits } from "./consenting.ts";
import { judgeConsent } from "./judge.ts";
import type { ConsentStore } from "./store.ts";
import type { KeptConsent, StoppedOptions, StopReason } from "./types.ts";

/** Ids per statement. */
const BATCH = 1000;

/**
 * The same check as before a face is computed, for many customers and from the registry alone. Their place of residence
 * is unknown here, so a record that may not meet the law blocks no customer: no face was computed with it.
 */
export function findStopped(
  store: ConsentStore,
  customerIds: readonly string[],
  options: StoppedOptions,
): ReadonlyMap<string, StopReason> {
  const stopped = new Map<string, StopReason>();
  // Runs of earlier versions spelled ids as their source did.
  const spellings = new Map(customerIds.map((id) => [id, canonicalId(id)]));
  const reasons = judgeAll(store, [...new Set(spellings.values())], options);
  for (const [spelling, id] of spellings) {
    const reason = reasons.get(id);
    if (reason !== undefined) stopped.set(spelling, reason);
  }
  const { uses = [], at } = options;
  const ended = uses.length === 0 ? new Set() : findEndedPermits(store, uses, at);
  for (const { customerId, permit } of uses) {
    if (ended.has(permit) && !stopped.has(customerId)) stopped.set(customerId, "withdrawn");
  }
  return stopped;
}

function judgeAll(
  store: ConsentStore,
  customerIds: readonly string[],
  options: StoppedOptions,
): ReadonlyMap<string, StopReason> {
  const stopped = new Map<string, StopReason>();
  for (let start = 0; start < customerIds.length; start += BATCH) {
    const requested = customerIds.slice(start, start + BATCH);
    const unknown = reasonOf([], null, options);
    if (unknown !== null) for (const id of requested) stopped.set(id, unknown);
    // A service checks few ids at a time, and most customers have no entry.
    const ids = store.noted(requested, "face_matching");
    if (ids.length > 0) judgeNoted(store, ids, options, stopped);
  }
  return stopped;
}

function judgeNoted(
  store: ConsentStore,
  ids: readonly string[],
  options: StoppedOptions,
  stopped: Map<string, StopReason>,
): void {
  const records = store.findMany(ids, "face_matching");
  const withdrawals = store.withdrawnAtMany(ids, "face_matching");
  for (const id of ids) {
    const reason = reasonOf(records.get(id) ?? [], withdrawals.get(id) ?? null, options);
    if (reason === null) stopped.delete(id);
    else stopped.set(id, reason);
  }
  if (store.hasErased()) for (const id of store.erasedOf(ids)) stopped.set(id, "erased");
}

function reasonOf(
  records: readonly KeptConsent[],
  withdrawnAt: Date | null,
  { at, crmConsent }: StoppedOptions,
): StopReason | null {
  const { status } = judgeConsent(records, withdrawnAt, {
    crm: { status: "missing" },
    crmConsent: "ignore",
    jurisdiction: null,
    at,
  });
  if (status === "withdrawn" || status === "expired") return status;
  return status === "missing" && crmConsent === "ignore" ? status : null;
}
