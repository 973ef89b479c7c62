import { z } from "zod";
import { expected, LookalikeError } from "../../core/index.ts";
import { readNamedText, reason, writeFileAtomic } from "../../io/files.ts";
import {
  ALGORITHMS,
  type Algorithm,
  type ArmPrior,
  type ArmRewards,
  armWeights,
  withFloor,
} from "../../learning/index.ts";
import {
  CREATIVE_LAYERS,
  type CreativeLayer,
  type ExperimentDesign,
  FACE_ARMS,
  type FaceArm,
  type Metric,
} from "../design.ts";
import { type OpenOutcomesOptions, openOutcomes } from "../outcomes/open.ts";

const learned = {
  share: z.number().gt(0).max(1),
  /** Customers whose window has ended, and their mean reward. */
  customers: z.number(),
  mean: z.number().nullable(),
};
const sumsToOne = (arms: readonly { readonly share: number }[]) =>
  arms.length === 0 || Math.abs(arms.reduce((sum, { share }) => sum + share, 0) - 1) < 1e-6;
const named = z.array(z.strictObject({ arm: z.string(), ...learned })).refine(sumsToOne);

/** `policy.json`: the shares of the arms for the next run. */
const policySchema = z.strictObject({
  format: z.literal("lookalike-policy"),
  version: z.literal(1),
  createdAt: z.string(),
  algorithm: z.enum(ALGORITHMS),
  metric: z.enum(["converted", "value"]),
  /** Share of customers whose arm is still drawn uniformly. */
  uniform: z.number().min(0.05).max(1),
  /** Arms of the face layer; empty: it is not drawn. */
  arms: z
    .array(
      z.strictObject({
        arm: z.enum(FACE_ARMS),
        band: z.tuple([z.number(), z.number()]).nullable(),
        ...learned,
      }),
    )
    .refine(sumsToOne),
  /** Arms of the creative layers; absent: they are not drawn. */
  copy: named.optional(),
  template: named.optional(),
  /** Shares of the offers that are drawn to explore, by id; absent: they are drawn evenly. */
  explore: named.optional(),
});

export type SharePolicy = Readonly<z.infer<typeof policySchema>>;

export interface LearnSharesOptions {
  /** Finished runs with their outcomes, each with the shares it used. */
  readonly results: readonly Omit<OpenOutcomesOptions, "at">[];
  /** Only customers whose window has ended at this time count. */
  readonly at: Date;
  /** The arms that the next run may draw, by layer. */
  readonly design: Pick<ExperimentDesign, "faces" | CreativeLayer>;
  /** Offers that are drawn to explore; default: their shares are not learned. */
  readonly offers?: readonly ExploredOffer[] | undefined;
  readonly metric: Metric;
  readonly algorithm?: Algorithm | undefined;
  /** Share of customers drawn uniformly, at least 0.05; default 0.05. */
  readonly uniform?: number | undefined;
}

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
 * @throws ERR_OPTION_INVALID no layer of two arms; as `readResults`
 */
export async function learnShares(options: LearnSharesOptions): Promise<SharePolicy> {
  const { at, metric, design, offers = [], algorithm = "thompson", uniform = 0.05 } = options;
  const layers = (["faces", ...CREATIVE_LAYERS] as const).filter(
    (layer) => (design[layer] ?? []).length >= 2,
  );
  if (layers.length === 0 && offers.length < 2) {
    throw new LookalikeError(
      "ERR_OPTION_INVALID",
      expected("a layer of two arms or more", "the experiment", design.faces?.length ?? 0),
      {
        hint: "List the arms that customers may be spread over under experiment.faces, copy or template.",
      },
    );
  }
  const sums = new Map<string, WeightedSums>();
  for (const source of options.results) await addRewards(sums, { ...source, at }, metric);
  const reward = metric === "converted" ? "binary" : "amount";
  const spread = <Arm extends { readonly arm: string }>(
    layer: keyof typeof COLUMN,
    arms: readonly Arm[],
    priors?: readonly ArmPrior[],
  ) => {
    const rewards = arms.map(({ arm }) => rewardsOf(sums.get(`${COLUMN[layer]} ${arm}`)));
    const shares = withFloor(armWeights(rewards, { algorithm, reward, priors }), rewards, { uniform });
    return arms.map((arm, i) => {
      const { n, sum } = rewards[i] ?? { n: 0, sum: 0 };
      return { ...arm, share: shares[i] ?? 0, customers: n, mean: n > 0 ? sum / n : null };
    });
  };
  const spreadOffers = () => {
    const flat = meanReward(offers.map(({ arm }) => rewardsOf(sums.get(`${COLUMN.explore} ${arm}`))));
    const arms = offers.map(({ arm }) => ({ arm }));
    return spread(
      "explore",
      arms,
      offers.map(({ prior }) => prior ?? { mean: flat, weight: 1 }),
    );
  };
  const faces = layers.includes("faces") ? spread("faces", design.faces ?? []) : [];
  const creative = CREATIVE_LAYERS.filter((layer) => layers.includes(layer)).map(
    (layer) => [layer, spread(layer, design[layer] ?? [])] as const,
  );
  return {
    format: "lookalike-policy",
    version: 1,
    createdAt: at.toISOString(),
    algorithm,
    metric,
    uniform: Math.max(0.05, uniform),
    arms: faces.map(({ band, ...arm }) => ({ ...arm, band: band && [band[0], band[1]] })),
    ...Object.fromEntries(creative),
    ...(offers.length < 2 ? {} : { explore: spreadOffers() }),
  };
}

/** The arms of a design with the shares of a policy; a layer without learned shares stays as it is. */
export function withShares<Design extends Pick<ExperimentDesign, "faces" | "exploreShares" | CreativeLayer>>(
  design: Design,
  { arms, copy, template, explore }: SharePolicy,
): Design {
  const plain = (own: SharePolicy["copy"]) => own?.map(({ arm, share }) => ({ arm, share }));
  const faces: FaceArm[] = arms.map(({ arm, share, band }) => ({ arm, share, band }));
  return {
    ...design,
    faces: faces.length > 0 ? faces : design.faces,
    copy: plain(copy) ?? design.copy,
    template: plain(template) ?? design.template,
    exploreShares: plain(explore) ?? design.exploreShares,
  };
}

interface WeightedSums {
  n: number;
  weight: number;
  reward: number;
  squares: number;
}

/** Columns of the decisions with the layers' arms. */
const COLUMN = { faces: "face", copy: "copy", template: "template", explore: "shown" } as const;

interface Counted {
  /** SQL of which customers take part. */
  readonly filter: string;
  /** SQL of the probability of a customer's arm. */
  readonly propensity: string;
}

/** For offers, only customers who could have been shown any of them. */
const COUNTED: Readonly<Record<(typeof COLUMN)[keyof typeof COLUMN], Counted>> = {
  face: { filter: "can_face = 1", propensity: "face_propensity" },
  copy: { filter: "copy IS NOT NULL", propensity: "copy_propensity" },
  template: { filter: "template IS NOT NULL", propensity: "template_propensity" },
  shown: {
    filter: "shown <> 'none' AND explorable > 1 AND explorable = (SELECT max(explorable) FROM results)",
    propensity: "offer_propensity",
  },
};

/** Adds rewards by layer and arm, with keys such as `copy bold`. */
async function addRewards(
  sums: Map<string, WeightedSums>,
  options: OpenOutcomesOptions,
  metric: Metric,
): Promise<void> {
  const { database } = await openOutcomes(options);
  try {
    const y = metric === "converted" ? "y" : "value";
    for (const layer of Object.values(COLUMN)) {
      const { filter, propensity } = COUNTED[layer];
      const weight = `1 / ${propensity}`;
      const rows = await database.all(
        `SELECT ${layer} AS arm, count(*) AS n, sum(${weight}) AS weight, sum(${y} * ${weight}) AS reward,
           sum(${y} * ${y} * ${weight}) AS squares
         FROM results WHERE is_ripe AND ${filter} AND ${propensity} > 0 GROUP BY 1`,
      );
      for (const row of rows) {
        const key = `${layer} ${String(row.arm)}`;
        const own = sums.get(key) ?? { n: 0, weight: 0, reward: 0, squares: 0 };
        sums.set(key, own);
        own.n += Number(row.n);
        own.weight += Number(row.weight);
        own.reward += Number(row.reward);
        own.squares += Number(row.squares);
      }
    }
  } finally {
    await database.close();
  }
}

function meanReward(arms: readonly ArmRewards[]): number {
  const n = arms.reduce((total, arm) => total + arm.n, 0);
  return n > 0 ? arms.reduce((total, { sum }) => total + sum, 0) / n : 0.5;
}

/** The number of customers, with the weighted mean of their rewards. */
function rewardsOf(sums: WeightedSums | undefined): ArmRewards {
  if (sums === undefined || sums.weight === 0) return { n: 0, sum: 0, squares: 0 };
  const { n, weight, reward, squares } = sums;
  return { n, sum: (n * reward) / weight, squares: (n * squares) / weight };
}

/** @throws ERR_OUTPUT_UNWRITABLE */
export function saveShares(policy: SharePolicy, path: string): Promise<void> {
  return writeFileAtomic(path, `${JSON.stringify(policy, null, 2)}\n`);
}

/** @throws ERR_MODEL_UNREADABLE the file is missing or is not a policy */
export async function loadShares(path: string): Promise<SharePolicy> {
  try {
    return policySchema.parse(JSON.parse(await readNamedText(path)));
  } catch (cause) {
    const why = cause instanceof z.ZodError ? "it is none that this version writes" : reason(cause);
    throw new LookalikeError("ERR_MODEL_UNREADABLE", `Expected a policy at ${path}: ${why}`, {
      hint: "Train again with inputs.results and experiment.learn, or remove the file.",
      cause,
    });
  }
}
