import { availableParallelism } from "node:os";
import { basename } from "node:path";
import { Option } from "commander";
import { learnPolicy, loadCampaign, trainingSources } from "../campaign/index.ts";
import { LookalikeError } from "../core/index.ts";
import { openCustomers, type PurchaseMapping, readExperiment, readPurchases } from "../customers/index.ts";
import type { SharePolicy } from "../experiments/index.ts";
import { writeFileAtomic } from "../io/files.ts";
import { LEARNERS, type LearnerId, OFFER_POLICIES, type OfferPolicy } from "../learning/index.ts";
import {
  evaluateTwin,
  saveOfferModel,
  type TrainedOffers,
  type TrainOffersInput,
  type TrainOffersOptions,
  trainingPage,
  trainOffers,
} from "../offers/index.ts";
import type { ExperimentTable } from "../statistics/index.ts";
import type { RowReport } from "../tables/index.ts";
import { findVault } from "../trust/index.ts";
import { purchaseColumns } from "./column-map.ts";
import type { AddCommand, CommandContext } from "./command.ts";
import { wholeNumber } from "./engine-flags.ts";
import { type Amounts, amounts, armsAsOffers } from "./offer-terms.ts";
import { EXIT, type Output } from "./output.ts";
import { recordAction } from "./privacy-files.ts";
import { type PrivacyFlags, withKeyFlag } from "./privacy-flags.ts";
import { type RefusedFlags, sayRows, withRefusedFlag } from "./row-report.ts";
import { auditDetail, describeTraining, trainingJson } from "./train-report.ts";

interface TrainFlags extends PrivacyFlags, RefusedFlags {
  readonly log?: string;
  readonly purchases?: string;
  readonly purchaseColumns?: PurchaseMapping;
  readonly treatment?: string;
  readonly control?: string;
  readonly outcome?: string;
  readonly propensity?: string;
  readonly cluster?: string;
  readonly features?: string;
  readonly margin?: Amounts;
  readonly cost?: Amounts;
  readonly price?: Amounts;
  readonly currency?: string;
  readonly model?: string;
  readonly seed?: number;
  readonly learner?: LearnerId | "auto";
  readonly policy?: OfferPolicy;
  readonly jobs?: number;
  readonly report?: string;
  readonly json?: boolean;
}

/** What to train on, and what was left out while reading it. */
interface TrainingData {
  readonly input: TrainOffersInput;
  readonly reports: readonly RowReport[];
  /** Where the model goes, and the seed, unless the command line says otherwise. */
  readonly model: string | null;
  readonly seed: number;
  readonly policy?: OfferPolicy;
}

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
    .option("--currency <code>", "of the log: what margins and costs are in, for the report's words")
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
          const page = await trainingPage(head, trained.model, { input: data.input, evaluation });
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
    throw new LookalikeError("ERR_OPTION_INVALID", `Expected --campaign or --log but received ${received}`, {
      hint: "Train on the inputs of a campaign: lookalike train --campaign campaign.yaml",
    });
  }
  const stray = LOG_FLAGS.filter((name) => flags.campaign !== undefined && flags[name] !== undefined);
  if (stray.length > 0) {
    throw new LookalikeError(
      "ERR_OPTION_INVALID",
      `Expected --log for --${stray.join(", --")} but received --campaign`,
      { hint: "Set these under inputs.experiment in the campaign file." },
    );
  }
  if (alone !== undefined && flags.model === undefined) {
    throw new LookalikeError("ERR_OPTION_INVALID", "Expected --model beside --log but received none", {
      hint: "Pass the file for the trained model: --model offers.json",
    });
  }
  return flags.model ?? null;
}

/** Skipped rows are reported before training, which may fail for this reason. */
function readData(flags: TrainFlags, context: ReadContext): Promise<TrainingData> {
  return flags.campaign === undefined
    ? readFiles(flags, context)
    : readCampaign(flags.campaign, { ...context, keyFile: flags.keyFile });
}

type ReadContext = Pick<CommandContext, "output" | "signal" | "env">;

async function readFiles(flags: TrainFlags, context: ReadContext): Promise<TrainingData> {
  const experiment = flags.log === undefined ? undefined : await readLog(flags.log, flags, context);
  const transitions =
    flags.purchases === undefined
      ? undefined
      : await readPurchases(flags.purchases, { mapping: flags.purchaseColumns, signal: context.signal });
  if (transitions) sayRows(context.output, transitions.report);
  const ids = experiment?.arms.labels.slice(1) ?? transitions?.next.labels ?? [];
  return {
    input: { experiment, transitions, offers: armsAsOffers(ids, flags), currency: flags.currency },
    reports: [experiment?.report, transitions?.report].filter((report) => report !== undefined),
    model: null,
    seed: 1,
  };
}

async function readLog(
  log: string,
  flags: TrainFlags,
  { output, signal }: ReadContext,
): Promise<ExperimentTable> {
  const { treatment, outcome, propensity, cluster, control } = flags;
  const features = flags.features
    ?.split(",")
    .map((name) => name.trim())
    .filter(Boolean);
  const experiment = await readExperiment(log, {
    mapping: { treatment, outcome, propensity, cluster },
    control,
    features,
    signal,
  });
  sayRows(output, experiment.report);
  return experiment;
}

async function readCampaign(
  path: string,
  { output, signal, env, keyFile }: ReadContext & Pick<TrainFlags, "keyFile">,
): Promise<TrainingData> {
  const campaign = await loadCampaign(path);
  const { inputs, offers, policy } = campaign;
  const learning = { vault: await findVault({ keyFile, env }), at: new Date(), signal };
  const shares = await learnPolicy(campaign, learning);
  if (shares !== null) describeShares(output, shares, inputs.policy);
  const training = await trainingSources(campaign, learning);
  if (training.customers > 0)
    output.say(`${training.customers} customers of finished runs are used for training`);
  const customers = await openCustomers({ ...training.sources, signal });
  try {
    const experiment = training.sources.experiment ? await customers.experiment() : undefined;
    const reports = [experiment?.report, customers.logReport, customers.purchaseReport].filter(
      (report) => report != null,
    );
    for (const report of reports) sayRows(output, report);
    // A call log without handsets still has its use: the experiment's features may come from it.
    const empty = experiment ? "allow" : "refuse";
    const hasNext = inputs.calls ?? inputs.usage ?? inputs.purchases;
    const logs = hasNext ? await customers.transitions({ empty, signal }) : undefined;
    const transitions = logs && logs.rows > 0 ? logs : undefined;
    return {
      input: { experiment, transitions, offers, currency: campaign.currency },
      reports,
      model: inputs.model,
      seed: policy.seed,
      policy: policy.offers,
    };
  } finally {
    await customers.close();
    training.close();
  }
}

function describeShares(
  output: Output,
  { arms, copy = [], template = [], explore = [], algorithm }: SharePolicy,
  path: string,
): void {
  for (const layer of [arms, copy, template, explore].filter(({ length }) => length > 0)) {
    const shown = layer.map(
      ({ arm, share, customers }) => `${arm} ${(100 * share).toFixed(1)} % (${customers} customers)`,
    );
    output.say(`${path}: shares of the next run by ${algorithm}: ${shown.join(", ")}`);
  }
}
