import { openCustomersWork } from "./customers/work.ts";
import type { Shards } from "./ledger/shards.ts";
import type { ClusterRun, RunKind } from "./types.ts";
import type { RunWork, WorkOptions } from "./work.ts";

type OpenWork = (run: ClusterRun, shards: Shards, options: WorkOptions) => Promise<RunWork>;

const KINDS: Readonly<Partial<Record<RunKind, OpenWork>>> = {
  customers: openCustomersWork,
};

/** What works on a run's shards. */
export async function openRunWork(run: ClusterRun, shards: Shards, options: WorkOptions): Promise<RunWork> {
  const open = KINDS[run.kind];
  if (open === undefined) throw new RangeError(`no work of kind ${run.kind}`);
  return open(run, shards, options);
}
