import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BLANKS, canonicalId } from "../../src/core/ids.ts";

describe("canonicalId", () => {
  it("makes one id of the spellings that look the same", () => {
    const spellings = [
      "José",
      "Jose\u0301",
      "  José ",
      "\u00a0José\u202f",
      "\ufeffJosé\u200b",
      "\tJose\u0301\r\n",
    ];
    expect(new Set(spellings.map(canonicalId))).toEqual(new Set(["José"]));
    expect(canonicalId("A\u030angstro\u0308m 1")).toBe("Ångström 1");
  });

  it("keeps case, inner blanks, zeros, signs and compatibility characters", () => {
    for (const id of [
      "MixedCase",
      "a b",
      "a\u00a0b",
      "0017",
      "+31612345678",
      "1e3",
      "17.0",
      "ﬁne",
      "İstanbul",
      "zero\u200bwidth",
    ]) {
      expect(canonicalId(id)).toBe(id);
    }
    expect(canonicalId("MixedCase")).not.toBe(canonicalId("mixedcase"));
  });

  it("leaves nothing of blanks alone", () => {
    expect(canonicalId(BLANKS)).toBe("");
    expect(canonicalId("")).toBe("");
  });

  it("is its own canonical form, whatever the text", () => {
    const blank = fc.constantFrom(...BLANKS);
    const padded = fc.tuple(
      fc.array(blank, { maxLength: 4 }),
      fc.string({ unit: "binary", maxLength: 8 }),
      fc.array(blank, { maxLength: 4 }),
    );
    fc.assert(
      fc.property(padded, ([before, text, after]) => {
        const id = canonicalId(before.join("") + text + after.join(""));
        expect(canonicalId(id)).toBe(id);
        expect(canonicalId(text)).toBe(id);
      }),
    );
  });
});
