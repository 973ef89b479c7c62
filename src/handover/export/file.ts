import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { Cell, Findings } from "./check.ts";
import { csvLine } from "./csv.ts";
import { writeParquet } from "./parquet.ts";
import { createParts, type WrittenFile } from "./parts.ts";
import type { Column, ExportTool } from "./types.ts";

/** Runs an export into files that appear only after it has ended without a problem. */
export async function withFile<Row, Result>(
  tool: ExportTool,
  columns: readonly Column<Row>[],
  { to, findings }: { readonly to: string; readonly findings: Findings },
  work: (write: (cells: readonly Cell[]) => Promise<void>) => Promise<Result>,
): Promise<{ readonly files: readonly WrittenFile[]; readonly result: Result }> {
  const names = columns.map(({ name }) => name);
  const isCsv = tool.id !== "jsonl" && tool.id !== "parquet";
  const parts = await createParts({
    folder: to,
    name: tool.id === "parquet" ? ".parquet-rows" : tool.file,
    extension: isCsv ? "csv" : "jsonl",
    header: isCsv ? csvLine(names) : "",
    maxBytes: tool.maxFileBytes,
    mode: tool.audience === "public" ? 0o644 : 0o600,
  });
  let finished = false;
  try {
    const line = isCsv ? csvLine : (cells: readonly Cell[]) => jsonLine(names, cells);
    const result = await work(async (cells) => {
      if (findings.problems === 0) await parts.write(line(cells));
    });
    findings.throwIfAny();
    const files = await parts.commit();
    finished = true;
    return {
      files:
        tool.id === "parquet" ? [await asParquet(files, columns, join(to, `${tool.file}.parquet`))] : files,
      result,
    };
  } finally {
    if (!finished) await parts.discard();
  }
}

function jsonLine(names: readonly string[], cells: readonly Cell[]): string {
  return `${JSON.stringify(Object.fromEntries(names.map((name, i) => [name, cells[i] ?? null])))}\n`;
}

async function asParquet<Row>(
  [rows]: readonly WrittenFile[],
  columns: readonly Column<Row>[],
  target: string,
): Promise<WrittenFile> {
  if (rows === undefined) throw new RangeError("no rows were written");
  try {
    const types = columns.map(({ name, kind }) => {
      return { name, type: kind === "number" ? ("DOUBLE" as const) : ("VARCHAR" as const) };
    });
    return await writeParquet(rows, target, types);
  } finally {
    await rm(rows.path, { force: true });
  }
}
