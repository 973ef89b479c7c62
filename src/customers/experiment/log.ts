import type { Database } from "../../io/duckdb/index.ts";
import type { ColumnWarning } from "../../tables/index.ts";
import {
  type Candidate,
  candidateNames,
  candidateOf,
  emptySource,
  findTimeForm,
  idOf,
  instantOf,
  mergeColumn,
  noteRejectedLines,
  numberOf,
  optionalColumn,
  type RejectedLines,
  requestedNames,
  requireColumn,
  rowNumberOf,
  type Scan,
  type ScanColumn,
  textOf,
  truthOf,
  warnOfIds,
} from "../../tables/index.ts";
import { CUSTOMERS_OF_EXPERIMENT } from "../coverage.ts";
import type { Crm } from "../crm.ts";
import { summariseAt } from "../logs/as-of.ts";
import { armOf } from "./arms.ts";
import { clusterLog } from "./clusters.ts";
import { type ExperimentOptions, OUTCOME_NAMES } from "./options.ts";
import {
  checkAllIds,
  type FileTally,
  findRoles,
  type Marks,
  type NUMBER_ROLES,
  type RoleColumns,
  tallyFile,
} from "./roles.ts";

export interface ExperimentLog {
  readonly relation: string;
  readonly isJoined: boolean;
  readonly candidates: readonly Candidate[];
  /** Columns of the log that came after the treatment, by their names. */
  readonly left: readonly string[];
  readonly rejected: readonly RejectedLines[];
  readonly warnings: readonly ColumnWarning[];
  readonly rows: number;
  /** An empty propensity column is ignored. */
  readonly has: { readonly value: boolean; readonly propensity: boolean; readonly clusters: boolean };
}

/** Other sources of data on the customers. */
export interface Surroundings {
  readonly crm: Crm | null;
  /** Features from the call and usage logs; null: none. */
  readonly logs: { readonly names: readonly string[]; readonly startSeconds: number } | null;
}

/** Creates the view `log` (file, row, id, cluster, arm, outcome, value, propensity, shown_at, e0, e1, ...). */
export async function openLog(
  database: Database,
  scans: readonly Scan[],
  { crm: known, logs }: Surroundings,
  options: ExperimentOptions,
): Promise<ExperimentLog> {
  const roles = scans.map((scan) => findRoles(scan, options.mapping ?? {}));
  await checkAllIds(database, scans, roles);
  // The CRM is joined only if every file of the log has customers' ids; otherwise the log's own columns are
  // used.
  const crm = roles.every((role) => role.customer_id !== null) ? known : null;
  const taken = new Set(roles.flatMap((role) => Object.values(role).map((column) => column?.name ?? "")));
  const requested = new Set(requestedNames(options.features) ?? []);
  const isLeft = (name: string) =>
    !requested.has(name) &&
    (taken.has(name) || name === SHOWN_AT || name === "customer_id" || OUTCOME_NAMES.has(name.toLowerCase()));
  const own = candidateNames(scans, new Set())
    .filter((name) => !isLeft(name))
    .map((name, i) => mergeColumn(scans, name, `e${i}`));
  if (known !== null && crm === null && own.length === 0) requireIds(scans);
  const names = new Set(own.map((candidate) => candidate.name));
  const others = (crm?.candidates ?? []).filter(({ name }) => !names.has(name) && !isLeft(name));
  const tallies: FileTally[] = [];
  for (const [file, scan] of scans.entries()) tallies.push(await tallyFile(database, scan, roles[file]));
  const rejected = await noteRejectedLines(database, scans);
  const rows = tallies.reduce((sum, tally) => sum + tally.rows, 0);
  if (rows === 0) throw emptySource(scans[0]?.files[0]?.name ?? "the experiment log");
  const selected: string[] = [];
  for (const [file, scan] of scans.entries()) {
    const shownAt = logs === null ? null : await findShownAt(database, scan, logs.startSeconds);
    const marks = tallies[file]?.marks;
    selected.push(selectFile(scan, { file, roles: roles[file], candidates: own, marks, shownAt }));
  }
  await database.run(`CREATE VIEW log AS ${selected.join(" UNION ALL ")}`);
  const isKnownThen = logs !== null && scans.every((scan) => optionalColumn(scan, SHOWN_AT) !== null);
  const wanted = (name: string) =>
    !names.has(name) && (requested.has(name) || others.some((candidate) => candidate.name === name));
  const then = isKnownThen && logs.names.some(wanted) ? await knownThen(database, wanted) : [];
  const joined = others.filter(({ name }) => !then.some((candidate) => candidate.name === name));
  const joint = joinLog(joined, then);
  const candidates = [...own, ...then, ...joined];
  const clusters = await clusterLog(database, joint, { mapping: options.mapping ?? {}, candidates });
  return {
    relation: clusters.relation,
    isJoined: clusters.relation !== LOG,
    warnings: [
      ...clusters.warnings,
      ...(known !== null && crm === null ? [withoutIds(rows)] : []),
      ...(joined.length > 0 ? await warnOfIds(database, CUSTOMERS_OF_EXPERIMENT) : []),
    ],
    left: candidateNames(scans, new Set()).filter(
      (name) => !requested.has(name) && !taken.has(name) && OUTCOME_NAMES.has(name.toLowerCase()),
    ),
    candidates: candidates.filter(({ name }) => requested.has(name) || name !== clusters.assignedBy),
    rejected,
    rows,
    has: {
      value: roles.some((role) => role.value !== null),
      propensity: tallies.some(({ propensities }) => propensities > 0),
      clusters: clusters.any,
    },
  };
}

const LOG = "log";

/** The log joined with the customers' columns and the other logs' features at that time. */
function joinLog(joined: readonly Candidate[], then: readonly Candidate[]): string {
  const joins = [
    ...(joined.length > 0 ? ["LEFT JOIN crm_first c ON c.id = l.id"] : []),
    ...(then.length > 0 ? [`LEFT JOIN shown_features x ON x.number = ${MOMENT}`] : []),
  ];
  if (joins.length === 0) return LOG;
  const columns = ["l.*", ...joined.map(({ sql }) => `c.${sql}`), ...then.map(({ sql }) => `x.${sql}`)];
  return `(SELECT ${columns.join(", ")} FROM log l ${joins.join(" ")})`;
}

/** Column with the time of an offer. With it, the call logs' features at that time can be used. */
const SHOWN_AT = "shown_at";
/** SQL of a number that identifies a row of the log. */
const MOMENT = "(l.file::BIGINT * 4294967296 + l.row::BIGINT)";

/**
 * Creates `shown_features`: the wanted features of the call and usage logs at the time each offer was shown.
 */
async function knownThen(database: Database, wanted: (name: string) => boolean): Promise<Candidate[]> {
  const { columns } = await summariseAt(database, {
    table: "shown_features",
    requested: `SELECT m.caller, m.number, m.moment, s.number AS spell FROM (
        SELECT e.caller, ${MOMENT} AS number, l.shown_at AS moment FROM log l
        JOIN (SELECT DISTINCT caller FROM calls UNION SELECT DISTINCT caller FROM usage) e ON e.caller::VARCHAR = l.id
        WHERE l.shown_at IS NOT NULL
      ) m ASOF LEFT JOIN spells s ON s.caller = m.caller AND s.since <= m.moment`,
    areEnds: false,
  });
  return columns.flatMap(({ name, kind }, i) =>
    wanted(name) ? [{ name, sql: `s${i}`, storedAs: kind === "maker" ? "text" : "number" } as const] : [],
  );
}

interface FileSelection {
  readonly file: number;
  readonly roles: RoleColumns | undefined;
  readonly candidates: readonly Candidate[];
  readonly marks: Marks | undefined;
  /** SQL of the time of the offer; null: not needed. */
  readonly shownAt: string | null;
}

async function findShownAt(database: Database, scan: Scan, startSeconds: number): Promise<string | null> {
  const column = optionalColumn(scan, SHOWN_AT);
  return (
    column &&
    instantOf(
      column,
      await findTimeForm(database, scan, column, { hasStart: startSeconds !== 0 }),
      startSeconds,
    )
  );
}

function selectFile(scan: Scan, { file, roles, candidates, marks, shownAt }: FileSelection): string {
  const text = (column: ScanColumn | null | undefined) => (column ? textOf(column) : "NULL::VARCHAR");
  const number = (role: (typeof NUMBER_ROLES)[number]) => {
    const column = roles?.[role];
    return column ? numberOf(column, marks?.[role]) : "NULL::DOUBLE";
  };
  const columns = [
    `${file} AS file`,
    "row",
    `${roles?.customer_id ? idOf(roles.customer_id) : "NULL::VARCHAR"} AS id`,
    `${roles?.cluster ? idOf(roles.cluster) : "NULL::VARCHAR"} AS cluster`,
    `${armOf(text(roles?.treatment))} AS arm`,
    `coalesce(${number("outcome")}, ${truthOf(text(roles?.outcome))}) AS outcome`,
    `${number("value")} AS value`,
    `${number("propensity")} AS propensity`,
    `${shownAt ?? "NULL::TIMESTAMP"} AS shown_at`,
    ...candidates.map((candidate) => candidateOf(scan, candidate)),
  ];
  return `SELECT ${columns.join(", ")} FROM (SELECT *, ${rowNumberOf(scan)} AS row FROM ${scan.relation})`;
}

function requireIds(scans: readonly Scan[]): void {
  for (const scan of scans) requireColumn(scan, "customer_id", "customer_id");
}

function withoutIds(rows: number): ColumnWarning {
  return {
    column: "customer_id",
    cells: rows,
    message: "the experiment log has no column customer_id: its own columns are used, the customers' are not",
  };
}
