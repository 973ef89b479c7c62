import type { AdCopy, AdRenderer, CopyExtras } from "../../ads/index.ts";
import type { createPersonalShares } from "../../experiments/index.ts";
import type { FaceEngine, PhotoOutcome } from "../../faces/index.ts";
import type { Gallery, Match } from "../../gallery/index.ts";
import type { OfferScorer } from "../../offers/index.ts";
import { matchedPhoto } from "../drawing/ad-photo.ts";
import { fillCopy, fillExtras, plainCopy, plainExtras } from "../drawing/copy.ts";
import type { FaceArms } from "../matching/face-arms.ts";
import { portraitRequestOf } from "../matching/network-arm.ts";
import type { OwnDefaultCheck } from "../matching/own-default.ts";
import { unlessChanged } from "../matching/own-picture.ts";
import { findLookalike, pickFace } from "../matching/portrait.ts";
import type { PortraitRequest, PrivacyGate } from "../privacy/gate.ts";
import { describePortraits } from "../privacy/portraits.ts";
import type { Campaign } from "../types.ts";
import type { DefaultReason, PhotoChoice } from "../types-choice.ts";
import type { Assign, Assignment } from "./assign.ts";
import type { Eligibility } from "./eligibility.ts";
import type { ExcludedPhotos } from "./exclusions.ts";
import type { RunBatch } from "./run-batches.ts";

/** The decision for a customer before the ad is drawn. */
export type CustomerPlan = { readonly customerId: string } & (
  | (Assignment & { readonly status: "none" })
  | (Assignment & {
      readonly status: "offer";
      readonly copy: AdCopy;
      readonly extras: CopyExtras;
      readonly choice: PhotoChoice;
      readonly request: PortraitRequest | null;
      /** Whether the default photo is the customer's own picture, which they are not shown; default false. */
      readonly isOwnDefault?: boolean | undefined;
    })
);

export interface DecideParts {
  readonly campaign: Campaign;
  readonly engine: FaceEngine;
  readonly gallery: Gallery;
  readonly scorer: OfferScorer;
  readonly eligibility: Eligibility;
  readonly assign: Assign;
  /** The shares of each customer of a table; null: all customers have the experiment's. */
  readonly sharesOf: ReturnType<typeof createPersonalShares> | null;
  readonly faceArms: FaceArms;
  readonly excludedPhotos: ExcludedPhotos;
  readonly isOwnDefault: OwnDefaultCheck;
  readonly gate: PrivacyGate;
  /** Checks whether a photo's face leads an ad in every channel. */
  readonly renderer: Pick<AdRenderer, "leads">;
  /** The clock. Consent and releases are checked again for every photo. */
  readonly now: () => Date;
  readonly signal: AbortSignal | undefined;
}

/** A customer of a batch, before any portrait is opened. */
export interface Candidate {
  readonly row: number;
  readonly assignment: Assignment;
  /** The portrait to open, or why it may not be opened. */
  readonly portrait: PortraitRequest | DefaultReason;
}

/**
 * Chooses the offers for customers of a batch and whether their portraits may be opened, without opening any.
 */
export async function settleBatch(
  {
    scorer,
    eligibility,
    gate,
    assign,
    sharesOf,
  }: Pick<DecideParts, "scorer" | "eligibility" | "gate" | "assign" | "sharesOf">,
  { batch, members }: RunBatch,
): Promise<readonly Candidate[]> {
  const excluded = await eligibility.excluded(batch.table);
  const blocked = await gate.blocked(batch.table);
  const scores = scorer.score(batch);
  const personal = sharesOf?.(batch.table) ?? null;
  return members.map(({ row, number }): Candidate => {
    const score = scores[row];
    if (score === undefined) throw new RangeError(`no score for row ${row}`);
    const shares = personal?.(row) ?? null;
    const assignment = assign({ score, excluded: excluded[row] ?? new Set(), number, shares });
    return { row, assignment, portrait: blocked[row] ?? portraitRequestOf(gate, batch, row) };
  });
}

/**
 * Decides for the given customers of a batch, in order. A portrait is opened only for a customer who has an
 * offer and has consented. Its embedding is kept until that customer's match is found, and is used for
 * nothing else.
 */
export async function* decideBatch(
  parts: DecideParts,
  { batch, members }: RunBatch,
): AsyncGenerator<CustomerPlan> {
  if (members.length === 0) return;
  const candidates = await settleBatch(parts, { batch, members });
  const requests = candidates.flatMap(({ assignment, portrait }) =>
    assignment.status === "offer" && typeof portrait !== "string" ? [portrait] : [],
  );
  const portraits = describePortraits(requests, parts);
  try {
    for (const { row, assignment, portrait } of candidates) {
      const customerId = batch.ids[row] ?? "";
      if (assignment.status === "none") {
        yield { customerId, ...assignment };
        continue;
      }
      const found = typeof portrait === "string" ? portrait : await portraits.take(portrait);
      const photo = batch.photos[row] ?? null;
      const compare = async (described: typeof found) => ({
        choice: await choosePhoto(parts, customerId, described, assignment),
        isOwnDefault: await parts.isOwnDefault(photo, described),
      });
      const { choice, isOwnDefault } = await unlessChanged(
        () => compare(found),
        (error) => compare({ status: "refused", photo: photo ?? "", error }),
      );
      const request = typeof portrait === "string" ? null : portrait;
      const copy = fillCopy(assignment.offer, batch.table, row);
      const extras = fillExtras(assignment.offer, batch.table, row);
      yield { customerId, ...assignment, copy, extras, choice, request, isOwnDefault };
    }
  } finally {
    await portraits.close();
  }
}

async function choosePhoto(
  parts: DecideParts,
  customerId: string,
  found: PhotoOutcome<string> | DefaultReason,
  { offer, layers }: Assignment & { readonly status: "offer" },
): Promise<PhotoChoice> {
  const { id, photoTags: tags } = offer;
  const { campaign, gallery, engine, renderer, now } = parts;
  if (typeof found === "string") return { status: "default", reason: found };
  const face = pickFace(found, campaign.policy);
  if (typeof face === "string") return { status: "default", reason: face };
  // The plain text: customers' own values do not affect which photo leads.
  const words = { copy: plainCopy(offer), extras: plainExtras(offer) };
  const search = {
    gallery,
    policy: campaign.policy,
    tags,
    at: now(),
    excludePhotos: parts.excludedPhotos(id),
    territory: campaign.photos.territory ?? undefined,
    media: campaign.photos.media ?? undefined,
    embedderId: engine.embedder.id,
    featuresId: engine.featuresId,
    leads: (match: Match) => renderer.leads({ ...words, photo: matchedPhoto(match) }),
  };
  const choice = await findLookalike(face, found.photo, search);
  if (choice.status !== "matched") return choice;
  const shown = await parts.faceArms.choose(choice.match, {
    customerId,
    face,
    portrait: found.photo,
    search,
    arms: layers?.faces ?? null,
  });
  return shown.status === "matched" ? { ...shown, reason: choice.reason } : shown;
}
