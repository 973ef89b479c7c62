import type { Database } from "../io/duckdb/index.ts";
import {
  type Candidate,
  type ColumnWarning,
  candidateNames,
  candidateOf,
  checkIds,
  emptySource,
  findTimeForm,
  idOf,
  isoTextOf,
  mergeColumn,
  noteRejectedLines,
  type RejectedLines,
  requireColumn,
  roleColumn,
  rowNumberOf,
  type Scan,
  type ScanColumn,
  type TimeForm,
  textOf,
  unreadEnd,
} from "../tables/index.ts";

/** Column names; each defaults to the name of its role. */
export interface CustomerMapping {
  readonly customer_id?: string | undefined;
  readonly photo?: string | undefined;
  readonly consent_biometric?: string | undefined;
  readonly consent_expires?: string | undefined;
}

const ROLES = ["customer_id", "photo", "consent_biometric", "consent_expires"] as const;
type Role = (typeof ROLES)[number];

/** The CRM as relations inside the database: `crm` with its roles, and every other column as a candidate. */
export interface Crm {
  readonly scans: readonly Scan[];
  readonly candidates: readonly Candidate[];
  readonly rejected: readonly RejectedLines[];
  /** Rows per file that could be parsed. */
  readonly rowsOfFile: readonly number[];
  /**
   * Whether each file has an id column; without one, the row number from 1, continued across the files, is
   * the id.
   */
  readonly hasIds: readonly boolean[];
  /** Columns that seem to say when a consent ends and are not read so. */
  readonly warnings: readonly ColumnWarning[];
}

/**
 * Creates the view `crm` (file, row, pos, id, photo, given, expires, k0, k1, ...) and the table
 * `crm_repeated` (id, first) of ids in more than one row, and the view `crm_first` without the later rows of
 * these.
 *
 * @param ids what to do with a file that has no id column: reject it, or number its rows from 1
 * @throws ERR_SOURCE_EMPTY, ERR_COLUMN_MISSING
 */
export async function openCrm(
  database: Database,
  scans: readonly Scan[],
  mapping: CustomerMapping,
  ids: "required" | "row-number",
): Promise<Crm> {
  const roles = scans.map((scan) => findRoles(scan, mapping, ids));
  for (const [file, scan] of scans.entries()) {
    const id = roles[file]?.customer_id ?? null;
    if (id !== null) await checkIds(database, scan, id);
  }
  const forms: DateForms[] = [];
  for (const [file, scan] of scans.entries()) forms.push(await findDateForms(database, scan, roles[file]));
  const taken = new Set(ROLES.map((role) => mapping[role] ?? role));
  const candidates = candidateNames(scans, taken).map((name, i) => mergeColumn(scans, name, `k${i}`));
  const rowsOfFile: number[] = [];
  for (const { checkedRelation } of scans) {
    // All columns are selected, so that unreadable cells in any column are reported.
    const [counted] = await database.all(
      `SELECT count(*) AS rows, count(COLUMNS(*)) FROM ${checkedRelation}`,
    );
    rowsOfFile.push(Number(counted?.rows ?? 0));
  }
  const rejected = await noteRejectedLines(database, scans);
  if (rowsOfFile.every((count) => count === 0) && rejected.every((lines) => lines.count === 0)) {
    throw emptySource(scans[0]?.files[0]?.name ?? "the customers' source");
  }
  const files = scans.map((scan, file): FileSelection => {
    return { scan, file, roles: roles[file], forms: forms[file], candidates };
  });
  await database.run(`CREATE VIEW crm AS ${files.map(selectFile).join(" UNION ALL ")}`);
  // Not from the view, which would compute its other columns as well.
  await database.run(
    `CREATE TABLE crm_repeated AS SELECT id, min(pos) AS first FROM (${files.map((own) => selectIds(own)).join(" UNION ALL ")})
     WHERE id IS NOT NULL GROUP BY id HAVING count(*) > 1`,
  );
  await database.run(
    "CREATE VIEW crm_first AS SELECT crm.* FROM crm ANTI JOIN crm_repeated r ON crm.id = r.id AND crm.pos > r.first",
  );
  const hasIds = roles.map((columns) => columns.customer_id !== null);
  const warnings = scans.flatMap((scan, file) => warnOfEnds(scan, roles[file]));
  return { scans, candidates, rejected, rowsOfFile, hasIds, warnings };
}

type RoleColumns = Readonly<Record<Role, ScanColumn | null>>;

function findRoles(scan: Scan, mapping: CustomerMapping, ids: "required" | "row-number"): RoleColumns {
  const find = (role: Role) => roleColumn(scan, role, mapping[role]);
  return {
    customer_id:
      ids === "required"
        ? requireColumn(scan, mapping.customer_id ?? "customer_id", "customer_id")
        : find("customer_id"),
    photo: find("photo"),
    consent_biometric: find("consent_biometric"),
    consent_expires: find("consent_expires"),
  };
}

function warnOfEnds(scan: Scan, roles: RoleColumns | undefined): ColumnWarning[] {
  if (roles?.consent_biometric == null) return [];
  const taken = new Set(Object.values(roles).flatMap((column) => column?.name ?? []));
  const unread = (of: "withdrawal" | "expiry", advice: string) => {
    const column = unreadEnd(scan, of, taken);
    const message = `column ${JSON.stringify(column)} is not read as the end of a consent: ${advice}`;
    return column === null ? [] : [{ column, cells: 0, message }];
  };
  return [
    ...unread("withdrawal", "import withdrawals with `lookalike consent import`"),
    ...(roles.consent_expires === null ? unread("expiry", "map consent_expires to it if it is one") : []),
  ];
}

const DATE_ROLES = ["consent_biometric", "consent_expires"] as const;
type DateRole = (typeof DATE_ROLES)[number];
/** How a file writes its dates. */
type DateForms = Readonly<Record<DateRole, TimeForm>>;

async function findDateForms(
  database: Database,
  scan: Scan,
  roles: RoleColumns | undefined,
): Promise<DateForms> {
  const forms: Record<DateRole, TimeForm> = { consent_biometric: "plain", consent_expires: "plain" };
  for (const role of DATE_ROLES) {
    const column = roles?.[role] ?? null;
    if (column !== null) forms[role] = await findTimeForm(database, scan, column);
  }
  return forms;
}

interface FileSelection {
  readonly scan: Scan;
  readonly file: number;
  readonly roles: RoleColumns | undefined;
  readonly forms: DateForms | undefined;
  readonly candidates: readonly Candidate[];
}

function selectFile({ scan, file, roles, forms, candidates }: FileSelection): string {
  const date = (role: DateRole) => {
    const column = roles?.[role] ?? null;
    return column === null ? "NULL::VARCHAR" : isoTextOf(column, forms?.[role] ?? "plain");
  };
  const photo = roles?.photo ?? null;
  const columns = [
    `${file} AS file`,
    "row",
    `${photo === null ? "NULL::VARCHAR" : textOf(photo)} AS photo`,
    `${date("consent_biometric")} AS given`,
    `${date("consent_expires")} AS expires`,
    ...candidates.map((candidate) => candidateOf(scan, candidate)),
  ];
  return selectIds({ scan, file, roles }, columns);
}

/** Rows with their position and id. @param columns other columns */
function selectIds(
  { scan, file, roles }: Pick<FileSelection, "scan" | "file" | "roles">,
  columns: readonly string[] = [],
): string {
  const id = roles?.customer_id ?? null;
  const all = [
    `row + ${file} * 1e12::BIGINT AS pos`,
    `${id === null ? "NULL::VARCHAR" : idOf(id)} AS id`,
    ...columns,
  ];
  return `SELECT ${all.join(", ")} FROM (SELECT *, ${rowNumberOf(scan)} AS row FROM ${scan.relation})`;
}
