import type { Database } from "../../io/duckdb/index.ts";
import {
  checkIds,
  type DecimalMark,
  readTally,
  requireColumn,
  roleColumn,
  type Scan,
  type ScanColumn,
  tallyColumns,
  textOf,
} from "../../tables/index.ts";
import type { ExperimentMapping } from "./options.ts";

/** The column of each role in a log's files. */

export type RoleColumns = Readonly<Record<keyof ExperimentMapping, ScanColumn | null>>;

export function findRoles(scan: Scan, mapping: ExperimentMapping): RoleColumns {
  const required = (role: keyof ExperimentMapping, name: string) =>
    requireColumn(scan, mapping[role] ?? name, role);
  const optional = (role: keyof ExperimentMapping) => roleColumn(scan, role, mapping[role]);
  return {
    treatment: required("treatment", "offer_id"),
    outcome: required("outcome", "converted"),
    customer_id: optional("customer_id"),
    value: optional("value"),
    propensity: optional("propensity"),
    // Only by name: many CRMs call their segments clusters.
    cluster: mapping.cluster === undefined ? null : required("cluster", "cluster"),
  };
}

export const NUMBER_ROLES = ["outcome", "value", "propensity"] as const;
export type Marks = Readonly<Partial<Record<keyof ExperimentMapping, DecimalMark>>>;

export interface FileTally {
  readonly rows: number;
  /** Rows with a propensity. */
  readonly propensities: number;
  /** How the file writes its numbers. */
  readonly marks: Marks;
}

/** Reads a file to its end, which also reports its unreadable lines. */
export async function tallyFile(
  database: Database,
  scan: Scan,
  roles: RoleColumns | undefined,
): Promise<FileTally> {
  const columns = NUMBER_ROLES.flatMap((role) => {
    const column = roles?.[role];
    return column?.storedAs === "text" ? tallyColumns(textOf(column), role) : [];
  });
  const given = roles?.propensity ? `count(${textOf(roles.propensity)})` : "0";
  const counts = ["count(*) AS rows", "count(COLUMNS(*))", `${given} AS propensities`, ...columns];
  const [found = {}] = await database.all(`SELECT ${counts.join(", ")} FROM ${scan.checkedRelation}`);
  const marks = Object.fromEntries(NUMBER_ROLES.map((role) => [role, readTally(found, role).mark]));
  return { rows: Number(found.rows ?? 0), propensities: Number(found.propensities ?? 0), marks };
}

export async function checkAllIds(
  database: Database,
  scans: readonly Scan[],
  roles: readonly RoleColumns[],
): Promise<void> {
  for (const [file, scan] of scans.entries()) {
    const id = roles[file]?.customer_id ?? null;
    if (id !== null) await checkIds(database, scan, id);
  }
}
