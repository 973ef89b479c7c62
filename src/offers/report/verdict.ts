import type { Verdict } from "../../reports/index.ts";
import { digitsFor, fixed } from "../../reports/index.ts";
import { effectScale } from "./effect-scale.ts";
import type { OfferModelEvaluation } from "./evaluation.ts";
import { FEW_UNTRIED } from "./holdout.ts";
import { distrust, logSentences } from "./log-words.ts";
import { names } from "./uplift-words.ts";

/**
 * The verdict on an evaluation: whether the experiment is reliable, whether choosing pays, and whether the
 * model ranks customers well.
 */
export function evaluationVerdict(evaluation: OfferModelEvaluation): Verdict {
  const { policies, modelOverBestSingle } = evaluation;
  const model = policies.find(({ kind }) => kind === "model");
  const best = policies.find(({ policy }) => policy === modelOverBestSingle.best);
  const findings = findingsOf(evaluation);
  const gain = modelOverBestSingle.gain;
  const chosen =
    best?.kind === "none" ? "showing no offers" : `showing ${modelOverBestSingle.best} to everyone`;
  const digits = digitsFor([gain.low, gain.high, model?.value.gain.low ?? 0, model?.value.gain.high ?? 0]);
  const money = (value: number) => fixed(value, digits);
  const amount = evaluation.unit === "outcomes" ? per100 : money;
  const unit = unitWords(evaluation);
  const isSame = gain.value === 0 && gain.low === 0 && gain.high === 0;
  const rival =
    best?.kind === "none"
      ? "; no single offer for everyone earns more than nothing"
      : `, ${chosen} ${amount(best?.value.gain.value ?? 0)}`;
  const own = model?.value.gain ?? { value: 0, low: 0, high: 0 };
  const earns = `The model's choice earns ${amount(own.value)} (${amount(own.low)} to ${amount(own.high)}) ${unit} over showing nothing${rival}.`;
  const difference = isSame
    ? "On this log the two are the same choice for everyone."
    : `The difference is ${plus(gain.value, amount)} (95 % interval ${plus(gain.low, amount)} to ${plus(gain.high, amount)}).`;
  const figures = [earns, difference, ...rankingSentences(evaluation)];
  const sentences = [...figures, ...findings];
  const distrusted = distrust(evaluation, { figures, findings });
  if (distrusted !== null) return distrusted;
  const untried = untriedOf(evaluation);
  if (untried !== null) {
    return {
      tone: "neutral",
      headline: "The model's choice cannot be judged on this log.",
      sentences: [untried, ...rankingSentences(evaluation), ...findings],
    };
  }
  if (gain.low > 0) return { tone: "good", headline: "Choosing per customer pays.", sentences };
  if (gain.high < 0) {
    return { tone: "bad", headline: `The model loses money against ${chosen}.`, sentences };
  }
  if (isSame) {
    const unsure = best?.kind === "single" && own.low <= 0 ? ", which is not shown to earn anything" : "";
    return {
      tone: "neutral",
      headline: `The model gives everyone the same: ${chosen}${unsure}.`,
      sentences,
    };
  }
  return {
    tone: "neutral",
    headline: `No gain shown from choosing per customer: ${chosen} does as well.`,
    sentences,
  };
}

function unitWords({ unit, currency }: OfferModelEvaluation): string {
  if (unit === "outcomes") return "additional outcomes per 100 customers";
  return currency === null ? "per customer" : `${currency} per customer`;
}

/** Maximum number of offers with a sentence each. */
const MOST_SENTENCES = 5;
function untriedOf({ untried }: OfferModelEvaluation): string | null {
  const share = untried.reduce((sum, entry) => sum + entry.share, 0);
  if (share < FEW_UNTRIED) return null;
  const parts = untried.map((entry) => `${entry.offerId} to ${(100 * entry.share).toFixed(0)} %`);
  return `The model shows ${parts.join(", ")} of the customers, but no customer of the log was shown that: use a log that contains these offers.`;
}

function rankingSentences({ offers, outcome }: OfferModelEvaluation): string[] {
  const scale = effectScale(outcome);
  const largest = [...offers]
    .sort((a, b) => Math.abs(b.averageUplift.value) - Math.abs(a.averageUplift.value))
    .slice(0, MOST_SENTENCES);
  const named = offers.filter((offer) => largest.includes(offer));
  const left = offers.length - named.length;
  const sentences = named.map(({ offerId, ranking, averageUplift }) => {
    const qini = ranking.metrics.qiniCount;
    const average = `${offerId} ${effectVerb(averageUplift)} the outcome on average (${scale.withUnit(averageUplift.value)})`;
    if (qini === null) return `${average}; the sample is too small to rank customers.`;
    if (qini.low > 0) return `${average}, and the model ranks customers by effect: its Qini is above chance.`;
    if (qini.high < 0) return `${average}, but the model ranks customers worse than chance.`;
    return `${average}; no evidence that the model ranks customers by effect.`;
  });
  return left > 0 ? [...sentences, `${left} more offers with smaller effects are in the table.`] : sentences;
}

function effectVerb({ low, high }: { readonly low: number; readonly high: number }): string {
  if (low > 0) return "raises";
  return high < 0 ? "lowers" : "does not clearly move";
}

function findingsOf(evaluation: OfferModelEvaluation): string[] {
  const { offers, unmatched } = evaluation;
  const exaggerated = offers.filter(({ calibration }) => (calibration.slope?.high ?? 1) < 1);
  return [
    ...(unmatched.arms.length > 0
      ? [`Skipped, because the model has no data about them: ${names(unmatched.arms)}.`]
      : []),
    ...(unmatched.offers.length > 0
      ? [`Not evaluated, because no customer of the log was shown them: ${names(unmatched.offers)}.`]
      : []),
    ...logSentences(evaluation),
    ...(exaggerated.length > 0
      ? [
          `Predicted differences are larger than real ones for ${names(exaggerated.map(({ offerId }) => offerId))}.`,
        ]
      : []),
  ];
}

function per100(value: number): string {
  return fixed(100 * value, 2);
}

function plus(value: number, amount: (value: number) => string): string {
  const text = amount(value);
  return value > 0 && Number(text) !== 0 ? `+${text}` : text;
}
