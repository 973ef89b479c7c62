import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkBaseUrl, checkUtm, publicUrl, withUtm } from "../../../src/handover/index.ts";

const code = (name: string) => expect.objectContaining({ code: name });

describe("checkBaseUrl", () => {
  it.each([
    ["https://cdn.example.com/ads", "https://cdn.example.com/ads/"],
    ["https://cdn.example.com", "https://cdn.example.com/"],
    ["https://cdn.example.com/a b/", "https://cdn.example.com/a%20b/"],
  ])("takes %s", (text, base) => {
    expect(checkBaseUrl(text)).toBe(base);
  });

  it.each([
    "http://cdn.example.com/",
    "cdn.example.com",
    "https://user:secret@cdn.example.com/",
    "https://cdn.example.com/?v=1",
    "https://cdn.example.com/#top",
    "javascript:alert(1)",
    "",
  ])("refuses %s", (text) => {
    expect(() => checkBaseUrl(text)).toThrow(code("ERR_OPTION_INVALID"));
  });
});

describe("publicUrl", () => {
  const base = "https://cdn.example.com/spring/";

  it("stays below the base whatever the file is called, and reads back as the same path", () => {
    const segment = fc.string({ minLength: 1, unit: "grapheme" }).filter((s) => !/[/\\\0]|^\.{1,2}$/.test(s));
    fc.assert(
      fc.property(fc.array(segment, { minLength: 1, maxLength: 4 }), (segments) => {
        const url = new URL(publicUrl(base, segments.join("/")));
        expect(url.origin).toBe("https://cdn.example.com");
        expect(url.pathname.startsWith("/spring/")).toBe(true);
        expect(url.search + url.hash).toBe("");
        expect(url.pathname.split("/").slice(2).map(decodeURIComponent)).toEqual(segments);
      }),
    );
  });

  it.each([
    "../secret.jpg",
    "a/../../b.jpg",
    "/etc/passwd",
    "a//b.jpg",
    "..\\b.jpg",
    "a/./b.jpg",
    "",
    "a\0.jpg",
  ])("refuses %j", (file) => {
    expect(() => publicUrl(base, file)).toThrow(code("ERR_OPTION_INVALID"));
  });
});

describe("UTM parameters", () => {
  const values = { campaign: "Spring & <summer>", offer: "apple", ad: "0123456789abcdef" };

  it("keeps the rest of the address and replaces parameters of the same name", () => {
    const url = withUtm(
      "https://lumo.example/a?x=1&utm_source=old#part",
      { source: "mail", campaign: "{campaign}", content: "{offer}-{ad}" },
      values,
    );
    expect(url).toBe(
      "https://lumo.example/a?x=1&utm_source=mail&utm_campaign=Spring+%26+%3Csummer%3E&utm_content=apple-0123456789abcdef#part",
    );
  });

  it("reads back any text as it was", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), fc.string({ unit: "grapheme" }), (term, campaign) => {
        fc.pre(!/[{}]/.test(term));
        const url = new URL(
          withUtm("https://lumo.example/", { term, campaign: "{campaign}" }, { ...values, campaign }),
        );
        expect(url.searchParams.get("utm_term")).toBe(term);
        expect(url.searchParams.get("utm_campaign")).toBe(campaign);
        expect([...url.searchParams.keys()]).toEqual(["utm_campaign", "utm_term"]);
        expect(url.origin).toBe("https://lumo.example");
      }),
    );
  });

  it.each(["{customer_id}", "x-{email}", "{first_name}", "{msisdn}", "{id}"])(
    "refuses %s as personal",
    (content) => {
      expect(() => checkUtm({ content })).toThrow(code("ERR_EXPORT_PERSONAL_DATA"));
    },
  );

  it("refuses contact data, and placeholders that it does not know", () => {
    expect(() => checkUtm({ source: "jo@lumo.example" })).toThrow(code("ERR_EXPORT_PERSONAL_DATA"));
    expect(() => checkUtm({ source: "+31 6 1234 5678" })).toThrow(code("ERR_EXPORT_PERSONAL_DATA"));
    expect(() => checkUtm({ source: "{channel}" })).toThrow(code("ERR_OPTION_INVALID"));
    expect(() => checkUtm({ source: "{offer}", term: "plain" })).not.toThrow();
  });
});
