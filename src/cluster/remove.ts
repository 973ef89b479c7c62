import type { OpenCampaign } from "../campaign/index.ts";
import { absorbJournals } from "./customers/journal.ts";
import { openSharedFiles } from "./files.ts";
import { queueOf } from "./ledger/shards.ts";
import type { Cluster } from "./open.ts";
import type { ClusterRun } from "./types.ts";

/**
 * Removes a run and its shared files, whatever its state. What workers wrote for the audit log is appended to
 * it before. Workers that are busy with a shard of the run discard it at the commit.
 *
 * @param data local root of the shared files, if it differs from that of the plan
 */
export async function removeRun(
  cluster: Cluster,
  run: ClusterRun,
  { vault, audit }: Pick<OpenCampaign, "vault" | "audit">,
  { data }: { readonly data?: string | undefined } = {},
): Promise<void> {
  const files = openSharedFiles(data ?? run.data);
  // First the rows: from then on no attempt can be committed, and no worker takes a shard.
  await cluster.runs.remove(run.id);
  await cluster.queue.remove(queueOf(run));
  await absorbJournals({ files, journals: cluster.journals }, { runId: run.id, vault, audit });
  await files.remove(run.id);
  await cluster.journals.remove(run.id);
}
