import {
  type Cell,
  count,
  digitsFor,
  drawChart,
  figure,
  fixed,
  type Html,
  intervalChart,
  type PageHead,
  pageOf,
  paragraph,
  percent,
  probability,
  range,
  section,
  signed,
  subsection,
  table,
  tick,
  tiles,
  verdictCard,
} from "../../../reports/index.ts";
import type { OfferModelEvaluation } from "../evaluation.ts";
import { evaluationVerdict } from "../verdict.ts";
import { offersSection } from "./offers.ts";
import { glossary } from "./words.ts";

/**
 * Renders an evaluation as one self-contained page.
 *
 * @param more sections after the evaluation, such as the switching matrix
 * @example await writeFile("offers.html", await evaluationPage({ title: "Offers", subtitle: "held-out log" },
 *   evaluation));
 */
export async function evaluationPage(
  head: PageHead,
  evaluation: OfferModelEvaluation,
  ...more: readonly Html[]
): Promise<string> {
  return pageOf(
    head,
    verdictCard(evaluationVerdict(evaluation)),
    headlineTiles(evaluation),
    await policySection(evaluation),
    await offersSection(evaluation),
    ...more,
    checksSection(evaluation),
    glossary(),
  );
}

function headlineTiles({ rows, policies, modelOverBestSingle, offers, control }: OfferModelEvaluation): Html {
  const model = policies.find(({ kind }) => kind === "model");
  const gains = policies.map(({ value }) => value.gain.value);
  const digits = digitsFor(gains);
  const shown = model?.value.shares.slice(1).reduce((sum, share) => sum + share, 0) ?? 0;
  return tiles([
    { label: "Customers measured", value: count(rows), note: `${count(control.rows)} of them shown nothing` },
    {
      label: "Gain of the model's choice",
      value: fixed(model?.value.gain.value ?? 0, digits),
      note: "per customer, over showing nothing",
    },
    {
      label: "Over the best single offer",
      value: signed(modelOverBestSingle.gain.value, digits),
      note: `95 %: ${signed(modelOverBestSingle.gain.low, digits)} to ${signed(modelOverBestSingle.gain.high, digits)}`,
    },
    {
      label: "Customers shown an offer",
      value: percent(shown, 0),
      note: `by the model, of ${offers.length === 1 ? "one offer" : `${offers.length} offers`}`,
    },
  ]);
}

/** The reason why the policies are comparable. */
function assignmentOf({ propensity }: OfferModelEvaluation): string {
  if (!propensity.differs) {
    return "Every customer of the log was assigned at random, so the value of a policy can be estimated from customers who received what the policy would show.";
  }
  return propensity.source === "given"
    ? "Customers were assigned at random with the logged probabilities, so the value of a policy can be estimated from customers who received what the policy would show, weighted by these probabilities."
    : "The assignment depended on the customers. Its probabilities were estimated from the columns and adjusted for; differences that the columns do not contain are not.";
}

async function policySection(evaluation: OfferModelEvaluation): Promise<Html> {
  const { policies, modelOverBestSingle } = evaluation;
  const gains = policies.map(({ value }) => value.gain.value);
  const digits = digitsFor(gains);
  const rows = policies.map(({ policy, kind, value }) => ({
    label: policyName(policy, kind),
    estimate: value.gain,
    color: kind === "model" ? "var(--accent)" : "var(--muted)",
  }));
  const height = 62 + 40 * rows.length;
  const chart = drawChart(
    { title: "Gain per customer over showing nothing", height, width: "full" },
    intervalChart(rows, { format: tick }),
  );
  return section(
    "What each choice earns",
    `One offer for everyone, against the model's choice for each. ${assignmentOf(evaluation)}`,
    figure(
      chart,
      "Dots: doubly robust estimates; lines: 95 % intervals. Margin times additional outcomes, less the offers' cost.",
    ),
    table(
      ["Policy", "Gain per customer", "Outcome per customer", "By weighting alone", "Shown an offer"],
      policies.map(({ policy, kind, value }): Cell[] => [
        { text: policyName(policy, kind), kind: kind === "model" ? "strong" : undefined },
        { text: range(value.gain, digits), kind: "number" },
        { text: range(value.doublyRobust, 4), kind: "number" },
        { text: range(value.ipw, 4), kind: "number" },
        { text: percent(1 - (value.shares[0] ?? 0), 0), kind: "number" },
      ]),
    ),
    paragraph(
      `Best single choice on this log: ${policyName(modelOverBestSingle.best, "single")}. It was picked on the very customers that it is valued on, which favours it a little.`,
      "note",
    ),
  );
}

function policyName(policy: string, kind: string): string {
  if (kind === "model") return "Model's choice";
  return policy === "none" ? "Nothing" : policy;
}

function checksSection({ checks, unmatched }: OfferModelEvaluation): Html {
  const { sampleRatio, planKnown, balance, columns } = checks;
  const planned = planKnown ? "planned" : "if all were to be equal";
  const lead = planKnown
    ? `Sizes against the plan: chi-square ${sampleRatio.chiSquare.toFixed(2)}, p = ${probability(sampleRatio.pValue)}: ${sampleRatio.mismatch ? "they do not fit" : "they fit"}.`
    : `The log has no planned shares. If the arms were planned to be equal: p = ${probability(sampleRatio.pValue)}.`;
  const flagged = balance.filter((entry) => entry.flagged).length;
  const worst = balance.slice(0, 12);
  return section(
    "Can the experiment be trusted?",
    lead,
    table(
      ["Arm", "Customers", "Share", `Share ${planned}`],
      sampleRatio.arms.map(({ arm, rows, share, planned: wanted }): Cell[] => [
        { text: arm },
        { text: count(rows), kind: "number" },
        { text: percent(share, 2), kind: "number" },
        { text: percent(wanted, 2), kind: "number" },
      ]),
    ),
    subsection(
      "Balance of the features",
      paragraph(
        flagged === 0
          ? "No feature differs between an arm and the control by more than 0.1 standard deviations, as expected in a randomised experiment."
          : `${flagged} of ${balance.length} differences exceed 0.1 standard deviations.`,
      ),
      table(
        ["Feature", "Arm", "Standardised difference"],
        worst.map(({ feature, level, arm, difference, flagged: bad }): Cell[] => [
          { text: level === null ? feature : `${feature}: ${level}` },
          { text: arm, kind: "muted" },
          {
            text: `${difference.toFixed(3)}${bad ? " (too large)" : ""}`,
            kind: "number",
            tone: bad ? "bad" : undefined,
          },
        ]),
        balance.length > worst.length ? `The ${worst.length} largest of ${balance.length}` : "",
      ),
    ),
    subsection(
      "Columns",
      columns.length === 0
        ? paragraph("No column is constant, duplicated, or reveals the arm or the outcome.")
        : table(
            ["Column", "Finding"],
            columns.map((finding): Cell[] => [{ text: finding.feature }, { text: findingText(finding) }]),
          ),
      ...(unmatched.arms.length + unmatched.offers.length > 0
        ? [
            paragraph(
              [
                unmatched.arms.length > 0
                  ? `Arms unknown to the model, skipped: ${unmatched.arms.join(", ")}.`
                  : "",
                unmatched.offers.length > 0
                  ? `Offers that are not in the log: ${unmatched.offers.join(", ")}.`
                  : "",
              ].join(" "),
              "note",
            ),
          ]
        : []),
    ),
  );
}

function findingText(finding: OfferModelEvaluation["checks"]["columns"][number]): string {
  switch (finding.kind) {
    case "constant":
      return "has one value only";
    case "duplicate":
      return `duplicates ${finding.of}`;
    case "tells treatment":
      return `reveals the arm (Cramér's V ${finding.association.toFixed(2)})`;
    case "after treatment":
      return "changed by the treatment: recorded afterwards";
    case "names rows":
      return "is different in every row";
    case "tells outcome":
      return `reveals the outcome (Cramér's V ${finding.association.toFixed(2)})`;
  }
}
