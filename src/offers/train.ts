import type { Table } from "../core/index.ts";
import { throwIfAborted } from "../core/index.ts";
import { encodeExperiment, learnUplift, trainingPlacebo } from "../learning/index.ts";
import {
  checkExperiment,
  type ExperimentChecks,
  type FeatureReference,
  isUnfit,
  learnReference,
} from "../statistics/index.ts";
import { type FittingArms, withoutTinyArms, withoutUnknownArms } from "./arms.ts";
import { hashExperiment, hashTransitions } from "./data-hash.ts";
import { contestNext } from "./next/contest.ts";
import { measureNext } from "./next/evaluate.ts";
import { withoutRevealing } from "./next/revealing.ts";
import { nextColumns } from "./next/scorer.ts";
import { codeTransitions } from "./next/segments.ts";
import { trainNext } from "./next/train.ts";
import type { CodedTransitions, NextModel } from "./next/types.ts";
import { priceResponses } from "./prices.ts";
import { armsAsOffers, checkInput, checkOptions, requireBasis, requireIds, termsOf } from "./train-checks.ts";
import type { TrainOffersInput, TrainOffersOptions } from "./train-options.ts";
import type { OfferMetrics, OfferModel, OfferTerms, TrainedOffers, TrainingExperiment } from "./types.ts";

/**
 * Trains the offer model on an experiment (basis uplift), on transitions (basis lift), or on both. Without either, and
 * only if `input.withoutData` allows it, the model predicts nothing (`isUntrained`).
 *
 * @throws ERR_OPTION_INVALID neither experiment nor transitions, or transitions without offers
 * @throws ERR_EXPERIMENT_EMPTY, ERR_ARM_EMPTY, ERR_OUTCOME_INVALID, ERR_OUTCOME_CONSTANT, ERR_FEATURE_MISSING,
 * ERR_FEATURE_INVALID, ERR_TRANSITIONS_EMPTY the data does not allow training
 * @throws ERR_OFFER_UNKNOWN an offer is not an arm of the experiment, and its product is in no transition
 * @throws ERR_ABORTED
 *
 * @example
 * const experiment = await readExperiment("experiment.csv");
 * const { model } = await trainOffers({ experiment }, { createdAt: new Date(), seed: 1, jobs: 2 });
 * await saveOfferModel(model, "offers.json");
 */
export async function trainOffers(
  input: TrainOffersInput,
  options: TrainOffersOptions,
): Promise<TrainedOffers> {
  const { seed = 1, createdAt, signal } = options;
  checkOptions(options);
  checkInput(input);
  const requested = input.offers?.map(termsOf) ?? armsAsOffers(input.experiment);
  const coded = input.transitions && codeTransitions(input.transitions);
  requireIds(requested);
  if (input.experiment || coded) {
    requireBasis(requested, input.experiment?.arms.labels.slice(1) ?? [], coded?.manufacturers ?? []);
  }
  const fitting = input.experiment ? fittingArms(input.experiment, requested) : null;
  const experiment = fitting?.experiment;
  // A campaign's offers are kept, even without data about them.
  const offers = input.offers
    ? requested
    : requested.filter(({ id }) => experiment?.arms.labels.includes(id));
  throwIfAborted(signal);
  const checks = experiment ? checkExperiment(experiment) : null;
  const features = input.features ?? fitFeatures(experiment, checks);
  const learned = experiment ? await learnFrom(experiment, offers, { ...options, features }) : null;
  throwIfAborted(signal);
  const { next, measured } = learnNext(coded, seed);
  const metrics: OfferMetrics = {
    uplift: learned?.metrics ?? null,
    next: measured,
    checks,
    ...(learned ? { prices: priceResponses(learned.metrics, requested) } : {}),
    placebo: learned?.placebo ?? null,
  };
  const data = {
    experiment: experiment ? hashExperiment(experiment) : null,
    transitions: input.transitions ? hashTransitions(input.transitions) : null,
  };
  return {
    model: {
      createdAt: createdAt.toISOString(),
      seed,
      ...(input.currency ? { currency: input.currency } : {}),
      offers,
      data,
      uplift: learned?.model ?? null,
      next,
      metrics,
      reference: referenceOf(experiment, coded?.features, { uplift: learned?.model ?? null, next }),
    },
    refusals: fitting?.refusals ?? [],
  };
}

/** The model of next purchases and its quality; both null without transitions. */
function learnNext(
  transitions: CodedTransitions | undefined,
  seed: number,
): { readonly next: NextModel | null; readonly measured: OfferMetrics["next"] } {
  if (!transitions) return { next: null, measured: null };
  const { coded, revealing } = withoutRevealing(transitions);
  const { model, contest } = contestNext(coded, trainNext(coded), seed);
  return { next: model, measured: measureNext(coded, model, { seed, contest, revealing }) };
}

function fittingArms(whole: TrainingExperiment, offers: readonly OfferTerms[]): FittingArms {
  const known = withoutUnknownArms(whole, offers);
  const { experiment, refusals } = withoutTinyArms(known.experiment);
  return { experiment, refusals: [...known.refusals, ...refusals] };
}

function fitFeatures(
  experiment: TrainingExperiment | undefined,
  checks: ExperimentChecks | null,
): string[] | undefined {
  const unfit = new Set(checks?.columns.filter(isUnfit).map(({ feature }) => feature));
  return experiment && [...experiment.features.columns.keys()].filter((name) => !unfit.has(name));
}

/** Only the columns of the model, which scoring needs. */
function referenceOf(
  experiment: TrainingExperiment | undefined,
  transitions: Table | undefined,
  { uplift, next }: Pick<OfferModel, "uplift" | "next">,
): FeatureReference[] {
  const ofUplift = uplift?.schema.features.map(({ name }) => name) ?? [];
  const ofNext =
    next === null ? [] : Object.keys(nextColumns(next)).filter((name) => !ofUplift.includes(name));
  return [
    ...(experiment ? learnReference(experiment.features, ofUplift) : []),
    ...(transitions ? learnReference(transitions, ofNext) : []),
  ];
}

async function learnFrom(
  experiment: TrainingExperiment,
  offers: readonly OfferTerms[],
  {
    features,
    seed = 1,
    learner = "auto",
    propensity,
    policy,
    jobs = 1,
    signal,
    onProgress,
  }: TrainOffersOptions & {
    readonly features?: readonly string[] | undefined;
  },
) {
  const encoded = encodeExperiment(experiment, { features, propensity });
  const termsById = new Map(offers.map((offer) => [offer.id, offer]));
  const terms = encoded.labels.slice(1).map((offerId) => {
    const offer = termsById.get(offerId);
    // An amount is money already.
    return { offerId, margin: encoded.kind === "binary" ? (offer?.margin ?? 1) : 1, cost: offer?.cost ?? 0 };
  });
  const learned = await learnUplift(encoded, { learner, terms, policy, seed, jobs, signal, onProgress });
  throwIfAborted(signal);
  return { ...learned, placebo: trainingPlacebo(encoded, seed) };
}
