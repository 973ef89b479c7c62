import { z } from "zod";
import {
  boostedChoiceSchema,
  countWeights,
  designColumns,
  featureSchema as feature,
  matchColumns,
  upliftSchema,
} from "../learning/index.ts";
import type { OfferMetrics, OfferModel } from "./types.ts";

/**
 * The schema of a model file's content, checked before any of it is used. JSON has no NaN, so every number is
 * finite.
 */

const index = z.int().min(-1);
const branches = z.object({ loyalty: z.number().positive(), destination: z.number().positive() });

const choice = z.object({
  schema: z.object({ features: z.array(feature) }),
  penalty: z.number().positive(),
  temperature: z.number().positive(),
  weights: z.array(z.number()).transform((weights) => Float64Array.from(weights)),
  trees: z
    .object({
      model: boostedChoiceSchema,
      pool: z.object({ share: z.number().min(0).max(1), temperature: z.number().positive() }),
    })
    .optional(),
});

const next = z
  .object({
    manufacturers: z.array(z.string()).min(1),
    residences: z.array(z.string()),
    usesAge: z.boolean(),
    stays: z.enum(["bought again", "unchanged"]),
    concentration: z.object({
      current: branches,
      age: branches,
      residence: branches,
      cell: branches,
    }),
    choice: choice.nullable().optional(),
    counts: z.array(
      z.object({ current: index, age: index, residence: index, next: z.array(z.number().min(0)) }),
    ),
  })
  .refine(
    ({ manufacturers, counts }) => counts.every((segment) => segment.next.length === manufacturers.length),
    { message: "Expected one count per manufacturer" },
  )
  .refine(
    ({ manufacturers, choice: model }) =>
      !model?.trees || model.trees.model.classes.length === manufacturers.length,
    { message: "Expected one boosted model per manufacturer" },
  )
  .refine(
    ({ manufacturers, choice: model }) =>
      !model ||
      model.weights.length ===
        countWeights(
          manufacturers.length,
          designColumns(model.schema).length,
          matchColumns(model.schema, manufacturers).length,
        ),
    {
      message: "Expected one weight per manufacturer and design column, and one per group of matched columns",
    },
  );

const shares = z.array(z.number().min(0).max(1));

const reference = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("number"),
    name: z.string(),
    edges: z.array(z.number()),
    min: z.number(),
    max: z.number(),
    shares,
  }),
  z.object({ kind: z.literal("category"), name: z.string(), labels: z.array(z.string()), shares }),
]);

export const modelSchema = z.object({
  createdAt: z.iso.datetime(),
  seed: z.int(),
  currency: z.string().nullable().optional(),
  offers: z.array(
    z.object({
      id: z.string(),
      product: z.string(),
      margin: z.number(),
      cost: z.number(),
      price: z.number().nullable().optional(),
    }),
  ),
  data: z.object({ experiment: z.string().nullable(), transitions: z.string().nullable() }),
  uplift: upliftSchema.nullable(),
  next: next.nullable(),
  // For people and reports: nothing is computed from it, and the checksum has verified it.
  reference: z.array(reference).optional(),
  metrics: z.custom<OfferMetrics>((value) => typeof value === "object" && value !== null),
}) satisfies z.ZodType<OfferModel>;
