import { expected, LookalikeError } from "../core/index.ts";
import type { OfferTerms } from "../offers/index.ts";

/** One amount for all offers, or one per offer. */
export type Amounts = number | ReadonlyMap<string, number>;

/** Reads `10` or `coupon=10,gift=12`. */
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
  throw new LookalikeError(
    "ERR_OPTION_INVALID",
    expected("an amount of 0 or more, or offer=amount,offer=amount", "--margin and --cost", text),
  );
}

/**
 * The arms of a log as offers, each selling itself.
 *
 * @throws ERR_OFFER_UNKNOWN an amount for an offer that the log does not have
 */
export function armsAsOffers(
  ids: readonly string[],
  { margin, cost }: { readonly margin?: Amounts | undefined; readonly cost?: Amounts | undefined },
): OfferTerms[] {
  for (const amounts of [margin, cost]) {
    const unknown = typeof amounts === "object" ? [...amounts.keys()].filter((id) => !ids.includes(id)) : [];
    if (unknown.length === 0) continue;
    throw new LookalikeError(
      "ERR_OFFER_UNKNOWN",
      expected(`one of ${ids.join(", ")}`, "--margin or --cost", unknown.join(", ")),
      { hint: "Use the log's spelling of the offer." },
    );
  }
  const amountOf = (amount: Amounts | undefined, id: string, usual: number) =>
    typeof amount === "number" ? amount : (amount?.get(id) ?? usual);
  return ids.map((id) => ({ id, product: id, margin: amountOf(margin, id, 1), cost: amountOf(cost, id, 0) }));
}
