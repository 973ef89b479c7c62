import { randomUUID } from "node:crypto";
import type { FinishedDecision } from "../../campaign/index.ts";
import { canonicalId, categoryColumn } from "../../core/index.ts";
import { eraseFromLogFeatures } from "../../customers/index.ts";
import type { SharedFiles } from "../../io/shared-files/index.ts";
import type { Vault } from "../../trust/index.ts";
import { openSharedFiles } from "../files.ts";
import { readLines, writeBytes, writeLines } from "../lines.ts";
import type { Cluster } from "../open.ts";
import type { ClusterRun, OutputFile } from "../types.ts";
import type { ShardInput } from "./input.ts";
import { type InputFile, readInputs, readSettings } from "./settings.ts";

export interface ClusterErasure {
  /** Runs whose files contained the customer. */
  readonly runs: readonly string[];
  /** Number of rewritten files. */
  readonly files: number;
}

interface ErasedRun {
  readonly cluster: Cluster;
  readonly run: ClusterRun;
  readonly files: SharedFiles;
  readonly vault: Vault | null;
  readonly id: string;
}

/**
 * Removes a customer from the shared files of every run that is not merged, and from merged features of logs.
 * Record the erasure in the
 * registry before: shards in progress then leave the customer out. If the files of a run cannot be read, the
 * others are still rewritten, and the error is thrown afterwards.
 *
 * @throws ERR_SOURCE_NOT_FOUND, ERR_SHARD_DAMAGED, ERR_KEY_REQUIRED, ERR_KEY_WRONG, ERR_OUTPUT_UNWRITABLE
 */
export async function eraseFromRuns(
  cluster: Cluster,
  customerId: string,
  vault: Vault | null,
): Promise<ClusterErasure> {
  const id = canonicalId(customerId);
  const touched: string[] = [];
  const failures: unknown[] = [];
  let count = 0;
  for (const run of await cluster.runs.list()) {
    const erased: ErasedRun = { cluster, run, files: openSharedFiles(run.data), vault, id };
    try {
      const changed = await eraseFrom(erased);
      if (changed > 0) touched.push(run.id);
      count += changed;
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
  return { runs: touched, files: count };
}

async function eraseFrom(erased: ErasedRun): Promise<number> {
  const { kind, state, settings } = erased.run;
  if (kind === "customers" && state === "working")
    return (await eraseInputs(erased)) + (await eraseOutputs(erased));
  // The features of logs, also of a merge that is under way; a merge that begins later leaves the person out.
  if (kind === "logs" && typeof settings.out === "string")
    return eraseFromLogFeatures(settings.out, erased.id);
  return 0;
}

async function eraseInputs({ cluster, run, files, vault, id }: ErasedRun): Promise<number> {
  const settings = readSettings(run.settings);
  const inputs: InputFile[] = [];
  const replaced: string[] = [];
  for (const input of await readInputs(files, settings)) {
    const parts = (await readLines(files, input, vault)) as ShardInput[];
    if (!parts.some(({ ids }) => ids.some((own) => canonicalId(own) === id))) {
      inputs.push(input);
      continue;
    }
    // A new name: until the new list is committed, the old one and its files stay as they are.
    const written = await writeLines(
      files,
      renamed(input.name),
      parts.map((part) => without(part, id)),
      vault,
    );
    inputs.push({ ...input, ...written });
    replaced.push(input.name);
  }
  if (replaced.length === 0) return 0;
  const name = `${run.id}/inputs-${randomUUID()}.json`;
  const list = await writeBytes(files, name, Buffer.from(JSON.stringify(inputs)));
  await cluster.runs.changeSettings(run.id, { inputs: list });
  for (const old of [...replaced, settings.inputs.name]) await files.remove(old);
  return replaced.length;
}

function renamed(name: string): string {
  return name.replace(/(?:-e[0-9a-f]{8})?\.jsonl$/, `-e${randomUUID().slice(0, 8)}.jsonl`);
}

/** The shard without the rows of one customer, whose number is not reused. */
export function without(part: ShardInput, id: string): ShardInput {
  const kept = part.ids.flatMap((own, row) => (canonicalId(own) === id ? [] : [row]));
  const pick = <T>(values: readonly T[]): T[] => values.filter((_, row) => kept.includes(row));
  return {
    ...part,
    numbers: pick(part.numbers),
    ids: pick(part.ids),
    photos: pick(part.photos),
    subjects: pick(part.subjects),
    consents: pick(part.consents),
    columns: part.columns.map((column) =>
      column.kind === "number"
        ? { ...column, values: pick(column.values) }
        : { ...column, ...relabelled(column.labels, pick(column.codes)) },
    ),
  };
}

/** A label without any row left may be the customer's own, and is removed. */
function relabelled(labels: readonly string[], kept: readonly number[]) {
  const column = categoryColumn(kept.map((code) => (code < 0 ? null : (labels[code] ?? null))));
  return { labels: column.labels, codes: [...column.codes] };
}

async function eraseOutputs({ cluster, run, files, vault, id }: ErasedRun): Promise<number> {
  const phase = readSettings(run.settings).hasBudgets ? 2 : 0;
  let changed = 0;
  for (const { number, ...output } of await cluster.shards.outputs(run.id, phase)) {
    const [file] = output.files;
    if (file === undefined) continue;
    const decisions = (await readLines(files, file, vault)) as FinishedDecision[];
    const left = decisions.filter(({ decision }) => canonicalId(decision.customer_id) !== id);
    if (left.length === decisions.length) continue;
    const written: OutputFile = await writeLines(files, renamed(file.name), left, vault);
    await cluster.shards.replaceOutput(
      { runId: run.id, phase, number },
      { ...output, files: [written], rows: left.length },
    );
    await files.remove(file.name);
    changed++;
  }
  return changed;
}
