import { createRequire } from "node:module";
import { describe, expect, it } from "vitest";
import { createTypesetter, renderText } from "../../src/ads/index.ts";

const setter = await createTypesetter();

/** Share of pixels that are at least half covered, and whether the outermost rows and columns are empty. */
function inspect(image: { width: number; height: number; data: Uint8Array }) {
  let covered = 0;
  let edge = 0;
  for (let y = 0; y < image.height; y++) {
    for (let x = 0; x < image.width; x++) {
      const alpha = image.data[(y * image.width + x) * 4 + 3] ?? 0;
      if (alpha > 127) covered++;
      if (alpha > 127 && (x === 0 || y === 0 || x === image.width - 1 || y === image.height - 1)) edge++;
    }
  }
  return { covered: covered / (image.width * image.height), edge };
}

describe("renderText", () => {
  it("sets one line without a width, and its ink stays inside the picture", async () => {
    const image = await renderText(setter, "ÅÉgjpq 29 EUR", { size: 40 });
    expect(image.width).toBeGreaterThan(200);
    expect(image.height).toBeLessThan(60);
    const { covered, edge } = inspect(image);
    expect(covered).toBeGreaterThan(0.1);
    expect(edge).toBe(0);
  });

  it("breaks lines at the width given and never passes it", async () => {
    const text = "The phone that keeps up with you, for less than you think";
    for (const maxWidth of [120, 200, 400]) {
      const image = await renderText(setter, text, { size: 24, maxWidth });
      expect(image.width).toBeLessThanOrEqual(maxWidth);
    }
    const narrow = await renderText(setter, text, { size: 24, maxWidth: 120 });
    const wide = await renderText(setter, text, { size: 24, maxWidth: 400 });
    expect(narrow.height).toBeGreaterThan(wide.height * 2);
  });

  it("shortens at a word past the lines allowed, and inside a word that is too wide alone", async () => {
    const long = await renderText(setter, "one two three four five six", {
      size: 20,
      maxWidth: 100,
      maxLines: 1,
    });
    expect(long.width).toBeLessThanOrEqual(100);
    expect(long.height).toBeLessThan(40);
    const word = await renderText(setter, "Donaudampfschifffahrtsgesellschaft", { size: 20, maxWidth: 100 });
    expect(word.width).toBeLessThanOrEqual(100);
    expect(inspect(word).covered).toBeGreaterThan(0.1);
  });

  it("sets Greek, Cyrillic and Vietnamese, each other than the box of a missing glyph", async () => {
    const pictures = await Promise.all(
      ["Я", "Ж", "Ω", "Ξ", "Ệ", "Ữ", "ő", "€"].map((text) => renderText(setter, text, { size: 40 })),
    );
    const distinct = new Set(pictures.map((image) => Buffer.from(image.data).toString("base64")));
    expect(distinct.size).toBe(pictures.length);
  });

  it("refuses characters that no font has, before drawing", async () => {
    await expect(renderText(setter, "価格 😀", { size: 20 })).rejects.toMatchObject({
      code: "ERR_GLYPH_MISSING",
      message: expect.stringContaining("U+4FA1"),
    });
    await expect(renderText(setter, "x", { size: 0 })).rejects.toMatchObject({ code: "ERR_OPTION_INVALID" });
    const color = '"/><image href="file:///etc/passwd';
    await expect(renderText(setter, "x", { size: 20, color })).rejects.toMatchObject({
      code: "ERR_OPTION_INVALID",
    });
  });

  it("takes a brand's font first and the bundled one for what it lacks", async () => {
    const file = createRequire(import.meta.url).resolve(
      "@fontsource/inter/files/inter-greek-800-normal.woff",
    );
    const branded = await createTypesetter([{ file }]);
    expect(branded.fontsHash).not.toBe(setter.fontsHash);
    const heavy = await renderText(branded, "ΩΞΔ", { size: 40, weight: 500 });
    const usual = await renderText(setter, "ΩΞΔ", { size: 40, weight: 500 });
    expect(inspect(heavy).covered).toBeGreaterThan(inspect(usual).covered * 1.1);
    const latin = await renderText(branded, "Abc", { size: 40, weight: 500 });
    expect(inspect(latin).covered).toBeGreaterThan(0.1);
  });

  it("refuses a brand font that is none", async () => {
    await expect(createTypesetter([{ file: import.meta.filename }])).rejects.toMatchObject({
      code: "ERR_FONT_INVALID",
    });
    await expect(createTypesetter([{ file: "/nowhere/brand.ttf" }])).rejects.toMatchObject({
      code: "ERR_FONT_INVALID",
    });
  });

  it("is deterministic across typesetters", async () => {
    const other = await createTypesetter();
    const first = await renderText(setter, "Galaxy for you", { size: 32, weight: 800 });
    const second = await renderText(other, "Galaxy for you", { size: 32, weight: 800 });
    expect(Buffer.from(first.data).equals(Buffer.from(second.data))).toBe(true);
  });
});
