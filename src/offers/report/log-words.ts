import { probability, type Verdict } from "../../reports/index.ts";
import { outcomeWarnings } from "../../statistics/index.ts";
import type { LogChecks } from "./log-checks.ts";
import { cannotTell, names } from "./uplift-words.ts";

/**
 * The verdict on a log whose figures are unreliable; null if they are reliable.
 *
 * @param sentences further results: `figures` are shown unless effects cannot be determined from the log,
 *   `findings` always
 */
export function distrust(
  { checks, doubts }: LogChecks,
  { figures, findings }: { readonly figures: readonly string[]; readonly findings: readonly string[] },
): Verdict | null {
  if (checks.planKnown && checks.sampleRatio.mismatch) {
    const headline = "The arms are not as large as they were planned: do not trust these figures.";
    return { tone: "bad", headline, sentences: [...figures, ...findings] };
  }
  if (doubts.length > 0) {
    const headline = "This log cannot show what the offers do.";
    return { tone: "bad", headline, sentences: [cannotTell(doubts), ...findings] };
  }
  return null;
}

/** Arguments against a log, for the evaluation of one model and the comparison of two. */
export function logSentences({ checks, propensity }: LogChecks): string[] {
  const { sampleRatio, planKnown, balance, columns } = checks;
  const flagged = balance.filter((entry) => entry.flagged);
  const leaking = columns.filter(({ kind }) => kind === "tells treatment" || kind === "tells outcome");
  return [
    ...(planKnown && sampleRatio.mismatch
      ? [
          `Arm sizes differ from the plan (chi-square ${sampleRatio.chiSquare.toFixed(1)}, p = ${probability(sampleRatio.pValue)}): customers are missing, and not at random.`,
        ]
      : []),
    ...outcomeWarnings(checks).map((warning) => `${warning}.`),
    ...(propensity.source === "estimated"
      ? [
          "The assignment depended on the customers. Its probabilities were estimated from the columns and adjusted for; differences that the columns do not contain are not.",
        ]
      : []),
    ...(flagged.length > 0 && !propensity.differs
      ? [
          `Not balanced: ${names(flagged.map(({ feature, arm }) => `${feature} (${arm})`))}. The arms may not have been assigned at random.`,
        ]
      : []),
    ...(leaking.length > 0
      ? [`Columns that reveal the arm or the outcome: ${names(leaking.map(({ feature }) => feature))}.`]
      : []),
  ];
}
