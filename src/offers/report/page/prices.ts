import { curveChart, drawChart, figure, type Html, percent, section, table } from "../../../reports/index.ts";
import type { PriceResponse } from "../../types.ts";
import { priceWords } from "../price-words.ts";

/** The share of buyers at each price, as one curve per product. */
export async function pricesSection(
  responses: readonly PriceResponse[],
  currency: string | null | undefined,
): Promise<Html> {
  const figures: Html[] = [];
  for (const response of responses) {
    const { product, points } = response;
    const x = points.map(({ price }) => price);
    const chart = await drawChart(
      { title: `${product}: share that buys, by price`, height: 240 },
      curveChart({
        curves: [
          {
            x,
            y: points.map(({ bought }) => bought.value),
            color: "var(--muted)",
            dashed: true,
            band: {
              low: points.map(({ bought }) => bought.low),
              high: points.map(({ bought }) => bought.high),
            },
          },
          { x, y: points.map(({ fitted }) => fitted), color: "var(--accent)" },
        ],
        x: { name: currency ?? "price", format: String, min: x[0] },
        y: { name: "bought", format: (share) => percent(share, 1) },
      }),
    );
    figures.push(
      figure(chart, "Line: fitted, never rising with the price. Dashed with its band (95 %): as measured."),
      table(
        ["Offer", "Price", "Customers", "Bought", "Fitted"],
        points.map(({ offerId, price, rows, bought, fitted }) => [
          { text: offerId, kind: "strong" },
          { text: String(price), kind: "number" },
          { text: String(rows), kind: "number" },
          { text: `${percent(bought.value, 2)} (${percent(bought.low, 2)} to ${percent(bought.high, 2)})` },
          { text: percent(fitted, 2), kind: "number" },
        ]),
        priceWords(response, currency),
      ),
    );
  }
  return section(
    "Response to price",
    "Offers of one product at several prices. A price is never chosen by a face: these are shares of all customers of an arm.",
    ...figures,
  );
}
