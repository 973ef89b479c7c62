import { z } from "zod";
import { designColumns } from "./features/encode.ts";
import type { OfferMetrics, OfferModel } from "./types.ts";

/** The shape of a model file's content, checked before any of it is used. JSON has no NaN, so every number is finite. */

const share = z.number().min(0).max(1);

const feature = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("number"),
    name: z.string(),
    mean: z.number(),
    deviation: z.number().positive(),
    min: z.number(),
    max: z.number(),
    missing: share,
  }),
  z.object({
    kind: z.literal("category"),
    name: z.string(),
    levels: z.array(z.object({ label: z.string(), share })),
    rare: share,
    missing: share,
  }),
]);

const logistic = z.object({
  intercept: z.number(),
  weights: z.array(z.number()).transform((weights) => Float64Array.from(weights)),
});

const uplift = z
  .object({
    learner: z.literal("t-logistic"),
    schema: z.object({ features: z.array(feature) }),
    penalty: z.number().positive(),
    control: z.string(),
    none: logistic,
    arms: z.array(z.object({ offerId: z.string(), model: logistic })).min(1),
  })
  .refine(
    ({ schema, none, arms }) => {
      const width = designColumns(schema).length;
      return [none, ...arms.map((arm) => arm.model)].every((model) => model.weights.length === width);
    },
    { message: "Expected one weight per design column" },
  );

const index = z.int().min(-1);
const branches = z.object({ loyalty: z.number().positive(), destination: z.number().positive() });

const choice = z.object({
  schema: z.object({ features: z.array(feature) }),
  penalty: z.number().positive(),
  temperature: z.number().positive(),
  weights: z.array(z.number()).transform((weights) => Float64Array.from(weights)),
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
      !model ||
      model.weights.length === (manufacturers.length + 1) * (designColumns(model.schema).length + 1),
    { message: "Expected one weight per manufacturer and design column" },
  );

export const modelSchema = z.object({
  createdAt: z.iso.datetime(),
  seed: z.int(),
  offers: z.array(z.object({ id: z.string(), product: z.string(), margin: z.number(), cost: z.number() })),
  data: z.object({ experiment: z.string().nullable(), transitions: z.string().nullable() }),
  uplift: uplift.nullable(),
  next: next.nullable(),
  // For people and reports: nothing is computed from it, and the checksum has vouched for it.
  metrics: z.custom<OfferMetrics>((value) => typeof value === "object" && value !== null),
}) satisfies z.ZodType<OfferModel>;
