import { tmpdir } from "node:os";
import {
  countPart,
  featuresOfPart,
  type StepOptions,
  scatterLog,
  summarisePart,
} from "../../customers/index.ts";
import { openSharedFiles, uploadFile } from "../files.ts";
import { writeBytes } from "../lines.ts";
import type { Cluster } from "../open.ts";
import type { Attempt, ClusterRun, OutputFile } from "../types.ts";
import type { RunWork, WorkOptions } from "../work.ts";
import { openLogOutputs, STATS } from "./outputs.ts";
import { readLogPlan } from "./plan.ts";

/** Opens the work on the shards of a summary of logs. */
export async function openLogsWork(
  run: ClusterRun,
  cluster: Pick<Cluster, "shards">,
  { data, workFolder = tmpdir(), signal }: WorkOptions,
): Promise<RunWork> {
  const files = openSharedFiles(data ?? run.data);
  const plan = await readLogPlan(files, run);
  const outputs = openLogOutputs(cluster, { runId: run.id, files, work: workFolder });

  const eventsOf = async (partition: number) => {
    const scattered = await outputs.of("scatter");
    const ofKind = (kind: string) =>
      outputs.paths(scattered, (name) => name.includes(`/${kind}/${partition}/`));
    return { calls: await ofKind("calls"), usage: await ofKind("usage") };
  };
  const steps = {
    scatter: (number: number, options: StepOptions) => scatterLog(plan, number, options),
    async count(number: number, options: StepOptions) {
      return countPart(plan, { events: await eventsOf(number), log: await outputs.scattered() }, options);
    },
    async summarise(number: number, options: StepOptions) {
      const [log, counted] = [await outputs.scattered(), await outputs.counted()];
      return summarisePart(plan, { events: await eventsOf(number), log, counted }, options);
    },
    async contacts(number: number, options: StepOptions) {
      const all = await outputs.of("summarise");
      const own = all.slice(number, number + 1);
      const named = (parts: typeof all, table: string) =>
        outputs.paths(parts, (name) => name.endsWith(`/${table}.parquet`));
      const tables = {
        pairs: await named(own, "pairs"),
        volumes: await named(own, "volumes"),
        devices: await named(all, "devices"),
      };
      const [counted, summary] = [await outputs.counted(), await outputs.summarised()];
      return featuresOfPart(plan, { files: tables, counted, summary }, options);
    },
  };
  return {
    async perform({ number, id, phaseName }: Attempt, onProgress) {
      const step = Object.hasOwn(steps, phaseName) ? steps[phaseName as keyof typeof steps] : undefined;
      if (step === undefined) throw new RangeError(`no phase ${phaseName}`);
      const home = `${run.id}/${phaseName}/${number}/${id}`;
      const written: OutputFile[] = [];
      const keep = async (table: string, path: string) => {
        written.push(await uploadFile(files, `${home}/${table}`, path));
        onProgress();
      };
      const stats = await step(number, { keep, signal, resources: { tempFolder: workFolder } });
      written.push(await writeBytes(files, `${home}/${STATS}`, Buffer.from(JSON.stringify(stats))));
      return {
        output: { files: written, rows: rowsOf(stats), consents: null },
        revise: async () => null,
      };
    },
    discard: async ({ files: written }) => {
      for (const { name } of written) await files.remove(name);
    },
    registry: null,
    close: () => outputs.close(),
  };
}

function rowsOf(stats: object): number {
  const { rows, subscribers } = stats as { readonly rows?: unknown; readonly subscribers?: unknown };
  return Number(rows ?? subscribers ?? 0);
}
