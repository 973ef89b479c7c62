import { createHash, type Hash } from "node:crypto";
import type { Column, Table } from "../core/index.ts";
import type { TransitionTable } from "../customers/index.ts";
import type { ExperimentTable } from "../statistics/index.ts";

/**
 * SHA-256 of a model's training data, lower-case hex. It covers the values and not the file, so that the same
 * rows from CSV and from Parquet have the same hash.
 */
export function hashExperiment({
  arms,
  outcome,
  features,
}: Pick<ExperimentTable, "arms" | "outcome" | "features">): string {
  const hash = createHash("sha256");
  addColumn(hash, "arm", { kind: "category", ...arms });
  addColumn(hash, "outcome", { kind: "number", values: outcome });
  addTable(hash, features);
  return hash.digest("hex");
}

export function hashTransitions({ current, next, features }: TransitionTable): string {
  const hash = createHash("sha256");
  addColumn(hash, "current", current);
  addColumn(hash, "next", next);
  addTable(hash, features);
  return hash.digest("hex");
}

function addTable(hash: Hash, table: Table): void {
  for (const [name, column] of table.columns) addColumn(hash, name, column);
}

function addColumn(hash: Hash, name: string, column: Column): void {
  hash.update(JSON.stringify([name, column.kind, column.kind === "category" ? column.labels : null]));
  const { buffer, byteOffset, byteLength } = column.kind === "category" ? column.codes : column.values;
  hash.update(new Uint8Array(buffer, byteOffset, byteLength));
}
