import { rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CustomersOptions } from "../customers/index.ts";
import {
  type FacePolicy,
  learnFacePolicy,
  saveFacePolicy,
  writeExperimentLog,
} from "../experiments/index.ts";
import { makeScratch } from "../io/scratch.ts";
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
 * Learns the shares of the face layer from `inputs.results` and writes them to `inputs.policy`, where the next run
 * finds them.
 *
 * @returns null where the campaign does not ask for it (`experiment.learn`) or has no results
 */
export async function learnPolicy(campaign: Campaign, options: LearnOptions): Promise<FacePolicy | null> {
  const { inputs, experiment } = campaign;
  if (experiment.learn === null || inputs.results.length === 0) return null;
  const policy = await learnFacePolicy({
    results: inputs.results.map(({ runs, outcomes }) => ({ runs, outcomes, ...options })),
    at: options.at,
    arms: experiment.faces ?? [],
    metric: experiment.metric,
    ...experiment.learn,
  });
  await saveFacePolicy(policy, inputs.policy);
  return policy;
}
