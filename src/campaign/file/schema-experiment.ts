import { z } from "zod";
import { METRICS, READINGS } from "../../experiments/index.ts";
import { ALGORITHMS, isLinear, LINEAR_ALGORITHMS, MAX_BANDIT_FEATURES } from "../../learning/index.ts";
import { template } from "./schema-ads.ts";
import { id, number, path, text } from "./schema-values.ts";

/** What is randomised, and how it is evaluated. */

const EVERY_ALGORITHM = [...ALGORITHMS, ...LINEAR_ALGORITHMS] as const;
const share = number("a share from 0 to 1", 0, 1);
const distance = number("a distance from 0 to 2", 0, 2);

const faces = z
  .strictObject(
    {
      lookalike: share.optional(),
      random: share.optional(),
      same_gender: share.optional(),
      influencer: share.optional(),
      default: share.optional(),
      band: z
        .strictObject(
          {
            share,
            distance: z
              .tuple([distance, distance], "two distances [from, to]")
              .refine(([from, to]) => from < to, "two distances, the lower one first"),
          },
          "a map with share and distance",
        )
        .optional(),
    },
    "a map of shares: lookalike, random, same_gender, influencer, default, band",
  )
  .refine((arms) => arms.lookalike !== undefined && arms.lookalike > 0, {
    message: "a share above 0, to compare the others with",
    path: ["lookalike"],
  })
  .refine(({ band, ...arms }) => {
    const sum = Object.values(arms).reduce<number>((total, own) => total + (own ?? 0), band?.share ?? 0);
    return Math.abs(sum - 1) < 1e-9;
  }, "shares that sum to 1");

/** Shares by name: of the variants of the texts, or of templates. */
const named = (name: typeof id | typeof template, what: string) =>
  z
    .record(name, share, `a map of shares by ${what}`)
    .refine((arms) => Object.keys(arms).length >= 2, `two ${what}s or more`)
    .refine(
      (arms) => Math.abs(Object.values(arms).reduce((sum, own) => sum + own, 0) - 1) < 1e-9,
      "shares that sum to 1",
    );

export const experiment = z
  .strictObject(
    {
      name: text("the experiment's name", 120).optional(),
      salt: text("a text that seeds the assignment", 120).optional(),
      holdout: z
        .number("a share from 0 up to, but not, 1")
        .min(0, "a share of 0 or more")
        .lt(1, "a share below 1")
        .optional(),
      explore: share.default(0),
      faces: faces.optional(),
      copy: named(id, "variant").optional(),
      template: named(template, "template").optional(),
      metric: z.enum(METRICS, `one of ${METRICS.join(", ")}`).default("converted"),
      window_days: z
        .number("days, above 0")
        .positive("days, above 0")
        .max(730, "at most 730 days")
        .optional(),
      end: z
        .union([z.iso.date(), z.iso.datetime({ offset: true })], "a date such as 2026-12-31, or a UTC time")
        .optional(),
      reading: z.enum(READINGS, `one of ${READINGS.join(", ")}`).default("sequence"),
      worth: z.number("a relative effect above 0").positive("a relative effect above 0").max(10).optional(),
      winsorise: z.number("a share above 0.5, up to 1").gt(0.5).max(1).optional(),
      learn: z
        .strictObject(
          {
            algorithm: z.enum(EVERY_ALGORITHM, `one of ${EVERY_ALGORITHM.join(", ")}`).default("thompson"),
            uniform: number("a share from 0.05 to 1", 0.05, 1).default(0.05),
            features: z
              .array(text("the name of a column of the customers", 200), "a list of columns of the customers")
              .max(MAX_BANDIT_FEATURES - 1, `at most ${MAX_BANDIT_FEATURES - 1} columns`)
              .default([]),
          },
          "a map with algorithm, uniform and features",
        )
        .refine(({ algorithm, features }) => isLinear(algorithm) === features.length > 0, {
          message: "columns of the customers for lin-ts and lin-ucb, and none for other algorithms",
          path: ["features"],
        })
        .optional(),
      pre: z
        .strictObject(
          {
            column: text("the name of a column", 200),
            path: path("the path of a CSV or Parquet file").optional(),
          },
          "a map with the column of earlier behaviour, and its file",
        )
        .optional(),
    },
    "a map of shares and rules for an experiment",
  )
  .refine(({ reading, end }) => reading !== "fixed" || end !== undefined, {
    message: "a date, which the reading fixed needs",
    path: ["end"],
  })
  .refine(({ learn, faces, copy, template, explore }) => !learn || faces || copy || template || explore > 0, {
    message: "arms whose shares can be learned: faces, copy, template or explore",
    path: ["learn"],
  })
  .optional();
