import type { Column, Table } from "../../core/index.ts";
import { LookalikeError } from "../../core/index.ts";
import type { Database } from "../../io/duckdb/index.ts";
import type { ExperimentTable } from "../../statistics/index.ts";
import type { Scan } from "../../tables/index.ts";
import {
  chooseByKinds,
  chooseFeatures,
  type FeatureRequest,
  type FeatureSet,
  isNameList,
  leftColumn,
  openLedger,
  pickCandidates,
  type RowLedger,
} from "../../tables/index.ts";
import { codesOf, createTableBuilder, numbersOf, pickTable } from "../builder.ts";
import { acceptRows, type RowRules, readOwn } from "./accept.ts";
import { findArms } from "./arms.ts";
import { type ExperimentLog, openLog, type Surroundings } from "./log.ts";
import type { ExperimentOptions } from "./options.ts";

/**
 * Reads a past campaign's log in columns, joined with the CRM if there is one, and with the features of the
 * call and usage logs before the offer was shown.
 *
 * @throws ERR_COLUMN_MISSING, ERR_SOURCE_EMPTY, ERR_ARM_EMPTY, ERR_ABORTED
 */
export async function readExperimentLog(
  database: Database,
  scans: readonly Scan[],
  surroundings: Surroundings,
  options: ExperimentOptions,
): Promise<ExperimentTable> {
  const isOfModel = options.features !== undefined && !isNameList(options.features);
  const log = await openLog(database, scans, surroundings, options);
  const features = await featuresOf(database, scans, log, options);
  const arms = await findArms(database, options.control ?? "none", options.offers);
  const ledger = openLedger();
  const left = log.left.map((name) =>
    leftColumn(
      name,
      "its name suggests that it was recorded after the treatment; pass it with --features to use it",
    ),
  );
  if (options.features === undefined) ledger.warn(left);
  ledger.warn(arms.warnings);
  ledger.warn([...log.warnings, ...features.warnings, ...(isOfModel ? [] : features.recoded)]);
  for (const lines of log.rejected) lines.report(ledger);
  const received = arms.labels.map(() => ({ rows: 0, rejected: 0 }));
  const rules: RowRules = { scans, log, arms, ledger, names: features.names, received };
  const columns = [
    "file, row, arm::arm AS arm, outcome, value, propensity",
    `${log.has.clusters ? "cluster_number" : "NULL"}::DOUBLE AS cluster_number`,
    `${features.firstBad ?? "NULL::INTEGER"} AS bad`,
    ...features.select,
  ];
  const sql = `SELECT ${columns.join(", ")} FROM ${log.relation} ${log.isJoined ? "ORDER BY file, row" : ""}`;
  const own = createTableBuilder(log.rows);
  const table = createTableBuilder(log.rows);
  for await (const batch of database.stream(sql, [], options.signal)) {
    ledger.count(batch.rows);
    const kept = acceptRows(batch, rules);
    own.append(pickTable({ rows: batch.rows, columns: readOwn(batch, arms) }, kept));
    table.append(pickTable({ rows: batch.rows, columns: features.read(batch) }, kept));
  }
  const known = isOfModel ? table.finish() : withoutEmpty(table.finish(), ledger);
  return toExperiment(own.finish(), known, rules);
}

function featuresOf(
  database: Database,
  scans: readonly Scan[],
  { relation, candidates }: ExperimentLog,
  { features, others = false }: ExperimentOptions,
): Promise<FeatureSet> {
  const pick = (request: FeatureRequest | undefined) => pickCandidates(candidates, request, scans);
  return others && features !== undefined && !isNameList(features)
    ? chooseByKinds(database, relation, candidates, {
        request: (found) => ({ ...found, ...features }),
        pick,
      })
    : chooseFeatures(database, relation, pick(features), features);
}

/**
 * Drops columns without any value, from which nothing can be learned. Not for a trained model, which needs
 * all its columns.
 */
function withoutEmpty({ rows, columns }: Table, ledger: RowLedger): Table {
  const isEmpty = (column: Column) =>
    column.kind === "number" ? column.values.every(Number.isNaN) : column.codes.every((code) => code < 0);
  const filled = new Map(columns);
  for (const [name, column] of columns) {
    if (rows === 0 || !isEmpty(column)) continue;
    filled.delete(name);
    const message = `Expected values in column ${JSON.stringify(name)} but received none in any row; it is skipped`;
    ledger.warn([{ column: name, cells: rows, message }]);
  }
  return { rows, columns: filled };
}

function toExperiment(own: Table, features: Table, rules: RowRules): ExperimentTable {
  const { labels } = rules.arms;
  const codes = codesOf(own, "arm");
  const isSeen = labels.map(() => false);
  for (const code of codes) isSeen[code] = true;
  const { read, refused, refusals } = rules.ledger.report;
  if (read > 0 && refused === read) {
    throw new LookalikeError(
      "ERR_EXPERIMENT_EMPTY",
      `Expected rows that can be read in the experiment log but received ${read}, all of them rejected`,
      { hint: refusals[0]?.message ?? "" },
    );
  }
  if (isSeen[0] !== true || !isSeen.includes(true, 1)) {
    throw new LookalikeError(
      "ERR_ARM_EMPTY",
      `Expected rows of the control and of an offer but received ${labels.filter((_, i) => isSeen[i]).join(", ") || "none"}`,
      {
        hint: "Use a log that contains customers who were shown nothing and customers who were shown an offer.",
      },
    );
  }
  const newIndex = Int32Array.from(labels, (_, i) => isSeen.slice(0, i).filter(Boolean).length);
  return {
    rows: own.rows,
    arms: { labels: labels.filter((_, i) => isSeen[i]), codes: codes.map((code) => newIndex[code] ?? -1) },
    outcome: numbersOf(own, "outcome"),
    value: rules.log.has.value ? numbersOf(own, "value") : null,
    propensity: rules.log.has.propensity ? numbersOf(own, "propensity") : null,
    clusters: rules.log.has.clusters ? clustersOf(numbersOf(own, "cluster_number")) : null,
    received: labels.flatMap((arm, i) => {
      const { rows = 0, rejected = 0 } = rules.received[i] ?? {};
      return isSeen[i] ? [{ arm, rows, rejected }] : [];
    }),
    features: { rows: own.rows, columns: features.columns },
    report: rules.ledger.report,
  };
}

/** Numbers of the clusters; each row without one gets a number of its own, after the others. */
function clustersOf(numbers: Float64Array): Int32Array {
  let next = numbers.reduce((most, number) => (number > most ? number : most), -1) + 1;
  return Int32Array.from(numbers, (number) => (Number.isNaN(number) ? next++ : number));
}
