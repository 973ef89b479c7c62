import { resolve } from "node:path";
import type { GenerateReport, OpenCampaign } from "../campaign/index.ts";
import { LookalikeError } from "../core/index.ts";
import type { IndexReport } from "../gallery/index.ts";
import { absorbJournals } from "./customers/journal.ts";
import { type MergeOptions, mergeCustomers } from "./customers/merge.ts";
import { openSharedFiles } from "./files.ts";
import { queueOf } from "./ledger/shards.ts";
import { statusOf } from "./ledger/status.ts";
import { type MergedLogs, type MergeLogsOptions, mergeLogs } from "./logs/merge.ts";
import type { Cluster } from "./open.ts";
import { type MergePhotosOptions, mergePhotos } from "./photos/run.ts";
import type { ClusterRun } from "./types.ts";

interface Cleaning {
  /** Local root of the shared files, if it differs from that of the plan. */
  readonly data?: string | undefined;
  /**
   * Whether to keep the run's shared files; default: they are removed, because they contain personal data.
   */
  readonly keep?: boolean | undefined;
}

export type MergeRunOptions = MergeOptions & Cleaning;

/**
 * Writes the run folder of customers whose shards are all done, and removes the shared files.
 *
 * @throws ERR_CLUSTER_UNFINISHED, ERR_CLUSTER_INPUTS_DIFFER, ERR_SHARD_DAMAGED, ERR_OUTPUT_UNWRITABLE,
 * ERR_RUN_BUSY
 */
export async function mergeRun(
  cluster: Cluster,
  run: ClusterRun,
  opened: OpenCampaign,
  options: MergeRunOptions,
): Promise<GenerateReport> {
  await requireDone(cluster, run);
  const { vault, audit } = opened;
  const files = openSharedFiles(options.data ?? run.data);
  const absorb = () => absorbJournals({ files, journals: cluster.journals }, { runId: run.id, vault, audit });
  await absorb();
  const report = await mergeCustomers(cluster, run, opened, options);
  // Workers with discarded attempts may have written entries until now.
  await absorb();
  await clean(cluster, run, options);
  return report;
}

/**
 * Updates a gallery from an inventory whose shards are all done, and removes the shards' files.
 *
 * @throws ERR_CLUSTER_UNFINISHED, ERR_CLUSTER_INPUTS_DIFFER, ERR_SHARD_DAMAGED, and as `Gallery.index`
 */
export async function mergePhotosRun(
  cluster: Cluster,
  run: ClusterRun,
  options: MergePhotosOptions & Cleaning,
): Promise<IndexReport> {
  await requireDone(cluster, run);
  const report = await mergePhotos(cluster, run, options);
  await clean(cluster, run, options);
  return report;
}

/**
 * Writes the features of logs whose shards are all done, and removes the shards' files.
 *
 * @throws ERR_CLUSTER_UNFINISHED, ERR_SHARD_DAMAGED, ERR_SOURCE_EMPTY, ERR_OUTPUT_UNWRITABLE
 */
export async function mergeLogsRun(
  cluster: Cluster,
  run: ClusterRun,
  options: MergeLogsOptions & Cleaning,
): Promise<MergedLogs> {
  await requireDone(cluster, run);
  // Before the folder is written, so that an erasure finds it.
  await cluster.runs.changeSettings(run.id, { out: resolve(options.out) });
  const merged = await mergeLogs(cluster, run, options);
  await clean(cluster, run, options);
  return merged;
}

/** @throws ERR_CLUSTER_UNFINISHED, ERR_CLUSTER_RUN_UNKNOWN it was merged, and its files were removed */
async function requireDone(cluster: Cluster, run: ClusterRun): Promise<void> {
  // As it is now: another process may have merged it.
  const { state, settings } = await cluster.runs.find(run.id);
  if (state === "merged" && settings.isKept !== true) {
    throw new LookalikeError(
      "ERR_CLUSTER_RUN_UNKNOWN",
      `Expected a run that is not merged but ${run.id} was merged and its shared files were removed`,
      { hint: "Use the folder that it was merged into, or plan the run again." },
    );
  }
  const { isDone, phases } = await statusOf(cluster.postgres, run);
  if (isDone) return;
  const left = phases.reduce((sum, { shards, done }) => sum + shards - done, 0);
  throw new LookalikeError(
    "ERR_CLUSTER_UNFINISHED",
    `Expected a finished run but ${run.id} has ${left} shards left`,
    {
      hint: "Start workers, and check `lookalike cluster status`; plan again to queue failed shards again.",
    },
  );
}

async function clean(cluster: Cluster, run: ClusterRun, { data, keep = false }: Cleaning): Promise<void> {
  await cluster.runs.changeSettings(run.id, { isKept: keep });
  await cluster.runs.setMerged(run.id);
  await cluster.queue.remove(queueOf(run));
  if (keep) return;
  await openSharedFiles(data ?? run.data).remove(run.id);
  await cluster.journals.remove(run.id);
}
