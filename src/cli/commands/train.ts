import { availableParallelism } from "node:os";
import { basename } from "node:path";
import { Option } from "commander";
import { wrongUse } from "../../core/index.ts";
import { writeFileAtomic } from "../../io/files.ts";
import { LEARNERS, OFFER_POLICIES } from "../../learning/index.ts";
import {
  evaluateTwin,
  saveOfferModel,
  type TrainedOffers,
  type TrainOffersInput,
  type TrainOffersOptions,
  trainingPage,
  trainOffers,
} from "../../offers/index.ts";
import { purchaseColumns } from "../column-map.ts";
import type { AddCommand } from "../command.ts";
import { names, wholeNumber } from "../flag-values.ts";
import { amounts } from "../offer-terms.ts";
import { EXIT, type Output } from "../output.ts";
import { requireReplaceable } from "../output-files.ts";
import { recordAction } from "../privacy-files.ts";
import { withKeyFlag } from "../privacy-flags.ts";
import { withRefusedFlag } from "../row-report.ts";
import { readData, type TrainFlags } from "./train-data.ts";
import { allWarnings, auditDetail, describeTraining, trainingJson } from "./train-report.ts";

/** `lookalike train`: trains the offer model on a campaign's logs, or on one experiment log. */
export const addTrain: AddCommand = (program, run) => {
  withRefusedFlag(withKeyFlag(program.command("train")))
    .option("--campaign <yaml>", "the campaign, with its experiment and call logs")
    .option("--log <file>", "one experiment log: CSV or Parquet")
    .option(
      "--purchases <file>",
      "purchases, with or without --log: customer_id, at, product and columns known at that time",
    )
    .option(
      "--purchase-columns <ours=theirs,...>",
      "of the purchases: column names as ours=theirs, such as customer_id=household,at=week,product=brand",
      purchaseColumns,
    )
    .option("--treatment <column>", "of the log: the treatment column (default: offer_id)")
    .option(
      "--control <value>",
      "of the log: the treatment value of customers who were shown nothing (default: none)",
    )
    .option(
      "--outcome <column>",
      "of the log: the outcome column, 1 or 0, or an amount per customer (default: converted)",
    )
    .option(
      "--propensity <column>",
      "of the log: the column with the probability of the treatment (default: propensity)",
    )
    .option(
      "--cluster <column>",
      "of the log: the column of rows that depend on each other, such as a household (default: the customer's id)",
    )
    .option(
      "--features <columns>",
      "of the log: feature columns, separated by commas (default: all suitable ones)",
      names,
    )
    .option(
      "--margin <amount>",
      "of the log: earnings per purchase, one number or offer=number,...; not for amounts (default: 1)",
      amounts,
    )
    .option(
      "--cost <amount>",
      "of the log: cost per customer shown an offer, one number or offer=number,...; not if the outcome includes it (default: 0)",
      amounts,
    )
    .option(
      "--price <amounts>",
      "of the log: what customers pay, offer=number,...: offers of one product at several prices",
      amounts,
    )
    .option("--currency <code>", "of the log: currency of margins and costs, for the report")
    .option("--model <json>", "the model's file (default: the campaign's)")
    .option("--seed <n>", "seed of all random splits (default: the campaign's, or 1)", wholeNumber)
    .addOption(
      new Option("--learner <name>", "uplift learner; auto: selected by cross-validation")
        .choices(["auto", ...LEARNERS])
        .default("auto"),
    )
    .addOption(
      new Option(
        "--policy <how>",
        "auto: choose per customer if that is shown to pay; personal or single: always (default: the campaign's, or auto)",
      ).choices(OFFER_POLICIES),
    )
    .option("--jobs <n>", "threads (default: the number of cores)", wholeNumber)
    .option("--privacy <dir>", "the folder with the audit log (default: the campaign's)")
    .option("--report <html>", "write a report, measured on customers held out of a second training")
    .option("--json", "print the metrics on stdout as JSON")
    .action(async (flags: TrainFlags) =>
      run(flags, async ({ output, signal, env }) => {
        const path = checkFlags(flags);
        if (path !== null) await requireReplaceable(path, "model");
        const data = await readData(flags, { output, signal, env });
        const seed = flags.seed ?? data.seed;
        const options = {
          seed,
          createdAt: new Date(),
          learner: flags.learner ?? "auto",
          policy: flags.policy ?? data.policy,
          jobs: flags.jobs ?? availableParallelism(),
          signal,
        };
        const trained = await trainWithProgress(output, data.input, options);
        const model = path ?? data.model ?? "offers.json";
        await saveOfferModel(trained.model, model);
        await recordAction("train", auditDetail(trained, model), { flags, env, near: model });
        if (flags.report !== undefined) {
          const evaluation = await evaluateTwin(data.input, options);
          const head = {
            title: "Value of the offers",
            subtitle: `Training report of ${basename(model)}`,
            createdAt: trained.model.createdAt,
          };
          const page = await trainingPage(head, trained.model, {
            input: data.input,
            evaluation,
            warnings: allWarnings(trained.model, data.reports),
          });
          await writeFileAtomic(flags.report, page);
          output.say(`Report written to ${flags.report}`);
        }
        await output.result(trainingJson(model, trained, data.reports));
        describeTraining(output, model, trained);
        for (const { offerId, error } of trained.refusals) output.refuse(offerId, error);
        const isWhole = trained.refusals.length === 0 && data.reports.every(({ refused }) => refused === 0);
        return isWhole ? EXIT.done : EXIT.refused;
      }),
    );
};

async function trainWithProgress(
  output: Output,
  input: TrainOffersInput,
  options: TrainOffersOptions,
): Promise<TrainedOffers> {
  const progress = output.progress("models");
  try {
    return await trainOffers(input, {
      ...options,
      onProgress: (done, total) => progress.update(done, total),
    });
  } finally {
    progress.stop();
  }
}

const LOG_FLAGS = [
  "treatment",
  "control",
  "outcome",
  "propensity",
  "cluster",
  "features",
  "margin",
  "cost",
  "price",
  "currency",
] as const;

/** @returns the path that --model gives, or null */
function checkFlags(flags: TrainFlags): string | null {
  const alone = flags.log ?? flags.purchases;
  if ((flags.campaign === undefined) === (alone === undefined)) {
    const received = alone === undefined ? "neither" : "both";
    throw wrongUse(
      "--campaign or --log",
      received,
      "Train on the inputs of a campaign: lookalike train --campaign campaign.yaml",
    );
  }
  const stray = LOG_FLAGS.filter((name) => flags.campaign !== undefined && flags[name] !== undefined);
  if (stray.length > 0) {
    throw wrongUse(
      `--log for --${stray.join(", --")}`,
      "--campaign",
      "Set these under inputs.experiment in the campaign file.",
    );
  }
  if (alone !== undefined && flags.model === undefined) {
    throw wrongUse(
      "--model beside --log",
      "none",
      "Pass the file for the trained model: --model offers.json",
    );
  }
  return flags.model ?? null;
}
