import type { Verdict } from "../../../reports/index.ts";
import {
  type Cell,
  calibrationChart,
  count,
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
  percentRange,
  section,
  subsection,
  table,
  verdictCard,
} from "../../../reports/index.ts";
import type { NextContest } from "../../next/contest.ts";
import type { NextMetrics } from "../../next/evaluate.ts";
import type { GroupLift, SwitchingReport } from "../switching.ts";
import { glossary } from "./words.ts";

/**
 * Renders loyalty and switching as one self-contained page.
 *
 * @example
 * await writeFile("switching.html", await switchingPage({ title: "Handsets", subtitle: "2025" }, report));
 */
export async function switchingPage(head: PageHead, report: SwitchingReport): Promise<string> {
  return pageOf(
    head,
    verdictCard(switchingVerdict(report)),
    await switchingSection(report),
    liftSection(report),
    glossary(),
  );
}

/** Customers who stay, customers who leave, and their new manufacturers, one sentence each. */
export function switchingVerdict({ customers, loyalty, rows }: SwitchingReport): Verdict {
  const sizeable = rows.filter((row) => row.customers >= Math.max(20, customers / 200));
  const ranked = [...sizeable].sort((a, b) => b.loyalty.value - a.loyalty.value);
  const [first, last] = [ranked[0], ranked.at(-1)];
  const flows = rows
    .flatMap((row) =>
      row.next
        .filter(({ manufacturer }) => manufacturer !== row.manufacturer)
        .map(({ manufacturer, customers: moved }) => ({ from: row.manufacturer, to: manufacturer, moved })),
    )
    .sort((a, b) => b.moved - a.moved);
  const flow = flows[0];
  return {
    tone: "neutral",
    headline: `${percent(loyalty.value, 0)} of ${count(customers)} choices stay with the manufacturer.`,
    sentences: [
      ...(first && last && first !== last
        ? [
            `${first.manufacturer} keeps the most (${percent(first.loyalty.value)}), ${last.manufacturer} the fewest (${percent(last.loyalty.value)}).`,
          ]
        : []),
      ...(flow && flow.moved > 0
        ? [`The largest flow is from ${flow.from} to ${flow.to}: ${count(flow.moved)} choices.`]
        : []),
      "These are associations in past behaviour. They do not show the effect of an offer.",
    ],
  };
}

/** The section alone, for pages that include other subjects. */
export async function switchingSection(report: SwitchingReport): Promise<Html> {
  const { rows, stays } = report;
  const chart = drawChart(
    { title: "Loyalty: share of choices that stay", height: 40 + 36 * rows.length, width: "full" },
    intervalChart(
      rows.map(({ manufacturer, loyalty }) => ({
        label: manufacturer,
        estimate: loyalty,
        color: "var(--accent)",
      })),
      { format: (value) => percent(value, 0), min: 0, max: 1 },
    ),
  );
  const names = rows[0]?.next.map(({ manufacturer }) => manufacturer) ?? [];
  return section(
    "Loyalty and switching",
    stays === "unchanged"
      ? "Each handset of a customer is followed by a choice. Staying means that nothing changed until the end of the log: the log has no device models."
      : "A choice is a customer's next purchase after a purchase; a customer may have several.",
    figure(
      chart,
      "Dots: as counted; lines: Wilson intervals (95 %). Long lines are small numbers of choices.",
    ),
    table(
      ["From \\ to, %", "Choices", ...names],
      rows.map(({ manufacturer, customers, next }): Cell[] => [
        { text: manufacturer, kind: "strong" },
        { text: count(customers), kind: "number" },
        ...next.map(
          ({ share }): Cell => ({
            text: (100 * share.value).toFixed(1),
            kind: "number",
            tint: 0.75 * share.value,
          }),
        ),
      ]),
      "Choices after each manufacturer by what was bought next, in per cent",
    ),
    details(
      "With intervals and lift",
      table(
        ["From", "To", "Choices", "Share, %", "Lift"],
        rows.flatMap(({ manufacturer, next }) =>
          next
            .filter((entry) => entry.customers > 0)
            .map((entry): Cell[] => [
              { text: manufacturer },
              { text: entry.manufacturer },
              { text: count(entry.customers), kind: "number" },
              { text: percentRange(entry.share), kind: "number" },
              { text: liftText(entry.lift), kind: "number" },
            ]),
        ),
      ),
    ),
  );
}

const NEXT_NAMES: Readonly<Record<NextContest["chosen"], string>> = {
  multinomial: "multinomial regression",
  boosting: "boosted trees",
  blend: "multinomial regression and boosted trees together",
  segments: "the shrunk table by segment",
};

const TITLES: Readonly<Record<GroupLift["by"], string>> = {
  residence: "By residence",
  age: "By age",
  manufacturer: "By current manufacturer",
};

function liftSection({ lifts }: SwitchingReport): Html {
  const kinds = [...new Set(lifts.map(({ by }) => by))];
  return section(
    "Lift",
    "How much more often a group buys a manufacturer next than customers do overall. 1.00 is no difference; coloured where the 95 % interval excludes it.",
    ...kinds.map((by) => {
      const own = lifts.filter((entry) => entry.by === by);
      const makers = [...new Set(own.map(({ manufacturer }) => manufacturer))];
      const groups = [...new Set(own.map(({ group }) => group))];
      const rows = groups.map((group): Cell[] => {
        const entries = own.filter((entry) => entry.group === group);
        return [
          { text: group },
          { text: count(entries[0]?.customers ?? 0), kind: "number" },
          ...entries.map(
            ({ lift }): Cell => ({
              text: lift.value.toFixed(2),
              kind: "number",
              tone: toneOfLift(lift),
            }),
          ),
        ];
      });
      return subsection(TITLES[by], table(["", "Choices", ...makers], rows));
    }),
  );
}

/** Coloured only if the whole interval is on one side of 1. */
function toneOfLift({ low, high }: { readonly low: number; readonly high: number }): Cell["tone"] {
  if (low > 1) return "good";
  return high < 1 ? "bad" : undefined;
}

/** The quality of next-purchase predictions, compared with baselines. */
export async function nextSection({ contest, logLoss, rows }: NextMetrics): Promise<Html> {
  if (contest === null) {
    return section(
      "Next purchase",
      `${count(rows)} purchases are too few to set any aside: the shrunk switching table by segment is used${logLoss ? ` (log-loss ${logLoss.model.toFixed(3)}, overall shares ${logLoss.overall.toFixed(3)}, cross-validated)` : ""}.`,
    );
  }
  const chart = drawChart(
    { title: "Calibration of the next purchase", height: 280 },
    calibrationChart(
      contest.calibration.bins.map(({ predicted, observed }) => ({ predicted, observed })),
      {
        x: { name: "predicted probability", format: (value) => percent(value, 0) },
        y: { name: "came true", format: (value) => percent(value, 0) },
      },
    ),
  );
  return section(
    "Next purchase",
    `Trained on ${contest.split === "time" ? "the earliest 60 %" : "60 % drawn at random"} of ${count(rows)} purchases, chosen on the next 20 %, measured on the last 20 %. Used: ${NEXT_NAMES[contest.chosen]}.`,
    table(
      ["Answer", "Log-loss", "Brier", "Balanced accuracy", "the same by lift", "Likeliest is right"],
      Object.entries(contest.test).map(([name, quality]): Cell[] => [
        { text: name, kind: name === contest.chosen ? "strong" : undefined },
        { text: quality.logLoss.toFixed(4), kind: "number" },
        { text: quality.brier.toFixed(4), kind: "number" },
        { text: percent(quality.balancedAccuracy), kind: "number" },
        { text: percent(quality.balancedByLift), kind: "number" },
        { text: percent(quality.top1), kind: "number" },
      ]),
    ),
    paragraph(
      "Lower log-loss and Brier are better. The classes are unbalanced, so accuracy alone is not informative: see recall by manufacturer below. By lift, the manufacturer is named that is most above its usual probability. Offers are chosen by it, and rare manufacturers keep their recall.",
      "note",
    ),
    grid(
      figure(chart, "All pairs of customer and manufacturer, in tenths of predicted probability."),
      recallTable(contest),
    ),
  );
}

function recallTable(contest: NextContest): Html {
  return table(
    ["Bought next", "Choices", "Recall, %", "by lift, %"],
    contest.test[contest.chosen].recall.map(({ manufacturer, customers, recall, recallByLift }): Cell[] => [
      { text: manufacturer },
      { text: count(customers), kind: "number" },
      { text: percentRange(recall), kind: "number" },
      { text: recallByLift ? percentRange(recallByLift) : "", kind: "number" },
    ]),
    "Of the customers who bought a manufacturer, the share for whom it was predicted: as the likeliest, and by lift",
  );
}

function liftText({ value, low, high }: { value: number; low: number; high: number }): string {
  return `${value.toFixed(2)} (${low.toFixed(2)} to ${high.toFixed(2)})`;
}
