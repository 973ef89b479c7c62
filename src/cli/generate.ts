import { existsSync } from "node:fs";
import { lintOffers } from "../ads/index.ts";
import { type Campaign, generateAds, loadCampaign, placeholdersOf, plainCopy } from "../campaign/index.ts";
import { LookalikeError } from "../core/index.ts";
import { createFaceEngine, type FaceEngine } from "../faces/index.ts";
import { type Gallery, openGallery } from "../gallery/index.ts";
import { pruneCreatives, readDecisions, runFiles } from "../handover/index.ts";
import { loadOfferModel, type OfferModel } from "../offers/index.ts";
import type { AuditLog, PrivacyFolder } from "../trust/index.ts";
import { actorOf, findVault, openDeclaredPrivacyFolder, type Vault } from "../trust/index.ts";
import type { AddCommand } from "./command.ts";
import { type EngineFlags, engineOptions, withEngineFlags } from "./engine-flags.ts";
import { count, refuseInputs, summarise } from "./generate-report.ts";
import { auditDetail } from "./index-photos.ts";
import { EXIT, type ExitStatus, type Output } from "./output.ts";
import { type KeyFlags, withKeyFlag } from "./privacy-flags.ts";

interface GenerateFlags extends EngineFlags, KeyFlags {
  readonly campaign: string;
  readonly out: string;
  readonly customer?: readonly string[];
  readonly gallery?: string;
  readonly model?: string;
  readonly template?: string;
  readonly prune?: boolean;
  readonly json?: boolean;
}

/** `lookalike generate`: an ad and the record of why for every customer of a campaign. */
export const addGenerate: AddCommand = (program, run) => {
  withKeyFlag(
    withEngineFlags(
      program
        .command("generate")
        .requiredOption("--campaign <yaml>", "the campaign")
        .requiredOption("--out <dir>", "where decisions.jsonl and creatives/ go")
        .option("--customer <id...>", "only these customers")
        .option("--gallery <dir>", "the indexed inventory (default: the campaign's)")
        .option("--model <json>", "the trained model (default: the campaign's)")
        .option(
          "--template <name>",
          "panel, bleed, card, editorial, banner, or a file of your own (default: panel)",
        )
        .option("--prune", "delete creatives of earlier runs that no decision shows any more")
        .option("--json", "print decisions on stdout as JSON Lines"),
    ),
  ).action(async (flags: GenerateFlags) =>
    run(flags, async ({ output, signal, env }) => {
      const campaign = await loadCampaign(flags.campaign);
      warnOfCopy(campaign, output);
      const model = await loadModel(flags.model ?? campaign.inputs.model, flags.campaign);
      const vault = await findVault({ keyFile: flags.keyFile, env });
      const files = await openDeclaredPrivacyFolder(campaign.privacy, { vault, actor: actorOf(env) });
      const gallery = await openInventory(flags.gallery ?? campaign.inputs.gallery, campaign, vault);
      try {
        const engine = await createFaceEngine(engineOptions(flags));
        try {
          const refused = await indexWhereEmpty(gallery, engine, {
            campaign,
            audit: files?.audit,
            output,
            signal,
          });
          const parts = { campaign, model, gallery, engine, files, vault };
          const status = await generate(parts, flags, { output, signal });
          return refused > 0 && status === EXIT.done ? EXIT.refused : status;
        } finally {
          await engine.close();
        }
      } finally {
        await gallery.close();
        files?.close();
      }
    }),
  );
};

/** What the channels' platforms would refuse or question is told before any work; exports refuse it later. */
function warnOfCopy({ offers, channels }: Campaign, output: Output): void {
  const texts = offers.map((offer) => {
    return { id: offer.id, copy: plainCopy(offer), placeholders: placeholdersOf(offer) };
  });
  const findings = lintOffers(
    texts,
    channels.map(({ id }) => id),
  );
  for (const { offer, finding } of findings.slice(0, 10)) {
    const { platform, field, code, message } = finding;
    output.say(`warning ${code}: offer ${offer.id}, ${field}, on ${platform}: ${message}`);
  }
  if (findings.length > 10)
    output.say(`... ${findings.length} warnings of words in all; the proof page lists them`);
}

interface Parts {
  readonly campaign: Campaign;
  readonly model: OfferModel;
  readonly gallery: Gallery;
  readonly engine: FaceEngine;
  readonly files: PrivacyFolder | null;
  readonly vault: Vault | null;
}

interface Context {
  readonly output: Output;
  readonly signal: AbortSignal;
}

async function loadModel(path: string, campaign: string): Promise<OfferModel> {
  if (existsSync(path)) return loadOfferModel(path);
  throw new LookalikeError("ERR_MODEL_UNREADABLE", `Expected a trained model but found none at ${path}`, {
    hint: `Train one first: lookalike train --campaign ${campaign} --model ${path}`,
  });
}

/** A gallery that is missing can be made where the campaign says of what; else its absence is an error. */
function openInventory(folder: string, campaign: Campaign, vault: Vault | null): Promise<Gallery> {
  return openGallery(folder, { vault, mustExist: campaign.inputs.inventory.length === 0 });
}

/** @returns how many photos were refused */
async function indexWhereEmpty(
  gallery: Gallery,
  engine: FaceEngine,
  {
    campaign,
    audit,
    output,
    signal,
  }: Context & { readonly campaign: Campaign; readonly audit: AuditLog | undefined },
): Promise<number> {
  const { inventory } = campaign.inputs;
  if (gallery.embedderId !== null) return 0;
  if (inventory.length === 0) {
    throw new LookalikeError(
      "ERR_GALLERY_EMPTY",
      `Expected faces in the gallery ${gallery.folder} but it is empty`,
      {
        hint: `Index the inventory first: lookalike index <photos> --gallery ${gallery.folder}`,
      },
    );
  }
  output.say(`Indexing the inventory into ${gallery.folder}, once`);
  const progress = output.progress("photos");
  try {
    const report = await gallery.index(inventory, engine, {
      signal,
      onProgress: ({ done, total }) => progress.update(done, total),
    });
    audit?.append("index", { detail: auditDetail(report, engine.embedder.id) });
    for (const { photo, error } of report.refusals) output.refuse(photo, error);
    for (const { row, error } of report.labels.refusals) output.refuse(row, error);
    return report.refusals.length + report.labels.refusals.length;
  } finally {
    progress.stop();
  }
}

async function generate(
  parts: Parts,
  flags: GenerateFlags,
  { output, signal }: Context,
): Promise<ExitStatus> {
  const { files, ...rest } = parts;
  const startedAt = performance.now();
  let progress = output.progress("customers weighed");
  const run = generateAds({
    ...rest,
    consents: files?.consents,
    audit: files?.audit,
    out: flags.out,
    customers: flags.customer,
    template: flags.template,
    signal,
    onWeighed: (done, total) => progress.update(done, total),
  });
  try {
    let isDeciding = false;
    for await (const decision of run) {
      if (!isDeciding) {
        progress.stop();
        progress = output.progress("customers");
        isDeciding = true;
      }
      await output.result(decision);
      const { done, total } = run.report;
      progress.update(done, total);
    }
  } finally {
    progress.stop();
  }
  const { report } = run;
  refuseInputs(report, output);
  summarise(report, flags.out, { output, seconds: (performance.now() - startedAt) / 1000 });
  if (flags.prune) await prune(flags.out, parts.vault, output);
  return report.rows.refused + report.unknownCustomers.length > 0 ? EXIT.refused : EXIT.done;
}

async function prune(out: string, vault: Vault | null, output: Output): Promise<void> {
  const { kept, removed, bytes } = await pruneCreatives(out, readDecisions(runFiles(out).decisions, vault));
  const freed = (bytes / 1e6).toFixed(1);
  output.say(`Pruned ${count(removed, "unused creative")} (${freed} MB), kept ${kept}`);
}
