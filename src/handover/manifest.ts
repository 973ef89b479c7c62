import { readFile } from "node:fs/promises";
import { z } from "zod";
import { LookalikeError } from "../core/index.ts";
import { reason, writeFileAtomic } from "../io/files.ts";
import { APPROVAL_POLICIES } from "./records/approvals.ts";
import { runFiles } from "./run-folder.ts";

/**
 * The data that a finished run's decisions refer to, next to them in the output folder: all that exports and
 * the proof page need.
 */

const copy = z.strictObject({ headline: z.string(), body: z.string(), cta: z.string() });

const offer = z.strictObject({
  id: z.string(),
  product: z.string(),
  /** The text for all customers, with the placeholders' fallback values. */
  copy,
  /** Columns of the customers that the text uses as placeholders. */
  placeholders: z.array(z.string()),
  url: z.string(),
  /** In the manifest's currency; null: not set. */
  price: z.number().nullable(),
});

const namedArm = z.strictObject({ arm: z.string(), share: z.number() });

const manifest = z.strictObject({
  version: z.literal(1),
  campaign: z.string(),
  currency: z.string(),
  brand: z.strictObject({
    name: z.string(),
    colors: z.strictObject({ primary: z.string(), ink: z.string(), paper: z.string() }),
  }),
  /**
   * ISO 639-1 code of the offers' text; absent in runs of earlier versions and of campaigns without a
   * language.
   */
  language: z.string().optional(),
  /** Time when the run began, ISO 8601 UTC. */
  at: z.string(),
  /**
   * The consent registry that exports use: the run's, or the path at which one would be created. Runs of
   * earlier versions without a registry have none.
   */
  consents: z
    .strictObject({
      file: z.string(),
      /** The same path relative to the run's folder, for a campaign folder that was moved or copied. */
      fromRun: z.string().optional(),
      /**
       * Id of the registry, which stays the same if it is moved; null: none yet. Runs of earlier versions did
       * not record it.
       */
      id: z.string().nullable().optional(),
      crmConsent: z.enum(["accept", "by_law", "ignore"]),
    })
    .nullable()
    .optional(),
  channels: z.array(
    z.object({
      id: z.string(),
      width: z.number(),
      height: z.number(),
      format: z.enum(["jpeg", "png", "webp", "avif"]),
      platform: z.string().nullable(),
    }),
  ),
  offers: z.array(offer),
  policy: z.strictObject({
    minDistance: z.number(),
    maxDistance: z.number(),
    holdout: z.number(),
    /** Absent in runs of earlier versions: `none`. */
    approval: z.enum(APPROVAL_POLICIES).optional(),
  }),
  /** The experiment's design; runs of earlier versions did not record it. */
  experiment: z
    .strictObject({
      name: z.string(),
      salt: z.string(),
      holdout: z.number(),
      explore: z.number(),
      faces: z
        .array(
          z.strictObject({
            arm: z.enum(["lookalike", "random", "same_gender", "band", "influencer", "default"]),
            share: z.number(),
            band: z.tuple([z.number(), z.number()]).nullable(),
          }),
        )
        .nullable(),
      exploreShares: z.array(namedArm).readonly().nullable().optional(),
      copy: z.array(namedArm).readonly().nullable().optional(),
      template: z.array(namedArm).readonly().nullable().optional(),
      personal: z.array(z.string()).readonly().nullable().optional(),
      metric: z.enum(["converted", "value"]),
      windowDays: z.number(),
      /** ISO 8601 UTC. */
      end: z.string().nullable(),
      reading: z.enum(["sequence", "fixed"]),
      worth: z.number(),
      winsorise: z.number(),
    })
    .optional(),
  /** Rows of the customers' file. */
  rows: z.strictObject({
    read: z.number(),
    refused: z.number(),
    /** Rejected rows by error code; runs of earlier versions did not record it, nor the warnings. */
    refusedByCode: z.record(z.string(), z.number()).optional(),
    /**
     * Warnings on columns that may have been read differently than intended, or that differ from those of
     * training.
     */
    warnings: z.array(z.string()).optional(),
  }),
  /** Offers without data in the model, which were never shown. */
  unjudgedOffers: z.array(z.string()),
  /** Points for a person to check, each once. */
  warnings: z.array(z.object({ code: z.string(), channel: z.string(), message: z.string() })),
});

export type RunManifest = Readonly<z.infer<typeof manifest>>;
export type ManifestOffer = Readonly<z.infer<typeof offer>>;

/** @throws ERR_OUTPUT_UNWRITABLE */
export function writeManifest(out: string, run: RunManifest): Promise<void> {
  return writeFileAtomic(runFiles(out).manifest, `${JSON.stringify(run, null, 2)}\n`);
}

/**
 * Reads the manifest (`run.json`) of a finished run: campaign, model, inputs and files.
 *
 * @param out the output folder of a finished run
 * @throws ERR_RUN_UNREADABLE the folder contains no finished run, or one of another version
 *
 * @example
 * const manifest = await readManifest("ads");
 */
export async function readManifest(out: string): Promise<RunManifest> {
  const path = runFiles(out).manifest;
  try {
    return manifest.parse(JSON.parse(await readFile(path, "utf8")));
  } catch (cause) {
    const why = cause instanceof z.ZodError ? "it is none that this version writes" : reason(cause);
    throw new LookalikeError("ERR_RUN_UNREADABLE", `Expected a finished run at ${path}: ${why}`, {
      hint: "Pass the folder of a finished `lookalike generate --out`, or generate again.",
      cause,
    });
  }
}
