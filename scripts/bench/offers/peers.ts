import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { cell, type Table } from "../../../src/core/index.ts";
import type { TrainingExperiment } from "../../../src/offers/index.ts";

/** Debian's python3-sklearn. */
const PYTHON = "/usr/bin/python3";

/** Per peer and arm (without the control), one effect per test row; null where scikit-learn is not installed. */
export function peerEffects(
  train: TrainingExperiment,
  test: Table,
  kind: "binary" | "value",
): ReadonlyMap<string, readonly Float64Array[]> | null {
  if (spawnSync(PYTHON, ["-c", "import sklearn, pandas"]).status !== 0) return null;
  const folder = mkdtempSync(join(tmpdir(), "lookalike-peers-"));
  try {
    const [from, to, out] = ["train.csv", "test.csv", "out.csv"].map((name) => join(folder, name)) as [
      string,
      string,
      string,
    ];
    const arms = train.arms.codes;
    writeFileSync(
      from,
      csv(train.features, [
        ["arm", arms],
        ["outcome", train.outcome],
      ]),
    );
    writeFileSync(to, csv(test, []));
    const script = resolve("scripts/bench/offers/peers.py");
    const done = spawnSync(PYTHON, [script, from, to, out, kind], { encoding: "utf8" });
    if (done.status !== 0) throw new Error(done.stderr);
    return parse(readFileSync(out, "utf8"), train.arms.labels.length - 1);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function csv(table: Table, first: readonly (readonly [string, ArrayLike<number>])[]): string {
  const columns = [...table.columns];
  const lines = Array.from({ length: table.rows }, (_, row) =>
    [...first.map(([, values]) => values[row]), ...columns.map(([, column]) => cell(column, row) ?? "")].join(
      ",",
    ),
  );
  return `${[...first.map(([name]) => name), ...columns.map(([name]) => name)].join(",")}\n${lines.join("\n")}\n`;
}

function parse(text: string, arms: number): Map<string, Float64Array[]> {
  const [head = "", ...lines] = text.trim().split("\n");
  const names = head.split(",");
  const rows = lines.map((line) => line.split(",").map(Number));
  const columns = names.map((_, i) => Float64Array.from(rows, (row) => row[i] ?? 0));
  const peers = [...new Set(names.map((name) => name.replace(/_\d+$/, "")))];
  return new Map(
    peers.map((peer) => [
      peer,
      Array.from({ length: arms }, (_, arm) => columns[names.indexOf(`${peer}_${arm + 1}`)] as Float64Array),
    ]),
  );
}
