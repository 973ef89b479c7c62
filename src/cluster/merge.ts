import type { GenerateReport, OpenCampaign } from "../campaign/index.ts";
import { LookalikeError } from "../core/index.ts";
import { type MergeOptions, mergeCustomers } from "./customers/merge.ts";
import { openSharedFiles } from "./files.ts";
import { queueOf } from "./ledger/shards.ts";
import { statusOf } from "./ledger/status.ts";
import type { Cluster } from "./open.ts";
import type { ClusterRun } from "./types.ts";

export interface MergeRunOptions extends MergeOptions {
  /** Leave the run's shared files where they are; default: they are removed, since they tell of people. */
  readonly keep?: boolean | undefined;
}

/**
 * Writes the result of a run whose shards are all done, and removes what it was made of.
 *
 * @throws ERR_CLUSTER_UNFINISHED, and what merging its kind throws
 */
export async function mergeRun(
  cluster: Cluster,
  run: ClusterRun,
  opened: OpenCampaign,
  options: MergeRunOptions,
): Promise<GenerateReport> {
  const status = await statusOf(cluster.postgres, run);
  if (!status.isDone) {
    const left = status.phases.reduce((sum, { shards, done }) => sum + shards - done, 0);
    throw new LookalikeError(
      "ERR_CLUSTER_UNFINISHED",
      `Expected a finished run but ${run.id} has ${left} shards left`,
      {
        hint: "Start workers, and look at `lookalike cluster status`; plan again to hand out shards that failed.",
      },
    );
  }
  const report = await mergeCustomers(cluster, run, opened, options);
  await cluster.runs.setMerged(run.id);
  await cluster.queue.remove(queueOf(run));
  if (options.keep !== true) await openSharedFiles(options.data ?? run.data).remove(run.id);
  return report;
}
