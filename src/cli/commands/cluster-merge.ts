import { isDeepStrictEqual } from "node:util";
import type { Command } from "commander";
import { type Campaign, loadCampaign, type OpenCampaign, openCampaign } from "../../campaign/index.ts";
import {
  type Cluster,
  type ClusterRun,
  mergeLogsRun,
  mergePhotosRun,
  mergeRun,
  type RunKind,
} from "../../cluster/index.ts";
import { LookalikeError, wrongUse } from "../../core/index.ts";
import { runFiles } from "../../handover/index.ts";
import { type DatabaseFlags, withCluster, withDatabaseFlag } from "../cluster-flags.ts";
import type { CommandContext, Runner } from "../command.ts";
import { type EngineFlags, engineOptions, withEngineFlags } from "../engine-flags.ts";
import { EXIT, type ExitStatus } from "../output.ts";
import { withKeyFlag } from "../privacy-flags.ts";

interface MergeFlags extends DatabaseFlags, EngineFlags {
  readonly campaign: string;
  readonly keyFile?: string;
  readonly json?: boolean;
  readonly run?: string;
  readonly out?: string;
  readonly data?: string;
  readonly keep?: boolean;
}

/** `lookalike cluster merge`. */
export function addMerge(parent: Command, run: Runner): void {
  withKeyFlag(
    withEngineFlags(
      withDatabaseFlag(
        parent.command("merge").description("write the run folder that one machine would have made"),
      )
        .requiredOption("--campaign <yaml>", "the campaign")
        .option(
          "--out <dir>",
          "where decisions.jsonl and creatives/ go, or the features of logs; photos go to the campaign's gallery",
        )
        .option("--run <id>", "the run (default: the campaign's newest that is done and not merged)")
        .option("--data <dir>", "the shared folder, if its path here differs")
        .option("--keep", "keep the shards' files in the shared folder")
        .option("--json", "print what was merged on stdout as JSON"),
    ),
  ).action(async (flags: MergeFlags) =>
    run(flags, async (context) => {
      const engine = engineOptions(flags);
      return withCluster(flags, context.env, async (cluster) => {
        const merged = await findRun(cluster, flags);
        const { model } = merged.settings;
        await using opened = await openCampaign(flags.campaign, {
          ...{ keyFile: flags.keyFile, env: context.env },
          ...(typeof model === "string" ? { model } : {}),
          engine: () => context.engineOf(engine),
        });
        const work = { cluster, run: merged, opened, flags };
        // Awaited here: the campaign closes when this function returns.
        return await MERGE[merged.kind](work, context);
      });
    }),
  );
}

interface MergeWork {
  readonly cluster: Cluster;
  readonly run: ClusterRun;
  readonly opened: OpenCampaign;
  readonly flags: MergeFlags;
}

async function mergePhotos(
  { cluster, run, opened, flags: { data, keep } }: MergeWork,
  { output, signal }: CommandContext,
): Promise<ExitStatus> {
  const [gallery, engine] = [await opened.gallery(), await opened.engine()];
  const { inventory } = opened.campaign.inputs;
  const options = { gallery, inventory, engine, data, keep, signal };
  const { photos, faces } = await mergePhotosRun(cluster, run, options);
  output.say(`Merged ${run.id}: ${faces} faces of ${photos.seen} photos, ${photos.refused} refused`);
  await output.result({ run: run.id, photos, faces });
  return photos.refused > 0 ? EXIT.refused : EXIT.done;
}

async function mergeLogs(
  { cluster, run, opened: { consents }, flags }: MergeWork,
  { output, signal }: CommandContext,
): Promise<ExitStatus> {
  const { data, keep } = flags;
  const out = outOf(flags, "the features go");
  const { subscribers, read, refused } = await mergeLogsRun(cluster, run, {
    out,
    consents,
    data,
    keep,
    signal,
  });
  output.say(`Merged ${run.id}: features of ${subscribers} subscribers in ${out}`);
  if (refused > 0) output.say(`  ${refused} of ${read} rows were rejected`);
  await output.result({ run: run.id, subscribers, read, refused });
  return refused > 0 ? EXIT.refused : EXIT.done;
}

/** @throws ERR_OPTION_INVALID */
function outOf({ out }: MergeFlags, what: string): string {
  if (out !== undefined) return out;
  throw wrongUse("--out", "none", `Name the folder where ${what}.`);
}

async function mergeCustomers(
  { cluster, run, opened, flags }: MergeWork,
  { output, signal }: CommandContext,
): Promise<ExitStatus> {
  const { data, keep } = flags;
  const out = outOf(flags, "decisions.jsonl and creatives/ go");
  const { decisions, erased, ads, rows } = await mergeRun(cluster, run, opened, { out, data, keep, signal });
  output.say(`Merged ${run.id}: ${decisions} decisions in ${runFiles(out).decisions}`);
  if (rows.refused > 0) output.say(`  ${rows.refused} rows were rejected during planning`);
  await output.result({ run: run.id, decisions, erased, ads });
  return rows.refused > 0 ? EXIT.refused : EXIT.done;
}

const MERGE: Readonly<Record<RunKind, (work: MergeWork, context: CommandContext) => Promise<ExitStatus>>> = {
  photos: mergePhotos,
  logs: mergeLogs,
  customers: mergeCustomers,
};

/** @throws ERR_CLUSTER_RUN_UNKNOWN, and the errors of `loadCampaign` */
async function findRun(cluster: Cluster, { run: id, campaign: path }: MergeFlags): Promise<ClusterRun> {
  if (id !== undefined) return cluster.runs.find(id);
  const campaign = await loadCampaign(path);
  for (const run of await cluster.runs.list()) {
    if (run.state === "working" && isOf(run, campaign) && (await cluster.shards.isDone(run))) return run;
  }
  throw new LookalikeError(
    "ERR_CLUSTER_RUN_UNKNOWN",
    `Expected a run of ${campaign.path} whose shards are all done but there is none`,
    {
      hint: "See `lookalike cluster status`.",
    },
  );
}

/** Several campaigns may share a database. Runs of logs are not bound to one. */
function isOf({ kind, settings }: ClusterRun, { path, inputs }: Campaign): boolean {
  if (kind === "customers") return settings.campaign === path;
  return kind === "logs" || isDeepStrictEqual(settings.inventory, inputs.inventory);
}
