import { z } from "zod";
import { type LogPlan, type LogSources, logPlan, planLogs } from "../../customers/index.ts";
import { hashBytes } from "../../io/files.ts";
import type { SharedFiles } from "../../io/shared-files/index.ts";
import { openSharedFiles, outputFile } from "../files.ts";
import { readChecked, writeBytes } from "../lines.ts";
import type { Cluster } from "../open.ts";
import { type PlannedRun, planRun } from "../planned.ts";
import type { ClusterRun } from "../types.ts";

/** Computes the features of call and usage logs in shards: one per file, then one per hash partition. */

const settings = z.object({
  /** The `LogPlan`, in a file of its own because the list of the logs' files may be long. */
  plan: outputFile,
});

export interface PlanLogRunOptions {
  /** The logs; other tables, such as the customers, are not read. */
  readonly sources: LogSources;
  /** Root of the shared files. */
  readonly data: string;
  /** Number of hash partitions; default: one per GiB of the logs, at most 1,000. */
  readonly partitions?: number | undefined;
  readonly leaseSeconds?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** The phases of a run, in order. */
export const PHASES = ["scatter", "count", "summarise", "contacts"] as const;

/**
 * Checks logs and plans their summary for workers.
 *
 * @throws ERR_OPTION_INVALID there are no logs; as `openCustomers`; ERR_OUTPUT_UNWRITABLE,
 *   ERR_POSTGRES_UNREACHABLE, ERR_POSTGRES_FAILED
 */
export async function planLogRun(
  cluster: Pick<Cluster, "runs" | "shards">,
  options: PlanLogRunOptions,
): Promise<PlannedRun> {
  const { partitions, leaseSeconds, signal } = options;
  const files = openSharedFiles(options.data);
  const plan = await planLogs({ ...options.sources, partitions, signal });
  const fingerprint = hashBytes(JSON.stringify([plan.fingerprint, plan.partitions]));
  return planRun(cluster, {
    files,
    kind: "logs",
    fingerprint,
    leaseSeconds,
    async write({ id }) {
      const written = await writeBytes(files, `${id}/logs.json`, Buffer.from(JSON.stringify(plan)));
      const phases = PHASES.map((name) => {
        return { name, shards: name === "scatter" ? plan.files.length : plan.partitions };
      });
      return { settings: { plan: written }, phases };
    },
  });
}

export async function readLogPlan(files: SharedFiles, run: ClusterRun): Promise<LogPlan> {
  const { plan } = settings.parse(run.settings);
  return logPlan.parse(JSON.parse((await readChecked(files, plan)).toString("utf8")));
}
