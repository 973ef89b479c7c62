/** Prices in the form of catalogues: digits, a point, as many decimals as the currency has, and its code. */

const ISO_4217 = /^[A-Z]{3}$/;

/** Currencies of ISO 4217 that do not have two decimals. `Intl` follows usage instead, which has no decimals of HUF. */
const DECIMALS: readonly (readonly [decimals: number, codes: string])[] = [
  [0, "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"],
  [3, "BHD IQD JOD KWD LYD OMR TND"],
  [4, "CLF UYW"],
];

/** Decimals of a currency by ISO 4217: 0 of JPY and KRW, 3 of KWD, else mostly 2. */
export function decimalsOf(currency: string): number {
  return DECIMALS.find(([, codes]) => codes.split(" ").includes(currency))?.[0] ?? 2;
}

/** A price as text. More decimals than the currency has are rounded, which `roundedPrices` reports. */
export function priceText(price: number | null, currency: string): string | null {
  return price === null ? null : `${price.toFixed(decimalsOf(currency))} ${currency}`;
}

/** Whether the currency's decimals can express a price. */
export function isPriceIn(currency: string, price: number): boolean {
  return Number(price.toFixed(decimalsOf(currency))) === price;
}

/** Messages on offers whose price has more decimals than the currency. */
export function roundedPrices(
  offers: readonly { readonly id: string; readonly price: number | null }[],
  currency: string,
): readonly string[] {
  return offers.flatMap(({ id, price }) => {
    const text = priceText(price, currency);
    if (price === null || isPriceIn(currency, price)) return [];
    return [
      `the price of ${id}, ${price} ${currency}, is rounded to ${text}: the currency has no smaller unit`,
    ];
  });
}

/** The form of `priceText`. A price is not a telephone number, however many digits it has. */
export function priceForm(currency: string): { readonly pattern: RegExp; readonly what: string } {
  if (!ISO_4217.test(currency)) return { pattern: /^(?!)/, what: "a price with an ISO 4217 currency" };
  const decimals = decimalsOf(currency);
  const fraction = decimals === 0 ? "" : `\\.\\d{${decimals}}`;
  const what =
    decimals === 0
      ? `a whole number of ${currency}`
      : `an amount of ${currency} with at most ${decimals} decimals`;
  return { pattern: new RegExp(`^\\d+${fraction} ${currency}$`), what };
}
