import { z } from "zod";
import { copy, creative } from "../api/schemas.ts";

/** Requests and answers of the review pages. */

const hash = z.string().regex(/^[0-9a-f]{32,64}$/);
const text = z.string().max(2000);
const state = z.enum(["draft", "in_review", "approved", "changes_requested"]);

export const params = z.object({ hash });

const standing = z.object({
  state,
  reason: z.string().nullable(),
  assignee: z.string().nullable(),
  actor: z.string().nullable(),
  at: z.string().nullable(),
  seq: z.int(),
});

const adRow = z.object({
  hash,
  offer: z.string(),
  headline: z.string(),
  photo: z.string(),
  basis: z.string(),
  reach: z.int(),
  warnings: z.int(),
  new_face: z.boolean(),
  /** Higher first: warnings, unapproved faces, number of customers. */
  risk: z.number(),
  thumb: z.string(),
  standing,
});

const event = z.object({
  action: z.string(),
  state: state.nullable(),
  text: z.string().nullable(),
  assignee: z.string().nullable(),
  actor: z.string(),
  at: z.string(),
});

const point = z.tuple([z.number(), z.number()]);
const box = z.object({ x: z.number(), y: z.number(), width: z.number(), height: z.number() });

const photoView = z.object({
  hash,
  name: z.string(),
  paths: z.array(z.string()),
  width: z.int(),
  height: z.int(),
  faces: z.array(
    z.object({
      box,
      middle: point.describe("Of the box, as fractions of the photo; chooses the face as the leading one"),
      landmarks: z.array(point),
      quality: z.number().nullable(),
    }),
  ),
  tags: z.array(z.string()),
  release: z
    .object({ id: z.string(), expires: z.string().nullable(), withdrawn: z.string().nullable() })
    .nullable(),
  focus: point.nullable(),
  synthetic: z.boolean(),
  excluded: z.array(z.string()).describe("Offers, or `*` for all"),
  reach: z.int(),
  thumb: z.string(),
  image: z.string(),
  standing,
});

const adView = adRow.extend({
  copy,
  creatives: z.array(creative.omit({ sha256: true }).extend({ alt: z.string() })),
  notes: z.array(z.string()),
  reasons: z.record(z.string(), z.int()),
  distances: z.array(z.int()),
  photo_view: photoView.nullable(),
  history: z.array(event),
});

export const act = z.strictObject({
  action: z.enum(["approve", "reject", "reopen", "comment", "assign", "undo"]),
  hashes: z.array(hash).min(1).max(10_000),
  text: text.optional(),
  assignee: z.string().max(100).optional(),
  /** Numbers of the last events that the reviewer has seen, in the order of `hashes`; default: any state will do. */
  seen: z.array(z.int()).max(10_000).optional(),
});

export const exclude = z.strictObject({
  photo: hash,
  offer: z.string().max(200).nullable().default(null),
  reason: text.default(""),
});

export const include = z.object({
  offer: z.string().max(200).optional().describe("Default: all exclusions of the photo"),
});

export const setFocus = z.strictObject({ focus: point.nullable(), lead: point.nullable().optional() });
const focusSet = z.object({
  focus: point.nullable(),
  lead: point.nullable(),
  leading: z.int().nullable().describe("Index of the face that `lead` chooses"),
  tag: z.string(),
});

export const login = z.strictObject({ key: z.string().max(200) });
const me = z.object({ name: z.string(), scopes: z.array(z.string()), csrf: z.string() });

const results = z.object({
  headline: z.string(),
  sentences: z.array(z.string()),
  counted: z.int(),
  pending: z.int().describe("Customers whose window is still open"),
  comparisons: z.array(
    z.object({ question: z.string(), metric: z.string(), effect: z.string(), conclusion: z.string() }),
  ),
});

const campaign = z.object({
  name: z.string(),
  approval: z.string(),
  customers: z.int(),
  ads: z.int(),
  states: z.record(z.string(), z.int()),
  offers: z.record(z.string(), z.int()),
  reasons: z.record(z.string(), z.int()),
  arms: z.record(z.string(), z.record(z.string(), z.int())),
  outcomes: z.int(),
  exposures: z.int(),
});

export type AdRow = z.infer<typeof adRow>;
export type AdView = z.infer<typeof adView>;
export type PhotoView = z.infer<typeof photoView>;
export type Standing = z.infer<typeof standing>;
export type FocusView = z.infer<typeof focusSet>;
export type Act = z.input<typeof act>;
export type Me = z.infer<typeof me>;
export type ResultsView = z.infer<typeof results>;
export type CampaignView = z.infer<typeof campaign>;
