import type { SqlRow } from "../../io/sqlite/index.ts";
import { pseudonym } from "../vault.ts";
import { CLOCK_SKEW_MS } from "./check.ts";
import { type ConsentStatements, PERMIT_SUFFIXES } from "./statements.ts";
import {
  type ConsentRecord,
  type ConsentStanding,
  type ConsentStats,
  type KeptConsent,
  type Method,
  PURPOSES,
  type Purpose,
} from "./types.ts";

export type ConsentStore = ReturnType<typeof createStore>;

const PAGE = 500;

/** The storage of the registry's tables: a SQLite file, or PostgreSQL. */
export interface ConsentTables {
  readonly sql: ConsentStatements;
  /** Runs `work` in one transaction; there is no other writer meanwhile. */
  transaction<T>(work: () => T): T;
  /** Removes every byte of deleted data. */
  compact(): void;
  close(): void;
}

export function createStore({ sql, transaction, compact, close }: ConsentTables) {
  const pepper = Buffer.from(sql.state.get()?.pepper as ArrayBuffer);
  const hashOf = (customerId: string) => pseudonym(pepper, `customer:${customerId}`);
  const hasOld = () => sql.anyOld.get() !== undefined;
  const withdrawnAt = (customerId: string, purpose: Purpose): Date | null => {
    const clear = sql.withdrawnAt.get(customerId, purpose);
    const hashed = hasOld() ? sql.oldWithdrawal.get(hashOf(customerId), purpose) : undefined;
    return latest(clear?.at, hashed?.at);
  };
  const find = (customerId: string, purpose: Purpose): KeptConsent[] =>
    sql.find.all(customerId, purpose).map(readConsent);
  return {
    transaction,
    id: pseudonym(pepper, "registry").slice(0, 32),
    version: (): number => Number(sql.version.get()?.changes),
    touch: () => void sql.touch.run(),

    /** @returns whether anything changed. An older file never removes a recorded withdrawal. */
    save({ customerId, purpose, givenAt, ...rest }: ConsentRecord): boolean {
      const values = [rest.notice, rest.method, rest.expiresAt?.getTime() ?? null, rest.jurisdiction];
      return sql.save.run(customerId, purpose, givenAt.getTime(), ...values).changes > 0;
    },

    /**
     * All consents given up to that time, including those whose clock was slightly ahead.
     * @returns whether the registry had data of the customer
     */
    withdraw(customerId: string, purpose: Purpose, at: Date): boolean {
      const isKnown = sql.find.all(customerId, purpose).length > 0;
      sql.withdraw.run(at.getTime(), customerId, purpose, at.getTime() + CLOCK_SKEW_MS);
      sql.noteWithdrawal.run(customerId, purpose, at.getTime());
      if (purpose !== "photo") sql.dropPermits.run(hashOf(customerId));
      return isKnown;
    },

    withdrawnAt,

    find,

    /**
     * The customers, of the given ones, that may have a record, a withdrawal, or an entry stored by hash; in
     * one statement.
     */
    noted(customerIds: readonly string[], purpose: Purpose): string[] {
      const [listable, others] = partition(customerIds);
      const rows = sql.noted.all(JSON.stringify(listable), purpose, purpose);
      return [...rows.map(({ id }) => String(id)), ...others];
    },

    /** All records of a purpose for some customers, by customer. */
    findMany(customerIds: readonly string[], purpose: Purpose): Map<string, KeptConsent[]> {
      const [listable, others] = partition(customerIds);
      const found = new Map(others.map((id) => [id, find(id, purpose)]));
      for (const row of sql.findMany.all(JSON.stringify(listable), purpose)) {
        const record = readConsent(row);
        const own = found.get(record.customerId);
        if (own === undefined) found.set(record.customerId, [record]);
        else own.push(record);
      }
      return found;
    },

    withdrawnAtMany(customerIds: readonly string[], purpose: Purpose): Map<string, Date> {
      const [listable, others] = partition(customerIds);
      const rows = sql.withdrawnAtMany.all(JSON.stringify(listable), purpose);
      const found = new Map(rows.map((row) => [String(row.customer_id), new Date(Number(row.at))]));
      for (const id of others) {
        const at = withdrawnAt(id, purpose);
        if (at !== null) found.set(id, at);
      }
      if (!hasOld()) return found;
      const idOf = new Map(listable.map((id) => [hashOf(id), id]));
      for (const { hash, at } of sql.oldWithdrawals.all(JSON.stringify([...idOf.keys()]), purpose)) {
        const id = idOf.get(String(hash)) ?? "";
        const last = latest(found.get(id)?.getTime(), at);
        if (last !== null) found.set(id, last);
      }
      return found;
    },

    /** The withdrawals of a customer by purpose, and the time of erasure. */
    standing(customerId: string): ConsentStanding {
      const hash = hashOf(customerId);
      const withdrawals = PURPOSES.flatMap((purpose) => {
        const at = withdrawnAt(customerId, purpose);
        return at === null ? [] : [{ purpose, at }];
      });
      return { withdrawals, erasedAt: latest(sql.isErased.get(hash)?.at) };
    },

    hasPurpose: (purpose: Purpose): boolean => sql.anyOf.get(purpose) !== undefined,

    savePermit: (customerId: string, contactIds: readonly string[], endsAt: Date | null): string =>
      transaction(() => {
        const permit = pseudonym(pepper, JSON.stringify(["permit", customerId, contactIds[0]])).slice(0, 32);
        for (const [i, suffix] of PERMIT_SUFFIXES.entries()) {
          const contactId = contactIds[i];
          if (contactId === undefined) break;
          sql.savePermit.run(permit + suffix, hashOf(contactId), endsAt?.getTime() ?? null);
        }
        return permit;
      }),

    livePermits: (permits: readonly string[], at: Date): ReadonlySet<string> =>
      new Set(sql.livePermits.all(JSON.stringify(permits), at.getTime()).map(({ permit }) => String(permit))),

    /** All customers with a record or a withdrawal. */
    *ids(): Generator<string> {
      for (let last = ""; ; ) {
        const rows = sql.idPage.all(last, last, PAGE);
        for (const { id } of rows) yield String(id);
        if (rows.length === 0) return;
        last = String(rows.at(-1)?.id);
      }
    },

    erasedOf(customerIds: readonly string[]): string[] {
      const idOf = new Map(customerIds.map((id) => [hashOf(id), id]));
      const rows = sql.erasedOf.all(JSON.stringify([...idOf.keys()]));
      return rows.map(({ hash }) => idOf.get(String(hash)) ?? "");
    },

    of: (customerId: string): KeptConsent[] => sql.of.all(customerId).map(readConsent),

    *all(): Generator<KeptConsent> {
      for (let last: readonly [string, string, number] = ["", "", 0]; ; ) {
        const rows = sql.page.all(...last, PAGE);
        for (const row of rows) yield readConsent(row);
        const end = rows.at(-1);
        if (end === undefined) return;
        last = [String(end.customer_id), String(end.purpose), Number(end.given_at)];
      }
    },

    /**
     * Blocks a customer and removes their records in one transaction.
     *
     * @returns whether there were records or a block
     */
    erase: (customerId: string, at: Date): boolean =>
      transaction(() => {
        const isNew = sql.noteErased.run(hashOf(customerId), at.getTime()).changes > 0;
        const consents = sql.dropConsents.run(customerId).changes;
        const withdrawals =
          sql.dropWithdrawals.run(customerId).changes +
          sql.dropOldWithdrawals.run(hashOf(customerId)).changes;
        sql.dropPermits.run(hashOf(customerId));
        sql.touch.run();
        return !isNew || consents + withdrawals > 0;
      }),

    hasErased: (): boolean => sql.anyErased.get() !== undefined,
    isErased: (customerId: string): boolean => sql.isErased.get(hashOf(customerId)) !== undefined,

    countEnded(before: Date): number {
      const at = before.getTime();
      return Number(sql.countEnded.get(at, at)?.n);
    },

    /** Removes records that have ended and the ids of withdrawals: of those only a keyed hash remains. */
    dropEnded(before: Date): { readonly records: number; readonly withdrawals: number } {
      const at = before.getTime();
      const withdrawn = sql.withdrawnBefore.all(at);
      for (const row of withdrawn) {
        sql.noteOld.run(hashOf(String(row.customer_id)), String(row.purpose), Number(row.at));
      }
      sql.dropWithdrawn.run(at);
      sql.dropEndedPermits.run(at);
      return { records: sql.dropEnded.run(at, at).changes, withdrawals: withdrawn.length };
    },

    stats(): ConsentStats {
      const row = sql.stats.get() as SqlRow;
      const { records, customers, withdrawals, erased } = row;
      return {
        records: Number(records),
        customers: Number(customers),
        withdrawals: Number(withdrawals),
        erased: Number(erased),
      };
    },

    compact,
    close,
  };
}

/**
 * Separates ids that can be queried as a list from the others. A list is JSON: SQLite ends its texts at
 * U+0000, and a lone surrogate has no UTF-8, so such ids are queried one by one.
 */
function partition(ids: readonly string[]): readonly [listable: string[], others: string[]] {
  const isListable = (id: string) => !id.includes("\0") && !/\p{Surrogate}/u.test(id);
  return [ids.filter(isListable), ids.filter((id) => !isListable(id))];
}

function latest(...times: readonly unknown[]): Date | null {
  const known = times.filter((time) => typeof time === "number");
  return known.length === 0 ? null : new Date(Math.max(...known));
}

function readConsent(row: SqlRow): KeptConsent {
  const text = (value: unknown) => (typeof value === "string" ? value : null);
  const date = (value: unknown) => (value === null || value === undefined ? null : new Date(Number(value)));
  return {
    customerId: String(row.customer_id),
    purpose: row.purpose as Purpose,
    notice: text(row.notice),
    givenAt: new Date(Number(row.given_at)),
    method: row.method as Method,
    expiresAt: date(row.expires_at),
    jurisdiction: text(row.jurisdiction),
    withdrawnAt: date(row.withdrawn_at),
  };
}
