import { expected, invalidOption, LookalikeError } from "../../core/index.ts";
import { type Database, type DatabaseResources, openDatabase } from "../../io/duckdb/index.ts";
import {
  crossFitRewards,
  importanceWeights,
  type LoggedDecisions,
  type Overlap,
  overlapOf,
  type PolicyEstimate,
  policyEstimates,
  type TargetPolicy,
  type ValueEstimator,
} from "../../statistics/index.ts";
import {
  findFiles,
  noteRejectedLines,
  numberOf,
  openLedger,
  openScans,
  type RowReport,
  readTally,
  requireColumn,
  roleColumn,
  type Scan,
  tallyColumns,
  textOf,
  withReadableText,
} from "../../tables/index.ts";

export interface EvaluatePolicyOptions {
  /**
   * CSV or Parquet, one row per decision: `action, propensity, reward`, and `stratum` if the policy differs
   * between strata.
   */
  readonly log: string | readonly string[];
  /** The file's column names, if they differ from these. */
  readonly columns?: Partial<Record<"action" | "propensity" | "reward" | "stratum", string>> | undefined;
  /**
   * Probability by action; missing actions are never taken. `uniform`: all actions of the log with equal
   * probability. A map of such maps by the log's `stratum`, if the policy differs between strata.
   */
  readonly policy: "uniform" | ActionChances | Readonly<Record<string, ActionChances>>;
  readonly switchAt?: number | undefined;
  readonly lambda?: number | undefined;
  readonly seed?: number | undefined;
  readonly resources?: DatabaseResources | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Probability by action. */
type ActionChances = Readonly<Record<string, number>>;

export interface PolicyEvaluation {
  readonly actions: readonly string[];
  /** The report on the rows; rows without an action, a propensity in (0, 1] and a reward are rejected. */
  readonly rows: RowReport;
  readonly overlap: Overlap & { readonly unseenActions: readonly string[] };
  /** Mean reward of the logging policy. */
  readonly logged: number;
  readonly estimates: Readonly<Record<ValueEstimator, PolicyEstimate>>;
  /** Why no verdict is given; null: the log is sufficient for the policy. */
  readonly refusal: string | null;
}

/** Minimum effective number of decisions of the policy. */
const LEAST_EFFECTIVE = 100;

/**
 * Estimates the value of a policy from the log of another policy, and whether the log is sufficient for it.
 *
 * @throws ERR_OPTION_INVALID probabilities that do not sum to 1
 * @throws ERR_SOURCE_NOT_FOUND, ERR_COLUMN_MISSING, ERR_SOURCE_EMPTY
 *
 * @example
 * const evaluation = await evaluatePolicy({ log: "decisions.csv", policy: { lookalike: 0.8, random: 0.2 } });
 */
export async function evaluatePolicy(options: EvaluatePolicyOptions): Promise<PolicyEvaluation> {
  const { log, actions, strata, places, rows } = await readLog(options);
  const policy = policyOf(options.policy, { actions, strata, places });
  const weights = importanceWeights(log, policy);
  const overlap = overlapOf(log, policy, weights);
  const { switchAt, lambda, seed } = options;
  const predicted = crossFitRewards(log, { strata, seed });
  const estimates = policyEstimates(log, policy, weights, { predicted, switchAt, lambda, seed });
  const unseen = overlap.unseen.map((action) => actions[action] ?? "");
  return {
    actions,
    rows,
    overlap: { ...overlap, unseenActions: unseen },
    logged: log.rewards.reduce((sum, reward) => sum + reward, 0) / log.rewards.length,
    estimates,
    refusal: refusalOf(overlap, unseen),
  };
}

function refusalOf({ effectiveRows }: Overlap, unseen: readonly string[]): string | null {
  if (unseen.length > 0)
    return `the policy takes actions that the log never took: ${unseen.slice(0, 5).join(", ")}`;
  if (effectiveRows >= LEAST_EFFECTIVE) return null;
  return `the effective sample size is ${effectiveRows.toFixed(1)} decisions, and ${LEAST_EFFECTIVE} are needed`;
}

function policyOf(
  policy: EvaluatePolicyOptions["policy"],
  { actions, strata, places }: Pick<ReadLog, "actions" | "strata" | "places">,
): TargetPolicy {
  if (policy === "uniform") return () => 1 / actions.length;
  const chances = places.map((place) => {
    const own = isByStratum(policy) ? policy[place] : policy;
    if (own !== undefined) return chancesOf(own, actions);
    throw invalidOption(
      `one of ${Object.keys(policy).join(", ")}`,
      "the log's stratum",
      place,
      "Pass the policy's probabilities for every stratum of the log.",
    );
  });
  return (row, action) => chances[strata[row] ?? 0]?.[action] ?? 0;
}

function isByStratum(
  policy: Exclude<EvaluatePolicyOptions["policy"], "uniform">,
): policy is Readonly<Record<string, ActionChances>> {
  return Object.values(policy).every((own) => typeof own === "object");
}

function chancesOf(policy: ActionChances, actions: readonly string[]): number[] {
  const sum = Object.values(policy).reduce((total, chance) => total + chance, 0);
  if (!(Math.abs(sum - 1) < 1e-6) || Object.values(policy).some((chance) => !(chance >= 0))) {
    throw invalidOption("probabilities that sum to 1", "the policy", sum);
  }
  return actions.map((action) => policy[action] ?? 0);
}

interface ReadLog {
  readonly log: LoggedDecisions;
  readonly actions: readonly string[];
  /** Per row, an index into `places`. */
  readonly strata: Int32Array;
  /** Names of the strata; one if the log has none. */
  readonly places: readonly string[];
  readonly rows: RowReport;
}

async function readLog({
  log: source,
  columns = {},
  policy,
  resources,
  signal,
}: EvaluatePolicyOptions): Promise<ReadLog> {
  const files = await findFiles(source);
  const database = await openDatabase({ ...resources, files: files.map(({ path }) => path), signal });
  const named = policy === "uniform" ? [] : actionsOf(policy);
  const indexOf = new Map(named.map((action, i) => [action, i]));
  const strataOf = new Map<string, number>();
  const ledger = openLedger();
  const rows = {
    actions: [] as number[],
    rewards: [] as number[],
    propensity: [] as number[],
    strata: [] as number[],
  };
  try {
    await withReadableText(database, files, async (readable) => {
      const scans = await openScans(database, readable);
      const selected: string[] = [];
      for (const scan of scans) {
        const { sql, read } = await selectLog(database, scan, columns);
        selected.push(sql);
        ledger.count(read);
      }
      for (const rejected of await noteRejectedLines(database, scans)) rejected.report(ledger);
      for await (const batch of database.stream(selected.join(" UNION ALL "))) {
        const [actions, strata] = [batch.texts("action"), batch.texts("stratum")];
        const [propensity, rewards] = [batch.numbers("propensity"), batch.numbers("reward")];
        for (let row = 0; row < batch.rows; row++) {
          const action = actions[row] ?? null;
          const [own = Number.NaN, reward = Number.NaN] = [propensity[row], rewards[row]];
          if (action === null || !(own > 0 && own <= 1) || Number.isNaN(reward)) {
            ledger.refuseMany("ERR_ROW_VALUE_INVALID", 1);
            continue;
          }
          rows.actions.push(indexIn(indexOf, action));
          rows.strata.push(indexIn(strataOf, strata[row] ?? ""));
          rows.propensity.push(own);
          rows.rewards.push(reward);
        }
      }
    });
  } finally {
    await database.close();
  }
  if (rows.actions.length === 0) {
    throw new LookalikeError("ERR_SOURCE_EMPTY", expected("decisions", "the log", 0), {
      hint: "Each row needs an action, a propensity in (0, 1] and a reward. Check that the export is complete.",
    });
  }
  return {
    log: {
      actions: Int32Array.from(rows.actions),
      rewards: Float64Array.from(rows.rewards),
      propensity: Float64Array.from(rows.propensity),
      actionCount: indexOf.size,
    },
    actions: [...indexOf.keys()],
    strata: Int32Array.from(rows.strata),
    places: [...strataOf.keys()],
    rows: ledger.report,
  };
}

/** Selects the log's columns, with numbers in the format of the file. */
async function selectLog(
  database: Database,
  scan: Scan,
  columns: NonNullable<EvaluatePolicyOptions["columns"]>,
): Promise<{ readonly sql: string; readonly read: number }> {
  const role = (name: "action" | "propensity" | "reward") => requireColumn(scan, columns[name] ?? name, name);
  const [action, propensity, reward] = [role("action"), role("propensity"), role("reward")];
  const stratum = roleColumn(scan, "stratum", columns.stratum);
  const tallies = [propensity, reward].flatMap((column, i) =>
    column.storedAs === "text" ? tallyColumns(textOf(column), i) : [],
  );
  const [found = {}] = await database.all(
    `SELECT ${["count(*) AS rows", ...tallies].join(", ")} FROM ${scan.checkedRelation}`,
  );
  const sql = `SELECT ${textOf(action)} AS action, ${numberOf(propensity, readTally(found, 0).mark)} AS propensity,
    ${numberOf(reward, readTally(found, 1).mark)} AS reward, ${stratum === null ? "''" : textOf(stratum)} AS stratum
    FROM ${scan.relation}`;
  return { sql, read: Number(found.rows ?? 0) };
}

function actionsOf(policy: Exclude<EvaluatePolicyOptions["policy"], "uniform">): string[] {
  return isByStratum(policy)
    ? [...new Set(Object.values(policy).flatMap((own) => Object.keys(own)))]
    : Object.keys(policy);
}

function indexIn(indices: Map<string, number>, name: string): number {
  const known = indices.get(name);
  if (known !== undefined) return known;
  indices.set(name, indices.size);
  return indices.size - 1;
}
