import type { Database } from "../io/duckdb/index.ts";
import type { ColumnWarning } from "./types.ts";

/** Ids of one table that are looked up in another. */
export interface Meeting {
  /** Tables with a column `id`. */
  readonly table: string;
  readonly in: string;
  readonly what: string;
  readonly where: string;
  readonly names: readonly [table: string, in_: string];
}

/** Below this share, missing ids are not the effect of sampling: the ids have different forms. */
const MIN_COVERAGE = 0.5;

/** A warning if few ids of one table occur in another, with the share and the form of both. */
export async function warnOfIds(database: Database, meeting: Meeting): Promise<ColumnWarning[]> {
  const [found] = await database.all(`SELECT count(*)::DOUBLE AS ids, count(o.id)::DOUBLE AS met,
      any_value(t.id) FILTER (o.id IS NULL) AS lost, (SELECT any_value(id) FROM ${meeting.in}) AS other
    FROM (SELECT DISTINCT id FROM ${meeting.table} WHERE id IS NOT NULL) t
    LEFT JOIN (SELECT DISTINCT id FROM ${meeting.in} WHERE id IS NOT NULL) o ON o.id = t.id`);
  const [ids, met] = [Number(found?.ids ?? 0), Number(found?.met ?? 0)];
  if (ids === 0 || met >= MIN_COVERAGE * ids) return [];
  const percent = Math.round((100 * met) / ids);
  const forms = describeForms([String(found?.lost ?? ""), String(found?.other ?? "")], meeting.names);
  const message = `Expected ${meeting.what} in ${meeting.where} but received ${met} of ${ids} of them (${percent} %)${forms}`;
  return [{ column: "customer_id", cells: ids - met, message }];
}

/** The form of two ids, digits as 0 and letters as A: the ids themselves are not shown. */
function describeForms([id, other]: readonly [string, string], [table, in_]: Meeting["names"]): string {
  const form = (text: string) => text.slice(0, 24).replace(/\d/g, "0").replace(/\p{L}/gu, "A");
  if (id === "" || other === "") return "";
  const [own, theirs] = [form(id), form(other)];
  if (own === theirs) return "; the others are of other customers";
  return `: ids of ${table} are written as ${JSON.stringify(own)}, those of ${in_} as ${JSON.stringify(theirs)}; use one format in both`;
}
