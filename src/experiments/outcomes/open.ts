import { type Database, type DatabaseResources, openDatabase } from "../../io/duckdb/index.ts";
import {
  findFiles,
  openScans,
  type RowLedger,
  type SourceFile,
  warnOfIds,
  withReadableText,
} from "../../tables/index.ts";
import type { Vault } from "../../trust/index.ts";
import { type OutcomeForm, type OutcomeRows, openEvents, settleUnits } from "./events.ts";
import { openRecordedEvents } from "./recorded.ts";
import { loadUnits, type Units } from "./units.ts";

export interface OpenOutcomesOptions {
  /** Output folders of finished runs, in the order in which their customers entered. */
  readonly runs: readonly string[];
  /**
   * CSV or Parquet: `customer_id, at, converted, value, shown_at`; null: the records of `lookalike serve` in
   * the runs.
   */
  readonly outcomes: string | readonly string[] | null;
  /** Time of the evaluation: later outcomes are ignored. */
  readonly at: Date;
  readonly vault?: Vault | null | undefined;
  readonly resources?: DatabaseResources | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Called with the report on the outcomes' rows. */
  readonly onRows?: ((rows: OutcomeRows) => void) | undefined;
}

/** Decisions joined with outcomes: table `results`, one row per customer. `close()` the database. */
export interface OpenOutcomes {
  readonly database: Database;
  readonly units: Units;
  readonly form: OutcomeForm;
  readonly rows: OutcomeRows;
}

/**
 * @param more other tables to open
 * @param prepare adds columns to the table `units` before outcomes are joined
 */
export async function openOutcomes(
  { runs, outcomes, at, vault = null, resources, signal, onRows }: OpenOutcomesOptions,
  more: readonly SourceFile[] = [],
  prepare: (database: Database) => Promise<void> = async () => {},
): Promise<OpenOutcomes> {
  const files = outcomes === null ? [] : await findFiles(outcomes);
  const paths = [...files, ...more].map(({ path }) => path);
  const database = await openDatabase({ ...resources, files: paths, signal });
  try {
    const units = await loadUnits(database, runs, vault);
    await prepare(database);
    return await withReadableText(database, files, async (readable) => {
      const form =
        outcomes === null
          ? await openRecordedEvents(database, runs, vault)
          : await openEvents(database, await openScans(database, readable));
      const { windowDays } = units.design;
      const settled = await settleUnits(database, { look: at.getTime() / 1000, windowDays });
      if (outcomes !== null) await reportRows(database, settled, form.ledger);
      const rows = { ...settled, report: form.ledger.report };
      onRows?.(rows);
      return { database, units, form, rows };
    });
  } catch (error) {
    await database.close();
    throw error;
  }
}

/**
 * Unusable rows are rejected like those of any table, and customers without a decision are reported in a
 * warning.
 */
async function reportRows(
  database: Database,
  { invalid, undated }: Pick<OutcomeRows, "invalid" | "undated">,
  ledger: RowLedger,
): Promise<void> {
  ledger.refuseMany("ERR_ROW_VALUE_INVALID", invalid);
  ledger.refuseMany("ERR_ROW_DATE_INVALID", undated);
  ledger.warn(
    await warnOfIds(database, {
      ...{ table: "events", in: "units", what: "the customers of the outcomes", where: "the runs" },
      names: ["the outcomes", "the runs"],
    }),
  );
}
