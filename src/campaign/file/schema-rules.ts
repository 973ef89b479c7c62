import { z } from "zod";
import { parseTerritory } from "../../core/index.ts";
import { HAIR_COLORS, MATCH_BOUNDS, MOST_WEIGHT, perPart } from "../../faces/index.ts";
import { APPROVAL_POLICIES } from "../../handover/index.ts";
import { OFFER_POLICIES } from "../../learning/index.ts";
import { id, number, path, text } from "./schema-values.ts";

/** The thresholds, and the rules for personal data. */

const ageOf = number("years from 0 to 150", 0, 150);

const weight = number(`a weight from 0 to ${MOST_WEIGHT}`, 0, MOST_WEIGHT).optional();
const share = number("a share from 0 to 1", 0, 1);

/** How the photo that resembles a customer is chosen. */
const resemblance = z
  .strictObject(
    {
      metric: path("the path of a metric file").optional(),
      weights: z.strictObject(perPart(weight), "a map of weights").prefault({}),
      band: z
        .tuple([share, share], "two shares [from, to] of the inventory")
        .refine(([from, to]) => from < to, "two shares, the lower one first")
        .default([0, 1]),
      band_of: z.enum(["inventory", "people"], "one of inventory, people").default("inventory"),
      min: number("a resemblance from 0 to 10", 0, 10).default(0),
      max: number("a resemblance from 0 to 10", 0, 10).default(10),
      same_gender: z.boolean("true or false").default(false),
      max_age_gap: number("years from 0 to 150", 0, 150).default(25),
    },
    "a map of rules for resemblance",
  )
  .refine(({ min, max }) => min < max, { message: "a resemblance below max", path: ["min"] })
  .prefault({});

export const policy = z
  .strictObject(
    {
      similarity: z
        .strictObject(
          {
            max_distance: number("a distance from 0 to 2", 0, 2).default(MATCH_BOUNDS.most),
            min_distance: number("a distance from 0 to 2", 0, 2).default(MATCH_BOUNDS.least),
          },
          "a map with max_distance and min_distance",
        )
        .refine((band) => band.min_distance < band.max_distance, {
          message: "a distance below max_distance",
          path: ["min_distance"],
        })
        .prefault({}),
      quality: z
        .strictObject(
          {
            min_interocular_px: number("pixels, 0 or more", 0, 10_000).default(16),
            min_score: number("a number from 0 to 1", 0, 1).default(0.5),
            min_quality: number("a number from 0 to 1", 0, 1).default(0),
          },
          "a map of quality floors",
        )
        .prefault({}),
      require_release: z.boolean("true or false").default(false),
      inventory: z
        .strictObject(
          {
            min_interocular_px: number("pixels, 0 or more", 0, 10_000).default(0),
            min_quality: number("a number from 0 to 1", 0, 1).default(0.1),
            min_eye_light: number("a number from 0 to 1", 0, 1).default(0.65),
            max_yaw_degrees: number("degrees from 0 to 90", 0, 90).default(40),
            min_face_px: z
              .record(id, number("pixels, 0 or more", 0, 10_000), "a map of channels with pixels")
              .default({}),
          },
          "a map of quality floors",
        )
        .prefault({}),
      resemblance,
      appearance: z
        .strictObject(
          {
            age: z
              .tuple([ageOf, ageOf], "two ages [from, to]")
              .refine(([from, to]) => from <= to, "two ages, the lower one first")
              .optional(),
            smiling: z.boolean("true or false").optional(),
            hair: z
              .array(z.enum(HAIR_COLORS, `one of ${HAIR_COLORS.join(", ")}`), "a list of hair colours")
              .min(1, "at least one hair colour")
              .optional(),
          },
          "a map of filters",
        )
        .prefault({}),
      ambiguous_portrait: z.enum(["largest", "refuse"], "one of largest, refuse").default("largest"),
      offers: z.enum(OFFER_POLICIES, `one of ${OFFER_POLICIES.join(", ")}`).default("auto"),
      holdout: z
        .number("a share from 0 up to, but not, 1")
        .min(0, "a share of 0 or more")
        .lt(1, "a share below 1")
        .default(0),
      max_spend: z.number("an amount of money").positive("an amount above 0").nullable().default(null),
      seed: z.int("a whole number").default(1),
      approval: z.enum(APPROVAL_POLICIES, `one of ${APPROVAL_POLICIES.join(", ")}`).default("none"),
    },
    "a map of thresholds",
  )
  .prefault({});

const days = z
  .int("a whole number of days, 1 or more")
  .min(1, "a whole number of days, 1 or more")
  .optional();

export const privacy = z
  .strictObject(
    {
      folder: path("the path of the folder with the consent registry and the audit log").default("privacy"),
      database: z
        .string("an address such as postgres://user@host:5432/name")
        .regex(/^postgres(ql)?:\/\//, "an address such as postgres://user@host:5432/name")
        .optional(),
      crm_consent: z.enum(["accept", "by_law", "ignore"], "one of accept, by_law, ignore").optional(),
      jurisdiction: z
        .string("an ISO 3166 code such as NL or US-IL")
        .refine((code) => parseTerritory(code) === code, "an ISO 3166 code such as NL or US-IL")
        .optional(),
      jurisdiction_column: text("the name of a column in the customers' file", 200).optional(),
      minimum_age: number("an age of 18 or more", 18, 150).default(18),
      age_column: text("the name of a column in the customers' file", 200).optional(),
      exclude: text('an SQL predicate such as "is_vip = 1"', 2000).optional(),
      retention: z
        .strictObject(
          { decisions: days, creatives: days, consents: days, releases: days, audit: days },
          "a map of days by class of data",
        )
        .prefault({}),
    },
    "a map of rules for personal data",
  )
  .optional();
