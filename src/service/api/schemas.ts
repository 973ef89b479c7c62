import { z } from "zod";
import { canonicalId } from "../../core/index.ts";

/**
 * Requests and answers of the HTTP API. These schemas validate requests, give the types of the server and of
 * `lookalike-ads/client`, and are published as OpenAPI at `/openapi.json`.
 */

export const customerId = z
  .string()
  .max(200)
  .overwrite(canonicalId)
  .min(1)
  .regex(/^\P{Surrogate}*$/u, "Expected well-formed Unicode but received half of a surrogate pair")
  .describe("The customer's id, as in the customers' file");
export const token = z
  .string()
  .regex(/^[A-Za-z0-9_-]{22}$/)
  .describe("Opaque name of one customer's decision; it reveals nothing about the customer");
const moment = z.iso.datetime({ offset: true });

/** Columns of a customer, which override the CRM's. */
const features = z
  .record(z.string().min(1).max(200), z.union([z.string().max(1000), z.number(), z.boolean(), z.null()]))
  .describe("Columns of the customers' file by name; omitted columns are missing values");

const decisionRequest = z.strictObject({
  customer_id: customerId,
  features: features.optional(),
});

const MAX_BATCH = 1000;

export const decisionsRequest = z.union([
  decisionRequest,
  z.strictObject({ customers: z.array(decisionRequest).min(1).max(MAX_BATCH) }),
]);

export const creative = z.object({
  channel: z.string(),
  url: z.string().describe("Path of the picture on this server; it never changes its content"),
  width: z.int(),
  height: z.int(),
  bytes: z.int(),
  sha256: z.string(),
});

export const copy = z.object({ headline: z.string(), body: z.string(), cta: z.string() });

export const decision = z.object({
  decision: token,
  status: z.enum(["ad", "none"]).describe("`none`: nothing is shown to this customer"),
  campaign: z.object({
    name: z.string(),
    version: z.string().describe("The same customer gets the same answer while this stays the same"),
  }),
  source: z
    .enum(["run", "computed"])
    .describe("`run`: decided by `lookalike generate`; `computed`: decided by this service"),
  is_final: z.boolean().describe("false: the portrait is being matched or the ad drawn; request again later"),
  offer: z
    .object({ id: z.string(), url: z.string(), basis: z.string().nullable() })
    .describe("id `none`: no offer; basis `holdout`: in the holdout, so that the effect can be measured"),
  photo: z
    .object({
      basis: z.enum(["lookalike", "default", "drawn"]),
      reason: z.string().describe("`nearest`, or why the default photo is shown; `pending`: not matched yet"),
    })
    .nullable(),
  copy: copy.nullable(),
  creatives: z.array(creative),
  experiment: z
    .record(z.string(), z.object({ arm: z.string(), propensity: z.number() }))
    .describe("Arm and propensity of each layer of the experiment"),
});

export const decisionsAnswer = z.union([decision, z.object({ decisions: z.array(decision) })]);

/** The customer: the id, or the name of a decision. */
const subject = {
  customer_id: customerId.optional(),
  decision: token.optional(),
};
const hasSubject = (value: { customer_id?: string | undefined; decision?: string | undefined }) =>
  (value.customer_id === undefined) !== (value.decision === undefined);
const NEEDS_SUBJECT = "Expected either customer_id or decision";

const outcome = z
  .strictObject({
    ...subject,
    at: moment.optional().describe("Default: now"),
    converted: z.boolean().default(true),
    value: z.number().nullable().default(null).describe("In the campaign's currency"),
  })
  .refine(hasSubject, NEEDS_SUBJECT);

const exposure = z
  .strictObject({
    ...subject,
    at: moment.optional().describe("Default: now"),
    channel: z.string().max(100).nullable().default(null),
  })
  .refine(hasSubject, NEEDS_SUBJECT);

export const outcomesRequest = z.union([
  outcome,
  z.strictObject({ outcomes: z.array(outcome).min(1).max(MAX_BATCH) }),
]);
export const exposuresRequest = z.union([
  exposure,
  z.strictObject({ exposures: z.array(exposure).min(1).max(MAX_BATCH) }),
]);

export const accepted = z.object({
  accepted: z.int().describe("Records that are on disk now"),
  erased: z.int().describe("Records skipped because their customers were erased"),
  unknown: z.int().describe("Records skipped because no decision has this name"),
  repeated: z.boolean().describe("The request was already stored under the same Idempotency-Key"),
});

export const withdrawRequest = z.strictObject({
  customer_id: customerId,
  purpose: z.enum(["face_matching", "photo", "network"]).optional().describe("Default: all"),
});
export const withdrawn = z.object({ known: z.boolean().describe("Whether a consent record was found") });

export const erased = z.object({
  known: z.boolean(),
  removed: z.object({
    consents: z.int(),
    decisions: z.int(),
    creatives: z.int(),
    exports: z.int(),
    records: z.int(),
  }),
});

export const problem = z.object({
  code: z.string().describe("Stable; docs/errors.md and docs/service.md list all"),
  message: z.string(),
  hint: z.string(),
});

/** The answer of an overloaded service: the ad that needs no decision. */
export const overloaded = problem.extend({
  fallback: decision.pick({ offer: true, copy: true, creatives: true }).nullable(),
});

export const health = z.object({ status: z.enum(["ok", "draining", "loading"]) });

export const ready = z.object({
  status: z.enum(["ready", "loading", "draining"]),
  campaign: z.string().nullable(),
  version: z.string().nullable(),
  decisions: z.int(),
  pending: z.int().describe("Portraits and pictures under way in the background"),
  stale: z.string().nullable().describe("Why a change on disk was rejected"),
});

export type DecisionRequest = z.input<typeof decisionRequest>;
export type DecisionAnswer = z.infer<typeof decision>;
export type OutcomeRequest = z.input<typeof outcome>;
export type ExposureRequest = z.input<typeof exposure>;
export type AcceptedAnswer = z.infer<typeof accepted>;
export type WithdrawRequest = z.input<typeof withdrawRequest>;
export type ErasedAnswer = z.infer<typeof erased>;
export type FallbackAnswer = z.infer<typeof overloaded>["fallback"];
export type ProblemAnswer = z.infer<typeof problem>;
export type ReadyAnswer = z.infer<typeof ready>;
