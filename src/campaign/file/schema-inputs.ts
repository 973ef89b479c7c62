import { z } from "zod";
import { CALL_ROLES, MESSAGE_ROLES, PURCHASE_ROLES } from "../../customers/index.ts";
import { path, text } from "./schema-values.ts";

/** Maps the known column names to the file's names; typing errors in the known names are detected. */
function mapping<const Name extends string>(...names: readonly Name[]) {
  const column = text("the name of a column in the file", 200).optional();
  const shape = Object.fromEntries(names.map((name) => [name, column])) as Record<Name, typeof column>;
  return z.strictObject(shape, "a map from our column names to the file's").optional();
}

const table = { path: path("the path of a CSV or Parquet file, folder or glob") };

/** `inputs` of the campaign file. */
export const inputs = z.strictObject(
  {
    customers: z.strictObject(
      { ...table, columns: mapping("customer_id", "photo", "consent_biometric", "consent_expires") },
      "a map with the path of the customers' file",
    ),
    calls: z
      .strictObject(
        {
          ...table,
          columns: mapping(...CALL_ROLES),
        },
        "a map with the path of the call log",
      )
      .optional(),
    messages: z
      .strictObject(
        { ...table, columns: mapping(...MESSAGE_ROLES) },
        "a map with the path of the log of messages",
      )
      .optional(),
    usage: z
      .strictObject(
        { ...table, columns: mapping("subscriber_id", "at", "bytes", "device_manufacturer", "device_model") },
        "a map with the path of the usage log",
      )
      .optional(),
    purchases: z
      .strictObject({ ...table, columns: mapping(...PURCHASE_ROLES) }, "a map with the path of the purchases")
      .optional(),
    log_start: z
      .union([z.iso.date(), z.iso.datetime({ offset: true })], "a date such as 2026-01-31, or a UTC time")
      .optional(),
    manufacturers: z
      .record(
        text("a maker's name in the logs", 120),
        z.string("the maker's name").max(120),
        "a map of makers' names",
      )
      .optional(),
    experiment: z
      .strictObject(
        {
          ...table,
          columns: mapping("treatment", "outcome", "customer_id", "value", "propensity", "cluster"),
          control: text("the name of the control arm", 64).default("none"),
          features: z
            .array(text("a column's name"), "a list of columns")
            .min(1, "at least one column")
            .optional(),
        },
        "a map with the path of the experiment log",
      )
      .optional(),
    results: z
      .array(
        z.strictObject(
          {
            runs: z
              .array(path("the path of a run's folder"), "a list of run folders")
              .min(1, "at least one run folder"),
            outcomes: path("the path of the outcomes, a CSV or Parquet file, folder or glob"),
            slice: z.enum(["all", "uniform"], "one of all, uniform").default("all"),
          },
          "a map with runs and outcomes",
        ),
        "a list of finished runs with their outcomes",
      )
      .optional(),
    inventory: z
      .array(path("the path of a folder or photo"), "a list of folders and photos")
      .min(1, "at least one folder or photo")
      .optional(),
    gallery: path("the path of the gallery's folder").default("gallery"),
    model: path("the path of the model's file").default("offers.json"),
    policy: path("the path of the learned shares").default("policy.json"),
  },
  "a map of inputs",
);
