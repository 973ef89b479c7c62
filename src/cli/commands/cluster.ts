import type { Command } from "commander";
import { campaignSources, type OpenCampaign, openCampaign } from "../../campaign/index.ts";
import {
  type Cluster,
  type PlanCustomersOptions,
  type PlannedRun,
  planCustomers,
  planLogRun,
  planPhotos,
  type RunStatus,
  statusOf,
} from "../../cluster/index.ts";
import { wrongUse } from "../../core/index.ts";
import { type DatabaseFlags, withCluster, withDatabaseFlag } from "../cluster-flags.ts";
import type { AddCommand, Runner } from "../command.ts";
import { type EngineFlags, engineOptions, withEngineFlags } from "../engine-flags.ts";
import { wholeNumber } from "../flag-values.ts";
import { EXIT, type Output } from "../output.ts";
import { withKeyFlag } from "../privacy-flags.ts";
import { type RefusedFlags, sayRows, withRefusedFlag } from "../row-report.ts";
import { addMerge } from "./cluster-merge.ts";
import { addRemove } from "./cluster-remove.ts";

interface ClusterFlags extends DatabaseFlags, EngineFlags {
  readonly campaign: string;
  readonly keyFile?: string;
  readonly json?: boolean;
}

/** `lookalike cluster`: one run on several machines. */
export const addCluster: AddCommand = (program, run) => {
  const cluster = program.command("cluster");
  addPlan(cluster, run);
  addStatus(cluster, run);
  addMerge(cluster, run);
  addRemove(cluster, run);
};

interface PlanFlags extends ClusterFlags, RefusedFlags {
  readonly data: string;
  readonly shardSize?: number;
  readonly lease?: number;
  readonly model?: string;
  readonly template?: string;
  readonly photos?: boolean;
  readonly logs?: boolean;
  readonly partitions?: number;
  readonly features?: string;
}

function addPlan(parent: Command, run: Runner): void {
  withKeyFlag(
    withEngineFlags(
      withDatabaseFlag(
        withRefusedFlag(parent.command("plan").description("write a run as shards for workers")),
      )
        .requiredOption("--campaign <yaml>", "the campaign, at the same path on every machine")
        .requiredOption("--data <dir>", "the folder that all machines share, or s3://bucket/prefix")
        .option("--photos", "index the campaign's inventory instead of making ads")
        .option("--logs", "compute the features of the call and usage logs instead of making ads")
        .option(
          "--partitions <n>",
          "with --logs: hash partitions of the subscribers (default: one per GiB of the logs)",
          wholeNumber,
        )
        .option("--features <dir>", "features of a merged run of --logs, read instead of the logs")
        .option(
          "--shard-size <n>",
          "customers per shard (default: 10000), or photos (default: 1000)",
          wholeNumber,
        )
        .option(
          "--lease <seconds>",
          "time after which a dead worker's shard is given to another, seconds (default: 900)",
          wholeNumber,
        )
        .option("--model <json>", "the trained model (default: the campaign's)")
        .option("--template <name>", "a template, as in generate")
        .option("--json", "print the run on stdout as JSON"),
    ),
  ).action(async (flags: PlanFlags) =>
    run(flags, async ({ output, signal, env, engineOf }) => {
      requireOneKind(flags);
      const { keyFile, model } = flags;
      const engine = engineOptions(flags);
      return withCluster(flags, env, async (cluster) => {
        await using opened = await openCampaign(flags.campaign, {
          ...{ keyFile, env, model },
          engine: () => engineOf(engine),
        });
        const progress = output.progress("customers");
        try {
          const {
            run: planned,
            isResumed,
            rows,
          } = await planKind(cluster, opened, {
            ...flags,
            signal,
            onProgress: progress.update,
          });
          progress.stop();
          const status = await statusOf(cluster.postgres, planned);
          output.say(isResumed ? `Resumed ${planned.id}` : `Planned ${planned.id}`);
          describe(status, output);
          output.say("Start workers on any machine: lookalike worker --database <address>");
          const refused = rows === null ? 0 : sayRows(output, rows);
          await output.result(toJson(status));
          return refused > 0 ? EXIT.refused : EXIT.done;
        } finally {
          progress.stop();
        }
      });
    }),
  );
}

/** @throws ERR_OPTION_INVALID flags of different kinds of runs */
function requireOneKind({ photos, logs, features, partitions }: PlanFlags): void {
  const wrong = [
    photos && logs ? "--photos with --logs" : null,
    features !== undefined && (photos || logs) ? "--features without a run of customers" : null,
    partitions !== undefined && !logs ? "--partitions without --logs" : null,
  ].find((text) => text !== null);
  if (wrong === undefined) return;
  throw wrongUse("flags of one kind of run", wrong, "Plan photos, logs and customers one after the other.");
}

async function planKind(
  cluster: Cluster,
  opened: OpenCampaign,
  options: PlanFlags & Pick<PlanCustomersOptions, "signal" | "onProgress">,
): Promise<PlannedRun> {
  const { campaign, vault } = opened;
  const { data, shardSize, lease: leaseSeconds, signal } = options;
  if (options.logs) {
    const sources = campaignSources(campaign);
    return planLogRun(cluster, { sources, data, leaseSeconds, signal, partitions: options.partitions });
  }
  if (options.photos) {
    const { inventory } = campaign.inputs;
    const engine = await opened.engine();
    return planPhotos(cluster, { inventory, data, engine, vault, shardSize, leaseSeconds });
  }
  return planCustomers(cluster, opened, { ...options, leaseSeconds, now: () => new Date() });
}

function addStatus(parent: Command, run: Runner): void {
  withDatabaseFlag(
    parent.command("status").description("show the state of runs: shards done, active, waiting and failed"),
  )
    .option("--run <id>", "one run (default: all)")
    .option("--json", "print runs on stdout as JSON Lines")
    .action(async (flags: DatabaseFlags & { readonly run?: string; readonly json?: boolean }) =>
      run(flags, async (context) =>
        withCluster(flags, context.env, async (cluster) => {
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

function describe({ run, phases, repeats, errors }: RunStatus, output: Output): void {
  output.say(`${run.id}: ${run.state}, planned ${run.createdAt.toISOString()}`);
  for (const { name, shards, done, active, waiting, failed } of phases) {
    const bad = failed > 0 ? `, ${failed} failed` : "";
    output.say(`  ${name}: ${done} of ${shards} shards done, ${active} active, ${waiting} waiting${bad}`);
  }
  if (repeats > 0) output.say(`  ${repeats} attempts were repeated`);
  for (const { shard, error, attempts } of errors) output.say(`  ${shard}, attempt ${attempts}: ${error}`);
}

function toJson({ run, phases, repeats, isDone, errors }: RunStatus): unknown {
  const { id, kind, state, createdAt } = run;
  return { run: id, kind, state, created_at: createdAt.toISOString(), done: isDone, repeats, phases, errors };
}
