import { digitsFor, fixed, percent, type Verdict } from "../../reports/index.ts";
import type { ModelComparison } from "./compare-models.ts";
import { FEW_UNTRIED } from "./holdout.ts";
import { distrust, logSentences } from "./log-words.ts";

/** Which of two models is better on a log, if the log can show it. */
export function comparisonWords(comparison: ModelComparison): Verdict {
  const { gain, unit, currency, agreement, offers, untried, rows } = comparison;
  const digits = digitsFor([gain.low, gain.high]);
  const scale = unit === "outcomes" ? 100 : 1;
  const amount = (value: number) => fixed(scale * value, unit === "outcomes" ? 2 : digits);
  const name = unit === "outcomes" ? "outcomes per 100 customers" : `${currency ?? "of money"} per customer`;
  const earns = `The model's choice earns ${amount(gain.value)} ${name} more than the other's (95 % interval ${amount(gain.low)} to ${amount(gain.high)}), on ${rows} customers; the two choose alike for ${percent(agreement, 0)}.`;
  const rankings = offers.flatMap(({ offerId, metrics: { qiniCount } }) => {
    if (qiniCount === null) return [];
    const found = `the difference of the Qini-counts is ${qiniCount.value.toFixed(1)} (${qiniCount.low.toFixed(1)} to ${qiniCount.high.toFixed(1)})`;
    if (qiniCount.low > 0) return [`${offerId}: the model ranks customers better: ${found}.`];
    if (qiniCount.high < 0) return [`${offerId}: the model ranks customers worse: ${found}.`];
    return [`${offerId}: neither ranking is shown to be better: ${found}.`];
  });
  const findings = logSentences(comparison);
  const figures = [earns, ...rankings];
  const sentences = [...figures, ...findings];
  const distrusted = distrust(comparison, { figures, findings });
  if (distrusted !== null) return distrusted;
  if (Math.max(untried.model, untried.against) >= FEW_UNTRIED) {
    const shares = `${percent(untried.model, 0)} and ${percent(untried.against, 0)}`;
    return {
      tone: "neutral",
      headline: "The choices of the two cannot be compared on this log.",
      sentences: [
        `The models show offers that are not in the log to ${shares} of the customers: use a log with these offers.`,
        ...rankings,
        ...findings,
      ],
    };
  }
  if (gain.low > 0) return { tone: "good", headline: "The model earns more than the other.", sentences };
  if (gain.high < 0) return { tone: "bad", headline: "The model earns less than the other.", sentences };
  return { tone: "neutral", headline: "Neither model is shown to earn more.", sentences };
}
