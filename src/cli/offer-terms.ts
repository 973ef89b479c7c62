import { expected, invalidOption, LookalikeError } from "../core/index.ts";
import type { OfferTerms } from "../offers/index.ts";

/** One amount for all offers, or one per offer. */
export type Amounts = number | ReadonlyMap<string, number>;

/** Parses `10` or `coupon=10,gift=12`. */
export function amounts(text: string): Amounts {
  const parts = text.split(",").map((part): [string, number] => {
    const at = part.lastIndexOf("=");
    return [part.slice(0, Math.max(0, at)).trim(), Number(part.slice(at + 1).trim() || Number.NaN)];
  });
  const [first] = parts;
  if (parts.every(([, amount]) => Number.isFinite(amount) && amount >= 0)) {
    if (parts.length === 1 && first?.[0] === "") return first[1];
    if (parts.every(([offer]) => offer !== "")) return new Map(parts);
  }
  throw invalidOption(
    "an amount of 0 or more, or offer=amount,offer=amount",
    "--margin, --cost and --price",
    text,
  );
}

const PRICED = "offer";

/**
 * The arms of a log as offers, each with a product of its own.
 *
 * @throws ERR_OFFER_UNKNOWN an amount for an offer that the log does not have
 */
export function armsAsOffers(
  ids: readonly string[],
  {
    margin,
    cost,
    price,
  }: {
    readonly margin?: Amounts | undefined;
    readonly cost?: Amounts | undefined;
    readonly price?: Amounts | undefined;
  },
): OfferTerms[] {
  for (const given of [margin, cost, price]) {
    const unknown = typeof given === "object" ? [...given.keys()].filter((id) => !ids.includes(id)) : [];
    if (unknown.length === 0) continue;
    throw new LookalikeError(
      "ERR_OFFER_UNKNOWN",
      expected(`one of ${ids.join(", ")}`, "--margin, --cost or --price", unknown.join(", ")),
      { hint: "Use the log's spelling of the offer." },
    );
  }
  const amountOf = (given: Amounts | undefined, id: string, usual: number) =>
    typeof given === "number" ? given : (given?.get(id) ?? usual);
  const priceOf = (id: string) => (typeof price === "number" ? price : price?.get(id));
  return ids.map((id) => {
    const own = priceOf(id);
    const terms = { margin: amountOf(margin, id, 1), cost: amountOf(cost, id, 0) };
    // Offers of a log with a price are one product at several prices.
    return own === undefined ? { id, product: id, ...terms } : { id, product: PRICED, price: own, ...terms };
  });
}
