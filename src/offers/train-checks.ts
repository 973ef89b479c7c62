import { invalidOption, LookalikeError } from "../core/index.ts";
import { LEARNERS } from "../learning/index.ts";
import { NO_OFFER } from "./choose/worth.ts";
import type { TrainOffersInput, TrainOffersOptions } from "./train-options.ts";
import type { OfferTerms, TrainingExperiment } from "./types.ts";

/** Checks the options and the data of a training. */

export function checkInput({ experiment, transitions, withoutData }: TrainOffersInput): void {
  if (experiment || transitions || withoutData === "allow") return;
  throw invalidOption(
    "an experiment or transitions",
    "training",
    "neither",
    "Pass the log of a past campaign, or a call log. A campaign without either can draw every offer at random: experiment.explore: 1.",
  );
}

export function checkOptions({ seed = 1, learner = "auto", jobs = 1 }: TrainOffersOptions): void {
  if (!Number.isSafeInteger(seed)) {
    throw invalidOption("a whole number", "seed", seed);
  }
  if (!Number.isSafeInteger(jobs) || jobs < 1) {
    throw invalidOption("a whole number from 1", "jobs", jobs);
  }
  if (learner !== "auto" && !LEARNERS.includes(learner)) {
    throw invalidOption(`one of auto, ${LEARNERS.join(", ")}`, "learner", learner);
  }
}

/** Keeps only the model's fields: a campaign's offers also contain their copy. */
export function termsOf({ id, product, margin, cost, price }: OfferTerms): OfferTerms {
  return { id, product, margin, cost, ...(price == null ? {} : { price }) };
}

export function armsAsOffers(experiment: TrainingExperiment | undefined): OfferTerms[] {
  if (!experiment) {
    throw invalidOption(
      "at least one offer",
      "offers",
      "none",
      "Pass the campaign's offers: a call log shows what customers buy next, not what can be offered.",
    );
  }
  return experiment.arms.labels.slice(1).map((id) => ({ id, product: id, margin: 1, cost: 0 }));
}

/** @throws ERR_OPTION_INVALID an offer has the id that means no offer */
export function requireIds(offers: readonly OfferTerms[]): void {
  const reserved = offers.find((offer) => offer.id === NO_OFFER);
  if (reserved === undefined) return;
  throw invalidOption("an id other than none", "an offer", reserved.id);
}

export function requireBasis(
  offers: readonly OfferTerms[],
  arms: readonly string[],
  manufacturers: readonly string[],
): void {
  const groundless = offers.filter(
    ({ id, product }) => !arms.includes(id) && !manufacturers.includes(product),
  );
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
