import { randomUUID } from "node:crypto";
import type { FinishedDecision } from "../../campaign/index.ts";
import { canonicalId, categoryColumn } from "../../core/index.ts";
import { eraseFromLogFeatures } from "../../customers/index.ts";
import type { SharedFiles } from "../../io/shared-files/index.ts";
import type { Vault } from "../../trust/index.ts";
import { openSharedFiles } from "../files.ts";
import { parseLines, readLines, writeBytes, writeLines } from "../lines.ts";
import type { Cluster } from "../open.ts";
import type { ClusterRun, OutputFile } from "../types.ts";
import { removePersonal } from "./creatives.ts";
import type { ShardInput } from "./input.ts";
import { type InputFile, isKept, readInputs, readSettings } from "./settings.ts";

export interface ClusterErasure {
  /** Runs whose files contained the customer. */
  readonly runs: readonly string[];
  /** Number of rewritten and removed files. */
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
 * Removes a customer from the shared files of every run: inputs, decisions, also those of attempts that were not
 * committed, and creatives that show the customer's own values. A run whose planning had written the customer is
 * removed, and must be planned again. Files of merged runs that should be gone are removed. Merged features of logs are
 * rewritten.
 *
 * Record the erasure in the registry before: shards in progress then leave the customer out. If the files of a run cannot
 * be read, the others are still rewritten, and the error is thrown afterwards.
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
  // Two erasures at once would each restore the other's customer.
  await cluster.alone(async () => {
    for (const run of await cluster.runs.list()) {
      try {
        const changed = await eraseFrom({ cluster, run, files: openSharedFiles(run.data), vault, id });
        if (changed > 0) touched.push(run.id);
        count += changed;
      } catch (error) {
        failures.push(error);
      }
    }
  });
  if (failures.length > 0) throw failures[0];
  return { runs: touched, files: count };
}

async function eraseFrom(erased: ErasedRun): Promise<number> {
  const { run } = erased;
  // The features of logs, also of a merge that is under way; a merge that begins later leaves the person out.
  if (run.kind === "logs")
    return typeof run.settings.out === "string" ? eraseFromLogFeatures(run.settings.out, erased.id) : 0;
  if (run.kind === "photos") return 0;
  if (run.state === "planning") return erasePlan(erased);
  if (run.state === "merged" && !isKept(run.settings)) return removeAll(erased);
  return (await eraseInputs(erased)) + (await eraseOutputs(erased));
}

/** A plan that was interrupted has no list of its files; one that goes on is refused when it starts. */
async function erasePlan(erased: ErasedRun): Promise<number> {
  const { cluster, run, files, vault, id } = erased;
  for (const name of await files.list(`${run.id}/input`)) {
    if (!name.endsWith(".jsonl")) continue;
    const parts = parseLines(await files.read(name), name, vault) as ShardInput[];
    if (!hasCustomer(parts, id)) continue;
    await cluster.runs.remove(run.id);
    return removeAll(erased);
  }
  return 0;
}

async function removeAll({ run, files }: ErasedRun): Promise<number> {
  const { length } = await files.list(run.id);
  if (length > 0) await files.remove(run.id);
  return length;
}

async function eraseInputs({ cluster, run, files, vault, id }: ErasedRun): Promise<number> {
  const settings = readSettings(run.settings);
  const inputs: InputFile[] = [];
  const replaced: string[] = [];
  for (const input of await readInputs(files, settings)) {
    const parts = (await readLines(files, input, vault)) as ShardInput[];
    if (!hasCustomer(parts, id)) {
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

function hasCustomer(parts: readonly ShardInput[], id: string): boolean {
  return parts.some(({ ids }) => ids.some((own) => canonicalId(own) === id));
}

function renamed(name: string): string {
  return name.replace(/(?:-e[0-9a-f]{8})?\.jsonl$/, `-e${randomUUID().slice(0, 8)}.jsonl`);
}

/** The shard without the rows of one customer, whose number is not reused. */
function without(part: ShardInput, id: string): ShardInput {
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

async function eraseOutputs(erased: ErasedRun): Promise<number> {
  const { cluster, run, files, vault } = erased;
  const phase = readSettings(run.settings).hasBudgets ? 2 : 0;
  const found: Found = { gone: new Set(), used: new Set() };
  const committed = new Set<string>();
  let changed = 0;
  for (const { number, ...output } of await cluster.shards.outputs(run.id, phase)) {
    const [file] = output.files;
    if (file === undefined) continue;
    const decisions = (await readLines(files, file, vault)) as FinishedDecision[];
    const left = withoutCustomer(erased, decisions, found);
    committed.add(file.name);
    if (left.length === decisions.length) continue;
    const written: OutputFile = await writeLines(files, renamed(file.name), left, vault);
    await cluster.shards.replaceOutput(
      { runId: run.id, phase, number },
      { ...output, files: [written], rows: left.length },
    );
    committed.add(written.name);
    await files.remove(file.name);
    changed++;
  }
  changed += await eraseAttempts(erased, committed, found);
  return changed + (await eraseCreatives(erased, found));
}

/** Creatives of removed decisions and of the others. */
interface Found {
  readonly gone: Set<string>;
  readonly used: Set<string>;
}

function withoutCustomer({ id }: ErasedRun, decisions: readonly FinishedDecision[], { gone, used }: Found) {
  return decisions.filter(({ decision }) => {
    const isLeft = canonicalId(decision.customer_id) !== id;
    for (const { file } of decision.creatives) (isLeft ? used : gone).add(file);
    return isLeft;
  });
}

/**
 * Decisions of attempts that were not committed: those with the customer are older than the erasure, so their commit
 * would be refused.
 */
async function eraseAttempts(
  erased: ErasedRun,
  committed: ReadonlySet<string>,
  found: Found,
): Promise<number> {
  const { run, files, vault } = erased;
  let count = 0;
  for (const name of await files.list(`${run.id}/decide`)) {
    if (committed.has(name) || !name.endsWith(".jsonl")) continue;
    const decisions = parseLines(await files.read(name), name, vault) as FinishedDecision[];
    if (withoutCustomer(erased, decisions, found).length === decisions.length) continue;
    await files.remove(name);
    count++;
  }
  return count;
}

/** Only creatives with a customer's own values: others show nobody's data. */
function eraseCreatives({ run, files }: ErasedRun, { gone, used }: Found): Promise<number> {
  return removePersonal(
    files,
    run.id,
    [...gone].filter((file) => !used.has(file)),
  );
}
