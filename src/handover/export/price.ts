/** Prices as catalogues take them: digits, a point, as many decimals as the currency has, and its code. */

const ISO_4217 = /^[A-Z]{3}$/;

/** Decimals of a currency by ISO 4217: 0 of JPY and KRW, 3 of KWD, else mostly 2. */
function decimalsOf(currency: string): number {
  if (!ISO_4217.test(currency)) return 2;
  return (
    new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions().maximumFractionDigits ?? 2
  );
}

/** A price is never rounded: one that the currency cannot express keeps its decimals, and `priceForm` refuses it. */
export function priceText(price: number | null, currency: string): string | null {
  if (price === null) return null;
  const decimals = decimalsOf(currency);
  const rounded = price.toFixed(decimals);
  return `${Number(rounded) === price ? rounded : price} ${currency}`;
}

/** What `priceText` must look like. A price is no telephone number, however many digits it has. */
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
