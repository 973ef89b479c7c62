import { basename } from "node:path";
import { type Campaign, campaignSources, loadCampaign } from "../../campaign/index.ts";
import { invalidOption, wrongUse } from "../../core/index.ts";
import {
  type CallMapping,
  type CustomersOptions,
  type ExperimentMapping,
  type ExperimentOptions,
  readExperiment,
} from "../../customers/index.ts";
import { writeFileAtomic } from "../../io/files.ts";
import {
  compareModels,
  comparisonWords,
  customerColumns,
  evaluateOffers,
  evaluationPage,
  evaluationVerdict,
  loadOfferModel,
  type OfferModel,
  type OfferModelEvaluation,
  requireTrained,
} from "../../offers/index.ts";
import type { ExperimentTable } from "../../statistics/index.ts";
import { withCallsFlags } from "../column-map.ts";
import type { AddCommand } from "../command.ts";
import { wholeNumber } from "../flag-values.ts";
import { EXIT, type Output } from "../output.ts";
import { type RefusedFlags, sayRows, withRefusedFlag } from "../row-report.ts";
import { snakeCase } from "../snake-case.ts";

interface EvaluateFlags extends RefusedFlags {
  readonly model?: string;
  readonly against?: string;
  readonly log: string;
  readonly treatment?: string;
  readonly control?: string;
  readonly outcome?: string;
  readonly propensity?: string;
  readonly cluster?: string;
  readonly campaign?: string;
  readonly customers?: string;
  readonly calls?: string;
  readonly map?: CallMapping;
  readonly id?: string;
  readonly logId?: string;
  readonly shares?: ReadonlyMap<string, number>;
  readonly resamples?: number;
  readonly seed?: number;
  readonly html?: string;
  readonly json?: boolean;
}

/**
 * `lookalike evaluate offers`: evaluates a model on the log of a randomised campaign that it was not trained
 * on.
 */
export const addEvaluateOffers: AddCommand = (parent, run) => {
  withCallsFlags(withRefusedFlag(parent.command("offers")))
    .description("measure an offer model on a randomised log it was not trained on")
    .option("--model <json>", "a model that `lookalike train` wrote (default: the campaign's)")
    .option("--against <json>", "another model: both are compared customer by customer")
    .requiredOption("--log <file>", "the experiment log: CSV or Parquet, with the model's columns")
    .option("--treatment <column>", "the treatment column (default: offer_id)")
    .option("--control <value>", "the treatment value of customers who were shown nothing (default: none)")
    .option("--outcome <column>", "the outcome column (default: converted)")
    .option("--propensity <column>", "the column with the probability of the treatment (default: propensity)")
    .option(
      "--cluster <column>",
      "the column of rows that depend on each other, such as a household (default: the customer's id)",
    )
    .option("--campaign <yaml>", "a campaign whose customers, logs and arm names are joined with the log")
    .option("--customers <file>", "the CRM, if the model needs its columns; joined by the customer's id")
    .option("--id <column>", "of the customers: the id (default: customer_id)")
    .option("--log-id <column>", "of the log: the customer's id (default: as --id)")
    .option(
      "--shares <arm=share,...>",
      "planned share of every arm (default: from propensities)",
      plannedShares,
    )
    .option("--resamples <n>", "bootstrap resamples (default: 500)", wholeNumber)
    .option("--seed <n>", "seed of the resamples (default: 1)", wholeNumber)
    .option("--html <file>", "write the report as one self-contained page")
    .option("--json", "print every figure on stdout as JSON")
    .action(async (flags: EvaluateFlags) =>
      run(flags, async ({ output, signal }) => {
        const campaign = flags.campaign === undefined ? null : await loadCampaign(flags.campaign);
        const path = modelPath(flags, campaign);
        const model = await loadModel(path, campaign);
        const against = flags.against === undefined ? null : await loadModel(flags.against, campaign);
        const experiment = await readExperiment(flags.log, {
          ...sources(flags, campaign),
          features: { ...(against && customerColumns(against)), ...customerColumns(model) },
          others: true,
          signal,
        });
        const refused = sayRows(output, experiment.report);
        if (against !== null) {
          await compare(output, [model, against], experiment, flags);
          return refused > 0 ? EXIT.refused : EXIT.done;
        }
        const evaluation = evaluateOffers(model, experiment, {
          seed: flags.seed,
          resamples: flags.resamples,
          planned: flags.shares,
          signal,
        });
        await output.result(
          snakeCase({
            model: path,
            log: flags.log,
            verdict: evaluationVerdict(evaluation),
            ...evaluation,
          }),
        );
        describe(output, evaluation);
        if (flags.html !== undefined) {
          const head = {
            title: "Do the offers pay?",
            subtitle: `Model ${basename(path)} (trained ${model.createdAt.slice(0, 10)}) on ${basename(flags.log)}`,
            createdAt: new Date().toISOString(),
          };
          await writeFileAtomic(flags.html, await evaluationPage(head, evaluation));
          output.say(`Report written to ${flags.html}`);
        }
        return refused > 0 ? EXIT.refused : EXIT.done;
      }),
    );
};

async function compare(
  output: Output,
  [model, against]: readonly [OfferModel, OfferModel],
  experiment: ExperimentTable,
  { seed, resamples, shares }: EvaluateFlags,
): Promise<void> {
  const comparison = compareModels(model, against, experiment, { seed, resamples, planned: shares });
  const verdict = comparisonWords(comparison);
  await output.result(snakeCase({ verdict, ...comparison }));
  output.say(verdict.headline);
  for (const sentence of verdict.sentences) output.say(`  ${sentence}`);
}

/** @throws ERR_OPTION_INVALID neither the flags nor a campaign give a model */
function modelPath({ model }: EvaluateFlags, campaign: Campaign | null): string {
  if (model !== undefined) return model;
  if (campaign !== null) return campaign.inputs.model;
  throw wrongUse(
    "--model or --campaign",
    "neither",
    "Pass the model that `lookalike train` wrote, or the campaign that names it.",
  );
}

/** A model with the terms and the currency of the campaign, which may have changed since it was trained. */
async function loadModel(path: string, campaign: Campaign | null): Promise<OfferModel> {
  const model = await loadOfferModel(path);
  requireTrained(model, path);
  if (campaign === null) return model;
  const { offers, currency } = campaign;
  const terms = new Map(offers.map((offer) => [offer.id, offer]));
  return {
    ...model,
    currency,
    offers: model.offers.map((offer) => {
      const { margin, cost } = terms.get(offer.id) ?? offer;
      return { ...offer, margin, cost };
    }),
  };
}

type Sources = ExperimentOptions & Omit<CustomersOptions, "experiment">;

/** The sources: the log with its columns, and the tables joined with it. */
function sources(flags: EvaluateFlags, campaign: Campaign | null): Sources {
  requireJoined(flags);
  const { treatment, outcome, propensity, cluster, customers, calls, map, id, logId, control } = flags;
  const known: CustomersOptions = campaign === null ? {} : campaignSources(campaign);
  const { experiment, ...tables } = known;
  const named = { treatment, outcome, propensity, cluster, customer_id: logId ?? id };
  return {
    ...tables,
    ...(customers === undefined ? {} : { customers: { source: customers, mapping: { customer_id: id } } }),
    ...(calls === undefined ? {} : { calls: { source: calls, mapping: map } }),
    mapping: { ...experiment?.mapping, ...withoutUndefined(named) },
    control: control ?? experiment?.control,
    offers: experiment?.offers,
  };
}

function withoutUndefined(named: ExperimentMapping): ExperimentMapping {
  return Object.fromEntries(Object.entries(named).filter(([, name]) => name !== undefined));
}

/** @throws ERR_OPTION_INVALID a flag is given without the flag that it depends on */
function requireJoined({ id, logId, map, customers, calls, campaign }: EvaluateFlags): void {
  const hasCustomers = customers !== undefined || campaign !== undefined;
  if (!hasCustomers && (id !== undefined || logId !== undefined)) {
    const stray = id === undefined ? "log-id" : "id";
    throw wrongUse(
      `--customers beside --${stray}`,
      "none",
      "Pass the customers to join: --customers crm.csv.",
    );
  }
  if (map === undefined || calls !== undefined) return;
  throw wrongUse("--calls beside --map", "none", "--map names columns of the call log: add --calls.");
}

function describe(output: Output, evaluation: OfferModelEvaluation): void {
  const { headline, sentences } = evaluationVerdict(evaluation);
  output.say(headline);
  for (const sentence of sentences) output.say(`  ${sentence}`);
  for (const { offerId, ranking } of evaluation.offers) {
    const { qiniCount, qiniScore } = ranking.metrics;
    if (qiniCount === null) continue;
    const normalised = qiniScore === null ? "" : `, normalised ${qiniScore.value.toFixed(4)}`;
    output.say(
      `  ${offerId}: Qini-count ${qiniCount.value.toFixed(1)} (${qiniCount.low.toFixed(1)} to ${qiniCount.high.toFixed(1)})${normalised}, ${ranking.customers} customers`,
    );
  }
}

function plannedShares(text: string): ReadonlyMap<string, number> {
  const shares = text.split(",").map((part): [string, number] => {
    const at = part.lastIndexOf("=");
    return [part.slice(0, at).trim(), Number(part.slice(at + 1))];
  });
  if (shares.every(([arm, share]) => arm !== "" && share > 0)) return new Map(shares);
  throw invalidOption("arm=share,arm=share", "--shares", text, "Example: --shares none=0.1,gift=0.9");
}
