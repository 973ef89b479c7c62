import { z } from "zod";
import { designColumns } from "../features/encode.ts";
import { binFeatureSchema, featureSchema } from "../features/file-schema.ts";
import { partsOf } from "./parts.ts";
import { OFFER_POLICIES } from "./select/terms.ts";
import { LEARNERS, type OutcomeModel, type UpliftModel } from "./types.ts";

/**
 * The schema of an uplift model in a model file; every index is checked, so that no prediction reads out of
 * bounds.
 */

const numbers = z.array(z.number()).transform((values) => Float64Array.from(values));
const indices = z.array(z.int()).transform((values) => Int32Array.from(values));

const linear = z.object({
  kind: z.literal("linear"),
  link: z.enum(["identity", "logistic"]),
  intercept: z.number(),
  weights: numbers,
});

const tree = z
  .object({
    feature: indices,
    threshold: indices,
    missingLeft: z.array(z.int().min(0).max(1)).transform((values) => Uint8Array.from(values)),
    sets: z.array(z.array(z.int().min(0).max(255))),
    left: indices,
    right: indices,
    values: numbers,
  })
  .refine(
    ({ feature, threshold, missingLeft, sets, left, right }) => {
      const inner = feature.length;
      // A child comes after its parent, so that every walk ends; a leaf is ~number, in [0, inner].
      const isChild = (child: number, node: number) =>
        child < inner && child >= ~inner && !(child >= 0 && child <= node);
      return (
        [threshold, missingLeft, left, right].every(({ length }) => length === inner) &&
        feature.every((index) => index >= 0) &&
        threshold.every((limit) => limit < 256 && -limit <= sets.length) &&
        left.every(isChild) &&
        right.every(isChild) &&
        // Every other node and every leaf has exactly one parent.
        new Set([...left, ...right]).size === 2 * inner
      );
    },
    { message: "Expected a tree whose nodes lead to its leaves" },
  );

const twoPart = z.object({
  kind: z.literal("two-part"),
  usual: z.number(),
  event: linear,
  amount: linear,
  low: z.number(),
  high: z.number(),
});

export const boostingSchema = z.object({
  kind: z.literal("boosting"),
  loss: z.enum(["logistic", "squared"]),
  start: z.number(),
  trees: z.array(tree),
});

const outcome = z.discriminatedUnion("kind", [
  linear,
  twoPart,
  boostingSchema,
  z.object({
    kind: z.literal("mean"),
    parts: z.array(z.discriminatedUnion("kind", [linear, twoPart, boostingSchema])).min(1),
  }),
  z.object({ kind: z.literal("forest"), output: z.int().min(0) }),
]) satisfies z.ZodType<OutcomeModel>;

const estimate = z.object({ value: z.number(), low: z.number(), high: z.number() });

const heterogeneity = z.object({
  shown: z.boolean(),
  bestSingle: z.string(),
  everyone: z.object({ worth: estimate.nullable(), pValue: z.number() }).optional(),
  single: z.string().nullable(),
  gain: estimate.nullable(),
  qini: z.array(z.object({ offerId: z.string(), perCustomer: estimate.nullable() })),
  tests: z.array(z.object({ offerId: z.string(), pValue: z.number(), adjusted: z.number() })).optional(),
  likely: z.object({ pValue: z.number(), earned: estimate }).optional(),
  policy: z.enum(OFFER_POLICIES).optional(),
});

export const upliftSchema = z
  .object({
    learner: z.enum(LEARNERS),
    outcome: z.enum(["binary", "value"]),
    schema: z.object({ features: z.array(featureSchema) }),
    bins: z.object({ features: z.array(binFeatureSchema) }).nullable(),
    forest: z.array(tree).nullable(),
    control: z.string(),
    controlMean: z.number(),
    none: outcome,
    arms: z
      .array(
        z.object({
          offerId: z.string(),
          predicts: z.enum(["outcome", "effect"]),
          model: outcome,
          average: estimate,
          calibration: z.object({ intercept: z.number(), slope: z.number() }).optional(),
          isPersonal: z.boolean(),
        }),
      )
      .min(1),
    heterogeneity,
  })
  .refine(hasRightWeights, { message: "Expected one weight per design column" })
  .refine(hasRightTrees, {
    message: "Expected trees that use the model's features and have a value in each leaf",
  }) satisfies z.ZodType<UpliftModel>;

function modelsOf({ none, arms }: Pick<UpliftModel, "none" | "arms">) {
  return [none, ...arms.map(({ model }) => model)].flatMap(partsOf);
}

function hasRightWeights(model: UpliftModel): boolean {
  const width = designColumns(model.schema).length;
  const linearModels = modelsOf(model).flatMap((part) => {
    if (part.kind === "linear") return [part];
    return part.kind === "two-part" ? [part.event, part.amount] : [];
  });
  return linearModels.every(({ weights }) => weights.length === width);
}

function hasRightTrees(model: UpliftModel): boolean {
  const features = model.bins?.features.length ?? 0;
  const outputs = model.arms.length + 1;
  const fits = (trees: UpliftModel["forest"], values: number) =>
    (trees ?? []).every(
      (grown) =>
        grown.feature.every((index) => index < features) &&
        grown.values.length === (grown.feature.length + 1) * values,
    );
  return (
    fits(model.forest, outputs) &&
    modelsOf(model).every((part) => {
      if (part.kind === "boosting") return fits(part.trees, 1);
      return part.kind !== "forest" || (model.forest !== null && part.output < outputs);
    })
  );
}
