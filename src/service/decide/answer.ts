import { isByFace } from "../../handover/index.ts";
import type { ConsentRegistry } from "../../trust/index.ts";
import type { DecisionAnswer, ProblemAnswer } from "../api/schemas.ts";
import type { RunIndex, Shape } from "./run-index.ts";

/** A valid decision, from the run or from this service. */
export interface Known {
  readonly customerId: string;
  readonly name: string;
  readonly shape: Shape;
  readonly source: "run" | "computed";
  readonly version: string;
  readonly isFinal: boolean;
}

export interface AnswerContext {
  readonly index: RunIndex;
  readonly defaults: ReadonlyMap<string, Shape>;
  readonly urls: ReadonlyMap<string, string>;
  /** Photos that may no longer be shown; read at each answer. */
  readonly endedPhotos: () => ReadonlySet<string>;
  /** What is answered of a shape, made once. */
  readonly ads: WeakMap<Shape, ShownAd>;
  /** Whether an ad may be given out; see `policy.approval`. */
  readonly mayShow?: ((shape: Shape) => boolean) | undefined;
}

type Stop = ReturnType<ConsentRegistry["stopped"]> extends ReadonlyMap<string, infer Reason> ? Reason : never;

/**
 * The answer for a decision now: a look-alike photo only while consent and release are valid, an ad only
 * where it may be shown, else the offer's ad with the default photo, else nothing.
 *
 * @param stop why what was made of the customer's face may no longer be used; null: nothing is against it
 */
export function answerOf(context: AnswerContext, known: Known, stop: Stop | null): DecisionAnswer {
  const { index, mayShow } = context;
  const shape = lawful(context, known.shape, stop);
  const shown =
    shape.copy === null || mayShow === undefined || mayShow(shape) ? shape : approvedOf(context, shape);
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

function adOf({ urls, ads }: AnswerContext, shape: Shape): ShownAd {
  const before = ads.get(shape);
  if (before !== undefined) return before;
  const { offer, photo, copy, creatives, experiment } = shape;
  const ad: ShownAd = {
    offer: offer.id === "none" ? { ...offer, url: "" } : { ...offer, url: urls.get(offer.id) ?? "" },
    photo: photo && { basis: photo.basis, reason: photo.reason },
    copy,
    creatives: creatives.map(({ file, ...creative }) => ({ ...creative, url: `/v1/${file}` })),
    experiment: { ...experiment },
  };
  ads.set(shape, ad);
  textOf.set(ad.creatives, JSON.stringify(ad).slice(1));
  return ad;
}

/** What follows `{...,` in JSON of the ad with these creatives: it is the same for many customers. */
const textOf = new WeakMap<DecisionAnswer["creatives"], string>();

/** JSON of answers, with the texts of their ads as they were written the first time; of anything else, as it is. */
export function serialise(
  answer: DecisionAnswer | ProblemAnswer | { readonly decisions: readonly DecisionAnswer[] },
): string {
  if ("decisions" in answer) return `{"decisions":[${answer.decisions.map(serialise).join(",")}]}`;
  const rest = "creatives" in answer ? textOf.get(answer.creatives) : undefined;
  if (rest === undefined || !("creatives" in answer)) return JSON.stringify(answer);
  const { decision, status, campaign, source, is_final } = answer;
  return `${JSON.stringify({ decision, status, campaign, source, is_final }).slice(0, -1)},${rest}`;
}

function lawful(context: AnswerContext, shape: Shape, stop: Stop | null): Shape {
  const { endedPhotos } = context;
  if (stop === "erased") return NOTHING;
  if (shape.photo === null) return shape;
  const isEnded = endedPhotos().has(shape.photo.path);
  const isStopped = isByFace(shape.photo) && stop !== null;
  if (!isEnded && !isStopped) return shape;
  return withDefault(context, shape, isStopped ? `consent_${stop}` : "release_ended");
}

function approvedOf(context: AnswerContext, shape: Shape): Shape {
  const other = withDefault(context, shape, "not_approved");
  return context.mayShow?.(other) === true ? other : { ...NOTHING, experiment: shape.experiment };
}

/** The same offer with the default photo and the words for everyone. */
function withDefault({ defaults, endedPhotos }: AnswerContext, shape: Shape, reason: string): Shape {
  const ad = defaults.get(shape.offer.id);
  if (ad?.photo == null || endedPhotos().has(ad.photo.path))
    return { ...NOTHING, experiment: shape.experiment };
  const { offer, experiment } = shape;
  return { ...ad, offer, experiment, photo: { ...ad.photo, reason } };
}

export const NOTHING: Shape = {
  offer: { id: "none", basis: null },
  photo: null,
  copy: null,
  creatives: [],
  experiment: {},
};
