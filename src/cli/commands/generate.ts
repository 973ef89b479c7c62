import { lintOffers, TEMPLATES } from "../../ads/index.ts";
import {
  type Campaign,
  countCustomers,
  type OpenCampaign,
  openCampaign,
  placeholdersOf,
  plainCopy,
} from "../../campaign/index.ts";
import { planExperiment } from "../../experiments/index.ts";
import { pruneCreatives, readAllDecisions } from "../../handover/index.ts";
import { isUntrained, UNTRAINED_WORDS } from "../../offers/index.ts";
import type { Vault } from "../../trust/index.ts";
import { warnOfColors } from "../brand-colors.ts";
import type { AddCommand } from "../command.ts";
import { type EngineFlags, engineOptions, withEngineFlags } from "../engine-flags.ts";
import { EXIT, type ExitStatus, type Output, type Progress } from "../output.ts";
import { type KeyFlags, withKeyFlag } from "../privacy-flags.ts";
import { type RefusedFlags, withRefusedFlag } from "../row-report.ts";
import { count, refuseInputs, summarise } from "./generate-report.ts";

interface GenerateFlags extends EngineFlags, KeyFlags, RefusedFlags {
  readonly campaign: string;
  readonly out: string;
  readonly customer?: readonly string[];
  readonly gallery?: string;
  readonly model?: string;
  readonly template?: string;
  readonly prune?: boolean;
  readonly json?: boolean;
}

/** `lookalike generate`: creates an ad and a decision record for every customer of a campaign. */
export const addGenerate: AddCommand = (program, run) => {
  withRefusedFlag(
    withKeyFlag(
      withEngineFlags(
        program
          .command("generate")
          .requiredOption("--campaign <yaml>", "the campaign")
          .requiredOption("--out <dir>", "folder for decisions.jsonl and creatives/")
          .option("--customer <id...>", "only these customers")
          .option("--gallery <dir>", "the indexed inventory (default: the campaign's)")
          .option("--model <json>", "the trained model (default: the campaign's)")
          .option(
            "--template <name>",
            `${TEMPLATES.map(({ id }) => id).join(", ")}, or the path of your own (default: the campaign's, or panel)`,
          )
          .option("--prune", "delete creatives of earlier runs that no decision uses any more")
          .option("--json", "print decisions on stdout as JSON Lines"),
      ),
    ),
  ).action(async (flags: GenerateFlags) =>
    run(flags, async ({ output, signal, env, engineOf }) => {
      const { campaign: path, keyFile, gallery, model } = flags;
      const engine = engineOptions(flags);
      await using opened = await openCampaign(path, {
        ...{ keyFile, env, gallery, model },
        engine: () => engineOf(engine),
      });
      warnOfCopy(opened.campaign, output);
      warnOfColors(opened.campaign, output);
      // A missing model stops the run before anything is indexed.
      await warnOfPlan(opened, { output, signal });
      const refused = await indexWhereEmpty(opened, { output, signal });
      const status = await generate(opened, flags, { output, signal });
      return refused > 0 && status === EXIT.done ? EXIT.refused : status;
    }),
  );
};

/** Reports texts that violate platform rules before any work; exports reject them later. */
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
    output.say(`... ${findings.length} warnings about texts in total; the proof page lists them`);
}

/** Warns before the run if the experiment can only detect effects larger than any ad has. */
async function warnOfPlan(opened: OpenCampaign, { output, signal }: Context): Promise<void> {
  const { campaign, consents } = opened;
  const model = await opened.model();
  if (isUntrained(model)) output.say(`note: ${UNTRAINED_WORDS}`);
  const { uplift } = model;
  const { experiment } = campaign;
  const draws = experiment.holdout > 0 || experiment.faces !== null;
  if (!draws || uplift?.outcome !== "binary" || experiment.metric !== "converted") return;
  const mean = uplift.controlMean;
  const counts = await countCustomers(campaign, { consents, at: new Date(), signal });
  const baseline = { mean, variance: mean * (1 - mean) };
  for (const { text, smallest, isHopeless } of planExperiment({ design: experiment, baseline, ...counts })
    .comparisons) {
    if (!isHopeless) continue;
    const least =
      smallest.sequence === null ? "none" : `one of ${Math.round(100 * smallest.sequence)} % or more`;
    output.say(`warning: ${text}: the experiment can only detect effects of ${least}; see lookalike plan`);
  }
}

interface Context {
  readonly output: Output;
  readonly signal: AbortSignal;
}

/** @returns the number of rejected photos and rows */
async function indexWhereEmpty(opened: OpenCampaign, { output, signal }: Context): Promise<number> {
  let progress: Progress | null = null;
  try {
    const report = await opened.indexIfEmpty({
      signal,
      onProgress: ({ done, total }) => {
        if (progress === null) output.say(`Indexing the inventory, ${total} photos, once`);
        progress ??= output.progress("photos");
        progress.update(done, total);
      },
    });
    if (report === null) return 0;
    for (const { photo, error } of report.refusals) output.refuse(photo, error);
    for (const { row, error } of report.labels.refusals) output.refuse(row, error);
    return report.refusals.length + report.labels.refusals.length;
  } finally {
    (progress as Progress | null)?.stop();
  }
}

async function generate(
  opened: OpenCampaign,
  flags: GenerateFlags,
  { output, signal }: Context,
): Promise<ExitStatus> {
  const startedAt = performance.now();
  let progress = output.progress("customers weighed");
  const run = await opened.generate({
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
  if (flags.prune) await prune(flags.out, opened.vault, output);
  return report.rows.refused + report.unknownCustomers.length > 0 ? EXIT.refused : EXIT.done;
}

async function prune(out: string, vault: Vault | null, output: Output): Promise<void> {
  const { kept, removed, bytes } = await pruneCreatives(out, readAllDecisions(out, vault));
  const freed = (bytes / 1e6).toFixed(1);
  output.say(`Pruned ${count(removed, "unused creative")} (${freed} MB), kept ${kept}`);
}
