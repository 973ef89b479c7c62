import { details, escapeHtml, type Html } from "../../../reports/index.ts";

const WORDS: readonly (readonly [string, string])[] = [
  [
    "Uplift",
    "Outcome rate of customers shown the offer minus the rate of customers shown nothing: the effect of the offer.",
  ],
  [
    "Qini curve",
    "Outcomes of the shown among the first k customers, minus those of the control scaled to the same number (Radcliffe 2007).",
  ],
  [
    "Qini-count",
    "Area between the Qini curve and the straight line to its end, over the share of customers. It grows with the number of customers.",
  ],
  ["Normalised Qini", "The same divided by that of the perfect order; scikit-uplift's qini_auc_score."],
  [
    "AUUC",
    "Mean of the cumulative gain divided by its end; causalml's auuc_score (Gutierrez and Gérardy 2017).",
  ],
  ["AUTOC", "Average effect among the first k less that of all, averaged over k (Yadlowsky et al. 2025)."],
  [
    "Doubly robust",
    "Predictions, corrected by the weighted errors of customers who received what the policy shows; unbiased if the assignment probabilities are correct.",
  ],
  [
    "Standardised difference",
    "Difference of means over the pooled standard deviation; above 0.1 an arm is called unbalanced (Austin 2009).",
  ],
  [
    "Lift",
    "How much more often a group buys a manufacturer than all customers do: an association, not an effect of anything.",
  ],
];

/** Definitions of the terms on the page. */
export function glossary(): Html {
  const entries = WORDS.map(
    ([word, meaning]) => `<dt>${escapeHtml(word)}</dt><dd>${escapeHtml(meaning)}</dd>`,
  );
  return `<section>${details("Terms", `<dl class="words">${entries.join("")}</dl>`)}</section>`;
}
