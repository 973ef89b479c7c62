import { isByFace } from "../../handover/index.ts";
import type { DecisionAnswer, ProblemAnswer } from "../api/schemas.ts";
import { type KnownDecision, NO_AD } from "./known.ts";
import type { AdContent, RunIndex } from "./run-index.ts";
import type { StopReason } from "./stops.ts";

export interface AnswerContext {
  readonly index: RunIndex;
  readonly defaults: ReadonlyMap<string, AdContent>;
  readonly urls: ReadonlyMap<string, string>;
  /** Photos that may no longer be shown; read at each answer. */
  readonly endedPhotos: () => ReadonlySet<string>;
  /** The public form of each ad, made once. */
  readonly ads: WeakMap<AdContent, ShownAd>;
  /** Whether an ad may be given out; see `policy.approval`. */
  readonly mayShow?: ((content: AdContent) => boolean) | undefined;
}

/**
 * The current answer for a decision. A look-alike photo is answered only while consent and release are valid, and an ad
 * only if it may be shown. Otherwise the answer is the offer's ad with the default photo, or nothing.
 *
 * @param stop why results of the customer's face may no longer be used; null: they may be used
 */
export function answerOf(
  context: AnswerContext,
  known: KnownDecision,
  stop: StopReason | null,
): DecisionAnswer {
  const { index, mayShow } = context;
  const content = permitted(context, known.content, stop);
  const isApproved = content.copy === null || mayShow === undefined || mayShow(content);
  const shown = isApproved ? content : approvedOf(context, content);
  return {
    decision: known.name,
    status: shown.copy === null ? "none" : "ad",
    campaign: { name: index.campaign, version: known.version },
    source: known.source,
    is_final: known.isFinal,
    ...adOf(context, shown),
  };
}

type ShownAd = Pick<DecisionAnswer, "offer" | "photo" | "copy" | "creatives" | "experiment">;

function adOf({ urls, ads }: AnswerContext, content: AdContent): ShownAd {
  const before = ads.get(content);
  if (before !== undefined) return before;
  const { offer, photo, copy, creatives, experiment } = content;
  const ad: ShownAd = {
    offer: offer.id === "none" ? { ...offer, url: "" } : { ...offer, url: urls.get(offer.id) ?? "" },
    photo: photo && { basis: photo.basis, reason: photo.reason },
    copy,
    creatives: creatives.map(({ file, ...creative }) => ({ ...creative, url: `/v1/${file}` })),
    experiment: { ...experiment },
  };
  ads.set(content, ad);
  textOf.set(ad.creatives, JSON.stringify(ad).slice(1));
  return ad;
}

/** The second part of an answer's JSON, by its creatives: it is the same for all customers with this ad. */
const textOf = new WeakMap<DecisionAnswer["creatives"], string>();

/** JSON of answers. The part that customers with the same ad share is written once. */
export function serialise(
  answer: DecisionAnswer | ProblemAnswer | { readonly decisions: readonly DecisionAnswer[] },
): string {
  if ("decisions" in answer) return `{"decisions":[${answer.decisions.map(serialise).join(",")}]}`;
  const rest = "creatives" in answer ? textOf.get(answer.creatives) : undefined;
  if (rest === undefined || !("creatives" in answer)) return JSON.stringify(answer);
  const { decision, status, campaign, source, is_final } = answer;
  return `${JSON.stringify({ decision, status, campaign, source, is_final }).slice(0, -1)},${rest}`;
}

function permitted(context: AnswerContext, content: AdContent, stop: StopReason | null): AdContent {
  const { endedPhotos } = context;
  if (stop === "erased") return NO_AD;
  if (content.photo === null) return content;
  const isEnded = endedPhotos().has(content.photo.path);
  const isStopped = isByFace(content.photo) && stop !== null;
  if (!isEnded && !isStopped) return content;
  return withDefault(context, content, isStopped ? `consent_${stop}` : "release_ended");
}

function approvedOf(context: AnswerContext, content: AdContent): AdContent {
  const other = withDefault(context, content, "not_approved");
  return context.mayShow?.(other) === true ? other : { ...NO_AD, experiment: content.experiment };
}

/** The offer's ad with the default photo and the texts that are the same for all customers. */
function withDefault(
  { defaults, endedPhotos }: AnswerContext,
  content: AdContent,
  reason: string,
): AdContent {
  const ad = defaults.get(content.offer.id);
  if (ad?.photo == null || content.ownDefault || endedPhotos().has(ad.photo.path))
    return { ...NO_AD, experiment: content.experiment };
  const { offer, experiment } = content;
  return { ...ad, offer, experiment, photo: { ...ad.photo, reason } };
}
