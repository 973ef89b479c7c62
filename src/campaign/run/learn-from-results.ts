import { existsSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type CustomersOptions, openCustomers } from "../../customers/index.ts";
import {
  type ContextSource,
  type ExploredOffer,
  learnShares,
  type SharePolicy,
  saveShares,
  writeExperimentLog,
} from "../../experiments/index.ts";
import { makeScratch } from "../../io/scratch.ts";
import { isLinear } from "../../learning/index.ts";
import { loadOfferModel } from "../../offers/index.ts";
import type { RowReport } from "../../tables/index.ts";
import type { Vault } from "../../trust/index.ts";
import { networkForTraining } from "../matching/network-sources.ts";
import type { Campaign } from "../types.ts";
import { campaignSources, customerSources } from "./sources.ts";

/** Options of learning from finished runs and their outcomes. */

export interface LearnOptions {
  /** Decrypts the decisions of the runs. */
  readonly vault: Vault | null;
  /** Only customers whose window had ended at this time count. */
  readonly at: Date;
  readonly signal?: AbortSignal | undefined;
  /** Called with the report on the outcomes' rows. */
  readonly onRows?: ((rows: RowReport) => void) | undefined;
}

/** The campaign's tables for training; `close()` removes temporary files. */
export interface TrainingSources {
  readonly sources: CustomersOptions;
  /** Number of customers of finished runs among them. */
  readonly customers: number;
  close(): void;
}

/**
 * Opens the campaign's tables, with each of `inputs.results` as a further part of the experiment log, with
 * known propensities.
 *
 * @throws ERR_EXPERIMENT_EMPTY a run drew no offers, or no window has ended; ERR_RUN_UNREADABLE,
 * ERR_KEY_REQUIRED
 */
export async function trainingSources(campaign: Campaign, options: LearnOptions): Promise<TrainingSources> {
  const sources = { ...campaignSources(campaign), network: await networkForTraining(campaign, options) };
  const { results, experiment } = campaign.inputs;
  if (results.length === 0) return { sources, customers: 0, close() {} };
  const folder = makeScratch(tmpdir());
  const close = () => rmSync(folder, { recursive: true, force: true });
  try {
    const arms = new Map(campaign.offers.map(({ id, arm }) => [id, arm]));
    const names = experiment?.columns ?? {};
    const logs: string[] = [];
    let customers = 0;
    for (const [i, { runs, outcomes, slice }] of results.entries()) {
      const to = join(folder, `results-${i}.csv`);
      customers += await writeExperimentLog({
        ...options,
        onRows: ({ report }) => options.onRows?.(report),
        runs,
        outcomes,
        slice,
        to,
        control: experiment?.control,
        armOf: (id) => arms.get(id) ?? id,
        columns: {
          customerId: names.customer_id ?? "customer_id",
          treatment: names.treatment ?? "offer_id",
          outcome: names.outcome ?? "converted",
          value: names.value ?? "value",
          propensity: names.propensity ?? "propensity",
        },
      });
      logs.push(to);
    }
    const earlier = experiment === null ? [] : [experiment.path];
    const known = sources.experiment ?? {
      mapping: {},
      offers: new Map(campaign.offers.map(({ id, arm }) => [arm, id])),
    };
    return {
      sources: { ...sources, experiment: { ...known, source: [...earlier, ...logs] } },
      customers,
      close,
    };
  } catch (error) {
    close();
    throw error;
  }
}

/**
 * Learns the shares of the face, copy, template and offer layers from `inputs.results` and writes them to
 * `inputs.policy`, from which the next run reads them.
 *
 * @returns null if the campaign does not enable it (`experiment.learn`) or has no results
 */
export async function learnPolicy(campaign: Campaign, options: LearnOptions): Promise<SharePolicy | null> {
  const { inputs, experiment } = campaign;
  if (experiment.learn === null || inputs.results.length === 0) return null;
  const { algorithm, uniform, features } = experiment.learn;
  const common = {
    results: inputs.results.map(({ runs, outcomes }) => ({ ...options, runs, outcomes, onRows: undefined })),
    at: options.at,
    design: experiment,
    offers: experiment.explore > 0 ? await exploredOffers(campaign) : undefined,
    metric: experiment.metric,
    uniform,
  };
  const policy = isLinear(algorithm)
    ? await withContext(campaign, { ...options, features }, (context) =>
        learnShares({ ...common, algorithm, context }),
      )
    : await learnShares({ ...common, algorithm });
  await saveShares(policy, inputs.policy);
  return policy;
}

/** Opens the campaign's customers with the columns that a linear policy uses. */
async function withContext(
  { inputs }: Campaign,
  { features: names, at, signal }: LearnOptions & { readonly features: readonly string[] },
  learn: (context: ContextSource) => Promise<SharePolicy>,
): Promise<SharePolicy> {
  const customers = await openCustomers({ ...customerSources(inputs), signal });
  try {
    return await learn({ names, customers: await customers.read({ features: names, now: at, signal }) });
  } finally {
    await customers.close();
  }
}

/** Number of customers that the prediction of an uplift model is weighted as. */
const PRIOR_CUSTOMERS = 300;

/** The offers that may be drawn, each with the prediction of the campaign's uplift model, if there is one. */
async function exploredOffers({ offers, inputs, experiment }: Campaign): Promise<ExploredOffer[]> {
  const drawable = offers.filter(({ budget }) => budget === null);
  const model = existsSync(inputs.model) ? (await loadOfferModel(inputs.model)).uplift : null;
  const isSame = model?.outcome === (experiment.metric === "converted" ? "binary" : "value");
  return drawable.map(({ id }) => {
    const arm = isSame ? model?.arms.find(({ offerId }) => offerId === id) : undefined;
    if (model == null || arm === undefined) return { arm: id, prior: null };
    return { arm: id, prior: { mean: model.controlMean + arm.average.value, weight: PRIOR_CUSTOMERS } };
  });
}
