import {
  type Cell,
  count,
  curveChart,
  details,
  drawChart,
  figure,
  grid,
  type Html,
  intervalChart,
  type PageHead,
  pageOf,
  paragraph,
  percent,
  points,
  pointsTick,
  section,
  signed,
  table,
  tick,
  tiles,
  verdictCard,
} from "../../reports/index.ts";
import type { ExperimentResults } from "./read.ts";
import type { Concluded } from "./verdict.ts";
import { conclusionWords, effectWords, gateWords, headline, METRIC_WORDS, meanWords } from "./words.ts";

export interface ResultsPageOptions {
  /** Of a simulation: the true difference by the question's id and metric, as `programme converted`. */
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
  const kinds = { ok: "good", failed: "bad", not_checked: "muted" } as const;
  const words = { ok: "passed", failed: "FAILED", not_checked: "not checked" } as const;
  const rows = gates.map((gate): Cell[] => [
    { text: gateWords(gate), kind: "strong" },
    { text: words[gate.status], kind: kinds[gate.status] },
    { text: gate.pValue === null ? "" : gate.pValue.toPrecision(2), kind: "number" },
    { text: gate.detail },
  ]);
  return section(
    "Health",
    "If a check fails, the arms differ in more than the treatment, and no winner is named.",
    table(["Gate", "Result", "p", "Found"], rows),
  );
}

async function sequencesSection(
  comparisons: readonly Concluded[],
  truth: ReadonlyMap<string, number>,
): Promise<Html> {
  const primary = comparisons.filter(({ question, looks }) => question.isPrimary && looks.length > 0);
  const figures: Html[] = [];
  for (const own of primary) {
    const { looks, question } = own;
    const isRate = question.metric === "converted";
    const x = looks.map(({ customers }) => customers);
    const known = truth.get(`${question.id} ${question.metric}`);
    const chart = await drawChart(
      { title: question.text, height: 260 },
      curveChart({
        curves: [
          {
            x,
            y: looks.map(({ value }) => value),
            color: "var(--accent)",
            band: {
              low: looks.map(({ sequence }) => sequence.low),
              high: looks.map(({ sequence }) => sequence.high),
            },
          },
          ...(known === undefined
            ? []
            : [{ x, y: x.map(() => known), color: "var(--second)", dashed: true }]),
        ],
        x: { name: "customers", format: count, min: looks.length > 1 ? x[0] : 0 },
        y: { name: isRate ? "points" : "difference", format: isRate ? pointsTick : tick },
      }),
    );
    const last = looks.at(-1);
    const shown =
      known === undefined
        ? ""
        : ` The dashed line is the truth of the simulation, ${isRate ? `${points(known, 2)} points` : signed(known, 3)}.`;
    figures.push(
      figure(
        chart,
        `${looks.length} ${looks.length === 1 ? "look" : "looks"}, the last on ${last?.date}. The band is valid at all looks together.${shown}`,
      ),
    );
  }
  return section(
    "Look by look",
    "The estimate and its sequence over time, as customers' windows ended.",
    grid(...figures),
  );
}

function comparisonTable(
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
        kind: status === "more" || status === "less" ? tones[status] : ("muted" as const),
      },
      ...(hasTruth ? [{ text: truthWords(own, known) }] : []),
      {
        text:
          difference === null ? "none" : effectWords(own, difference.value, difference.sequence, currency),
      },
      { text: difference === null ? "" : effectWords(own, difference.value, difference.fixed, currency) },
      { text: relative === null ? "" : percent(relative.value, 1) },
      { text: `${meanWords(own, control.mean)} of ${count(control.customers)}` },
      { text: `${meanWords(own, arm.mean)} of ${count(arm.customers)}` },
      { text: adjustedP === null ? "" : adjustedP.toPrecision(2) },
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

async function offersPart(offers: readonly Concluded[], results: ExperimentResults): Promise<Html> {
  const known = offers.filter(({ difference }) => difference !== null);
  const chart = await drawChart(
    {
      title: "Effect of each offer, at every look",
      height: 60 + 44 * Math.max(1, known.length),
      width: "full",
    },
    intervalChart(
      known.map(({ question, difference }) => ({
        label: question.group ?? "",
        estimate: {
          value: difference?.value ?? 0,
          low: difference?.sequence.low ?? 0,
          high: difference?.sequence.high ?? 0,
        },
        color: "var(--accent)",
      })),
      { format: results.design.metric === "converted" ? pointsTick : tick },
    ),
  );
  const rows = offers.map((own): Cell[] => [
    { text: own.question.group ?? "", kind: "strong" },
    { text: count(own.arm.customers), kind: "number" },
    { text: count(own.control.customers), kind: "number" },
    { text: own.predicted === null ? "" : points(own.predicted, 2), kind: "number" },
    {
      text:
        own.difference === null
          ? "none"
          : effectWords(own, own.difference.value, own.difference.sequence, results.currency),
    },
    { text: conclusionWords(own.conclusion) },
  ]);
  return [
    figure(
      chart,
      "Predicted and realised effects are beside each other in the table: train the model again if it predicts larger effects than are measured.",
    ),
    table(
      ["Offer", "Customers", "Held out", "Predicted, points", "Realised, at every look", "Verdict"],
      rows,
    ),
  ].join("\n");
}

async function dosePart(dose: readonly Concluded[], results: ExperimentResults): Promise<Html> {
  const known = dose.filter(({ difference }) => difference !== null);
  const label = ({ question }: Concluded) => question.text.split(", ").at(-1) ?? "";
  const chart = await drawChart(
    {
      title: "Effect of the look-alike by how near it is",
      height: 60 + 44 * Math.max(1, known.length),
      width: "full",
    },
    intervalChart(
      known.map((own) => ({
        label: label(own),
        estimate: {
          value: own.difference?.value ?? 0,
          low: own.difference?.fixed.low ?? 0,
          high: own.difference?.fixed.high ?? 0,
        },
        color: "var(--accent)",
      })),
      { format: results.design.metric === "converted" ? pointsTick : tick },
    ),
  );
  return figure(chart, "Fixed intervals: use them to decide what to test next, not for verdicts.");
}

function rowsSection({ rows }: ExperimentResults): Html {
  const kinds = [
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
  const list = kinds.map(([key, label]): Cell[] => [
    { text: label },
    { text: count(rows[key]), kind: "number" },
  ]);
  return section(
    "Rows of the outcomes",
    `${count(rows.read)} rows were read.`,
    details("What became of them", table(["Rows", "Count"], list)),
  );
}

function limits({ design, isClustered }: ExperimentResults): Html {
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
  );
}
