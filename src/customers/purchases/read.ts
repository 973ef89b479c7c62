import { openDatabase } from "../../io/duckdb/index.ts";
import {
  findFiles,
  openFileScans,
  type RowReport,
  type TableSource,
  withReadableText,
} from "../../tables/index.ts";
import type { TransitionTable } from "../types.ts";
import { openPanel, type PurchaseMapping } from "./open.ts";
import { collectTransitions } from "./transitions.ts";

/** Purchases as transitions, with the report on the rows. */
export interface PurchaseTable extends TransitionTable {
  readonly report: RowReport;
}

/**
 * Reads a panel of purchases, one row each, as transitions: every purchase except a customer's first, with
 * the product bought before it as the current one. Features are the row's other columns (prices and
 * promotions at that time) and those of the earlier purchases: `past X`, the share of each product among
 * them, `purchases before` and `days since`.
 *
 * @throws ERR_SOURCE_NOT_FOUND, ERR_SOURCE_UNREADABLE, ERR_COLUMN_MISSING
 * @throws ERR_TRANSITIONS_EMPTY no customer bought twice
 * @throws ERR_OPTION_INVALID more than 50 products
 */
export async function readPurchases(
  source: TableSource,
  {
    mapping = {},
    signal,
  }: {
    readonly mapping?: PurchaseMapping | undefined;
    readonly signal?: AbortSignal | undefined;
  } = {},
): Promise<PurchaseTable> {
  const files = await findFiles(source);
  const database = await openDatabase({ files: files.map(({ path }) => path), threads: 2, memoryMb: 1024 });
  try {
    return await withReadableText(database, files, async (read) => {
      const scans = await openFileScans(database, read);
      const panel = await openPanel(database, scans, { mapping, signal });
      return { ...(await collectTransitions(database, panel, signal)), report: panel.ledger.report };
    });
  } finally {
    await database.close();
  }
}
