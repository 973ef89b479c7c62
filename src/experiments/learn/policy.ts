import { readFile } from "node:fs/promises";
import { z } from "zod";
import { expected, LookalikeError } from "../../core/index.ts";
import { reason, writeFileAtomic } from "../../io/files.ts";
import { ALGORITHMS, type Algorithm, type ArmRewards, armWeights, withFloor } from "../../learning/index.ts";
import { FACE_ARMS, type FaceArm, type Metric } from "../design.ts";
import { type OpenOutcomesOptions, openOutcomes } from "../outcomes/open.ts";

/** `policy.json`: the shares that the next run draws the arms of the face layer with. */
const policySchema = z.strictObject({
  format: z.literal("lookalike-policy"),
  version: z.literal(1),
  createdAt: z.string(),
  algorithm: z.enum(ALGORITHMS),
  metric: z.enum(["converted", "value"]),
  /** Share of customers whose arm is still drawn uniformly. */
  uniform: z.number().min(0.05).max(1),
  arms: z
    .array(
      z.strictObject({
        arm: z.enum(FACE_ARMS),
        share: z.number().gt(0).max(1),
        band: z.tuple([z.number(), z.number()]).nullable(),
        /** Customers whose window had ended, and their mean reward. */
        customers: z.number(),
        mean: z.number().nullable(),
      }),
    )
    .min(2)
    .refine((arms) => Math.abs(arms.reduce((sum, { share }) => sum + share, 0) - 1) < 1e-6),
});

export type FacePolicy = Readonly<z.infer<typeof policySchema>>;

export interface LearnPolicyOptions {
  /** Finished runs with their outcomes, each with what it drew with. */
  readonly results: readonly Omit<OpenOutcomesOptions, "at">[];
  /** Only outcomes that were over at this moment count. */
  readonly at: Date;
  /** The arms that the next run may draw. */
  readonly arms: readonly FaceArm[];
  readonly metric: Metric;
  readonly algorithm?: Algorithm | undefined;
  /** At least 0.05, default 0.05. */
  readonly uniform?: number | undefined;
}

/**
 * Learns the shares of the face arms for the next run. Earlier runs may have used other shares: each customer is
 * weighted by the inverse of the probability of their arm (Hájek), so that changed shares do not bias the estimate. The
 * holdout is not changed.
 *
 * @throws ERR_OPTION_INVALID fewer than two arms; and as `readResults`
 *
 * @example
 * const results = [{ runs: ["ads-september"], outcomes: "september.csv" }];
 * const policy = await learnFacePolicy({ results, at: new Date(), arms: ["lookalike", "random"], metric: "converted" });
 * await saveFacePolicy(policy, "policy.json");
 */
export async function learnFacePolicy(options: LearnPolicyOptions): Promise<FacePolicy> {
  const { at, metric, arms, algorithm = "thompson", uniform = 0.05 } = options;
  if (arms.length < 2) {
    throw new LookalikeError(
      "ERR_OPTION_INVALID",
      expected("two arms or more", "experiment.faces", arms.length),
      {
        hint: "List the arms under experiment.faces.",
      },
    );
  }
  const sums = new Map(arms.map(({ arm }) => [arm as string, { n: 0, weight: 0, reward: 0, squares: 0 }]));
  for (const source of options.results) await addRewards(sums, { ...source, at }, metric);
  const rewards = arms.map(({ arm }) => rewardsOf(sums.get(arm)));
  const reward = metric === "converted" ? "binary" : "amount";
  const shares = withFloor(armWeights(rewards, { algorithm, reward }), rewards, { uniform });
  return {
    format: "lookalike-policy",
    version: 1,
    createdAt: at.toISOString(),
    algorithm,
    metric,
    uniform: Math.max(0.05, uniform),
    arms: arms.map(({ arm, band }, i) => {
      const { n, sum } = rewards[i] ?? { n: 0, sum: 0 };
      const mean = n > 0 ? sum / n : null;
      return { arm, share: shares[i] ?? 0, band: band && [band[0], band[1]], customers: n, mean };
    }),
  };
}

interface WeightedSums {
  n: number;
  weight: number;
  reward: number;
  squares: number;
}

async function addRewards(
  sums: ReadonlyMap<string, WeightedSums>,
  options: OpenOutcomesOptions,
  metric: Metric,
): Promise<void> {
  const { database } = await openOutcomes(options);
  try {
    const y = metric === "converted" ? "y" : "value";
    const rows = await database.all(
      `SELECT face AS arm, count(*) AS n, sum(1 / face_propensity) AS weight, sum(${y} / face_propensity) AS reward,
         sum(${y} * ${y} / face_propensity) AS squares
       FROM results WHERE is_ripe AND can_face = 1 AND face_propensity > 0 GROUP BY 1`,
    );
    for (const row of rows) {
      const own = sums.get(String(row.arm));
      if (own === undefined) continue;
      own.n += Number(row.n);
      own.weight += Number(row.weight);
      own.reward += Number(row.reward);
      own.squares += Number(row.squares);
    }
  } finally {
    await database.close();
  }
}

/** As many customers as there were, with the mean of the weighted ones. */
function rewardsOf(sums: WeightedSums | undefined): ArmRewards {
  if (sums === undefined || sums.weight === 0) return { n: 0, sum: 0, squares: 0 };
  const { n, weight, reward, squares } = sums;
  return { n, sum: (n * reward) / weight, squares: (n * squares) / weight };
}

/**
 * Writes a policy as JSON.
 *
 * @throws ERR_OUTPUT_UNWRITABLE
 *
 * @example
 * await saveFacePolicy(policy, "policy.json");
 */
export function saveFacePolicy(policy: FacePolicy, path: string): Promise<void> {
  return writeFileAtomic(path, `${JSON.stringify(policy, null, 2)}\n`);
}

/**
 * Reads a policy that `saveFacePolicy` wrote.
 *
 * @throws ERR_MODEL_UNREADABLE the file is missing or is not a policy
 *
 * @example
 * const policy = await loadFacePolicy("policy.json");
 */
export async function loadFacePolicy(path: string): Promise<FacePolicy> {
  try {
    return policySchema.parse(JSON.parse(await readFile(path, "utf8")));
  } catch (cause) {
    const why = cause instanceof z.ZodError ? "it is none that this version writes" : reason(cause);
    throw new LookalikeError("ERR_MODEL_UNREADABLE", `Expected a policy at ${path}: ${why}`, {
      hint: "Train again with inputs.results and experiment.learn, or remove the file.",
      cause,
    });
  }
}
