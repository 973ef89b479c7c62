import {
  type Cell,
  count,
  type Html,
  percent,
  points,
  probability,
  signed,
  table,
} from "../../reports/index.ts";
import type { ExperimentResults } from "./read.ts";
import type { Concluded } from "./verdict.ts";
import { conclusionWords, effectWords, METRIC_WORDS, meanWords } from "./words.ts";

/** The table of all comparisons. */
export function comparisonTable(
  comparisons: readonly Concluded[],
  { currency }: ExperimentResults,
  truth: ReadonlyMap<string, number>,
): Html {
  const hasTruth = truth.size > 0;
  const rows = comparisons.map((own): Cell[] => {
    const { question, control, arm, difference, relative, conclusion, adjustedP, bayes } = own;
    const known = truth.get(`${question.id} ${question.metric}`);
    const tones = { more: "good", less: "bad" } as const;
    const { status } = conclusion;
    return [
      {
        text: `${question.text}, ${METRIC_WORDS[question.metric]}${question.isPrimary ? " (primary)" : ""}`,
        kind: "strong",
      },
      {
        text: conclusionWords(conclusion),
        ...(status === "more" || status === "less" ? { tone: tones[status] } : { kind: "muted" as const }),
      },
      ...(hasTruth ? [{ text: truthWords(own, known) }] : []),
      {
        text:
          difference === null ? "none" : effectWords(own, difference.value, difference.sequence, currency),
      },
      { text: difference === null ? "" : effectWords(own, difference.value, difference.fixed, currency) },
      { text: relative === null ? "" : percent(relative.value, 1), kind: "number" },
      { text: `${meanWords(own, control.mean)} of ${count(control.customers)}` },
      { text: `${meanWords(own, arm.mean)} of ${count(arm.customers)}` },
      { text: adjustedP === null ? "" : probability(adjustedP), kind: "number" },
      ...(bayes === null ? [] : [{ text: percent(bayes.chanceBetter, 1) }]),
    ];
  });
  const hasBayes = comparisons.some(({ bayes }) => bayes !== null);
  return table(
    [
      "Question",
      "Verdict",
      ...(hasTruth ? ["Truth"] : []),
      "Difference, at every look",
      "Once, at the end",
      "Relative",
      "Control",
      "Arm",
      "p, adjusted",
      ...(hasBayes ? ["Chance to be better"] : []),
    ],
    rows,
  );
}

function truthWords({ question }: Concluded, known: number | undefined): string {
  if (known === undefined) return "";
  return question.metric === "converted" ? `${points(known, 2)} points` : signed(known, 3);
}
