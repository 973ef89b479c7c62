import { dirname, resolve } from "node:path";
import { canonicalId, LookalikeError } from "../../core/index.ts";
import { makeFolder, PRIVATE } from "../../io/files.ts";
import { isPostgresUrl, type PostgresSync } from "../../io/postgres/index.ts";
import type { Vault } from "../vault.ts";
import { checkRecord } from "./check.ts";
import { findConsenting, findEndedPermits } from "./consenting.ts";
import { type ConsentRow, readConsents } from "./import.ts";
import { openPostgresTables } from "./in-postgres.ts";
import { openConsentStore } from "./in-sqlite.ts";
import { requireNotLost } from "./lost.ts";
import { consentStatus } from "./status.ts";
import { findStopped, watchStopped } from "./stopped.ts";
import { type ConsentStore, createStore } from "./store.ts";
import { type ConsentRegistry, PURPOSES } from "./types.ts";
import type { UnreadWithdrawal } from "./unread.ts";

export interface ConsentsOptions {
  /** Encrypts the file; default: not encrypted, readable only by its owner. */
  readonly vault?: Pick<Vault, "databaseKey"> | null | undefined;
}

/**
 * Opens a consent registry and creates it if none has existed. Close it when done.
 *
 * @param path of its file, or the address of a PostgreSQL database that stores it for many machines
 * @throws ERR_CONSENTS_REQUIRED the registry is missing, and an `audit.db` next to it shows that it existed
 * @throws ERR_STORE_CORRUPT, ERR_STORE_BUSY, ERR_KEY_REQUIRED, ERR_KEY_WRONG, ERR_OUTPUT_UNWRITABLE
 * @throws ERR_DEPENDENCY_MISSING, ERR_POSTGRES_UNREACHABLE, ERR_POSTGRES_FAILED for an address
 *
 * @example const consents = await openConsents("privacy/consents.db"); await consents.import("consents.csv",
 *   { at: new Date() }); consents.withdraw("c-17", { at: new Date() });
 */
export async function openConsents(path: string, options: ConsentsOptions = {}): Promise<ConsentRegistry> {
  if (isPostgresUrl(path)) return openConsentsInPostgres(path);
  const absolute = resolve(path);
  const { vault = null } = options;
  requireNotLost(absolute, vault);
  await makeFolder(dirname(absolute), PRIVATE);
  return createRegistry(absolute, openConsentStore(absolute, vault?.databaseKey));
}

/**
 * The registry in PostgreSQL. Its tables are not encrypted with the campaign's key: encrypt the server's
 * disk.
 *
 * @param url `postgres://user@host:5432/name`
 * @param schema of its tables; default `lookalike_consents`
 * @param connect opens the connection, which the registry closes; default: one of its own
 */
export async function openConsentsInPostgres(
  url: string,
  schema?: string,
  connect?: (url: string) => Promise<PostgresSync>,
): Promise<ConsentRegistry> {
  const { shown, tables } = await openPostgresTables(url, schema, connect);
  return createRegistry(shown, createStore(tables));
}

function createRegistry(path: string, store: ConsentStore): ConsentRegistry {
  const requireKnown = (customerId: string) => {
    if (store.isErased(customerId)) throw erasedCustomer();
  };
  return {
    path,
    id: store.id,
    get version() {
      return store.version();
    },
    record(consent) {
      checkRecord(consent, new Date(consent.givenAt));
      const record = { ...consent, customerId: canonicalId(consent.customerId) };
      store.transaction(() => {
        requireKnown(record.customerId);
        if (store.save(record)) store.touch();
      });
    },
    async import(source, options) {
      const counts = { imported: 0, unchanged: 0 };
      const rows = await readConsents(
        source,
        options,
        (batch) => store.transaction(() => batch.map((row) => keepRow(store, row, counts))),
        (withdrawals) =>
          store.transaction(() => {
            for (const withdrawal of withdrawals) stopUnread(store, withdrawal, options.at);
          }),
      );
      return { ...counts, rows };
    },
    withdraw: (customerId, { at, purpose }) =>
      store.transaction(() => {
        const purposes = purpose === undefined ? PURPOSES : [purpose];
        const id = canonicalId(customerId);
        // The customer is blocked already, and the id may not be stored again.
        if (store.isErased(id)) return false;
        const known = purposes.map((each) => store.withdraw(id, each, at));
        store.touch();
        return known.includes(true);
      }),
    status(customerId, question) {
      const id = canonicalId(customerId);
      const { purpose = "face_matching" } = question;
      return consentStatus(store.find(id, purpose), store.withdrawnAt(id, purpose), question);
    },
    consenting: (purpose, options) => findConsenting(store, purpose, options),
    permit: (customerId, contactIds, endsAt) =>
      store.savePermit(canonicalId(customerId), contactIds.map(canonicalId), endsAt),
    endedPermits: (uses, at) => findEndedPermits(store, uses, at),
    of: (customerId) => store.of(canonicalId(customerId)),
    standing: (customerId) => store.standing(canonicalId(customerId)),
    all: () => store.all(),
    ids: () => store.ids(),
    stopped: (customerIds, options) => findStopped(store, customerIds, options),
    watchStopped: () => watchStopped(store),
    erase(customerId, at) {
      const known = store.erase(canonicalId(customerId), at);
      store.compact();
      return known;
    },
    isErased: (customerId) => store.hasErased() && store.isErased(canonicalId(customerId)),
    erasedAmong(customerIds) {
      if (customerIds.length === 0 || !store.hasErased()) return new Set();
      const erased = new Set(store.erasedOf([...new Set(customerIds.map(canonicalId))]));
      return new Set(customerIds.filter((id) => erased.has(canonicalId(id))));
    },
    purge(endedBefore, { dryRun = false } = {}) {
      if (dryRun) return store.countEnded(endedBefore);
      const { records, withdrawals } = store.transaction(() => {
        const dropped = store.dropEnded(endedBefore);
        if (dropped.records > 0) store.touch();
        return dropped;
      });
      if (records + withdrawals > 0) store.compact();
      return records;
    },
    stats: () => store.stats(),
    close: () => store.close(),
  };
}

function keepRow(
  store: ConsentStore,
  { consent: read, withdrawnAt }: ConsentRow,
  counts: { imported: number; unchanged: number },
): LookalikeError | null {
  const consent = { ...read, customerId: canonicalId(read.customerId) };
  if (store.isErased(consent.customerId)) return erasedCustomer();
  const before = store.withdrawnAt(consent.customerId, consent.purpose);
  const isSaved = store.save(consent);
  const isWithdrawn = withdrawnAt !== null && (before === null || before < withdrawnAt);
  if (isWithdrawn) store.withdraw(consent.customerId, consent.purpose, withdrawnAt);
  if (isSaved || isWithdrawn) {
    counts.imported++;
    store.touch();
  } else counts.unchanged++;
  return null;
}

/** Importing a file again does not withdraw consents that were given since. */
function stopUnread(store: ConsentStore, { customerId, purpose, givenAt }: UnreadWithdrawal, at: Date): void {
  if (store.isErased(customerId)) return;
  for (const each of purpose === null ? PURPOSES : [purpose]) {
    const noted = store.withdrawnAt(customerId, each);
    if (noted !== null && (givenAt === null || noted >= givenAt)) continue;
    store.withdraw(customerId, each, at);
    store.touch();
  }
}

/** Does not name the customer: the message may be logged. */
function erasedCustomer(): LookalikeError {
  return new LookalikeError(
    "ERR_CUSTOMER_ERASED",
    "Expected a customer who may be imported but the customer was erased",
    {
      hint: "Remove the customer from the source. Only a new registry can import them again.",
    },
  );
}
