import { describe, expect, it } from "vitest";
import { explainDecision, type NoticeFacts, privacyNotice } from "../../src/campaign/index.ts";
import { GERMAN } from "../../src/campaign/privacy/words/de.ts";
import { ENGLISH } from "../../src/campaign/privacy/words/en.ts";
import { SPANISH } from "../../src/campaign/privacy/words/es.ts";
import { FRENCH } from "../../src/campaign/privacy/words/fr.ts";
import { speakerOf } from "../../src/campaign/privacy/words/index.ts";
import { ITALIAN } from "../../src/campaign/privacy/words/it.ts";
import { DUTCH } from "../../src/campaign/privacy/words/nl.ts";
import type { Decision } from "../../src/handover/index.ts";

const OTHERS = { de: GERMAN, es: SPANISH, fr: FRENCH, it: ITALIAN, nl: DUTCH };

const DECISION = {
  customer_id: "c-17",
  offer: { id: "phone", basis: "uplift", uplift: 0.0123, unit: "probability", lift: null, personal: true },
  photo: { path: "a.jpg", basis: "lookalike", distance: 0.4213, reason: "nearest" },
  models: { offers: "1" },
} as unknown as Decision;

const FACTS = {
  name: "Herbst",
  brand: { name: "Nordnetz" },
  privacy: {
    jurisdiction: "DE",
    minimumAge: 18,
    exclude: null,
    retention: { decisions: 30, creatives: 7, consents: 90, releases: null, audit: 365 },
  },
  experiment: { holdout: 0.05, faces: null },
  language: null,
} as unknown as NoticeFacts;

const placeholders = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]).sort();

describe("the words of why and notice", () => {
  it.each(Object.entries(OTHERS))("%s has every text, with the values of the English one", (_, words) => {
    for (const [key, english] of Object.entries(ENGLISH)) {
      const text = words[key as keyof typeof ENGLISH];
      expect([key, placeholders(text)]).toEqual([key, placeholders(english)]);
      // Of short ones, languages may share the words.
      if (english.length > 30) expect([key, text === english]).toEqual([key, false]);
    }
  });

  it("writes numbers as the language does, and speaks English where it does not know the language", () => {
    expect(speakerOf("de").number(1234.5, 2)).toBe("1.234,50");
    expect(speakerOf("nl").percent(0.125)).toBe("12,5 %");
    expect(speakerOf("fi").say("notice_rights")).toBe("Your rights");
  });

  it("explains a decision in the campaign's language", () => {
    const about = { campaign: "Herbst", currency: "EUR" };
    const german = explainDecision(DECISION, { ...about, language: "de" });
    expect(german).toContain("um 1,2 Prozentpunkte häufiger");
    expect(german).toContain("(Abstand 0,42)");
    expect(explainDecision(DECISION, about)).toContain("1.2 percentage points more often");
    for (const language of Object.keys(OTHERS)) {
      expect(explainDecision(DECISION, { ...about, language })).not.toMatch(/[{}]|undefined/);
    }
  });

  it("says what is measured on a face, whatever the embedder, and what is kept", () => {
    const notice = privacyNotice(FACTS);
    expect(notice).toContain("estimates your age, sex, hair colour and whether you smile");
    expect(notice).not.toContain("128");
    expect(notice).toContain("| decisions | which offer");
    expect(notice).toContain("A random 5 % of all customers");
    expect(notice).toContain("People younger than 18.");
    for (const language of Object.keys(OTHERS)) {
      const text = privacyNotice({ ...FACTS, language });
      expect(text).not.toMatch(/[{}]|undefined|younger/);
      expect(text).toContain("Nordnetz");
    }
  });
});
