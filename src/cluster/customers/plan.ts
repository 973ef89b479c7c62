import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type CustomerSnapshot,
  type OpenCampaign,
  openSnapshot,
  type RunBatch,
} from "../../campaign/index.ts";
import { throwIfAborted } from "../../core/index.ts";
import { machineId } from "../../io/machine.ts";
import { makeScratch } from "../../io/scratch.ts";
import type { SharedFiles } from "../../io/shared-files/index.ts";
import type { RowReport } from "../../tables/index.ts";
import { openSharedFiles, uploadFile } from "../files.ts";
import { writeBytes, writeLines } from "../lines.ts";
import type { Cluster } from "../open.ts";
import { type PlannedRun, planRun } from "../planned.ts";
import type { ClusterRun, OutputFile, Phase } from "../types.ts";
import { type ShardInput, toInput } from "./input.ts";
import type { CustomersSettings, InputFile } from "./settings.ts";

export interface PlanCustomersOptions {
  /** Root of the shared files. */
  readonly data: string;
  /** Customers per shard; default 10,000. */
  readonly shardSize?: number | undefined;
  /** Seconds after which the shard of a worker that died is given to another one; default 900. */
  readonly leaseSeconds?: number | undefined;
  /** The trained model's file; default: the campaign's. */
  readonly model?: string | undefined;
  readonly template?: string | undefined;
  /** Folder of finished features of the logs (`mergeLogs`), read instead of them; default: none. */
  readonly features?: string | undefined;
  readonly now: () => Date;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((customers: number, total: number) => void) | undefined;
}

/**
 * Checks a run as `generate` does, reads the customers once, and writes them in shards for workers. The order
 * of the customers' file is kept: shard n has the customers before those of shard n + 1.
 *
 * @throws as starting a run, ERR_POSTGRES_UNREACHABLE, ERR_POSTGRES_FAILED, ERR_OUTPUT_UNWRITABLE
 */
export async function planCustomers(
  cluster: Pick<Cluster, "runs" | "shards">,
  opened: OpenCampaign,
  options: PlanCustomersOptions,
): Promise<PlannedRun> {
  const { campaign, consents, vault } = opened;
  const { now, signal, leaseSeconds } = options;
  const files = openSharedFiles(options.data);
  const gallery = await opened.gallery();
  const at = now();
  const snapshot = await openSnapshot({
    campaign,
    gallery,
    engine: await opened.engine(),
    model: await opened.model(),
    out: files.folder("plan") ?? campaign.folder,
    consents,
    vault,
    template: options.template,
    logFeatures: options.features,
    signal,
    now,
  });
  try {
    const planned = await planRun(cluster, {
      files,
      kind: "customers",
      fingerprint: snapshot.fingerprint,
      leaseSeconds,
      resumed: { machine: machineId() },
      async write(run) {
        const settings = await writeShards(run, { files, snapshot, at }, opened, options);
        return { settings, phases: phasesOf(settings) };
      },
    });
    return planned.isResumed ? planned : { ...planned, rows: snapshot.report };
  } finally {
    await snapshot.close();
  }
}

interface Planning {
  readonly files: SharedFiles;
  readonly snapshot: CustomerSnapshot;
  readonly at: Date;
}

/** Writes the customers in shards, and a copy of the gallery. */
async function writeShards(
  run: ClusterRun,
  { files, snapshot, at }: Planning,
  opened: OpenCampaign,
  options: PlanCustomersOptions,
): Promise<CustomersSettings> {
  const { campaign, consents, audit, vault } = opened;
  const inputs: InputFile[] = [];
  for await (const shard of cut(snapshot.read(), options.shardSize ?? 10_000)) {
    throwIfAborted(options.signal);
    const parts = shard.map(({ batch, members }) => {
      const erased = consents.erasedAmong(members.map(({ row }) => batch.ids[row] ?? ""));
      return toInput({ batch, members }, { erased, subjectOf: audit.subjectOf });
    });
    const name = `${run.id}/input/${inputs.length}.jsonl`;
    inputs.push({ ...(await writeLines(files, name, parts, vault)), ...rangeOf(parts) });
    options.onProgress?.(
      inputs.reduce((sum, { count }) => sum + count, 0),
      snapshot.rows,
    );
  }
  return {
    campaign: campaign.path,
    model: options.model ?? null,
    template: options.template ?? null,
    workFingerprint: snapshot.workFingerprint,
    columns: [...snapshot.columns],
    inputs: await writeBytes(files, `${run.id}/inputs.json`, Buffer.from(JSON.stringify(inputs))),
    shards: inputs.length,
    gallery: await shareGallery(files, run.id, opened),
    hasBudgets: snapshot.hasBudgets,
    offers: campaign.offers.map(({ id }) => id),
    unjudgedOffers: [...snapshot.unjudgedOffers],
    rows: reportOf(snapshot.report),
    total: snapshot.rows,
    at: at.toISOString(),
    keyId: vault?.keyId ?? null,
    machine: machineId(),
  };
}

/**
 * The phases of a run: with budgets, all customers are weighed, then offers are allocated, then customers are
 * decided for.
 */
function phasesOf({ hasBudgets, shards }: CustomersSettings): Phase[] {
  const decide = { name: "decide", shards };
  if (!hasBudgets) return [decide];
  return [{ name: "weigh", shards }, { name: "share", shards: 1 }, decide];
}

/** Shards of exactly `size` customers, except the last, each in parts of single batches. */
async function* cut(customers: AsyncIterable<RunBatch>, size: number): AsyncGenerator<RunBatch[]> {
  let parts: RunBatch[] = [];
  let held = 0;
  for await (const { batch, members } of customers) {
    for (let from = 0; from < members.length; ) {
      const taken = members.slice(from, from + size - held);
      parts.push({ batch, members: taken });
      from += taken.length;
      held += taken.length;
      if (held < size) continue;
      yield parts;
      [parts, held] = [[], 0];
    }
  }
  if (parts.length > 0) yield parts;
}

function rangeOf(parts: readonly ShardInput[]): { readonly first: number; readonly count: number } {
  return { first: parts[0]?.first ?? 0, count: parts.reduce((sum, { count }) => sum + count, 0) };
}

/** The rejected rows themselves are not stored: their messages may name people, and erasures do not reach them. */
function reportOf({ read, refused, refusedByCode, warnings }: RowReport): CustomersSettings["rows"] {
  return { read, refused, refusedByCode: { ...refusedByCode }, refusals: [], warnings: [...warnings] };
}

/** Workers search a local copy, because SQLite and memory-mapped files are not safe over a network. */
async function shareGallery(files: SharedFiles, runId: string, opened: OpenCampaign): Promise<OutputFile[]> {
  const scratch = makeScratch(tmpdir());
  try {
    const names = await (await opened.gallery()).copyTo(scratch);
    const shared: OutputFile[] = [];
    for (const each of names) {
      const path = join(scratch, each);
      shared.push(await uploadFile(files, `${runId}/gallery/${each}`, path));
    }
    return shared;
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}
