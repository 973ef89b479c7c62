import { percent } from "../../reports/index.ts";
import type { PriceResponse } from "../types.ts";

/** A product's response to price, in one or two sentences. */
export function priceWords(
  { product, points, rises }: PriceResponse,
  currency: string | null | undefined,
): string {
  const shown = points.map(
    ({ price, fitted }) => `${percent(fitted, 2)} at ${price}${currency ? ` ${currency}` : ""}`,
  );
  const doubt = rises
    ? " As measured, a higher price sold more than a lower one, by more than noise: these offers differ in more than the price."
    : "";
  return `${product}, share that buys by price: ${shown.join(", ")}.${doubt}`;
}
