import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { AD_WARNING_CODES } from "../../../src/ads/types.ts";
import { GERMAN } from "../../../src/handover/proof/words/de.ts";
import { ENGLISH, type ProofWord } from "../../../src/handover/proof/words/en.ts";
import { SPANISH } from "../../../src/handover/proof/words/es.ts";
import { FRENCH } from "../../../src/handover/proof/words/fr.ts";
import { speakerOf } from "../../../src/handover/proof/words/index.ts";
import { ITALIAN } from "../../../src/handover/proof/words/it.ts";
import { DUTCH } from "../../../src/handover/proof/words/nl.ts";

const OTHERS = { de: GERMAN, es: SPANISH, fr: FRENCH, it: ITALIAN, nl: DUTCH };
const placesOf = (text: string) => [...text.matchAll(/\{\w+\}|<\/?\w+>/g)].map(([place]) => place).toSorted();

describe.each(Object.entries(OTHERS))("the page's words in %s", (language, words) => {
  it("have the values and tags of the English ones", () => {
    for (const [word, text] of Object.entries(ENGLISH))
      expect([word, ...placesOf(words[word as ProofWord])]).toEqual([word, ...placesOf(text)]);
  });

  it("are chosen by the campaign's language, with its numbers and dates", () => {
    const speaker = speakerOf(language);
    expect(speaker.language).toBe(language);
    expect(speaker.fixed(0.25, 2)).toBe("0,25");
    expect(speaker.signed(-1.5, 1)).toBe("−1,5");
    expect(speaker.day("2026-05-21T00:00:00Z")).toMatch(/^21\W.*2026$/);
    expect(speaker.day("2026-05-21T00:00:00Z")).not.toContain("May");
    expect(speaker.reason("minor")).not.toBe(speakerOf("en").reason("minor"));
  });
});

describe("the page's words", () => {
  it("are English where there are none in the campaign's language, or it has none", () => {
    for (const language of [undefined, "pl", "toString"]) {
      const speaker = speakerOf(language);
      expect([speaker.language, speaker.say("nav_ads")]).toEqual(["en", "Ads"]);
      expect(speaker.day("2026-11-21T23:30:00Z")).toBe("21 November 2026");
    }
  });

  it("name every warning of an ad and every reason for the default photo, and no other code", () => {
    const named = (kind: string) =>
      Object.keys(ENGLISH)
        .filter((word) => word.startsWith(`${kind}_`))
        .map((word) => word.slice(kind.length + 1))
        .sort();
    expect(named("warning")).toEqual([...AD_WARNING_CODES].sort());
    const docs = readFileSync(join(import.meta.dirname, "../../../docs/campaign.md"), "utf8");
    const [, table = ""] = docs.split("## Why a customer sees the default photo");
    const reasons = [...table.matchAll(/^\| `(\w+)`/gm)].flatMap((match) => match[1] ?? []);
    expect(named("reason")).toEqual(reasons.sort());
  });

  it("differ for one and for many, and show codes without a text as they are", () => {
    const { sayFor, reason, warning } = speakerOf("en");
    expect([sayFor(1, "customer"), sayFor(1234, "customer")]).toEqual(["1 customer", "1,234 customers"]);
    expect(speakerOf("de").sayFor(1234, "customer")).toBe("1.234 Kunden");
    expect([reason("of_tomorrow"), warning("head_cut")]).toEqual([
      "Of tomorrow",
      "A head at the side is cut by the frame",
    ]);
  });
});
