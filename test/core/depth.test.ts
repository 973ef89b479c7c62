import { describe, expect, it } from "vitest";
import {
  createDepthMeter,
  escapeLines,
  escapeText,
  LookalikeError,
  MOST_LEVELS,
} from "../../src/core/index.ts";

const isTooDeep = (text: string) => createDepthMeter().isTooDeep(Buffer.from(text));

describe("the depth of JSON", () => {
  it.each([
    ["lists", "[".repeat(MOST_LEVELS + 1)],
    ["objects", '{"a":'.repeat(MOST_LEVELS + 1)],
    ["both, behind a string with brackets", `["]]]\\"]",${"[{".repeat(60)}`],
  ])("is too much for %s", (_, text) => {
    expect(isTooDeep(text)).toBe(true);
  });

  it("counts no bracket of a string, and closed ones no more", () => {
    expect(isTooDeep("[".repeat(MOST_LEVELS))).toBe(false);
    expect(isTooDeep("[]".repeat(1000))).toBe(false);
    expect(isTooDeep(`["${"[".repeat(500)}\\"${"[".repeat(500)}"]`)).toBe(false);
  });

  it("is the same however the text is cut", () => {
    const meter = createDepthMeter();
    const text = `["\\"[[[",${"[".repeat(MOST_LEVELS)}`;
    const outcomes = [...text].map((sign) => meter.isTooDeep(Buffer.from(sign)));
    expect([outcomes.at(-2), outcomes.at(-1)]).toEqual([false, true]);
  });
});

describe("text from outside", () => {
  it.each([
    ["a\nerror ERR_X: b", "a\\nerror ERR_X: b"],
    ["\u001b[31mred\u001b[0m", "\\u{1b}[31mred\\u{1b}[0m"],
    ["a\u202egpj.exe", "a\\u{202e}gpj.exe"],
    ["line\u2028separator\u0085", "line\\u{2028}separator\\u{85}"],
    ["Zo\u00eb \u6f22 \u{1f600}", "Zo\u00eb \u6f22 \u{1f600}"],
  ])("%j does nothing to a terminal", (text, shown) => {
    expect(escapeText(text)).toBe(shown);
    const error = new LookalikeError("ERR_OPTION_INVALID", `Expected x for ${text}`, {
      hint: text,
      details: [text],
    });
    expect(error.message).toBe(`Expected x for ${shown}\n${shown}`);
    expect(error.hint).toBe(shown);
  });

  it("keeps the lines of several", () => {
    expect(escapeLines("a\n\u0007b")).toBe("a\n\\u{7}b");
  });
});
