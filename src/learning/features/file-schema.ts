import { z } from "zod";

/** The schema of feature schemas in a model file. */

const share = z.number().min(0).max(1);

export const featureSchema = z.discriminatedUnion("kind", [
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
    levels: z.array(z.object({ label: z.string(), share })).readonly(),
    rare: share,
    missing: share,
    encoding: z
      .object({
        prior: z.number(),
        deviation: z.number().positive(),
        values: z
          .array(z.tuple([z.string(), z.number()]))
          .transform((values): ReadonlyMap<string, number> => new Map(values)),
      })
      .optional(),
  }),
]);

export const binFeatureSchema = z.discriminatedUnion("kind", [
  z
    .object({ kind: z.literal("number"), name: z.string(), edges: z.array(z.number()).max(254) })
    .refine(({ edges }) => edges.every((edge, i) => i === 0 || edge > (edges[i - 1] as number)), {
      message: "Expected ascending edges of bins",
    }),
  z.object({
    kind: z.literal("category"),
    name: z.string(),
    labels: z.array(z.string()).max(254),
    rare: z.boolean(),
  }),
]);
