import {
  type Cell,
  count,
  details,
  type Html,
  type PageHead,
  pageOf,
  paragraph,
  percent,
  probability,
  section,
  table,
  tiles,
  verdictCard,
} from "../../reports/index.ts";
import { dosePart, offersPart, sequencesSection } from "./page-charts.ts";
import { comparisonTable } from "./page-comparisons.ts";
import type { ExperimentResults } from "./read.ts";
import { gateWords, headline, ROW_WORDS } from "./words.ts";

export interface ResultsPageOptions {
  /** For simulations: the true difference by the question's id and metric, such as `programme converted`. */
  readonly truth?: ReadonlyMap<string, number> | undefined;
}

/**
 * Renders results as one self-contained page: checks, verdicts, the sequence over the looks, and tables of all
 * comparisons.
 *
 * @example
 * await writeFile("results.html", await resultsPage({ title: "Autumn", subtitle: "28 days" }, results));
 */
export async function resultsPage(
  head: PageHead,
  results: ExperimentResults,
  { truth = new Map() }: ResultsPageOptions = {},
): Promise<string> {
  const { comparisons, isHealthy } = results;
  const plain = comparisons.filter(({ question }) => !/^(dose|offer)_/.test(question.id));
  const offers = comparisons.filter(({ question }) => question.id.startsWith("offer_"));
  const dose = comparisons.filter(({ question }) => question.id.startsWith("dose_"));
  return pageOf(
    head,
    verdictCard(headline(results)),
    sizes(results),
    gatesSection(results),
    ...(isHealthy ? [await sequencesSection(plain, truth)] : []),
    section(
      "What was compared",
      "Customers count in the arm that they were assigned to, regardless of what they were shown. The sequence is valid at every look; the fixed interval is valid once, at the declared end.",
      comparisonTable(plain, results, truth),
    ),
    ...(offers.length > 0
      ? [
          section(
            "Offers",
            "Each offer among the customers who would get it, against the holdout among them.",
            await offersPart(offers, results),
          ),
        ]
      : []),
    ...(dose.length > 0
      ? [
          section(
            "By resemblance",
            "The effect of the look-alike in quarters of the customers, from the least near to the nearest match or by measured resemblance. A trend is a hint for further tests; a single quarter proves little.",
            await dosePart(dose, results),
          ),
        ]
      : []),
    rowsSection(results),
    limits(results),
  );
}

function sizes({ customers, design, currency, cap, hasPre, comparisons }: ExperimentResults): Html {
  const saved = comparisons.find(({ question }) => question.isPrimary)?.saved ?? null;
  return tiles([
    {
      label: "Customers that count",
      value: count(customers.counted),
      note: `of ${count(customers.assigned)} assigned`,
    },
    { label: "Window", value: `${design.windowDays} days`, note: "after each decision" },
    {
      label: "Reading",
      value: design.reading === "fixed" ? "Fixed" : "Sequence",
      note: design.reading === "fixed" ? "one verdict, at the end" : "valid at every look",
    },
    ...(cap === null ? [] : [{ label: "Cap", value: cap.toFixed(2), note: `${currency}, of capped values` }]),
    ...(hasPre
      ? [
          {
            label: "Pre-period",
            value: saved === null ? "none" : percent(Math.max(0, saved), 0),
            note: "of the variance removed",
          },
        ]
      : []),
  ]);
}

function gatesSection({ gates }: ExperimentResults): Html {
  const looks = { ok: { tone: "good" }, failed: { tone: "bad" }, not_checked: { kind: "muted" } } as const;
  const words = { ok: "passed", failed: "FAILED", not_checked: "not checked" } as const;
  const rows = gates.map((gate): Cell[] => [
    { text: gateWords(gate), kind: "strong" },
    { text: words[gate.status], ...looks[gate.status] },
    { text: gate.pValue === null ? "" : probability(gate.pValue), kind: "number" },
    { text: gate.detail },
  ]);
  return section(
    "Health",
    "If a check fails, the arms differ in more than the treatment, and no winner is named.",
    table(["Gate", "Result", "p", "Found"], rows),
  );
}

function rowsSection({ rows }: ExperimentResults): Html {
  const list = ROW_WORDS.map(([key, label]): Cell[] => [
    { text: label },
    { text: count(rows[key]), kind: "number" },
  ]);
  return section(
    "Rows of the outcomes",
    `${count(rows.read)} rows were read.`,
    details("What became of them", table(["Rows", "Count"], list)),
  );
}

function limits({ design, isClustered, hasMovedShares }: ExperimentResults): Html {
  return section(
    "What may not be concluded",
    "",
    paragraph(
      `An effect of these ads on these customers in ${design.windowDays} days. It does not cover later purchases, other inventories, or customers who have not consented to face matching: the faces are compared among customers for whom there is a look-alike.`,
    ),
    paragraph(
      "Secondary comparisons share a tenth of their layer's error rate, so they need more customers. No significant effect does not prove that there is none; the verdict says when any effect is too small to matter.",
    ),
    ...(isClustered ? [paragraph("Customers of a cluster count as one unit.")] : []),
    ...(hasMovedShares
      ? [
          paragraph(
            "The shares of the arms differ between runs or customers. Each customer is weighted by the inverse of the probability of their arm, and earlier behaviour is not used to narrow the intervals.",
          ),
        ]
      : []),
  );
}
