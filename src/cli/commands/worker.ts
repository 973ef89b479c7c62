import { hostname } from "node:os";
import { createPersistence, type ShardEvent, type WorkerReport, work } from "../../cluster/index.ts";
import { isLookalikeError } from "../../core/index.ts";
import { type DatabaseFlags, withCluster, withDatabaseFlag } from "../cluster-flags.ts";
import type { AddCommand } from "../command.ts";
import { type EngineFlags, engineOptions, withEngineFlags } from "../engine-flags.ts";
import { wholeNumber } from "../flag-values.ts";
import { EXIT, type Output } from "../output.ts";
import { withKeyFlag } from "../privacy-flags.ts";

interface WorkerFlags extends DatabaseFlags, EngineFlags {
  readonly run?: string;
  readonly data?: string;
  readonly work?: string;
  readonly name?: string;
  readonly untilDone?: boolean;
  readonly patience?: number;
  readonly keyFile?: string;
  readonly json?: boolean;
}

/** `lookalike worker`: takes shards of runs on several machines. */
export const addWorker: AddCommand = (program, run) => {
  withKeyFlag(
    withEngineFlags(
      withDatabaseFlag(program.command("worker"))
        .option("--run <id>", "work only on this run (default: on every run, oldest first)")
        .option("--data <dir>", "the shared folder, if its path here differs from that of `cluster plan`")
        .option("--work <dir>", "a local folder for copies (default: the system's temporary folder)")
        .option("--name <text>", "name in `cluster status` (default: host and process)")
        .option("--until-done", "exit when no shard is left (default: wait for new runs)")
        .option(
          "--patience <seconds>",
          "how long to wait for the database, seconds (default: 600)",
          wholeNumber,
        )
        .option("--json", "print each shard on stdout as a JSON line"),
    ),
  ).action(async (flags: WorkerFlags) =>
    run(flags, async ({ output, signal, env, engineOf }) => {
      const patience = {
        patienceMs: flags.patience === undefined ? undefined : flags.patience * 1000,
        onWait: (error: unknown) =>
          output.say(`The database cannot be reached: ${messageOf(error)}. Retrying.`),
        signal,
      };
      const engine = engineOptions(flags);
      const options = {
        name: flags.name ?? `${hostname()}:${process.pid}`,
        runId: flags.run,
        untilDone: flags.untilDone,
        ...patience,
        data: flags.data,
        workFolder: flags.work,
        keyFile: flags.keyFile,
        env,
        engine: () => engineOf(engine),
        jobs: flags.jobs,
        now: () => new Date(),
        onShard: (event: ShardEvent) => void note(event, output),
      };
      // A machine may start before the database does.
      const persist = createPersistence(patience);
      const report = await withCluster(flags, env, (cluster) => work(cluster, options), persist);
      summarise(report, output);
      return report.failed > 0 ? EXIT.refused : EXIT.done;
    }),
  );
};

function note(
  { attempt, status, rows, seconds, overheadSeconds, error }: ShardEvent,
  output: Output,
): Promise<void> {
  const { runId, phaseName, number } = attempt;
  const why = error === null ? "" : `: ${messageOf(error)}`;
  output.say(`${runId} ${phaseName} ${number}: ${status}, ${rows} rows in ${seconds.toFixed(1)} s${why}`);
  return output.result({
    run: runId,
    phase: phaseName,
    shard: number,
    status,
    rows,
    seconds,
    overhead_seconds: overheadSeconds,
    error: error === null ? null : messageOf(error),
  });
}

function summarise({ committed, fenced, failed, rows }: WorkerReport, output: Output): void {
  output.say(`${committed} shards committed with ${rows} rows, ${fenced} came too late, ${failed} failed`);
}

function messageOf(error: unknown): string {
  return isLookalikeError(error) ? `${error.code}: ${error.message}` : String(error);
}
