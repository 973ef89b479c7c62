import type { Verdict } from "../../reports/index.ts";
import { count, percent, points, sentence, signed } from "../../reports/index.ts";
import type { Range } from "./compare.ts";
import type { Gate } from "./gate.ts";
import type { ExperimentResults } from "./read.ts";
import type { Concluded, Conclusion } from "./verdict.ts";

/** Results as text, the same in reports, on the page and in the terminal. */

export function conclusionWords(conclusion: Conclusion): string {
  switch (conclusion.status) {
    case "more":
      return "sells more";
    case "less":
      return "sells less";
    case "no_effect":
      return `no effect worth having (within ± ${percent(conclusion.worth, 0)})`;
    case "not_valid":
      return `no verdict: ${GATE_WORDS[conclusion.gate] ?? conclusion.gate} failed`;
    case "cannot_tell": {
      if (conclusion.isEarly) return "cannot tell before the declared end";
      const { needed } = conclusion;
      return needed === null
        ? "cannot tell yet"
        : `cannot tell yet, about ${count(rounded(needed))} more customers needed`;
    }
  }
}

/** Two digits: more would suggest false precision. */
function rounded(value: number): number {
  const unit = 10 ** Math.max(0, Math.floor(Math.log10(value)) - 1);
  return Math.ceil(value / unit) * unit;
}

const GATE_WORDS: Readonly<Record<string, string>> = {
  sample_ratio: "the check of the arms' sizes",
  balance: "the check of balance",
  two_arms: "the check of customers in two arms",
  missing_outcomes: "the check of missing outcomes",
  exposure: "the check of exposures",
  unassigned: "the check of recorded arms",
};

export function gateWords({ id, layer }: Gate): string {
  const name = (GATE_WORDS[id] ?? id).replace(/^the check of /, "");
  return `${sentence(name)}${layer === "all" ? "" : `, ${LAYER_WORDS[layer]}`}`;
}

const LAYER_WORDS = {
  holdout: "holdout",
  offer: "offers",
  face: "faces",
  copy: "words",
  template: "templates",
} as const;

/** A difference of rates in percentage points, of amounts in money, with an interval. */
export function effectWords({ question }: Concluded, value: number, range: Range, currency: string): string {
  if (question.metric === "converted")
    return `${points(value, 2)} points (${points(range.low, 2)} to ${points(range.high, 2)})`;
  return `${signed(value, 3)} ${currency} (${signed(range.low, 3)} to ${signed(range.high, 3)})`;
}

export function meanWords({ question }: Concluded, mean: number): string {
  return question.metric === "converted" ? percent(mean, 2) : mean.toFixed(3);
}

export const METRIC_WORDS = {
  converted: "customers who bought",
  value: "value per customer",
  winsorised: "value per customer, capped",
} as const;

/** Texts for the classes of the outcomes' rows. */
export const ROW_WORDS = [
  ["counted", "Counted"],
  ["unknown", "Of customers without a decision"],
  ["early", "Before the decision"],
  ["late", "After the window"],
  ["future", "After the time of evaluation"],
  ["duplicate", "Repeated"],
  ["undated", "Purchases without a time"],
  ["exposure", "Ads shown, without an outcome"],
  ["invalid", "Without id or outcome"],
] as const;

/** The classes in one line, without empty ones. */
export function rowWords({ rows }: Pick<ExperimentResults, "rows">): string {
  const classes = ROW_WORDS.filter(([key]) => rows[key] > 0).map(
    ([key, label]) => `${label.charAt(0).toLowerCase()}${label.slice(1)} ${count(rows[key])}`,
  );
  return `${count(rows.read)} rows of outcomes: ${classes.join(", ")}`;
}

/** The first statement of the page and the terminal. */
export function headline(results: ExperimentResults): Verdict {
  const { gates, customers, comparisons, design } = results;
  const failed = gates.filter(({ status }) => status === "failed");
  const primary = comparisons.filter(({ question }) => question.isPrimary);
  const first = primary[0];
  if (failed.length > 0) {
    return {
      tone: "bad",
      headline: "The experiment was not run or logged as designed: no winner is named",
      sentences: failed.map((gate) => `${gateWords(gate)}: ${gate.detail}.`),
    };
  }
  const notes = [
    `${count(customers.counted)} of ${count(customers.assigned)} customers count: their ${design.windowDays} days are over.`,
    ...(customers.pending > 0
      ? [`${count(customers.pending)} are pending until ${customers.complete}.`]
      : []),
  ];
  if (first === undefined)
    return { tone: "neutral", headline: "The experiment compares nothing", sentences: notes };
  const tones = { more: "good", less: "bad" } as const;
  const { status } = first.conclusion;
  const tone = status === "more" || status === "less" ? tones[status] : "neutral";
  const sentences = primary.map((own) => `${own.question.text}: ${conclusionWords(own.conclusion)}.`);
  return {
    tone,
    headline: `${first.question.text}: ${conclusionWords(first.conclusion)}`,
    sentences: [...sentences.slice(1), ...notes],
  };
}
