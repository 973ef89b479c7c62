import { learnPolicy, loadCampaign, trainingSources } from "../../campaign/index.ts";
import { openCustomers, type PurchaseMapping, readExperiment, readPurchases } from "../../customers/index.ts";
import type { SharePolicy } from "../../experiments/index.ts";
import type { LearnerId, OfferPolicy } from "../../learning/index.ts";
import type { TrainOffersInput } from "../../offers/index.ts";
import type { ExperimentTable } from "../../statistics/index.ts";
import type { RowReport } from "../../tables/index.ts";
import { findVault } from "../../trust/index.ts";
import type { CommandContext } from "../command.ts";
import { type Amounts, armsAsOffers } from "../offer-terms.ts";
import type { Output } from "../output.ts";
import type { PrivacyFlags } from "../privacy-flags.ts";
import { type RefusedFlags, sayRows } from "../row-report.ts";

export interface TrainFlags extends PrivacyFlags, RefusedFlags {
  readonly log?: string;
  readonly purchases?: string;
  readonly purchaseColumns?: PurchaseMapping;
  readonly treatment?: string;
  readonly control?: string;
  readonly outcome?: string;
  readonly propensity?: string;
  readonly cluster?: string;
  readonly features?: readonly string[];
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

/** The data to train on, with the reports on rejected rows. */
export interface TrainingData {
  readonly input: TrainOffersInput;
  readonly reports: readonly RowReport[];
  /** Path of the model, and the seed, unless the command line sets them. */
  readonly model: string | null;
  readonly seed: number;
  readonly policy?: OfferPolicy;
}

/** Reads the data. Skipped rows are reported before training, which may fail because of them. */
export function readData(flags: TrainFlags, context: ReadContext): Promise<TrainingData> {
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
  const { treatment, outcome, propensity, cluster, control, features } = flags;
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
  const outcomes: RowReport[] = [];
  const onRows = (report: RowReport) => void outcomes.push(report);
  const training = await trainingSources(campaign, { ...learning, onRows });
  if (training.customers > 0)
    output.say(`${training.customers} customers of finished runs are used for training`);
  const customers = await openCustomers({ ...training.sources, signal });
  try {
    const experiment = training.sources.experiment ? await customers.experiment() : undefined;
    const read = [...outcomes, experiment?.report, customers.logReport, customers.purchaseReport];
    const reports = read.filter((report) => report != null);
    for (const report of reports) sayRows(output, report);
    // A call log without handsets is still useful: the experiment's features may come from it.
    const empty = experiment ? "allow" : "refuse";
    const hasNext = inputs.calls ?? inputs.usage ?? inputs.purchases;
    const logs = hasNext ? await customers.transitions({ empty, signal }) : undefined;
    const transitions = logs && logs.rows > 0 ? logs : undefined;
    return {
      input: {
        experiment,
        transitions,
        offers,
        currency: campaign.currency,
        // Offers that are all drawn need no model, but later runs learn from this one.
        withoutData: campaign.experiment.explore === 1 ? "allow" : "refuse",
      },
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
  { arms, copy = [], template = [], explore = [], algorithm, linear }: SharePolicy,
  path: string,
): void {
  for (const layer of [arms, copy, template, explore].filter(({ length }) => length > 0)) {
    const shown = layer.map(
      ({ arm, share, customers }) => `${arm} ${(100 * share).toFixed(1)} % (${customers} customers)`,
    );
    const kind = linear === undefined ? "shares" : "mean shares";
    output.say(`${path}: ${kind} of the next run by ${algorithm}: ${shown.join(", ")}`);
  }
}
