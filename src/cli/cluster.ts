import { join } from "node:path";
import type { Command } from "commander";
import { openCampaign } from "../campaign/index.ts";
import {
  type Cluster,
  type ClusterRun,
  mergeRun,
  openCluster,
  planCustomers,
  type RunStatus,
  statusOf,
} from "../cluster/index.ts";
import { isLookalikeError, LookalikeError } from "../core/index.ts";
import { type DatabaseFlags, databaseOf, withDatabaseFlag } from "./cluster-flags.ts";
import type { AddCommand, CommandContext, Runner } from "./command.ts";
import { type EngineFlags, engineOptions, wholeNumber, withEngineFlags } from "./engine-flags.ts";
import { EXIT, type Output } from "./output.ts";
import { withKeyFlag } from "./privacy-flags.ts";

interface ClusterFlags extends DatabaseFlags, EngineFlags {
  readonly campaign: string;
  readonly keyFile?: string;
  readonly json?: boolean;
}

/** `lookalike cluster`: one run on many machines. */
export const addCluster: AddCommand = (program, run) => {
  const cluster = program.command("cluster");
  addPlan(cluster, run);
  addStatus(cluster, run);
  addMerge(cluster, run);
};

interface PlanFlags extends ClusterFlags {
  readonly data: string;
  readonly shardSize?: number;
  readonly lease?: number;
  readonly model?: string;
  readonly template?: string;
}

function addPlan(parent: Command, run: Runner): void {
  withKeyFlag(
    withEngineFlags(
      withDatabaseFlag(parent.command("plan").description("write a run and its shards for workers to take"))
        .requiredOption("--campaign <yaml>", "the campaign, at the same path on every machine")
        .requiredOption("--data <dir>", "the folder that all machines share")
        .option("--shard-size <n>", "customers of a shard (default: 10000)", wholeNumber)
        .option("--lease <seconds>", "how long a worker may take for a shard (default: 900)", wholeNumber)
        .option("--model <json>", "the trained model (default: the campaign's)")
        .option("--template <name>", "as of generate")
        .option("--json", "print the run on stdout as JSON"),
    ),
  ).action(async (flags: PlanFlags) =>
    run(flags, async (context) =>
      withCluster(flags, context, async (cluster) => {
        const { output, signal, env } = context;
        const { keyFile, model } = flags;
        await using opened = await openCampaign(flags.campaign, {
          ...{ keyFile, env, model },
          engine: engineOptions(flags),
        });
        const progress = output.progress("customers");
        try {
          const { run: planned, isResumed } = await planCustomers(cluster, opened, {
            data: flags.data,
            shardSize: flags.shardSize,
            leaseSeconds: flags.lease,
            model,
            template: flags.template,
            now: () => new Date(),
            signal,
            onProgress: progress.update,
          });
          progress.stop();
          const status = await statusOf(cluster.postgres, planned);
          output.say(isResumed ? `Resumed ${planned.id}` : `Planned ${planned.id}`);
          describe(status, output);
          output.say("Start workers on any machine: lookalike worker --database <address>");
          await output.result(toJson(status));
          return EXIT.done;
        } finally {
          progress.stop();
        }
      }),
    ),
  );
}

function addStatus(parent: Command, run: Runner): void {
  withDatabaseFlag(
    parent.command("status").description("where runs stand: shards done, under way, waiting and failed"),
  )
    .option("--run <id>", "one run (default: all)")
    .option("--json", "print runs on stdout as JSON Lines")
    .action(async (flags: DatabaseFlags & { readonly run?: string; readonly json?: boolean }) =>
      run(flags, async (context) =>
        withCluster(flags, context, async (cluster) => {
          const runs =
            flags.run === undefined ? await cluster.runs.list() : [await cluster.runs.find(flags.run)];
          if (runs.length === 0) context.output.say("No runs");
          let failed = 0;
          for (const each of runs) {
            const status = await statusOf(cluster.postgres, each);
            describe(status, context.output);
            await context.output.result(toJson(status));
            failed += status.phases.reduce((sum, phase) => sum + phase.failed, 0);
          }
          return failed > 0 ? EXIT.refused : EXIT.done;
        }),
      ),
    );
}

interface MergeFlags extends ClusterFlags {
  readonly run?: string;
  readonly out: string;
  readonly data?: string;
  readonly keep?: boolean;
}

function addMerge(parent: Command, run: Runner): void {
  withKeyFlag(
    withEngineFlags(
      withDatabaseFlag(
        parent.command("merge").description("write the run folder that one machine would have made"),
      )
        .requiredOption("--campaign <yaml>", "the campaign")
        .requiredOption("--out <dir>", "where decisions.jsonl and creatives/ go")
        .option("--run <id>", "the run (default: the newest that is done and not merged)")
        .option("--data <dir>", "the shared folder, where it has another path here")
        .option("--keep", "leave the shards' files in the shared folder")
        .option("--json", "print what was merged on stdout as JSON"),
    ),
  ).action(async (flags: MergeFlags) =>
    run(flags, async (context) =>
      withCluster(flags, context, async (cluster) => {
        const { output, signal, env } = context;
        const merged = await findRun(cluster, flags.run);
        const model = merged.settings.model;
        await using opened = await openCampaign(flags.campaign, {
          ...{ keyFile: flags.keyFile, env },
          ...(typeof model === "string" ? { model } : {}),
          engine: engineOptions(flags),
        });
        const { out, data, keep } = flags;
        const report = await mergeRun(cluster, merged, opened, { out, data, keep, signal });
        output.say(`Merged ${merged.id}: ${report.decisions} decisions in ${join(out, "decisions.jsonl")}`);
        if (report.rows.refused > 0)
          output.say(`  ${report.rows.refused} rows were refused when it was planned`);
        await output.result({
          run: merged.id,
          decisions: report.decisions,
          erased: report.erased,
          ads: report.ads,
        });
        return report.rows.refused > 0 ? EXIT.refused : EXIT.done;
      }),
    ),
  );
}

/** @throws ERR_CLUSTER_RUN_UNKNOWN */
async function findRun(cluster: Cluster, id: string | undefined): Promise<ClusterRun> {
  if (id !== undefined) return cluster.runs.find(id);
  for (const run of await cluster.runs.list()) {
    if (run.state === "working" && (await cluster.shards.isDone(run))) return run;
  }
  throw new LookalikeError(
    "ERR_CLUSTER_RUN_UNKNOWN",
    "Expected a run whose shards are all done but there is none",
    {
      hint: "See `lookalike cluster status`.",
    },
  );
}

async function withCluster<T>(
  flags: DatabaseFlags,
  { env }: CommandContext,
  action: (cluster: Cluster) => Promise<T>,
): Promise<T> {
  const cluster = await openCluster(databaseOf(flags, env));
  try {
    return await action(cluster);
  } finally {
    await cluster.close().catch((error: unknown) => {
      if (!isLookalikeError(error)) throw error;
    });
  }
}

function describe({ run, phases, repeats, errors }: RunStatus, output: Output): void {
  output.say(`${run.id}: ${run.state}, planned ${run.createdAt.toISOString()}`);
  for (const { name, shards, done, active, waiting, failed } of phases) {
    const bad = failed > 0 ? `, ${failed} failed` : "";
    output.say(`  ${name}: ${done} of ${shards} shards done, ${active} under way, ${waiting} waiting${bad}`);
  }
  if (repeats > 0) output.say(`  ${repeats} attempts were repeated`);
  for (const { shard, error, attempts } of errors) output.say(`  ${shard}, attempt ${attempts}: ${error}`);
}

function toJson({ run, phases, repeats, isDone, errors }: RunStatus): unknown {
  const { id, kind, state, createdAt } = run;
  return { run: id, kind, state, created_at: createdAt.toISOString(), done: isDone, repeats, phases, errors };
}
