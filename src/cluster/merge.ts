import type { GenerateReport, OpenCampaign } from "../campaign/index.ts";
import { LookalikeError } from "../core/index.ts";
import type { IndexReport } from "../gallery/index.ts";
import { absorbJournals } from "./customers/journal.ts";
import { type MergeOptions, mergeCustomers } from "./customers/merge.ts";
import { openSharedFiles } from "./files.ts";
import { queueOf } from "./ledger/shards.ts";
import { statusOf } from "./ledger/status.ts";
import type { Cluster } from "./open.ts";
import { type MergePhotosOptions, mergePhotos } from "./photos/run.ts";
import type { ClusterRun } from "./types.ts";

interface Cleaning {
  /** Root of the shared files here, where it differs from that of the plan. */
  readonly data?: string | undefined;
  /** Leave the run's shared files where they are; default: they are removed, since they tell of people. */
  readonly keep?: boolean | undefined;
}

export type MergeRunOptions = MergeOptions & Cleaning;

/**
 * Writes the run folder of customers whose shards are all done, and removes what it was made of.
 *
 * @throws ERR_CLUSTER_UNFINISHED, ERR_CLUSTER_INPUTS_DIFFER, ERR_SHARD_DAMAGED, ERR_OUTPUT_UNWRITABLE, ERR_RUN_BUSY
 */
export async function mergeRun(
  cluster: Cluster,
  run: ClusterRun,
  opened: OpenCampaign,
  options: MergeRunOptions,
): Promise<GenerateReport> {
  await requireDone(cluster, run);
  const { vault, audit } = opened;
  const absorb = () =>
    absorbJournals(openSharedFiles(options.data ?? run.data), { runId: run.id, vault, audit });
  await absorb();
  const report = await mergeCustomers(cluster, run, opened, options);
  // Workers whose attempts are discarded may have been at work until now.
  await absorb();
  await clean(cluster, run, options);
  return report;
}

/**
 * Brings a gallery up to date with an inventory whose shards are all done, and removes what they wrote.
 *
 * @throws ERR_CLUSTER_UNFINISHED, ERR_CLUSTER_INPUTS_DIFFER, ERR_SHARD_DAMAGED, and what `Gallery.index` throws
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

async function requireDone(cluster: Cluster, run: ClusterRun): Promise<void> {
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
  await cluster.runs.setMerged(run.id);
  await cluster.queue.remove(queueOf(run));
  if (!keep) await openSharedFiles(data ?? run.data).remove(run.id);
}
