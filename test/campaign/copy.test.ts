import { describe, expect, it } from "vitest";
import { checkPlaceholders, fillCopy, placeholdersOf, plainCopy } from "../../src/campaign/drawing/copy.ts";
import type { CampaignOffer } from "../../src/campaign/index.ts";
import { categoryColumn } from "../../src/core/index.ts";

function offer(headline: string): CampaignOffer {
  return {
    id: "apple",
    arm: "apple",
    product: "Apple",
    margin: 1,
    cost: 0,
    headline,
    body: "",
    cta: "",
    extras: {},
    url: "https://x.example/",
    price: null,
    budget: null,
    eligible: null,
    photoTags: [],
  };
}

function filled(headline: string, value: string | null): string {
  const columns = new Map([["current_manufacturer", categoryColumn([value])]]);
  return fillCopy(offer(headline), { rows: 1, columns }, 0).headline;
}

const PATTERN = "Better than {current_manufacturer|your phone}?";

describe("placeholders", () => {
  it.each([
    ["Nokia", "Better than Nokia?"],
    [null, "Better than your phone?"],
    ["  Two\n lines ", "Better than Two lines?"],
    ["No\u202ekia\u0000", "Better than Nokia?"],
    ["{nested}", "Better than {nested}?"],
    ["\u200f", "Better than your phone?"],
    ["x".repeat(61), "Better than your phone?"],
  ])("fills %j as words", (value, words) => {
    expect(filled(PATTERN, value)).toBe(words);
  });

  it("names the columns that an offer's words speak of, and the words for everyone", () => {
    expect(placeholdersOf(offer("{a} and { b |x} and {a}"))).toEqual(["a", "b"]);
    expect(plainCopy(offer(PATTERN)).headline).toBe("Better than your phone?");
  });

  it.each(["Half {open", "Half} closed", "Empty {}"])("refuses %j", (headline) => {
    expect(() => checkPlaceholders([offer(headline)], ["a"])).toThrow(
      expect.objectContaining({ code: "ERR_CAMPAIGN_INVALID" }),
    );
  });
});
