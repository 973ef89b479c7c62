import { describe, expect, it } from "vitest";
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
