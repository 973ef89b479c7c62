import { createRequire } from "node:module";
import { describe, expect, it } from "vitest";
import { createTypesetter, renderText } from "../../src/ads/index.ts";
import type { RgbaImage } from "../../src/image.ts";

const { resolve } = createRequire(import.meta.url);
const HEBREW = "@fontsource/noto-sans-hebrew/files/noto-sans-hebrew-hebrew-700-normal";
const ARABIC = "@fontsource/noto-sans-arabic/files/noto-sans-arabic-arabic-700-normal";

/** Columns with ink, from the left: how far each stroke stands from the edge. */
function columns({ width, height, data }: RgbaImage): boolean[] {
  return Array.from({ length: width }, (_, x) =>
    Array.from({ length: height }, (_, y) => data[(y * width + x) * 4 + 3] ?? 0).some((alpha) => alpha > 100),
  );
}

function inkOf({ data }: RgbaImage): number {
  return data.reduce((sum, value, index) => (index % 4 === 3 ? sum + value : sum), 0);
}

describe("brand fonts", () => {
  it.each(["woff", "woff2"])("reads a %s, and knows what it can draw", async (format) => {
    const setter = await createTypesetter([{ file: resolve(`${HEBREW}.${format}`) }]);
    const image = await renderText(setter, "שלום", { size: 40, weight: 700 });
    expect(columns(image).filter(Boolean).length).toBeGreaterThan(40);
    await expect(renderText(setter, "price 価格", { size: 40 })).rejects.toMatchObject({
      code: "ERR_GLYPH_MISSING",
    });
  });

  it("draws the same letters from WOFF and WOFF2", async () => {
    const [woff, woff2] = await Promise.all(
      ["woff", "woff2"].map(async (format) => {
        const setter = await createTypesetter([{ file: resolve(`${HEBREW}.${format}`) }]);
        return renderText(setter, "מבצע חדש", { size: 60, weight: 700 });
      }),
    );
    if (!woff || !woff2) throw new Error("not drawn");
    // The two files were hinted apart; their outlines are the same to a pixel.
    expect(Math.abs(woff.width - woff2.width)).toBeLessThanOrEqual(1);
    const [a, b] = [inkOf(woff), inkOf(woff2)];
    expect(Math.abs(a - b) / a).toBeLessThan(0.02);
  });
});

describe("scripts read from right to left", () => {
  it("sets the first word rightmost and keeps Latin words and numbers in their order", async () => {
    const setter = await createTypesetter([{ file: resolve(`${HEBREW}.woff`) }]);
    const size = { size: 40, weight: 700 } as const;
    // A dot-like letter first, a wide one last: in reading order from the right.
    const text = await renderText(setter, "י שששש", size);
    const ink = columns(text);
    const gap = longestGap(ink);
    expect(gap).toBeGreaterThan(ink.length * 0.6);
    const mixed = await renderText(setter, "חדש 128 GB", size);
    const plain = await renderText(setter, "128 GB", size);
    // The number opens the line's left end just as it stands alone.
    expect(columns(mixed).slice(4, 40)).toEqual(columns(plain).slice(4, 40));
  });

  it("joins Arabic letters", async () => {
    const setter = await createTypesetter([{ file: resolve(`${ARABIC}.woff2`) }]);
    const joined = await renderText(setter, "سلسلة", { size: 60, weight: 700 });
    const apart = await renderText(setter, "س\u200cل\u200cس\u200cل\u200cة", { size: 60, weight: 700 }).catch(
      () => null,
    );
    if (apart) expect(joined.width).toBeLessThan(apart.width);
    const runs = columns(joined).filter((inked, x, all) => inked && !all[x - 1]).length;
    expect(runs).toBeLessThan(4);
  });
});

/** Where the widest empty span begins. */
function longestGap(ink: readonly boolean[]): number {
  let best = { at: 0, length: 0 };
  let start = -1;
  const first = ink.indexOf(true);
  const last = ink.lastIndexOf(true);
  for (let x = first; x <= last; x++) {
    if (!ink[x] && start < 0) start = x;
    if (ink[x] && start >= 0) {
      if (x - start > best.length) best = { at: start, length: x - start };
      start = -1;
    }
  }
  return best.at;
}

describe("headlines in serifs", () => {
  it("have letters of their own, and the sans serif's where the serif has none", async () => {
    const setter = await createTypesetter();
    const [sans, serif] = await Promise.all([
      setter.shape("Galaxy", { weight: 700 }),
      setter.shape("Galaxy", { weight: 700, voice: "serif" }),
    ]);
    expect(serif.path).not.toBe(sans.path);
    for (const text of ["Ελληνικά", "Кириллица", "Tiếng Việt", "ἀρχή"]) {
      expect((await setter.shape(text, { weight: 700, voice: "serif" })).advance).toBeGreaterThan(1);
    }
  });
});
