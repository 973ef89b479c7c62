import type { Database } from "../../io/duckdb/index.ts";
import { openScans, type SourceFile } from "../../tables/index.ts";
import { eventColumns } from "../logs/selection.ts";
import { findLogTables, type MessageMapping } from "../logs/tables.ts";
import { collectMonths } from "./months.ts";
import { addPeople } from "./people.ts";
import type { NetworkReading } from "./types.ts";

export interface JoinedNetwork {
  /** All people who consent to the purpose `network` at this moment. */
  readonly people: Iterable<string>;
  readonly messages: readonly SourceFile[];
  readonly messageMapping: MessageMapping | undefined;
  readonly startSeconds: number;
}

/**
 * Builds the months of ties from the view `calls` of `openEvents` and from messages. Afterwards the summaries
 * of the logs have the columns of `featuresAt`.
 */
export async function joinNetwork(
  database: Database,
  { people, messages, messageMapping, startSeconds }: JoinedNetwork,
): Promise<Pick<NetworkReading, "read" | "used" | "dropped">> {
  await addPeople(database, people);
  const scans = await openScans(database, messages);
  const logs = { calls: [], callMapping: {}, usage: [], usageMapping: {} };
  const tables = await findLogTables(database, { ...logs, messages: scans, messageMapping, startSeconds });
  const [caller] = await database.describe("SELECT caller FROM calls");
  const ids = caller?.type === "BIGINT" && tables.length === 0 ? "BIGINT" : "VARCHAR";
  const written = tables.map(
    (table) =>
      ` UNION ALL SELECT caller, callee, moment, seconds, true FROM (SELECT ${eventColumns(table, { startSeconds, ids })} FROM ${table.scan.checkedRelation})`,
  );
  const events = `SELECT caller::${ids} AS caller, callee::${ids} AS callee, moment, seconds, false AS is_message FROM calls${written.join("")}`;
  return collectMonths(database, events, { ids, window: {} });
}
