import { createRandom } from "../../core/index.ts";
import { placeboVerdict } from "../../learning/index.ts";
import { type PageHead, pageOf, paragraph, section, verdictCard } from "../../reports/index.ts";
import { assignFolds, splitFold } from "../../statistics/index.ts";
import { takeCustomers } from "../arms.ts";
import { isUntrained } from "../score.ts";
import { trainOffers } from "../train.ts";
import type { TrainOffersInput, TrainOffersOptions } from "../train-options.ts";
import type { OfferModel } from "../types.ts";
import { evaluateOffers, type OfferModelEvaluation } from "./evaluation.ts";
import { evaluationPage } from "./page/evaluation.ts";
import { pricesSection } from "./page/prices.ts";
import { nextSection, switchingSection, switchingVerdict } from "./page/switching.ts";
import { switchingFromTransitions } from "./switching.ts";
import { learnerWords, UNTRAINED_WORDS, upliftWords } from "./uplift-words.ts";

/** One customer in five is held out for measuring. */
const FOLDS = 5;

/**
 * Measures a model of this data on unseen customers: a twin is trained in the same way on four of five
 * customers and evaluated on the others. Takes about as long as training.
 *
 * @returns null without an experiment
 * @throws as `trainOffers` and `evaluateOffers`
 */
export async function evaluateTwin(
  input: TrainOffersInput,
  options: TrainOffersOptions,
): Promise<OfferModelEvaluation | null> {
  const { experiment } = input;
  if (!experiment) return null;
  const { seed = 1, signal } = options;
  const foldOf = assignFolds(experiment.arms.codes, FOLDS, createRandom(seed), experiment.clusters ?? null);
  const { train, test } = splitFold(foldOf, 0);
  const { model } = await trainOffers(
    { ...input, experiment: takeCustomers(experiment, train), transitions: undefined },
    options,
  );
  const holdout = takeCustomers(experiment, test);
  return evaluateOffers(model, { ...holdout, propensity: holdout.propensity ?? null }, { seed, signal });
}

/** The training report: the twin's evaluation, next purchases, and switching. */
export async function trainingPage(
  head: PageHead,
  model: OfferModel,
  {
    input,
    evaluation,
    warnings = [],
  }: {
    readonly input: TrainOffersInput;
    readonly evaluation: OfferModelEvaluation | null;
    /** Warnings on the log and its columns. */
    readonly warnings?: readonly string[] | undefined;
  },
): Promise<string> {
  const switching = input.transitions ? switchingFromTransitions(input.transitions) : null;
  const { prices = [] } = model.metrics;
  const more = [
    ...(isUntrained(model) ? [section("No data", "", paragraph(`${UNTRAINED_WORDS}.`))] : []),
    ...(prices.length > 0 ? [await pricesSection(prices, model.currency)] : []),
    ...(model.metrics.next ? [await nextSection(model.metrics.next)] : []),
    ...(switching ? [await switchingSection(switching)] : []),
  ];
  if (evaluation === null)
    return pageOf(head, ...(switching ? [verdictCard(switchingVerdict(switching))] : []), ...more);
  const { placebo, uplift } = model.metrics;
  const warned =
    warnings.length === 0
      ? []
      : [
          section(
            "The data",
            "How columns were read, and why some are not used.",
            ...warnings.map((warning) => paragraph(`${warning}.`)),
          ),
        ];
  const found = uplift
    ? [
        section(
          "What training found",
          "",
          paragraph(upliftWords(model)),
          paragraph(`Learner ${uplift.learner}: ${learnerWords(uplift.choice)}.`),
        ),
      ]
    : [];
  const how = section(
    "How this was measured",
    "",
    paragraph(
      "A second model was trained in the same way on four fifths of the customers; every figure above is measured on the remaining fifth. The saved model was trained on all customers.",
    ),
    ...(placebo ? [paragraph(`${placeboVerdict(placebo)}.`)] : []),
  );
  return evaluationPage(head, evaluation, ...found, how, ...warned, ...more);
}
