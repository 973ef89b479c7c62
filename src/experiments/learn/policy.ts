import { invalidOption } from "../../core/index.ts";
import type { Database } from "../../io/duckdb/index.ts";
import {
  type Algorithm,
  type ArmPrior,
  type ArmRewards,
  armWeights,
  isLinear,
  type LinearAlgorithm,
  withFloor,
} from "../../learning/index.ts";
import { CREATIVE_LAYERS, type CreativeLayer, type ExperimentDesign, type Metric } from "../design.ts";
import { type OpenOutcomesOptions, openOutcomes } from "../outcomes/open.ts";
import { LAYER_COLUMNS, LEARNED_LAYERS, type LearnedLayer } from "./layers.ts";
import {
  addLinearRewards,
  type ContextSource,
  emptySums,
  type LinearSums,
  learnEncoding,
  linearArms,
} from "./linear.ts";
import { meanShares } from "./personal.ts";
import type { SharePolicy } from "./policy-file.ts";

interface LearnOptions {
  /** Finished runs with their outcomes, each with the shares it used. */
  readonly results: readonly Omit<OpenOutcomesOptions, "at">[];
  /** Only customers whose window has ended at this time count. */
  readonly at: Date;
  /** The arms that the next run may draw, by layer. */
  readonly design: Pick<ExperimentDesign, "faces" | CreativeLayer>;
  /** Offers that are drawn to explore; default: their shares are not learned. */
  readonly offers?: readonly ExploredOffer[] | undefined;
  readonly metric: Metric;
  /** Share of customers drawn uniformly, at least 0.05; default 0.05. */
  readonly uniform?: number | undefined;
}

/** With a linear algorithm, shares depend on the customers' columns. */
export type LearnSharesOptions = LearnOptions &
  (
    | { readonly algorithm?: Algorithm | undefined; readonly context?: undefined }
    | { readonly algorithm: LinearAlgorithm; readonly context: ContextSource }
  );

/** An offer, with a model's prediction for customers who are shown it. */
export interface ExploredOffer {
  readonly arm: string;
  /** null: no model knows the offer. */
  readonly prior: ArmPrior | null;
}

/**
 * Learns the shares of the arms of each layer for the next run. Runs may have used different shares: each
 * customer is weighted by the inverse of the probability of their arm (Hájek), so that shares that followed
 * the results do not bias them. The holdout is not changed.
 *
 * @throws ERR_OPTION_INVALID no layer of two arms, or more than 50 features; ERR_FEATURE_MISSING,
 * ERR_FEATURE_INVALID a column of `context`; as `readResults`
 */
export async function learnShares(options: LearnSharesOptions): Promise<SharePolicy> {
  const { at, metric, offers = [], algorithm = "thompson", context } = options;
  const uniform = Math.max(0.05, options.uniform ?? 0.05);
  const layers = armsByLayer(options);
  const personal = context === undefined ? null : await openRegressions(context, layers);
  const sums: Sums = new Map();
  const reward = metric === "converted" ? "y" : "value";
  for (const source of options.results) {
    const { database } = await openOutcomes({ ...source, at });
    try {
      await addRewards(database, sums, reward);
      if (personal !== null) await addLinearRewards(database, personal.sums, { ...personal, reward });
    } finally {
      await database.close();
    }
  }
  const rewardsOf = (layer: LearnedLayer) =>
    (layers.get(layer) ?? []).map((arm) => meanRewards(sums.get(layer)?.get(arm)));
  const priors = priorsOf(offers, rewardsOf("explore"));
  const policy = {
    format: "lookalike-policy",
    version: 1,
    createdAt: at.toISOString(),
    metric,
    uniform,
    ...sharesByLayer(options.design, layers, (layer) => {
      const rewards = rewardsOf(layer);
      const weights = isLinear(algorithm)
        ? new Float64Array(rewards.length).fill(1 / rewards.length)
        : armWeights(rewards, {
            algorithm,
            reward: metric === "converted" ? "binary" : "amount",
            priors: layer === "explore" ? priors : undefined,
          });
      return { rewards, shares: withFloor(weights, rewards, { uniform }) };
    }),
  } as const;
  if (personal === null) return { ...policy, algorithm };
  const { schema, sums: linear, customers } = personal;
  const arms = [...linear].map(([layer, own]) => [
    layer,
    linearArms(own, layer === "explore" ? priors : undefined),
  ]);
  return meanShares({ ...policy, algorithm, linear: { schema, ...Object.fromEntries(arms) } }, customers);
}

/** The regressions of a linear policy, without customers. */
async function openRegressions(context: ContextSource, layers: ReadonlyMap<LearnedLayer, readonly string[]>) {
  const schema = await learnEncoding(context);
  const sums: LinearSums = emptySums(schema, layers);
  return { schema, sums, customers: context.customers };
}

/**
 * The names of the arms of each layer that can be learned.
 *
 * @throws ERR_OPTION_INVALID there is none
 */
function armsByLayer({
  design,
  offers = [],
}: LearnSharesOptions): ReadonlyMap<LearnedLayer, readonly string[]> {
  const layers = LEARNED_LAYERS.flatMap((layer): [LearnedLayer, string[]][] => {
    const arms = layer === "explore" ? offers : (design[layer] ?? []);
    return arms.length < 2 ? [] : [[layer, arms.map(({ arm }) => arm)]];
  });
  if (layers.length > 0) return new Map(layers);
  throw invalidOption(
    "a layer of two arms or more",
    "the experiment",
    design.faces?.length ?? 0,
    "List the arms that customers may be spread over under experiment.faces, copy or template.",
  );
}

interface LayerShares {
  readonly rewards: readonly ArmRewards[];
  readonly shares: Float64Array;
}

/** The layers of the policy's file. */
function sharesByLayer(
  { faces }: LearnOptions["design"],
  layers: ReadonlyMap<LearnedLayer, readonly string[]>,
  sharesOf: (layer: LearnedLayer) => LayerShares,
): Pick<SharePolicy, "arms" | CreativeLayer | "explore"> {
  const learned = new Map(
    [...layers].map(([layer, names]) => {
      const { rewards, shares } = sharesOf(layer);
      const arms = names.map((arm, i) => {
        const { n, sum } = rewards[i] ?? { n: 0, sum: 0 };
        return { arm, share: shares[i] ?? 0, customers: n, mean: n > 0 ? sum / n : null };
      });
      return [layer, arms];
    }),
  );
  const ofFaces = learned.get("faces") ?? [];
  return {
    arms: (ofFaces.length === 0 ? [] : (faces ?? [])).flatMap(({ arm, band }, i) => {
      const own = ofFaces[i];
      return own === undefined
        ? []
        : [{ ...own, arm, band: band && ([band[0], band[1]] as [number, number]) }];
    }),
    ...Object.fromEntries(
      [...CREATIVE_LAYERS, "explore" as const].flatMap((layer) => {
        const own = learned.get(layer);
        return own === undefined ? [] : [[layer, own]];
      }),
    ),
  };
}

/** Sums by layer and arm. */
type Sums = Map<LearnedLayer, Map<string, WeightedSums>>;

interface WeightedSums {
  n: number;
  weight: number;
  reward: number;
  squares: number;
}

/** @param reward SQL over `results` */
async function addRewards(database: Database, into: Sums, reward: string): Promise<void> {
  for (const layer of LEARNED_LAYERS) {
    const { arm, filter, propensity } = LAYER_COLUMNS[layer];
    const weight = `1 / ${propensity}`;
    const rows = await database.all(
      `SELECT ${arm} AS arm, count(*) AS n, sum(${weight}) AS weight, sum(${reward} * ${weight}) AS reward,
         sum(${reward} * ${reward} * ${weight}) AS squares
       FROM results WHERE is_ripe AND ${filter} AND ${propensity} > 0 GROUP BY 1`,
    );
    const arms = into.get(layer) ?? new Map<string, WeightedSums>();
    into.set(layer, arms);
    for (const row of rows) {
      const own = arms.get(String(row.arm)) ?? { n: 0, weight: 0, reward: 0, squares: 0 };
      arms.set(String(row.arm), own);
      own.n += Number(row.n);
      own.weight += Number(row.weight);
      own.reward += Number(row.reward);
      own.squares += Number(row.squares);
    }
  }
}

/** The predictions of a model; an offer that no model knows counts as one customer with the mean reward. */
function priorsOf(offers: readonly ExploredOffer[], rewards: readonly ArmRewards[]): readonly ArmPrior[] {
  const n = rewards.reduce((total, arm) => total + arm.n, 0);
  const mean = n > 0 ? rewards.reduce((total, { sum }) => total + sum, 0) / n : 0.5;
  return offers.map(({ prior }) => prior ?? { mean, weight: 1 });
}

/** The number of customers, with the weighted mean of their rewards. */
function meanRewards(sums: WeightedSums | undefined): ArmRewards {
  if (sums === undefined || sums.weight === 0) return { n: 0, sum: 0, squares: 0 };
  const { n, weight, reward, squares } = sums;
  return { n, sum: (n * reward) / weight, squares: (n * squares) / weight };
}
