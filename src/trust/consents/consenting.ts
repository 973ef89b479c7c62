import { canonicalId } from "../../core/index.ts";
import { consentStatus } from "./status.ts";
import type { ConsentStore } from "./store.ts";
import type { Consent, ConsentingOptions, NetworkUse, Purpose } from "./types.ts";

/** Ids per statement. */
const BATCH = 1000;

/** See `ConsentRegistry.consenting`. */
export function* findConsenting(
  store: ConsentStore,
  purpose: Purpose,
  options: ConsentingOptions,
): Generator<string> {
  if (!store.hasPurpose(purpose)) return;
  let page: string[] = [];
  for (const id of options.among ?? store.ids()) {
    page.push(id);
    if (page.length < BATCH) continue;
    yield* givenOf(store, page, purpose, options);
    page = [];
  }
  yield* givenOf(store, page, purpose, options);
}

function givenOf(
  store: ConsentStore,
  ids: readonly string[],
  purpose: Purpose,
  options: ConsentingOptions,
): string[] {
  const statuses = statusesOf(store, ids, purpose, options);
  return ids.filter((id) => statuses.get(id) === "given");
}

/** See `ConsentRegistry.endedPermits`. */
export function findEndedPermits(
  store: ConsentStore,
  uses: readonly NetworkUse[],
  at: Date,
): ReadonlySet<string> {
  const ended = new Set<string>();
  for (let start = 0; start < uses.length; start += BATCH) {
    const some = uses.slice(start, start + BATCH);
    const permits = some.map(({ permit }) => permit);
    const live = store.livePermits(permits, at);
    const ids = [...new Set(some.map(({ customerId }) => canonicalId(customerId)))];
    const statuses = statusesOf(store, ids, "network", { at, jurisdiction: null });
    for (const { customerId, permit } of some) {
      // The place of residence is unknown here; the requirements of the law were checked before the choice
      // was made.
      const status = statuses.get(canonicalId(customerId));
      const holds = status === "given" || status === "insufficient";
      if (!live.has(permit) || !holds) ended.add(permit);
    }
  }
  return ended;
}

/** The same check as before a face is computed, from the registry alone. */
function statusesOf(
  store: ConsentStore,
  ids: readonly string[],
  purpose: Purpose,
  { at, jurisdiction }: Pick<ConsentingOptions, "at" | "jurisdiction">,
): ReadonlyMap<string, Consent["status"] | "erased"> {
  const records = store.findMany(ids, purpose);
  const withdrawals = store.withdrawnAtMany(ids, purpose);
  const erased = new Set(store.hasErased() ? store.erasedOf(ids) : []);
  const statusOf = (id: string) => {
    const own = (records.get(id) ?? []).map((record) => ({
      ...record,
      jurisdiction: record.jurisdiction ?? jurisdiction,
    }));
    const question = { crm: { status: "missing" }, crmConsent: "ignore", jurisdiction: null, at } as const;
    return consentStatus(own, withdrawals.get(id) ?? null, question).status;
  };
  return new Map(ids.map((id) => [id, erased.has(id) ? "erased" : statusOf(id)]));
}
