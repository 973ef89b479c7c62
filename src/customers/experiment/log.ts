import type { Database } from "../../duckdb.ts";
import type { Crm } from "../crm.ts";
import { type Candidate, candidateNames, candidateOf, mergeColumn } from "../source/candidates.ts";
import { emptySource } from "../source/csv.ts";
import { truthOf } from "../source/features.ts";
import { noteRejectedLines, type RejectedLines } from "../source/rejects.ts";
import { requestedNames } from "../source/request.ts";
import {
  findColumn,
  numberOf,
  requireColumn,
  rowNumberOf,
  type Scan,
  type ScanColumn,
  textOf,
} from "../source/scan.ts";
import { type ExperimentMapping, type ExperimentOptions, OUTCOME_NAMES } from "./options.ts";

export interface ExperimentLog {
  readonly relation: string;
  readonly isJoined: boolean;
  readonly candidates: readonly Candidate[];
  readonly rejected: readonly RejectedLines[];
  readonly rows: number;
  readonly has: { readonly value: boolean; readonly propensity: boolean };
}

/** Creates the view `log` (file, row, id, arm, outcome, value, propensity, propensity_given, e0, e1, ...). */
export async function openLog(
  database: Database,
  scans: readonly Scan[],
  crm: Crm | null,
  options: ExperimentOptions,
): Promise<ExperimentLog> {
  const roles = scans.map((scan) => findRoles(scan, options.mapping ?? {}, crm !== null));
  const taken = new Set(roles.flatMap((role) => Object.values(role).map((column) => column?.name ?? "")));
  const asked = new Set(requestedNames(options.features) ?? []);
  const isLeft = (name: string) =>
    !asked.has(name) &&
    (taken.has(name) ||
      name === "shown_at" ||
      name === "customer_id" ||
      OUTCOME_NAMES.has(name.toLowerCase()));
  const own = candidateNames(scans, new Set())
    .filter((name) => !isLeft(name))
    .map((name, i) => mergeColumn(scans, name, `e${i}`));
  const names = new Set(own.map((candidate) => candidate.name));
  const joined = (crm?.candidates ?? []).filter(({ name }) => !names.has(name) && !isLeft(name));
  const relation = (isChecked: boolean) =>
    scans.map((scan, file) => selectFile(scan, file, roles[file], own, isChecked)).join(" UNION ALL ");
  const [count] = await database.all(
    `SELECT count(*) AS rows, count(COLUMNS(* EXCLUDE (file))) FROM (${relation(true)})`,
  );
  const rejected = await noteRejectedLines(
    database,
    scans.flatMap((scan) => scan.files),
  );
  const rows = Number(count?.rows ?? 0);
  if (rows === 0) throw emptySource(scans[0]?.files[0]?.name ?? "the experiment log");
  await database.run(`CREATE VIEW log AS ${relation(false)}`);
  const isJoined = crm !== null && joined.length > 0;
  const shared = joined.map((candidate) => `c.${candidate.sql}`).join(", ");
  return {
    relation: isJoined ? `(SELECT l.*, ${shared} FROM log l LEFT JOIN crm_first c ON c.id = l.id)` : "log",
    isJoined,
    candidates: [...own, ...joined],
    rejected,
    rows,
    has: {
      value: roles.some((role) => role.value !== null),
      propensity: roles.some((role) => role.propensity !== null),
    },
  };
}

type RoleColumns = Readonly<Record<keyof ExperimentMapping, ScanColumn | null>>;

function findRoles(scan: Scan, mapping: ExperimentMapping, needsId: boolean): RoleColumns {
  const required = (role: keyof ExperimentMapping, name: string) =>
    requireColumn(scan, mapping[role] ?? name, role);
  const optional = (role: keyof ExperimentMapping) =>
    mapping[role] === undefined ? findColumn(scan, role) : required(role, role);
  return {
    treatment: required("treatment", "offer_id"),
    outcome: required("outcome", "converted"),
    customer_id: needsId ? required("customer_id", "customer_id") : optional("customer_id"),
    value: optional("value"),
    propensity: optional("propensity"),
  };
}

function selectFile(
  scan: Scan,
  file: number,
  roles: RoleColumns | undefined,
  candidates: readonly Candidate[],
  isChecked: boolean,
): string {
  const text = (column: ScanColumn | null | undefined) => (column ? textOf(column) : "NULL::VARCHAR");
  const number = (column: ScanColumn | null | undefined) => (column ? numberOf(column) : "NULL::DOUBLE");
  const columns = [
    `${file} AS file`,
    "row",
    `${text(roles?.customer_id)} AS id`,
    `${text(roles?.treatment)} AS arm`,
    `coalesce(${number(roles?.outcome)}, ${truthOf(text(roles?.outcome))}) AS outcome`,
    `${number(roles?.value)} AS value`,
    `${number(roles?.propensity)} AS propensity`,
    `${text(roles?.propensity)} IS NOT NULL AS propensity_given`,
    ...candidates.map((candidate) => candidateOf(scan, candidate)),
  ];
  const source = isChecked ? scan.checkedRelation : scan.relation;
  return `SELECT ${columns.join(", ")} FROM (SELECT *, ${rowNumberOf(scan)} AS row FROM ${source})`;
}
