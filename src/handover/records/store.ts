import { existsSync } from "node:fs";
import { compact, type Database, openStore, type SqlRow } from "../../io/sqlite/index.ts";
import type { Vault } from "../../trust/index.ts";
import { runFiles } from "../run-folder.ts";
import type { Decision } from "../types.ts";
import { createReviews } from "./reviews.ts";
import { RECORDS, RECORDS_NAMES } from "./schema.ts";
import type { BatchOutcome, OnceKey, RecordBatch, RunRecords, ServedDecision } from "./types.ts";

/** Days for which idempotency keys are kept. */
const ONCE_DAYS = 7;
const DAY_MS = 86_400_000;
const PAGE = 500;

export interface RecordsOptions {
  readonly vault?: Pick<Vault, "databaseKey"> | null | undefined;
}

/** Whether a run has such records. */
export function hasRecords(out: string): boolean {
  return existsSync(runFiles(out).records);
}

/**
 * Opens the records of a run, and creates them if there are none. Close them when done.
 *
 * @throws ERR_STORE_CORRUPT, ERR_STORE_BUSY, ERR_KEY_REQUIRED, ERR_KEY_WRONG, ERR_OUTPUT_UNWRITABLE
 */
export function openRecords(out: string, { vault }: RecordsOptions = {}): RunRecords {
  const path = runFiles(out).records;
  const settings = { key: vault?.databaseKey, synchronous: "FULL" } as const;
  return openStore(path, RECORDS, settings, (database) => createRecords(database, path));
}

function createRecords(database: Database, path: string): RunRecords {
  const sql = prepare(database);
  let synchronous = "";
  const synchronise = (level: "FULL" | "NORMAL") => {
    if (synchronous !== level) database.pragma(`synchronous = ${level}`);
    synchronous = level;
  };

  const noteRequest = ({ key, body }: OnceKey, at: Date): BatchOutcome["status"] => {
    const earlier = sql.request.get(key)?.body;
    if (earlier !== undefined) return earlier === body ? "repeated" : "conflict";
    sql.addRequest.run(key, body, at.getTime());
    return "kept";
  };

  const keep = (batch: RecordBatch, at: Date, isErased: (id: string) => boolean): BatchOutcome => {
    const status = batch.once === undefined ? "kept" : noteRequest(batch.once, at);
    if (status !== "kept") return { status, erased: 0, earlier: [] };
    let erased = 0;
    const earlier: string[] = [];
    const each = <T extends { readonly customerId: string }>(
      rows: readonly T[] | undefined,
      add: (row: T) => void,
    ) => {
      for (const row of rows ?? []) {
        if (isErased(row.customerId)) erased++;
        else add(row);
      }
    };
    each(batch.served, ({ customerId, token, version, decision, isFinal, ...row }) => {
      const text = JSON.stringify(decision);
      const { changes } = sql.addServed.run(
        ...[customerId, token, version, text, isFinal ? 1 : 0, row.at.getTime()],
      );
      if (changes === 0) earlier.push(customerId);
    });
    each(batch.finished, ({ customerId, version, decision, at: decidedAt }) =>
      sql.finishServed.run(JSON.stringify(decision), decidedAt.getTime(), customerId, version),
    );
    each(batch.outcomes, ({ customerId, converted, value, ...row }) =>
      sql.addOutcome.run(customerId, row.at.getTime(), converted ? 1 : 0, value, at.getTime()),
    );
    each(batch.exposures, ({ customerId, channel, ...row }) =>
      sql.addExposure.run(customerId, row.at.getTime(), channel, at.getTime()),
    );
    return { status, erased, earlier };
  };

  function* pages<T>(statement: ReturnType<Database["prepare"]>, read: (row: SqlRow) => T): Generator<T> {
    for (let last = 0; ; ) {
      const rows = statement.all(last, PAGE);
      for (const row of rows) yield read(row);
      if (rows.length === 0) return;
      last = Number(rows.at(-1)?.seq);
    }
  }

  return {
    append(batches, { at, isErased }) {
      const isDurable = batches.some(
        ({ outcomes = [], exposures = [] }) => outcomes.length + exposures.length > 0,
      );
      synchronise(isDurable ? "FULL" : "NORMAL");
      return database.transaction(() => {
        sql.dropRequests.run(at.getTime() - ONCE_DAYS * DAY_MS);
        return batches.map((batch) => keep(batch, at, isErased));
      });
    },
    served: (customerId) => readServed(sql.served.get(customerId)),
    servedByToken: (token) => readServed(sql.servedByToken.get(token)),
    *allServed() {
      for (let last = ""; ; ) {
        const rows = sql.allServed.all(last, PAGE);
        for (const row of rows) {
          const served = readServed(row);
          if (served !== null) yield served;
        }
        if (rows.length === 0) return;
        last = String(rows.at(-1)?.customer_id);
      }
    },
    outcomes: () =>
      pages(sql.outcomes, ({ customer_id, at, converted, value }) => ({
        customerId: String(customer_id),
        at: new Date(Number(at)),
        converted: converted === 1,
        value: value === null ? null : Number(value),
      })),
    exposures: () =>
      pages(sql.exposures, ({ customer_id, at, channel }) => ({
        customerId: String(customer_id),
        at: new Date(Number(at)),
        channel: channel === null ? null : String(channel),
      })),
    counts() {
      const row = sql.counts.get();
      return { outcomes: Number(row?.outcomes), exposures: Number(row?.exposures) };
    },
    reviews: createReviews(database, () => synchronise("FULL")),
    erase(customerId) {
      synchronise("FULL");
      const rows = database.transaction(() =>
        [sql.eraseServed, sql.eraseOutcomes, sql.eraseExposures].reduce(
          (sum, statement) => sum + statement.run(customerId).changes,
          0,
        ),
      );
      if (rows > 0) compact(database, path, RECORDS_NAMES);
      return rows;
    },
    dropServed: (customerIds) =>
      database.transaction(() => {
        for (const id of customerIds) sql.eraseServed.run(id);
      }),
    close: () => database.close(),
  };
}

function readServed(row: SqlRow | undefined): ServedDecision | null {
  if (row === undefined) return null;
  return {
    customerId: String(row.customer_id),
    token: String(row.token),
    version: String(row.version),
    decision: JSON.parse(String(row.decision)) as Decision,
    isFinal: row.is_final === 1,
    at: new Date(Number(row.at)),
  };
}

function prepare(database: Database) {
  const statements = {
    request: "SELECT body FROM requests WHERE key = ?",
    addRequest: "INSERT INTO requests VALUES (?, ?, ?)",
    dropRequests: "DELETE FROM requests WHERE at < ?",
    // Two processes may decide for a customer at once: the first decision of a version stays.
    addServed: `INSERT INTO served VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (customer_id) DO UPDATE SET
      token = excluded.token, version = excluded.version, decision = excluded.decision,
      is_final = excluded.is_final, at = excluded.at
      WHERE version <> excluded.version`,
    finishServed:
      "UPDATE served SET decision = ?, is_final = 1, at = ? WHERE customer_id = ? AND version = ? AND is_final = 0",
    served: "SELECT * FROM served WHERE customer_id = ?",
    servedByToken: "SELECT * FROM served WHERE token = ?",
    allServed: "SELECT * FROM served WHERE customer_id > ? ORDER BY customer_id LIMIT ?",
    addOutcome:
      "INSERT INTO outcomes (customer_id, at, converted, value, received_at) VALUES (?, ?, ?, ?, ?)",
    outcomes: "SELECT * FROM outcomes WHERE seq > ? ORDER BY seq LIMIT ?",
    addExposure: "INSERT INTO exposures (customer_id, at, channel, received_at) VALUES (?, ?, ?, ?)",
    exposures: "SELECT * FROM exposures WHERE seq > ? ORDER BY seq LIMIT ?",
    counts:
      "SELECT (SELECT count(*) FROM outcomes) AS outcomes, (SELECT count(*) FROM exposures) AS exposures",
    eraseServed: "DELETE FROM served WHERE customer_id = ?",
    eraseOutcomes: "DELETE FROM outcomes WHERE customer_id = ?",
    eraseExposures: "DELETE FROM exposures WHERE customer_id = ?",
  } as const;
  const entries = Object.entries(statements).map(([name, text]) => [name, database.prepare(text)]);
  return Object.fromEntries(entries) as Record<keyof typeof statements, ReturnType<Database["prepare"]>>;
}
