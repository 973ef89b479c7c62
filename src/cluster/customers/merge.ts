import { copyFile, link, mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import {
  assembleRun,
  type FinishedDecision,
  type GenerateReport,
  type OpenCampaign,
  workFingerprintOf,
} from "../../campaign/index.ts";
import { LookalikeError, throwIfAborted } from "../../core/index.ts";
import { creativeFiles } from "../../handover/index.ts";
import { reason } from "../../io/files.ts";
import type { SharedFiles } from "../../io/shared-files/index.ts";
import { openSharedFiles } from "../files.ts";
import { readLines } from "../lines.ts";
import type { Cluster } from "../open.ts";
import type { ClusterRun, ShardOutput } from "../types.ts";
import { creativesOf } from "./creatives.ts";
import { readSettings, rowsOf } from "./settings.ts";

export interface MergeOptions {
  /** The run folder to write. */
  readonly out: string;
  /** Local root of the shared files, if it differs from that of the plan. */
  readonly data?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Writes the same run folder as a run on one machine. The caller has checked that all shards are done.
 *
 * @throws ERR_CLUSTER_INPUTS_DIFFER, ERR_SHARD_DAMAGED, ERR_OUTPUT_UNWRITABLE, ERR_RUN_BUSY, ERR_ABORTED
 */
export async function mergeCustomers(
  { shards }: Pick<Cluster, "shards">,
  run: ClusterRun,
  opened: OpenCampaign,
  options: MergeOptions,
): Promise<GenerateReport> {
  const settings = readSettings(run.settings);
  const files = openSharedFiles(options.data ?? run.data);
  await requireSameWork(settings.workFingerprint, opened);
  const { campaign, consents, audit, vault } = opened;
  const decided = await shards.outputs(run.id, settings.hasBudgets ? 2 : 0);
  const fetch = createFetcher(files, run.id, options.out);
  const decisions = async function* (): AsyncGenerator<FinishedDecision> {
    for (const output of decided) {
      throwIfAborted(options.signal);
      for (const each of await readDecisions(files, output, opened)) {
        if (consents.isErased(each.decision.customer_id)) continue;
        for (const { file } of each.decision.creatives) await fetch(file);
        yield each;
      }
    }
  };
  return assembleRun({
    campaign,
    out: options.out,
    fingerprint: run.fingerprint,
    decisions: decisions(),
    rows: rowsOf(settings),
    total: settings.total,
    unjudgedOffers: settings.unjudgedOffers,
    at: new Date(settings.at),
    consents,
    audit,
    vault,
    signal: options.signal,
  });
}

async function readDecisions(
  files: SharedFiles,
  { files: [file] }: ShardOutput,
  { vault }: OpenCampaign,
): Promise<readonly FinishedDecision[]> {
  return file === undefined ? [] : ((await readLines(files, file, vault)) as FinishedDecision[]);
}

/** Rejects the merge if an erasure, a withdrawal or a new model since the plan affects the decisions. */
async function requireSameWork(planned: string, opened: OpenCampaign): Promise<void> {
  if ((await workFingerprintOf(opened)) === planned) return;
  throw new LookalikeError(
    "ERR_CLUSTER_INPUTS_DIFFER",
    `Expected the campaign, model and photos that the run was planned with for ${opened.campaign.path} but they were changed since`,
    { hint: "Plan the run again, so that removed photos and ended releases are not used." },
  );
}

/** Adds each creative of the workers to the run folder once: as a link if possible, else as a copy. */
function createFetcher(files: SharedFiles, runId: string, out: string): (file: string) => Promise<void> {
  const known = new Set<string>();
  return async (file) => {
    if (known.has(file)) return;
    for (const own of creativeFiles(file)) {
      const name = `${creativesOf(runId)}/${own}`;
      const from = files.folder(name);
      const to = join(out, own);
      if (from === null) await files.download(name, to);
      else await linkOrCopy(from, to);
    }
    known.add(file);
  };
}

async function linkOrCopy(from: string, to: string): Promise<void> {
  try {
    await mkdir(dirname(to), { recursive: true });
    await link(from, to).catch(async (error: NodeJS.ErrnoException) => {
      if (error.code !== "EEXIST") await copyFile(from, to);
    });
  } catch (cause) {
    throw new LookalikeError("ERR_OUTPUT_UNWRITABLE", `Could not write ${to}: ${reason(cause)}`, {
      hint: "Check that the output folder is writable and has free space, and that the shared folder is mounted.",
      cause,
    });
  }
}
