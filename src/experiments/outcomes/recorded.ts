import { type Column, categoryColumn, numberColumn } from "../../core/index.ts";
import { hasRecords, openRecords } from "../../handover/index.ts";
import type { Database } from "../../io/duckdb/index.ts";
import { openLedger, type RowLedger } from "../../tables/index.ts";
import type { Vault } from "../../trust/index.ts";
import type { OutcomeForm } from "./events.ts";

/** Rows per insertion. */
const BATCH = 50_000;

interface Row {
  readonly id: string;
  readonly at: Date | null;
  readonly converted: boolean | null;
  readonly value: number | null;
  readonly shownAt: Date | null;
}

/**
 * The outcomes and exposures that `lookalike serve` recorded in the runs, as the view `events` of an outcomes file. An
 * exposure is a row without an outcome.
 *
 * @throws ERR_STORE_CORRUPT, ERR_KEY_REQUIRED, ERR_KEY_WRONG
 */
export async function openRecordedEvents(
  database: Database,
  runs: readonly string[],
  vault: Vault | null,
): Promise<OutcomeForm & { ledger: RowLedger }> {
  await database.run(
    'CREATE TABLE recorded (id VARCHAR, "at" DOUBLE, converted DOUBLE, value DOUBLE, shown_at DOUBLE)',
  );
  const ledger = openLedger();
  const form = { isComplete: false, hasValue: false, hasShownAt: false };
  let batch: Row[] = [];
  const flush = async () => {
    if (batch.length === 0) return;
    ledger.count(batch.length);
    await database.insert("recorded_batch", tableOf(batch));
    await database.run("INSERT INTO recorded SELECT * FROM recorded_batch");
    batch = [];
  };
  for (const run of runs.filter(hasRecords)) {
    const records = openRecords(run, { vault });
    try {
      for (const row of rowsOf(records)) {
        if (row.converted === false) form.isComplete = true;
        if (row.value !== null) form.hasValue = true;
        if (row.shownAt !== null) form.hasShownAt = true;
        if (batch.push(row) === BATCH) await flush();
      }
    } finally {
      records.close();
    }
  }
  await flush();
  await database.run("DROP TABLE IF EXISTS recorded_batch");
  await database.run(
    `CREATE OR REPLACE VIEW events AS SELECT id, "at", converted::INTEGER AS converted, coalesce(value, 0) AS value,
       shown_at, false AS is_undated FROM recorded`,
  );
  return { ...form, ledger };
}

function* rowsOf(records: ReturnType<typeof openRecords>): Generator<Row> {
  for (const { customerId: id, at, converted, value } of records.outcomes()) {
    yield { id, at, converted, value, shownAt: null };
  }
  for (const { customerId: id, at } of records.exposures()) {
    yield { id, at: null, converted: null, value: null, shownAt: at };
  }
}

function tableOf(batch: readonly Row[]) {
  const seconds = (at: Date | null) => (at === null ? null : at.getTime() / 1000);
  const converted = (row: Row) => (row.converted === null ? null : Number(row.converted));
  const columns = new Map<string, Column>([
    ["id", categoryColumn(batch.map(({ id }) => id))],
    ["at", numberColumn(batch.map(({ at }) => seconds(at)))],
    ["converted", numberColumn(batch.map(converted))],
    ["value", numberColumn(batch.map(({ value }) => value))],
    ["shown_at", numberColumn(batch.map(({ shownAt }) => seconds(shownAt)))],
  ]);
  return { rows: batch.length, columns };
}
