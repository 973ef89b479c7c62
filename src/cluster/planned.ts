import type { RowReport } from "../tables/index.ts";
import type { Cluster } from "./open.ts";
import type { ClusterRun, Phase } from "./types.ts";

export interface PlannedRun {
  readonly run: ClusterRun;
  /**
   * Whether a run of the same inputs was already in progress: it resumes, and lost shards are queued again.
   */
  readonly isResumed: boolean;
  /** The report on the customers' rows; null: none were read, because the run resumes or has no customers. */
  readonly rows: RowReport | null;
}

type Queue = Pick<Cluster, "runs" | "shards">;

/** Continues a run that was planned before. */
export async function resumeRun({ shards }: Queue, run: ClusterRun): Promise<PlannedRun> {
  await shards.advance(run);
  await shards.requeue(run);
  return { run, isResumed: true, rows: null };
}

/** Makes a new run's shards available to workers. */
export async function startRun(
  { runs, shards }: Queue,
  id: string,
  { settings, phases }: { readonly settings: ClusterRun["settings"]; readonly phases: readonly Phase[] },
): Promise<ClusterRun> {
  await runs.start(id, settings, phases);
  const run = await runs.find(id);
  await shards.advance(run);
  return run;
}
