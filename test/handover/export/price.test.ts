import { describe, expect, it } from "vitest";
import { priceForm, priceText } from "../../../src/handover/export/price.ts";

describe("prices of a catalogue", () => {
  it.each([
    [1350000, "KRW", "1350000 KRW"],
    [1300, "JPY", "1300 JPY"],
    [29.9, "EUR", "29.90 EUR"],
    [1.25, "KWD", "1.250 KWD"],
  ])("%d %s is %s", (price, currency, text) => {
    expect(priceText(price, currency)).toBe(text);
    expect(priceForm(currency).pattern.test(text)).toBe(true);
  });

  it.each([
    [1299.5, "JPY"],
    [29.999, "EUR"],
  ])("%d %s is not rounded, and refused", (price, currency) => {
    expect(priceText(price, currency)).toBe(`${price} ${currency}`);
    expect(priceForm(currency).pattern.test(priceText(price, currency) ?? "")).toBe(false);
  });
});
