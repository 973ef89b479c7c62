import type { AdCopy } from "../ads/index.ts";
import type { CustomerBatch } from "../customers/index.ts";
import type { FaceEngine, PhotoOutcome } from "../faces/index.ts";
import type { Gallery } from "../gallery/index.ts";
import type { OfferScorer } from "../offers/index.ts";
import type { Assigner, Assignment } from "./assign.ts";
import { fillCopy } from "./copy.ts";
import type { Eligibility } from "./eligibility.ts";
import { consentGate, findLookalike, pickFace } from "./portrait.ts";
import type { Campaign, PhotoChoice } from "./types.ts";

/** Everything that is settled about a customer before anything is drawn. */
export type Plan = { readonly customerId: string } & (
  | (Assignment & { readonly status: "none" })
  | (Assignment & { readonly status: "offer"; readonly copy: AdCopy; readonly choice: PhotoChoice })
);

export interface DecideParts {
  readonly campaign: Campaign;
  readonly engine: FaceEngine;
  readonly gallery: Gallery;
  readonly scorer: OfferScorer;
  readonly eligibility: Eligibility;
  readonly assigner: Assigner;
  /** Consent and releases are judged at this moment. */
  readonly at: Date;
  readonly signal: AbortSignal | undefined;
}

/** A customer of a batch who may be shown something. */
interface Candidate {
  readonly row: number;
  readonly assignment: Assignment;
  /** The portrait to look at, or why none is. */
  readonly portrait: { readonly open: string } | PhotoChoice;
}

/**
 * Decides for the given rows of a batch, in order. A portrait is opened only for a customer who has an offer and has
 * consented; its embedding lives until that customer's match is found, and goes nowhere else.
 */
export async function* decideBatch(
  parts: DecideParts,
  batch: CustomerBatch,
  rows: readonly number[],
): AsyncGenerator<Plan> {
  const { engine, scorer, eligibility, signal } = parts;
  if (rows.length === 0) return;
  const excluded = await eligibility.excluded(batch.table);
  const scores = scorer.score(batch);
  const candidates = rows.map((row): Candidate => {
    const score = scores[row];
    if (score === undefined) throw new RangeError(`no score for row ${row}`);
    const assignment = parts.assigner.assign(score, excluded[row] ?? new Set());
    return { row, assignment, portrait: portraitOf(batch, row) };
  });
  const toOpen = candidates.flatMap(({ assignment, portrait }) =>
    assignment.status === "offer" && "open" in portrait ? [portrait.open] : [],
  );
  const outcomes = engine.describeAll(toOpen, { signal })[Symbol.asyncIterator]();
  try {
    for (const { row, assignment, portrait } of candidates) {
      const customerId = batch.ids[row] ?? "";
      if (assignment.status === "none") {
        yield { customerId, ...assignment };
        continue;
      }
      const choice =
        "open" in portrait ? await matchNext(parts, outcomes, assignment.offer.photoTags) : portrait;
      yield { customerId, ...assignment, copy: fillCopy(assignment.offer, batch.table, row), choice };
    }
  } finally {
    await outcomes.return?.();
  }
}

function portraitOf(batch: CustomerBatch, row: number): Candidate["portrait"] {
  const photo = batch.photos[row] ?? null;
  const reason = consentGate(batch.consents[row] ?? { status: "missing" }, photo);
  return reason !== null || photo === null
    ? { status: "default", reason: reason ?? "no_photo" }
    : { open: photo };
}

async function matchNext(
  parts: DecideParts,
  outcomes: AsyncIterator<PhotoOutcome<string>>,
  tags: readonly string[],
): Promise<PhotoChoice> {
  const { campaign, gallery, engine, at } = parts;
  const next = await outcomes.next();
  if (next.done === true) throw new RangeError("fewer described portraits than customers");
  const face = pickFace(next.value, campaign.policy);
  if (typeof face === "string") return { status: "default", reason: face };
  return findLookalike(face.embedding, next.value.photo, {
    gallery,
    policy: campaign.policy,
    tags,
    at,
    territory: campaign.photos.territory ?? undefined,
    embedderId: engine.embedder.id,
  });
}
