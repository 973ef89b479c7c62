import { tmpdir } from "node:os";
import { featureStats, writeLogFeatures } from "../../customers/index.ts";
import type { ConsentRegistry } from "../../trust/index.ts";
import { openSharedFiles } from "../files.ts";
import type { Cluster } from "../open.ts";
import type { ClusterRun } from "../types.ts";
import { openLogOutputs } from "./outputs.ts";
import { readLogPlan } from "./plan.ts";

export interface MergeLogsOptions {
  /** The folder to write: `features.json` and Parquet files. */
  readonly out: string;
  /** Erased people get no row. */
  readonly consents: Pick<ConsentRegistry, "erasedAmong">;
  /** Local root of the shared files, if it differs from that of the plan. */
  readonly data?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface MergedLogs {
  readonly subscribers: number;
  /** Rows of the logs, and those that were rejected. */
  readonly read: number;
  readonly refused: number;
}

/**
 * Writes the features of a summary whose shards are all done.
 *
 * @throws ERR_SHARD_DAMAGED, ERR_SOURCE_EMPTY, ERR_OUTPUT_UNWRITABLE
 */
export async function mergeLogs(
  cluster: Pick<Cluster, "shards">,
  run: ClusterRun,
  { out, consents, data, signal }: MergeLogsOptions,
): Promise<MergedLogs> {
  const files = openSharedFiles(data ?? run.data);
  const plan = await readLogPlan(files, run);
  const outputs = openLogOutputs(cluster, { runId: run.id, files, work: tmpdir() });
  try {
    const [log, counted] = [await outputs.scattered(), await outputs.counted()];
    const paths = await outputs.paths(await outputs.of("contacts"), (name) => name.endsWith(".parquet"));
    const stats = await outputs.stats("contacts", featureStats);
    const parts = stats.map((each, i) => ({ path: paths[i] ?? "", stats: each }));
    const erasedAmong = (ids: readonly string[]) => consents.erasedAmong(ids);
    const subscribers = await writeLogFeatures({ plan, log, counted, parts, out, erasedAmong, signal });
    return { subscribers, read: log.read, refused: log.malformed + counted.badRows };
  } finally {
    await outputs.close();
  }
}
