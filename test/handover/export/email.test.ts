import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { contrast, parseColor } from "../../../src/ads/index.ts";
import { type EmailSlots, renderEmail } from "../../../src/handover/index.ts";
import { BRANDS } from "../../ads/samples.ts";

const SLOTS: EmailSlots = {
  headline: "Your next iPhone is on us",
  body: "Trade in and pay nothing today.",
  cta: "See my price",
  link: "https://lumo.example/apple?a=1&b=2",
  image: "https://cdn.example.com/creatives/email-hero/a.jpg",
  alt: "Your next iPhone is on us. Trade in and pay nothing today.",
  unsubscribe: "https://lumo.example/stop",
};
const BRAND = { name: "Lumo & Co", colors: { primary: "#5b2be0", ink: "#14101f", paper: "#ffffff" } };
const OPTIONS = { brand: BRAND, picture: { width: 1200, height: 800 } };

describe("renderEmail", () => {
  it("says everything without the picture, and at its size with it", () => {
    const { html, text } = renderEmail(SLOTS, OPTIONS);
    expect(html).toContain(
      'width="600" height="400" alt="Your next iPhone is on us. Trade in and pay nothing today."',
    );
    expect(html).toContain('href="https://lumo.example/apple?a=1&amp;b=2"');
    expect(html).toContain("Lumo &amp; Co");
    expect(html).toMatch(/<meta name="color-scheme" content="light dark">/);
    expect(html).toMatch(/prefers-color-scheme: dark/);
    expect(html.match(/<table role="presentation"/g)?.length).toBe(html.match(/<table/g)?.length);
    expect(Buffer.byteLength(html)).toBeLessThan(10_000);
    expect(text).toBe(
      "Your next iPhone is on us\n\nTrade in and pay nothing today.\n\nSee my price:\nhttps://lumo.example/apple?a=1&b=2\n\n--\nLumo & Co\nUnsubscribe: https://lumo.example/stop\n",
    );
  });

  it.each([
    ["de", "Abmelden"],
    ["fr", "Se désabonner"],
    ["nl", "Afmelden"],
    ["sv", "Unsubscribe"],
    [null, "Unsubscribe"],
  ])("is marked as %s and says %s", (language, unsubscribe) => {
    const { html, text } = renderEmail(SLOTS, { ...OPTIONS, language });
    expect(html).toContain(`<html lang="${language ?? "en"}" dir="ltr"`);
    expect(html).toContain(`>${unsubscribe}</a>`);
    expect(text).toContain(`\n${unsubscribe}: https://lumo.example/stop\n`);
  });

  it("is read in the headline's direction, or in the one that its tags stand for", () => {
    const arabic = { ...SLOTS, headline: "هاتفك الجديد" };
    expect(renderEmail(arabic, OPTIONS).html).toContain('dir="rtl"');
    const tags = { ...SLOTS, headline: "{{ headline }}" };
    expect(renderEmail(tags, { ...OPTIONS, slotsAre: "tags" }).html).not.toContain('dir="rtl"');
    expect(renderEmail(tags, { ...OPTIONS, slotsAre: "tags", rtl: true }).html).toContain('dir="rtl"');
  });

  it("lets no text become markup", () => {
    const plain = renderEmail(SLOTS, OPTIONS).html;
    const tags = (html: string) => html.match(/<[a-z!/][^>]*>/gi)?.length;
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 80 }), (words) => {
        const { html } = renderEmail(
          { ...SLOTS, headline: words, alt: words, body: words, cta: words },
          OPTIONS,
        );
        expect(tags(html)).toBe(tags(plain));
      }),
    );
  });

  it("keeps a tool's own tags as they are", () => {
    const { html } = renderEmail(
      { ...SLOTS, headline: "{{ person|lookup:'x' }}" },
      { ...OPTIONS, slotsAre: "tags" },
    );
    expect(html).toContain(">{{ person|lookup:'x' }}</h1>");
  });

  it.each(BRANDS)("sets text that can be read in the colours of $name", ({ name, colors }) => {
    const { html } = renderEmail(SLOTS, { ...OPTIONS, brand: { name, colors } });
    const found = (pattern: RegExp) => parseColor(pattern.exec(html)?.[1] ?? "");
    const button = found(/border-radius:8px;background-color:(#\w{6})/);
    expect(contrast(button, found(/color:(#\w{6});border-radius:8px/))).toBeGreaterThanOrEqual(4.5);
    expect(
      contrast(found(/class="headline ink"[^>]*color:(#\w{6})/), [255, 255, 255]),
    ).toBeGreaterThanOrEqual(7);
    expect(contrast(found(/class="soft"[^>]*color:(#\w{6})/), [255, 255, 255])).toBeGreaterThanOrEqual(4.5);
  });

  it("refuses a message that Gmail would cut", () => {
    expect(() => renderEmail({ ...SLOTS, body: "x".repeat(60_000) }, OPTIONS)).toThrow(
      expect.objectContaining({ code: "ERR_EXPORT_INVALID" }),
    );
  });
});
