import { openCustomersWork } from "./customers/work.ts";
import { openLogsWork } from "./logs/work.ts";
import type { Cluster } from "./open.ts";
import { openPhotosWork } from "./photos/run.ts";
import type { ClusterRun, RunKind } from "./types.ts";
import type { RunWork, WorkOptions } from "./work.ts";

type OpenWork = (run: ClusterRun, cluster: Cluster, options: WorkOptions) => Promise<RunWork>;

const KINDS: Readonly<Record<RunKind, OpenWork>> = {
  customers: openCustomersWork,
  logs: openLogsWork,
  photos: (run, _cluster, options) => openPhotosWork(run, options),
};

/** Opens the work on a run's shards. */
export function openRunWork(run: ClusterRun, cluster: Cluster, options: WorkOptions): Promise<RunWork> {
  return KINDS[run.kind](run, cluster, options);
}
