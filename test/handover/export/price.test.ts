import { describe, expect, it } from "vitest";
import { priceForm, priceText, roundedPrices } from "../../../src/handover/export/price.ts";

describe("prices of a catalogue", () => {
  it.each([
    [1350000, "KRW", "1350000 KRW"],
    [1300, "JPY", "1300 JPY"],
    [29.9, "EUR", "29.90 EUR"],
    [1.25, "KWD", "1.250 KWD"],
    [1299.5, "HUF", "1299.50 HUF"],
    [1.2345, "CLF", "1.2345 CLF"],
  ])("%d %s is %s", (price, currency, text) => {
    expect(priceText(price, currency)).toBe(text);
    expect(priceForm(currency).pattern.test(text)).toBe(true);
  });

  it.each([
    [1299.5, "JPY", "1300 JPY"],
    [29.9, "KRW", "30 KRW"],
    [29.999, "EUR", "30.00 EUR"],
  ])("%d %s is rounded to %s, and reported", (price, currency, text) => {
    expect(priceText(price, currency)).toBe(text);
    expect(priceForm(currency).pattern.test(text)).toBe(true);
    const offers = [
      { id: "alpha", price },
      { id: "beta", price: 12 },
      { id: "gamma", price: null },
    ];
    expect(roundedPrices(offers, currency)).toEqual([
      `the price of alpha, ${price} ${currency}, is rounded to ${text}: the currency has no smaller unit`,
    ]);
  });
});
