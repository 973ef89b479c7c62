import { z } from "zod";
import { binFeatureSchema } from "../features/file-schema.ts";
import { boostingSchema } from "../uplift/file-schema.ts";
import type { BoostedChoice } from "./boosting.ts";

/** The schema of boosted choices in a model file; trees may refer only to existing features. */
export const boostedChoiceSchema = z
  .object({
    bins: z.object({ features: z.array(binFeatureSchema) }),
    classes: z.array(boostingSchema).min(2),
  })
  .refine(
    ({ bins, classes }) =>
      classes.every(({ trees }) =>
        trees.every(
          ({ feature, values }) =>
            feature.every((index) => index < bins.features.length) && values.length === feature.length + 1,
        ),
      ),
    { message: "Expected trees that use the model's features and have a value in each leaf" },
  ) satisfies z.ZodType<BoostedChoice>;
