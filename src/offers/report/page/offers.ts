import {
  binChart,
  type Cell,
  calibrationChart,
  count,
  curveChart,
  details,
  drawChart,
  figure,
  grid,
  type Html,
  paragraph,
  percent,
  range,
  section,
  subsection,
  table,
  tick,
} from "../../../reports/index.ts";
import type { Estimate } from "../../../statistics/index.ts";
import { type EffectScale, effectScale } from "../effect-scale.ts";
import type { OfferEvaluation, OfferModelEvaluation } from "../evaluation.ts";

/** Every offer against the control: how well its customers are ranked, and how accurate its effects are. */
export async function offersSection({ offers, control, outcome }: OfferModelEvaluation): Promise<Html> {
  const scale = effectScale(outcome);
  const parts: Html[] = [];
  for (const offer of offers) parts.push(await offerPart(offer, scale));
  return section(
    offers.length === 1 ? "The offer" : "Offer by offer",
    `Each against the ${count(control.rows)} customers who were shown nothing, ${scale.response(control.outcome.value)}.`,
    ...parts,
  );
}

async function offerPart(offer: OfferEvaluation, scale: EffectScale): Promise<Html> {
  const { ranking, deciles, calibration, averageUplift } = offer;
  const { metrics } = ranking;
  // Equal bars and a straight line would look like a finding.
  const isOrdered = deciles.some(({ predicted }) => predicted !== deciles[0]?.predicted);
  const pictures = isOrdered
    ? grid(...(await offerCharts(offer, scale)))
    : paragraph(
        "The model expects the same of this offer for everyone, so that there is no order of customers to draw.",
        "note",
      );
  const rows: Cell[][] = [
    metric(
      `Average uplift, ${scale.unit}`,
      scale.range(averageUplift),
      "outcome of the shown minus the outcome of the control",
    ),
    metric("Qini-count", estimate(metrics.qiniCount, 2), "area above the random line, in outcomes"),
    metric("Normalised Qini", estimate(metrics.qiniScore, 4), "share of the value of a perfect ranking"),
    metric(`Uplift among the best 10 %, ${scale.unit}`, effectOf(scale, metrics.upliftAt10), ""),
    metric(`Uplift among the best 30 %, ${scale.unit}`, effectOf(scale, metrics.upliftAt30), "overall"),
    metric("the same, each arm ranked on its own", effectOf(scale, metrics.upliftAt30ByGroup), "by group"),
    metric("AUUC", estimate(metrics.auuc, 3), "0.5 is a random order"),
    metric("AUTOC", estimate(metrics.autoc, 4), "0 is a random order"),
    metric("Calibration slope", estimate(calibration.slope, 2), "1 is right, below 1 exaggerates"),
    metric(
      `Calibration bias, ${scale.unit}`,
      scale.range(calibration.bias),
      "observed less predicted, on average",
    ),
    metric(
      "AUCC",
      offer.aucc === null ? "–" : offer.aucc.toFixed(3),
      "area under the cost curve; 0.5 is random",
    ),
  ];
  return subsection(
    `${offer.offerId}: ${count(offer.rows)} customers`,
    pictures,
    details(
      "All figures",
      table(["Figure", "Value (95 % interval)", "Meaning"], rows),
      decileTable(offer, scale),
    ),
  );
}

async function offerCharts(
  { ranking: { qini }, deciles, profit }: OfferEvaluation,
  scale: EffectScale,
): Promise<Html[]> {
  return [
    figure(
      drawChart(
        { title: "Qini curve", height: 280 },
        curveChart({
          curves: [
            { x: qini.share, y: qini.curve, color: "var(--accent)", band: qini },
            { x: [0, 1], y: [0, qini.end], color: "var(--muted)", dashed: true },
          ],
          x: {
            name: "share of customers, most promising first",
            format: (v) => percent(v, 0),
            min: 0,
            max: 1,
          },
          y: { name: "additional outcomes", format: count },
        }),
      ),
      "Solid: the model's order with its 95 % band. Dashed: customers in random order. A curve above the dashed line ranks customers by effect better than chance.",
    ),
    figure(
      drawChart(
        { title: "Uplift by decile", height: 280 },
        binChart(
          deciles.map(({ bin, uplift, predicted }) => ({ label: String(bin), observed: uplift, predicted })),
          {
            x: "tenth of customers by predicted uplift",
            y: { name: `uplift, ${scale.unit}`, format: scale.tick },
          },
        ),
      ),
      "Bars: observed uplift with 95 % interval. Diamonds: predicted uplift.",
    ),
    figure(
      drawChart(
        { title: "Calibration of effects", height: 280 },
        calibrationChart(
          deciles.flatMap(({ predicted, uplift }) => (uplift ? [{ predicted, observed: uplift }] : [])),
          {
            x: { name: `predicted uplift, ${scale.unit}`, format: scale.tick },
            y: { name: `observed uplift, ${scale.unit}`, format: scale.tick },
          },
        ),
      ),
      "A point for each decile. On the dashed line prediction and observation agree.",
    ),
    figure(
      drawChart(
        { title: "Profit by share of customers shown", height: 280 },
        curveChart({
          curves: [{ x: profit.share, y: profit.profit, color: "var(--accent)" }],
          marks: [bestOf(profit)],
          x: { name: "share of customers shown the offer", format: (v) => percent(v, 0), min: 0, max: 1 },
          y: { name: "profit per customer", format: tick },
        }),
      ),
      "Margin times uplift less cost, per customer of the whole log, if the most promising are shown the offer.",
    ),
  ];
}

function decileTable({ deciles }: OfferEvaluation, scale: EffectScale): Html {
  return table(
    ["Decile", "Shown", "Control", `Predicted, ${scale.unit}`, `Observed, ${scale.unit}`],
    deciles.map(({ bin, treated, control, predicted, uplift }): Cell[] => [
      { text: String(bin), kind: "number" },
      { text: count(treated), kind: "number" },
      { text: count(control), kind: "number" },
      { text: scale.value(predicted), kind: "number" },
      { text: effectOf(scale, uplift), kind: "number" },
    ]),
    "Uplift by decile of predicted uplift",
  );
}

function metric(name: string, value: string, meaning: string): Cell[] {
  return [{ text: name }, { text: value, kind: "number" }, { text: meaning, kind: "muted" }];
}

function estimate(value: Parameters<typeof range>[0] | null, digits: number): string {
  return value === null ? "–" : range(value, digits);
}

function effectOf(scale: EffectScale, value: Estimate | null): string {
  return value === null ? "–" : scale.range(value);
}

function bestOf({ share, profit }: OfferEvaluation["profit"]): { x: number; y: number; label: string } {
  const best = profit.reduce((at, value, i) => (value > (profit[at] as number) ? i : at), 0);
  const x = share[best] ?? 0;
  return { x, y: profit[best] ?? 0, label: percent(x, 0) };
}
