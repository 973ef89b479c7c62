import { existsSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CustomersOptions } from "../customers/index.ts";
import {
  type ExploredOffer,
  learnShares,
  type SharePolicy,
  saveShares,
  writeExperimentLog,
} from "../experiments/index.ts";
import { makeScratch } from "../io/scratch.ts";
import { loadOfferModel } from "../offers/index.ts";
import type { RowReport } from "../tables/index.ts";
import type { Vault } from "../trust/index.ts";
import { networkForTraining } from "./network-sources.ts";
import { campaignSources } from "./sources.ts";
import type { Campaign } from "./types.ts";

/** What finished runs and their outcomes teach the next one. */

export interface LearnOptions {
  /** Opens the decisions of the runs. */
  readonly vault: Vault | null;
  /** Only customers whose window had ended at this time count. */
  readonly at: Date;
  readonly signal?: AbortSignal | undefined;
  /** Receives what became of the rows of the outcomes. */
  readonly onRows?: ((rows: RowReport) => void) | undefined;
}

/** The campaign's tables for training; `close()` removes what was written for it. */
export interface TrainingSources {
  readonly sources: CustomersOptions;
  /** Customers of finished runs among them. */
  readonly customers: number;
  close(): void;
}

/**
 * The campaign's tables, with each of `inputs.results` as a further part of the experiment log, its propensities known.
 *
 * @throws ERR_EXPERIMENT_EMPTY a run drew no offers, or no window is over; ERR_RUN_UNREADABLE, ERR_KEY_REQUIRED
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
 * Learns the shares of the face, copy and template layers from `inputs.results` and writes them to `inputs.policy`, where the next run finds
 * them.
 *
 * @returns null where the campaign does not ask for it (`experiment.learn`) or has no results
 */
export async function learnPolicy(campaign: Campaign, options: LearnOptions): Promise<SharePolicy | null> {
  const { inputs, experiment } = campaign;
  if (experiment.learn === null || inputs.results.length === 0) return null;
  const policy = await learnShares({
    results: inputs.results.map(({ runs, outcomes }) => ({ ...options, runs, outcomes, onRows: undefined })),
    at: options.at,
    design: experiment,
    offers: experiment.explore > 0 ? await exploredOffers(campaign) : undefined,
    metric: experiment.metric,
    ...experiment.learn,
  });
  await saveShares(policy, inputs.policy);
  return policy;
}

/** Customers that the expectation of an uplift model counts as. */
const PRIOR_CUSTOMERS = 300;

/** The offers that may be drawn, each with what the campaign's uplift model expects, where there is one by now. */
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
