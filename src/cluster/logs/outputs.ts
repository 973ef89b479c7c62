import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { z } from "zod";
import { createMemo, once } from "../../core/index.ts";
import {
  addCounted,
  addScattered,
  addSummaries,
  type Counted,
  countStats,
  type Scattered,
  type SummaryStats,
  scatterStats,
  summaryStats,
} from "../../customers/index.ts";
import { hashFile } from "../../io/files.ts";
import { makeScratch } from "../../io/scratch.ts";
import type { SharedFiles } from "../../io/shared-files/index.ts";
import { readChecked, shardDamaged } from "../lines.ts";
import type { Cluster } from "../open.ts";
import type { OutputFile, ShardOutput } from "../types.ts";
import { PHASES } from "./plan.ts";

type PhaseName = (typeof PHASES)[number];

/** The committed outputs of a run's phases. Ask only for phases that are done. */
export interface LogOutputs {
  of(phase: PhaseName): Promise<readonly ShardOutput[]>;
  /** The counts of each shard of a phase. */
  stats<T>(phase: PhaseName, schema: z.ZodType<T>): Promise<readonly T[]>;
  /** The whole log after `scatter`, `count` and `summarise`. */
  scattered(): Promise<Scattered>;
  counted(): Promise<Counted>;
  summarised(): Promise<SummaryStats>;
  /**
   * Local paths of the files whose names end so, checked against their hashes.
   *
   * @throws ERR_SHARD_DAMAGED, ERR_SOURCE_NOT_FOUND
   */
  paths(outputs: readonly ShardOutput[], isWanted: (name: string) => boolean): Promise<readonly string[]>;
  close(): Promise<void>;
}

export const STATS = "stats.json";

/** @param work a local folder for copies, if the shared files are not on a file system */
export function openLogOutputs(
  { shards }: Pick<Cluster, "shards">,
  { runId, files, work }: { readonly runId: string; readonly files: SharedFiles; readonly work: string },
): LogOutputs {
  const checked = new Map<string, string>();
  let scratch: string | null = null;
  const localPath = async ({ name, sha256 }: OutputFile): Promise<string> => {
    const known = checked.get(name);
    if (known !== undefined) return known;
    let path = files.folder(name);
    if (path === null) {
      scratch ??= makeScratch(work);
      path = join(scratch, `${checked.size}.parquet`);
      await files.download(name, path);
    }
    if ((await hashFile(path)) !== sha256) throw shardDamaged(files, name);
    checked.set(name, path);
    return path;
  };
  const committed = createMemo<readonly ShardOutput[]>();
  const of = (phase: PhaseName) => committed(phase, () => shards.outputs(runId, PHASES.indexOf(phase)));
  const stats = async <T>(phase: PhaseName, schema: z.ZodType<T>): Promise<readonly T[]> => {
    const found: T[] = [];
    for (const output of await of(phase)) {
      const file = output.files.find(({ name }) => name.endsWith(`/${STATS}`));
      if (file === undefined) throw new RangeError(`no ${STATS} of a shard of ${phase} in ${runId}`);
      found.push(schema.parse(JSON.parse((await readChecked(files, file)).toString("utf8"))));
    }
    return found;
  };
  const scattered = once(async () => addScattered(await stats("scatter", scatterStats)));
  return {
    of,
    stats,
    scattered,
    counted: once(async () => addCounted(await scattered(), await stats("count", countStats))),
    summarised: once(async () => addSummaries(await stats("summarise", summaryStats))),
    async paths(outputs, isWanted) {
      const wanted = outputs.flatMap((output) => output.files.filter(({ name }) => isWanted(name)));
      const found: string[] = [];
      for (const file of wanted) found.push(await localPath(file));
      return found;
    },
    async close() {
      if (scratch !== null) await rm(scratch, { recursive: true, force: true });
    },
  };
}
