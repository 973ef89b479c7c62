import { isLookalikeError } from "../core/index.ts";
import type { SharedFiles } from "../io/shared-files/index.ts";
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

/** What a plan writes for workers. */
interface PlannedWork {
  readonly settings: Readonly<Record<string, unknown>>;
  readonly phases: readonly Phase[];
}

export interface RunToPlan {
  readonly files: SharedFiles;
  readonly kind: ClusterRun["kind"];
  readonly fingerprint: string;
  /** Default 900. */
  readonly leaseSeconds?: number | undefined;
  /** Settings that a run in progress gets when it resumes. */
  readonly resumed?: object | undefined;
  /** Writes the shared files of a new run. */
  write(run: ClusterRun): Promise<PlannedWork>;
}

/**
 * Resumes the run of the same fingerprint, or writes a new one and makes its shards available to workers. The files of a
 * plan that was interrupted or failed are removed: they may contain personal data, and nobody would resume them.
 *
 * @throws the errors of `write`, ERR_CLUSTER_RUN_UNKNOWN, ERR_OUTPUT_UNWRITABLE, ERR_POSTGRES_UNREACHABLE,
 *   ERR_POSTGRES_FAILED
 */
export async function planRun(
  { runs, shards }: Pick<Cluster, "runs" | "shards">,
  { files, kind, fingerprint, leaseSeconds = 900, resumed, write }: RunToPlan,
): Promise<PlannedRun> {
  const found = await runs.findOpen(kind, fingerprint);
  if (found?.state === "working") {
    if (resumed !== undefined) await runs.changeSettings(found.id, resumed);
    await shards.advance(found);
    await shards.requeue(found);
    return { run: found, isResumed: true, rows: null };
  }
  if (found !== null) {
    await files.remove(found.id);
    await runs.remove(found.id);
  }
  const created = await runs.create({ kind, fingerprint, data: files.shown, leaseSeconds });
  const { id } = created;
  const { settings, phases } = await write(created).catch(async (error) => {
    await files.remove(id).catch(() => {});
    await runs.remove(id).catch(() => {});
    throw error;
  });
  await runs.start(id, settings, phases).catch(async (error) => {
    // Removed meanwhile by an erasure or by another plan. After a lost connection it may have started.
    if (isLookalikeError(error) && error.code === "ERR_CLUSTER_RUN_UNKNOWN") await files.remove(id);
    throw error;
  });
  const run = await runs.find(id);
  await shards.advance(run);
  return { run, isResumed: false, rows: null };
}
