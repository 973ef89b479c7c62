import { z } from "zod";
import { LookalikeError } from "../../core/index.ts";
import { readNamedText, reason, writeFileAtomic } from "../../io/files.ts";
import { ALGORITHMS, featureSchema, LINEAR_ALGORITHMS, MAX_BANDIT_FEATURES } from "../../learning/index.ts";
import { type CreativeLayer, type ExperimentDesign, FACE_ARMS, type FaceArm } from "../design.ts";

/** `policy.json`: the shares of the arms for the next run. */

const learned = {
  share: z.number().gt(0).max(1),
  /** Customers whose window has ended, and their mean reward. */
  customers: z.number(),
  mean: z.number().nullable(),
};
const sumsToOne = (arms: readonly { readonly share: number }[]) =>
  arms.length === 0 || Math.abs(arms.reduce((sum, { share }) => sum + share, 0) - 1) < 1e-6;
const named = z.array(z.strictObject({ arm: z.string(), ...learned })).refine(sumsToOne);

/** The sums of an arm's customers, to which a regression of the reward, relative to its run, on the features is fitted. */
const linearArm = z.strictObject({
  arm: z.string(),
  n: z.number().min(0),
  squares: z.number().min(0),
  /** x x' in row-major order; above the diagonal 0. */
  a: z.array(z.number()),
  b: z.array(z.number()).min(1).max(MAX_BANDIT_FEATURES),
});
const linearArms = z
  .array(linearArm)
  .min(2)
  .refine((arms) => arms.every(({ a, b }) => b.length === arms[0]?.b.length && a.length === b.length ** 2));

/** With it, a customer's shares depend on the customer's columns; the shares of the arms are then the means. */
const linear = z.strictObject({
  schema: z.strictObject({ features: z.array(featureSchema).readonly() }),
  faces: linearArms.optional(),
  copy: linearArms.optional(),
  template: linearArms.optional(),
  explore: linearArms.optional(),
});

const policySchema = z.strictObject({
  format: z.literal("lookalike-policy"),
  version: z.literal(1),
  createdAt: z.string(),
  algorithm: z.enum([...ALGORITHMS, ...LINEAR_ALGORITHMS]),
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
  /** For the algorithms `lin-ts` and `lin-ucb`. */
  linear: linear.optional(),
});

export type SharePolicy = Readonly<z.infer<typeof policySchema>>;

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

/** @throws ERR_OUTPUT_UNWRITABLE */
export function saveShares(policy: SharePolicy, path: string): Promise<void> {
  return writeFileAtomic(path, `${JSON.stringify(policy, null, policy.linear === undefined ? 2 : 0)}\n`);
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
