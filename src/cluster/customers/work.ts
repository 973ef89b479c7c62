import { tmpdir } from "node:os";
import {
  type CampaignParts,
  type OpenCampaignOptions,
  openCampaignParts,
  openShardDecider,
  type RunBatch,
  type ShardDecider,
} from "../../campaign/index.ts";
import { isLookalikeError, LookalikeError } from "../../core/index.ts";
import { machineId } from "../../io/machine.ts";
import { isPostgresUrl } from "../../io/postgres/index.ts";
import { type AuditSink, actorOf } from "../../trust/index.ts";
import { openSharedFiles } from "../files.ts";
import { requireKey } from "../key.ts";
import { readLines, writeBytes, writeLines } from "../lines.ts";
import type { Cluster } from "../open.ts";
import type { Attempt, ClusterRun, ShardOutput } from "../types.ts";
import type { PerformedShard, RunWork, WorkOptions } from "../work.ts";
import { createCreativeSharer, creativesOf } from "./creatives.ts";
import { performDecisions } from "./decisions.ts";
import { fetchGallery } from "./gallery.ts";
import { fromInput, type ShardInput } from "./input.ts";
import { openWorkerJournal, type WorkerJournal } from "./journal.ts";
import { type CustomersSettings, readInputs, readSettings } from "./settings.ts";
import { readShares, shareOut } from "./shares.ts";

/** Opens what decisions for a run's customers need; it is kept for all of the run's shards. */
export async function openCustomersWork(
  run: ClusterRun,
  { shards, runs, journals }: Pick<Cluster, "shards" | "runs" | "journals">,
  options: WorkOptions,
): Promise<RunWork> {
  const settings = readSettings(run.settings);
  const files = openSharedFiles(options.data ?? run.data);
  const { env, keyFile, engine } = options;
  const copy = await fetchGallery(files, settings.gallery, options.workFolder ?? tmpdir());
  const campaignOptions: OpenCampaignOptions = { env, keyFile, engine, gallery: copy.folder };
  const model = settings.model === null ? {} : { model: settings.model };
  const opened = await openCampaignParts(settings.campaign, { ...campaignOptions, ...model });
  const { vault, consents } = opened;
  const actor = actorOf(env ?? {});
  let journal: WorkerJournal | null = null;
  const close = async () => {
    await opened.close();
    journal?.close();
    await copy.remove();
  };
  try {
    const audit = await openWorkerJournal(
      { files, journals },
      { runId: run.id, vault, actor, now: options.now },
    );
    journal = audit;
    requireKey(settings.keyId, vault);
    requireReachableRegistry(settings, opened, options.machine ?? machineId());
    const decider = await openDecider(opened, settings, {
      ...options,
      audit,
      out: files.folder(creativesOf(run.id)) ?? copy.folder,
    });
    const shareCreatives = createCreativeSharer(files, { runId: run.id, from: copy.folder });
    let inputs = await readInputs(files, settings);
    const readParts = async (number: number): Promise<readonly ShardInput[]> => {
      const input = inputs[number];
      if (input === undefined) throw new RangeError(`no shard ${number} in ${run.id}`);
      return (await readLines(files, input, vault)) as ShardInput[];
    };
    const readInput = async (number: number): Promise<readonly RunBatch[]> => {
      const parts = await readParts(number).catch(async (error: unknown) => {
        if (!isLookalikeError(error) || !/^ERR_(SHARD_DAMAGED|SOURCE_NOT_FOUND)$/.test(error.code))
          throw error;
        // An erasure has rewritten the file meanwhile.
        const current = await runs.find(run.id);
        inputs = await readInputs(files, readSettings(current.settings));
        return readParts(number);
      });
      audit.about(parts);
      return parts.map(fromInput);
    };

    const weigh = async (attempt: Attempt, onProgress: () => void): Promise<PerformedShard> => {
      const { first = 0, count = 0 } = inputs[attempt.number] ?? {};
      const worths = new Float64Array(count * settings.offers.length).fill(Number.NaN);
      for (const part of await readInput(attempt.number)) {
        const rows = await decider.weigh(part);
        part.members.forEach(({ number }, row) => {
          worths.set(rows[row] ?? [], (number - first) * settings.offers.length);
        });
        onProgress();
      }
      const bytes = new Uint8Array(worths.buffer);
      const name = `${run.id}/weigh/${attempt.number}/${attempt.id}`;
      const file = await writeBytes(files, name, vault?.sealBytes(bytes, name) ?? bytes);
      return finished({ files: [file], rows: count, consents: null });
    };

    const share = async (attempt: Attempt, onProgress: () => void): Promise<PerformedShard> => {
      const weighed = await shards.outputs(run.id, attempt.phase - 1);
      const name = `${run.id}/share/${attempt.id}`;
      const { campaign } = opened;
      return finished(await shareOut({ files, vault, weighed, inputs, campaign, name, onProgress }));
    };

    const decide = async (attempt: Attempt, onProgress: () => void): Promise<PerformedShard> => {
      const customers = await readInput(attempt.number);
      const shares = settings.hasBudgets
        ? await readShares(files, {
            offers: settings.offers,
            first: inputs[attempt.number]?.first ?? 0,
            choices: await shards.outputFile(run.id, attempt.phase - 1, attempt.number),
            prices: await shards.outputFile(run.id, attempt.phase - 1, -1),
            vault,
          })
        : null;
      return performDecisions(
        { customers, shares, decider, opened, options, onProgress },
        async (decisions, revision) => {
          const name = `${run.id}/decide/${attempt.number}/${attempt.id}-${revision}.jsonl`;
          await shareCreatives(decisions, onProgress);
          return writeLines(files, name, decisions, vault);
        },
      );
    };

    const phases: Readonly<Record<string, RunWork["perform"]>> = { weigh, share, decide };
    return {
      perform(attempt, onProgress) {
        const phase = phases[attempt.phaseName];
        if (phase === undefined) throw new RangeError(`no phase ${attempt.phaseName}`);
        return phase(attempt, onProgress);
      },
      discard: async ({ files: written }) => {
        for (const { name } of written) await files.remove(name);
      },
      registry: consents,
      async close() {
        await decider.close();
        await close();
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

function finished(output: ShardOutput): PerformedShard {
  return { output, revise: async () => null };
}

async function openDecider(
  opened: CampaignParts,
  settings: CustomersSettings,
  options: WorkOptions & { readonly out: string; readonly audit: AuditSink },
): Promise<ShardDecider> {
  const { campaign, consents, vault } = opened;
  const { now, signal, jobs, out, audit } = options;
  const decider = await openShardDecider(
    {
      campaign,
      gallery: await opened.gallery(),
      engine: await opened.engine(),
      model: await opened.model(),
      out,
      consents,
      audit,
      vault,
      template: settings.template ?? undefined,
      signal,
      now,
    },
    { columns: settings.columns, jobs },
  );
  if (decider.workFingerprint === settings.workFingerprint) return decider;
  await decider.close();
  throw new LookalikeError(
    "ERR_CLUSTER_INPUTS_DIFFER",
    `Expected the campaign, model, photos and engine that the run was planned with for ${campaign.path} but received others`,
    {
      hint: "Use the same package version, campaign folder and model on every machine; if they were changed, plan the run again, and remove the old one with `lookalike cluster remove`.",
    },
  );
}

/**
 * Rejects a registry in a SQLite file, which is not safe between machines: a withdrawal might be missed, or
 * the file be damaged.
 */
function requireReachableRegistry(
  settings: CustomersSettings,
  { campaign, consents }: CampaignParts,
  machine: string,
): void {
  if (isPostgresUrl(consents.path) || settings.machine === machine) return;
  throw new LookalikeError(
    "ERR_REGISTRY_NOT_SHARED",
    `Expected a consent registry in PostgreSQL for workers on several machines but ${campaign.path} uses ${consents.path}`,
    {
      hint: "Move it with `lookalike consent move`, or start all workers on the machine of `cluster plan`. After that machine has started again, plan the run again.",
    },
  );
}
