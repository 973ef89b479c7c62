import type { Table } from "../core/index.ts";
import { expected, LookalikeError, throwIfAborted } from "../core/index.ts";
import type { TransitionTable } from "../customers/index.ts";
import type { PropensitySource } from "../learning/index.ts";
import {
  encodeExperiment,
  LEARNERS,
  type LearnerId,
  learnUplift,
  type OfferPolicy,
  trainingPlacebo,
} from "../learning/index.ts";
import {
  checkExperiment,
  type ExperimentChecks,
  type FeatureReference,
  isUnfit,
  learnReference,
} from "../statistics/index.ts";
import { type FittingArms, withoutTinyArms, withoutUnknownArms } from "./arms.ts";
import { NO_OFFER } from "./choose/worth.ts";
import { hashExperiment, hashTransitions } from "./data-hash.ts";
import { contestNext } from "./next/contest.ts";
import { measureNext } from "./next/evaluate.ts";
import { nextColumns } from "./next/scorer.ts";
import { codeTransitions } from "./next/segments.ts";
import { trainNext } from "./next/train.ts";
import type { CodedTransitions, NextModel } from "./next/types.ts";
import { priceResponses } from "./prices.ts";
import type { OfferMetrics, OfferModel, OfferTerms, TrainedOffers, TrainingExperiment } from "./types.ts";

export interface TrainOffersInput {
  /** A past campaign. An outcome of nothing but 0 and 1 says who bought; any other is an amount per customer. */
  readonly experiment?: TrainingExperiment | undefined;
  /** What customers bought next, from call logs. */
  readonly transitions?: TransitionTable | undefined;
  /**
   * The offers to choose from. Default: the experiment's arms with margin 1 and cost 0, so that an expected value
   * is the uplift itself.
   */
  readonly offers?: readonly OfferTerms[] | undefined;
  /** Code of the units of margins and costs, for people. */
  readonly currency?: string | null | undefined;
  /**
   * Columns of the uplift model; default: every feature column of the experiment except those that reveal the outcome,
   * are the arm under another name, or differ in every row (`inspectColumns`).
   */
  readonly features?: readonly string[] | undefined;
}

export interface TrainOffersOptions {
  /** Decides every random split; the same seed and data give the same model, byte for byte. Default 1. */
  readonly seed?: number | undefined;
  /** Written into the model. */
  readonly createdAt: Date;
  /** How uplift is learned; "auto" (default) takes the best by cross-validation. */
  readonly learner?: LearnerId | "auto" | undefined;
  /**
   * Where the arms' probabilities come from. Default: the log's `propensity` column; without one, the arms' shares,
   * unless the features predict the assignment, which is impossible in a simple random draw: then they are estimated.
   */
  readonly propensity?: PropensitySource | undefined;
  /**
   * How offers are chosen: "auto" (default) per customer where that could be shown to pay, else one for everyone;
   * "personal" and "single" overrule what could be shown, and the verdict says at what price.
   */
  readonly policy?: OfferPolicy | undefined;
  /** Threads; default 1. The model does not depend on it. */
  readonly jobs?: number | undefined;
  /** Told after every model that was fitted, of how many there will be. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Trains the offer model on an experiment (basis uplift), on transitions (basis lift), or on both.
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
  const asked = input.offers?.map(termsOf) ?? armsAsOffers(input.experiment);
  const coded = input.transitions && codeTransitions(input.transitions);
  requireBasis(asked, input.experiment?.arms.labels.slice(1) ?? [], coded?.manufacturers ?? []);
  const fitting = input.experiment ? fittingArms(input.experiment, asked) : null;
  const experiment = fitting?.experiment;
  // A campaign's offers stay, whatever is known of them.
  const offers = input.offers ? asked : asked.filter(({ id }) => experiment?.arms.labels.includes(id));
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
    ...(learned ? { prices: priceResponses(learned.metrics, asked) } : {}),
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

function checkInput({ experiment, transitions }: TrainOffersInput): void {
  if (experiment || transitions) return;
  throw new LookalikeError(
    "ERR_OPTION_INVALID",
    expected("an experiment or transitions", "training", "neither"),
    { hint: "Pass the log of a past campaign, or a call log." },
  );
}

/** The model of next purchases and how good it is; null and null without transitions. */
function learnNext(
  coded: CodedTransitions | undefined,
  seed: number,
): { readonly next: NextModel | null; readonly measured: OfferMetrics["next"] } {
  if (!coded) return { next: null, measured: null };
  const { model, contest } = contestNext(coded, trainNext(coded), seed);
  return { next: model, measured: measureNext(coded, model, { seed, contest }) };
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

/** Only the model's own columns, which scoring needs. */
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

function checkOptions({ seed = 1, learner = "auto", jobs = 1 }: TrainOffersOptions): void {
  if (!Number.isSafeInteger(seed)) {
    throw new LookalikeError("ERR_OPTION_INVALID", expected("a whole number", "seed", seed));
  }
  if (!Number.isSafeInteger(jobs) || jobs < 1) {
    throw new LookalikeError("ERR_OPTION_INVALID", expected("a whole number from 1", "jobs", jobs));
  }
  if (learner !== "auto" && !LEARNERS.includes(learner)) {
    throw new LookalikeError(
      "ERR_OPTION_INVALID",
      expected(`one of auto, ${LEARNERS.join(", ")}`, "learner", learner),
    );
  }
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

/** A campaign's offers carry their copy too, which is no business of the model's. */
function termsOf({ id, product, margin, cost, price }: OfferTerms): OfferTerms {
  return { id, product, margin, cost, ...(price == null ? {} : { price }) };
}

function armsAsOffers(experiment: TrainingExperiment | undefined): OfferTerms[] {
  if (!experiment) {
    throw new LookalikeError("ERR_OPTION_INVALID", expected("at least one offer", "offers", "none"), {
      hint: "Pass the campaign's offers: a call log shows what customers buy next, not what can be offered.",
    });
  }
  return experiment.arms.labels.slice(1).map((id) => ({ id, product: id, margin: 1, cost: 0 }));
}

function requireBasis(
  offers: readonly OfferTerms[],
  arms: readonly string[],
  manufacturers: readonly string[],
): void {
  const groundless = offers.filter(
    ({ id, product }) => !arms.includes(id) && !manufacturers.includes(product),
  );
  const reserved = offers.find((offer) => offer.id === NO_OFFER);
  if (reserved) {
    throw new LookalikeError(
      "ERR_OPTION_INVALID",
      expected("an id other than none", "an offer", reserved.id),
    );
  }
  if (groundless.length === 0) return;
  const names = groundless.map(({ id, product }) => `${id} (${product})`).join(", ");
  throw new LookalikeError(
    "ERR_OFFER_UNKNOWN",
    `Expected every offer to be an arm of the experiment or to sell a manufacturer of the call log but received ${names}`,
    {
      hint: `Arms: ${arms.join(", ") || "no experiment"}. Manufacturers: ${manufacturers.join(", ") || "no call log"}.`,
    },
  );
}
