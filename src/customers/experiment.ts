import type { Database, RowBatch } from "../duckdb.ts";
import { type ErrorCode, expected, LookalikeError } from "../errors.ts";
import type { Column, Table } from "../table.ts";
import { codesOf, createTableBuilder, numbersOf, pickTable } from "./builder.ts";
import type { Crm } from "./crm.ts";
import { openLedger, type RowLedger } from "./report.ts";
import {
  type Candidate,
  candidateNames,
  candidateOf,
  mergeColumn,
  pickCandidates,
} from "./source/candidates.ts";
import { emptySource } from "./source/csv.ts";
import { chooseFeatures, truthOf } from "./source/features.ts";
import { noteRejectedLines, type RejectedLines } from "./source/rejects.ts";
import { type FeatureRequest, requestedNames } from "./source/request.ts";
import {
  findColumn,
  numberOf,
  requireColumn,
  rowNumberOf,
  type Scan,
  type ScanColumn,
  textOf,
} from "./source/scan.ts";
import type { ExperimentTable } from "./types.ts";

/** Which column holds what; the defaults are the words of the experiment log. */
export interface ExperimentMapping {
  /** What was shown; default `offer_id`. */
  readonly treatment?: string | undefined;
  /** What came of it: a number, or true/false; default `converted`. */
  readonly outcome?: string | undefined;
  /** Needed only to join the CRM; default `customer_id`. */
  readonly customer_id?: string | undefined;
  /** Default `value`, where there is such a column. */
  readonly value?: string | undefined;
  /** Default `propensity`, where there is such a column. */
  readonly propensity?: string | undefined;
}

export interface ExperimentOptions {
  readonly mapping?: ExperimentMapping | undefined;
  /** What the treatment column says of those who were shown nothing; default `none`. */
  readonly control?: string | undefined;
  /** The known arms besides the control; rows of others are refused. Default: every arm in the log. */
  readonly offers?: readonly string[] | undefined;
  /**
   * Default: every column of the log and the CRM but the ids, `shown_at`, the mapped ones, those with a name of
   * `OUTCOME_NAMES` (what came after the treatment must not explain it), photo and consent, and texts with over
   * 1,000 labels.
   */
  readonly features?: FeatureRequest | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Columns that tell what happened after the offer was shown; never features unless they are asked for by name. */
export const OUTCOME_NAMES: ReadonlySet<string> = new Set(
  (
    "converted conversion conversions visit visited visits spend spent revenue value sale sales purchase purchases " +
    "purchased order orders profit margin_earned click clicked clicks open opened exposure exposed outcome response"
  ).split(" "),
);

/**
 * A past campaign's log in columns, joined with the CRM where there is one.
 *
 * @throws ERR_COLUMN_MISSING, ERR_SOURCE_EMPTY, ERR_ARM_EMPTY, ERR_ABORTED
 */
export async function readExperimentLog(
  database: Database,
  scans: readonly Scan[],
  crm: Crm | null,
  options: ExperimentOptions,
): Promise<ExperimentTable> {
  const log = await openLog(database, scans, crm, options);
  const source = scans[0]?.files[0]?.name ?? "the experiment log";
  const candidates = pickCandidates(log.candidates, options.features, source);
  const features = await chooseFeatures(database, log.relation, candidates, options.features);
  const arms = await findArms(database, options.control ?? "none", options.offers);
  const ledger = openLedger();
  for (const lines of log.rejected) lines.report(ledger);
  const gate: Gate = { scans, log, arms, ledger, names: features.names };
  const columns = [
    "file, row, arm::arm AS arm, outcome, value, propensity, propensity_given",
    `${features.firstBad ?? "NULL::INTEGER"} AS bad`,
    ...features.select,
  ];
  const sql = `SELECT ${columns.join(", ")} FROM ${log.relation} ${log.isJoined ? "ORDER BY file, row" : ""}`;
  const own = createTableBuilder(log.rows);
  const table = createTableBuilder(log.rows);
  for await (const batch of database.stream(sql, [], options.signal)) {
    ledger.count(batch.rows);
    const kept = acceptRows(batch, gate);
    own.append(pickTable({ rows: batch.rows, columns: readOwn(batch, arms) }, kept));
    table.append(pickTable({ rows: batch.rows, columns: features.read(batch) }, kept));
  }
  return toExperiment(own.finish(), table.finish(), gate);
}

interface Log {
  readonly relation: string;
  readonly isJoined: boolean;
  readonly candidates: readonly Candidate[];
  readonly rejected: readonly RejectedLines[];
  readonly rows: number;
  readonly has: { readonly value: boolean; readonly propensity: boolean };
}

/** Creates the view `log` (file, row, id, arm, outcome, value, propensity, propensity_given, e0, e1, ...). */
async function openLog(
  database: Database,
  scans: readonly Scan[],
  crm: Crm | null,
  options: ExperimentOptions,
): Promise<Log> {
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

interface Arms {
  /** Control first. */
  readonly labels: readonly string[];
  /** From the database's code to the index in `labels`; -1: refused. */
  readonly indexOf: Int32Array;
}

/** A column with more values than this is no treatment. */
const MAX_ARMS = 1000;

async function findArms(
  database: Database,
  control: string,
  offers: readonly string[] | undefined,
): Promise<Arms> {
  const found = await database.all(
    `SELECT DISTINCT arm FROM log WHERE arm IS NOT NULL ORDER BY arm LIMIT ${MAX_ARMS + 1}`,
  );
  const present = found.map((row) => String(row.arm));
  if (present.length > MAX_ARMS) {
    throw new LookalikeError(
      "ERR_OPTION_INVALID",
      `Expected a column of at most ${MAX_ARMS} different offers for treatment but received more`,
      { hint: "Name the column that says what was shown, not one of ids." },
    );
  }
  if (!present.includes(control)) {
    throw new LookalikeError(
      "ERR_ARM_EMPTY",
      `Expected rows of the control ${JSON.stringify(control)} but received ${present.slice(0, 20).join(", ") || "none"}`,
      { hint: "Name the control as the log calls it." },
    );
  }
  await database.run(
    "CREATE TYPE arm AS ENUM (SELECT DISTINCT arm FROM log WHERE arm IS NOT NULL ORDER BY arm)",
  );
  const known = offers === undefined ? null : new Set(offers);
  const others = present.filter((arm) => arm !== control && (known === null || known.has(arm)));
  const labels = [control, ...others];
  return { labels, indexOf: Int32Array.from(present, (arm) => labels.indexOf(arm)) };
}

interface Gate {
  readonly scans: readonly Scan[];
  readonly log: Log;
  readonly arms: Arms;
  readonly ledger: RowLedger;
  readonly names: readonly string[];
}

/** Indices of the rows that can be learned from; the others go to the ledger. */
function acceptRows(batch: RowBatch, gate: Gate): number[] {
  const { codes, labels } = batch.codes("arm");
  const outcome = batch.numbers("outcome");
  const propensity = batch.numbers("propensity");
  const given = batch.numbers("propensity_given");
  const bad = batch.numbers("bad");
  const [files, numbers] = [batch.numbers("file"), batch.numbers("row")];
  const kept: number[] = [];
  for (let i = 0; i < batch.rows; i++) {
    const problem = findProblem(i);
    if (problem === null) {
      kept.push(i);
      continue;
    }
    const file = files[i] ?? 0;
    const source = gate.scans[file]?.files[0]?.name ?? "";
    const parsed = numbers[i] ?? 0;
    const row = gate.scans[file]?.hasFileRow ? parsed : (gate.log.rejected[file]?.rowOf(parsed) ?? parsed);
    gate.ledger.refuse({ source, row, code: problem[0], message: `${problem[1]} (row ${row} of ${source})` });
  }
  return kept;

  function findProblem(i: number): readonly [ErrorCode, string] | null {
    const code = codes[i] ?? -1;
    if (code < 0) return ["ERR_ROW_ARM_UNKNOWN", "Expected what was shown but received nothing"];
    if ((gate.arms.indexOf[code] ?? -1) < 0) {
      return ["ERR_ROW_ARM_UNKNOWN", expected("a known offer", "treatment", labels[code])];
    }
    if (Number.isNaN(outcome[i])) {
      return ["ERR_ROW_VALUE_INVALID", "Expected a number for the outcome but received none or text"];
    }
    const share = propensity[i] ?? Number.NaN;
    if (given[i] === 1 && !(share > 0 && share <= 1)) {
      return ["ERR_ROW_VALUE_INVALID", expected("a number in (0, 1]", "propensity", share)];
    }
    const column = bad[i] ?? Number.NaN;
    if (Number.isNaN(column)) return null;
    return ["ERR_ROW_VALUE_INVALID", `Expected a number for ${gate.names[column]} but received text`];
  }
}

function readOwn(batch: RowBatch, arms: Arms): Map<string, Column> {
  const { codes } = batch.codes("arm");
  const number = (name: string): [string, Column] => [name, { kind: "number", values: batch.numbers(name) }];
  const column: Column = {
    kind: "category",
    codes: codes.map((code) => arms.indexOf[code] ?? -1),
    labels: arms.labels,
  };
  return new Map([["arm", column], number("outcome"), number("value"), number("propensity")]);
}

function toExperiment(own: Table, features: Table, gate: Gate): ExperimentTable {
  const { labels } = gate.arms;
  const codes = codesOf(own, "arm");
  const isSeen = labels.map(() => false);
  for (const code of codes) isSeen[code] = true;
  if (isSeen[0] !== true || !isSeen.includes(true, 1)) {
    throw new LookalikeError(
      "ERR_ARM_EMPTY",
      `Expected rows of the control and of an offer but received ${labels.filter((_, i) => isSeen[i]).join(", ") || "none"}`,
      { hint: "Give a log with rows that were shown nothing and rows that were shown an offer." },
    );
  }
  const newIndex = Int32Array.from(labels, (_, i) => isSeen.slice(0, i).filter(Boolean).length);
  return {
    rows: own.rows,
    arms: { labels: labels.filter((_, i) => isSeen[i]), codes: codes.map((code) => newIndex[code] ?? -1) },
    outcome: numbersOf(own, "outcome"),
    value: gate.log.has.value ? numbersOf(own, "value") : null,
    propensity: gate.log.has.propensity ? numbersOf(own, "propensity") : null,
    features: { rows: own.rows, columns: features.columns },
    report: gate.ledger.report,
  };
}
