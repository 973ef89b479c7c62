import type { Column } from "../../core/index.ts";
import { type ErrorCode, expected } from "../../core/index.ts";
import type { RowBatch } from "../../io/duckdb/index.ts";
import type { RowLedger, Scan } from "../../tables/index.ts";
import type { Arms } from "./arms.ts";
import type { ExperimentLog } from "./log.ts";

/** The rules that a row is checked against. */
export interface RowRules {
  readonly scans: readonly Scan[];
  readonly log: ExperimentLog;
  readonly arms: Arms;
  readonly ledger: RowLedger;
  readonly names: readonly string[];
  /** Counts of rows by arm, which are added to. */
  readonly received: readonly { rows: number; rejected: number }[];
}

/** Indices of the rows that can be learned from; the others are reported in the ledger. */
export function acceptRows(batch: RowBatch, rules: RowRules): number[] {
  const { codes, labels } = batch.codes("arm");
  const outcome = batch.numbers("outcome");
  const propensity = batch.numbers("propensity");
  const bad = batch.numbers("bad");
  const [files, numbers] = [batch.numbers("file"), batch.numbers("row")];
  const kept: number[] = [];
  for (let i = 0; i < batch.rows; i++) {
    const problem = findProblem(i);
    const received = rules.received[rules.arms.indexOf[codes[i] ?? -1] ?? -1];
    if (received) received.rows++;
    if (problem === null) {
      kept.push(i);
      continue;
    }
    if (received) received.rejected++;
    const file = files[i] ?? 0;
    const source = rules.scans[file]?.files[0]?.name ?? "";
    const parsed = numbers[i] ?? 0;
    const row = rules.scans[file]?.hasFileRow ? parsed : (rules.log.rejected[file]?.rowOf(parsed) ?? parsed);
    rules.ledger.refuse({
      source,
      row,
      code: problem[0],
      message: `${problem[1]} (row ${row} of ${source})`,
    });
  }
  return kept;

  function findProblem(i: number): readonly [ErrorCode, string] | null {
    const code = codes[i] ?? -1;
    if (code < 0) return ["ERR_ROW_ARM_UNKNOWN", "Expected a treatment but received none"];
    if ((rules.arms.indexOf[code] ?? -1) < 0) {
      return ["ERR_ROW_ARM_UNKNOWN", expected("a known offer", "treatment", labels[code])];
    }
    if (Number.isNaN(outcome[i])) {
      return ["ERR_ROW_VALUE_INVALID", "Expected a number for the outcome but received none or text"];
    }
    const share = propensity[i] ?? Number.NaN;
    if (rules.log.has.propensity && !(share > 0 && share <= 1)) {
      const received = Number.isNaN(share) ? "none or text" : share;
      return ["ERR_ROW_VALUE_INVALID", `Expected a number in (0, 1] for propensity but received ${received}`];
    }
    const column = bad[i] ?? Number.NaN;
    if (Number.isNaN(column)) return null;
    return ["ERR_ROW_VALUE_INVALID", `Expected a number for ${rules.names[column]} but received text`];
  }
}

export function readOwn(batch: RowBatch, arms: Arms): Map<string, Column> {
  const { codes } = batch.codes("arm");
  const number = (name: string): [string, Column] => [name, { kind: "number", values: batch.numbers(name) }];
  const column: Column = {
    kind: "category",
    codes: codes.map((code) => arms.indexOf[code] ?? -1),
    labels: arms.labels,
  };
  return new Map([
    ["arm", column],
    number("outcome"),
    number("value"),
    number("propensity"),
    number("cluster_number"),
  ]);
}
