import {
  type Cell,
  count,
  curveChart,
  drawChart,
  figure,
  grid,
  type Html,
  intervalChart,
  points,
  pointsTick,
  section,
  signed,
  table,
  tick,
} from "../../reports/index.ts";
import type { ExperimentResults } from "./read.ts";
import type { Concluded } from "./verdict.ts";
import { conclusionWords, effectWords } from "./words.ts";

/** The charts of the results page: the sequence over the looks, the offers, and the effect by resemblance. */

export async function sequencesSection(
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

export async function offersPart(offers: readonly Concluded[], results: ExperimentResults): Promise<Html> {
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

export async function dosePart(dose: readonly Concluded[], results: ExperimentResults): Promise<Html> {
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
