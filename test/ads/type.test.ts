import { readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inflateSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTypesetter, renderText } from "../../src/ads/index.ts";
import { splitWords } from "../../src/ads/type/break.ts";
import { linesAt, measureText, setLines } from "../../src/ads/type/paragraph.ts";
import type { RgbaImage } from "../../src/io/image/index.ts";

const { resolve } = createRequire(import.meta.url);
const HEBREW = "@fontsource/noto-sans-hebrew/files/noto-sans-hebrew-hebrew-700-normal";
const ARABIC = "@fontsource/noto-sans-arabic/files/noto-sans-arabic-arabic-700-normal";

/** Columns with ink, from the left: how far each stroke stands from the edge. */
function columns({ width, height, data }: RgbaImage): boolean[] {
  return Array.from({ length: width }, (_, x) =>
    Array.from({ length: height }, (_, y) => data[(y * width + x) * 4 + 3] ?? 0).some((alpha) => alpha > 100),
  );
}

/** How many bands of ink stand above each other, with empty rows between. */
function bands({ width, height, data }: RgbaImage): number {
  const rows = Array.from({ length: height }, (_, y) =>
    Array.from({ length: width }, (_, x) => data[(y * width + x) * 4 + 3] ?? 0).some((alpha) => alpha > 100),
  );
  return rows.filter((inked, y) => inked && !rows[y - 1]).length;
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

/** The font inside of a WOFF file: a bare TrueType file (W3C WOFF 1.0, section 5). */
function bareFont(path: string): Buffer {
  const woff = readFileSync(path);
  const tables = Array.from({ length: woff.readUInt16BE(12) }, (_, i) => {
    const entry = 44 + i * 20;
    const stored = woff.subarray(woff.readUInt32BE(entry + 4)).subarray(0, woff.readUInt32BE(entry + 8));
    const length = woff.readUInt32BE(entry + 12);
    return { tag: woff.readUInt32BE(entry), data: stored.length === length ? stored : inflateSync(stored) };
  });
  const head = Buffer.alloc(12 + tables.length * 16);
  head.writeUInt32BE(woff.readUInt32BE(4), 0);
  head.writeUInt16BE(tables.length, 4);
  let offset = head.length;
  for (const [i, { tag, data }] of tables.entries()) {
    head.writeUInt32BE(tag, 12 + i * 16);
    head.writeUInt32BE(offset, 20 + i * 16);
    head.writeUInt32BE(data.length, 24 + i * 16);
    offset += data.length;
  }
  return Buffer.concat([head, ...tables.map(({ data }) => data)]);
}

/** Several fonts in one file, as TTC and OTC are. */
function collectionOf(fonts: readonly Buffer[]): Buffer {
  const head = Buffer.alloc(12 + fonts.length * 4);
  head.write("ttcf");
  head.writeUInt32BE(0x00010000, 4);
  head.writeUInt32BE(fonts.length, 8);
  let start = head.length;
  const moved = fonts.map((font, face) => {
    head.writeUInt32BE(start, 12 + face * 4);
    const copy = Buffer.from(font);
    for (let i = 0; i < copy.readUInt16BE(4); i++) {
      copy.writeUInt32BE(copy.readUInt32BE(20 + i * 16) + start, 20 + i * 16);
    }
    start += copy.length;
    return copy;
  });
  return Buffer.concat([head, ...moved]);
}

describe("font files without compression, and collections of them", () => {
  const serif = bareFont(resolve("@fontsource/source-serif-4/files/source-serif-4-latin-700-normal.woff"));
  const hebrew = bareFont(resolve(`${HEBREW}.woff`));
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "lookalike-fonts-"));
    await writeFile(join(folder, "hebrew.ttf"), hebrew);
    await writeFile(join(folder, "two.ttc"), collectionOf([serif, hebrew]));
    await writeFile(join(folder, "cut.ttc"), collectionOf([serif, hebrew]).subarray(0, 20_000));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const draw = async (file: string, face?: number) => {
    const setter = await createTypesetter([{ file: join(folder, file), face }]);
    return renderText(setter, "מבצע", { size: 60, weight: 700 });
  };

  it("draws a TrueType font, and the same from a face of a collection", async () => {
    const plain = await draw("hebrew.ttf");
    expect(inkOf(plain)).toBeGreaterThan(100_000);
    expect(await draw("two.ttc", 1)).toEqual(plain);
    await expect(draw("two.ttc")).rejects.toMatchObject({ code: "ERR_GLYPH_MISSING" });
  });

  it("refuses faces that are not there, and a collection that is cut short", async () => {
    await expect(draw("two.ttc", 2)).rejects.toMatchObject({
      code: "ERR_FONT_INVALID",
      message: expect.stringContaining("a collection of 2 faces"),
    });
    await expect(draw("hebrew.ttf", 1)).rejects.toMatchObject({ code: "ERR_FONT_INVALID" });
    await expect(draw("cut.ttc", 1)).rejects.toMatchObject({ code: "ERR_FONT_INVALID" });
  });
});

describe("lines", () => {
  const setter = createTypesetter([{ file: resolve(`${HEBREW}.woff`) }]);
  const style = { weight: 700 } as const;

  it("are read the way that their text is, whatever a line begins with", async () => {
    const right = await (await setter).shape("128 GB מבצע", { ...style, rtl: true });
    const left = await (await setter).shape("128 GB מבצע", { ...style, rtl: false });
    expect(right.path).not.toBe(left.path);
    expect(right.advance).toBeCloseTo(left.advance, 1);
    expect((await (await setter).shape("128 GB מבצע", style)).path).toBe(left.path);
  });

  it("set prices in a weight of their own, and nothing else", async () => {
    const of = async (text: string) =>
      (await setLines(await setter, [text], { weight: 500, price: 700 }, { size: 20, lineHeight: 1.3 }))
        .lines[0];
    const texts = async (text: string) => (await of(text))?.pieces.map(({ shape }) => shape.text);
    expect(await texts("128 GB, 29 EUR a month.")).toEqual(["128\u00a0GB,", "29\u00a0EUR", "a month."]);
    expect(await texts("€29.95 a month")).toEqual(["€29.95", "a month"]);
    expect(await texts("2 SIM cards, 128 GB")).toEqual(["2\u00a0SIM cards, 128\u00a0GB"]);
    const line = await of("from 29 EUR");
    const [from, price] = line?.pieces ?? [];
    expect(price?.x).toBeGreaterThan(from?.shape.advance ?? 9);
    expect(line?.advance).toBeCloseTo((price?.x ?? 0) + (price?.shape.advance ?? 0), 5);
  });
});

describe("spaces and hyphens that no font has", () => {
  it("are set as the font's own, in their width", async () => {
    const setter = await createTypesetter();
    const shape = (text: string) => setter.shape(text, { weight: 700 });
    const [plain, narrow, none] = await Promise.all([shape("29 €"), shape("29\u202f€"), shape("29€")]);
    expect(narrow.advance).toBeGreaterThan(none.advance);
    expect(narrow.advance).toBeLessThanOrEqual(plain.advance);
    expect((await shape("a\u2011b")).ink.right).toBeGreaterThan((await shape("ab")).ink.right);
    for (const space of "\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u205f\u3000") {
      expect((await shape(`a${space}b`)).advance).toBeGreaterThan((await shape("ab")).advance);
    }
    await expect(shape("a\ue000b")).rejects.toMatchObject({ code: "ERR_GLYPH_MISSING" });
  });
});

describe("where a line may end", () => {
  const pieces = (text: string) => splitWords(text).map((piece) => piece.text);

  it("is nearly everywhere in Chinese and Japanese, but not before a closing mark or inside of a borrowed word", () => {
    expect(pieces("新しいスマートフォンに、今")).toEqual(["新", "し", "い", "スマートフォン", "に、", "今"]);
    expect(pieces("「月額」29 EURから。")).toEqual(["「月", "額」", "29\u00a0EUR", "か", "ら。"]);
    expect(pieces("手机128 GB起")).toEqual(["手", "机", "128\u00a0GB", "起"]);
  });

  it("is between the words of Thai and Lao, and nowhere else in them", () => {
    const thai = pieces("โทรศัพท์มือถือเครื่องใหม่");
    expect(thai.join("")).toBe("โทรศัพท์มือถือเครื่องใหม่");
    // How far compounds are split is the dictionary's choice, which is not the same in all versions of Node.
    expect(thai).toEqual(expect.arrayContaining(["โทรศัพท์", "เครื่อง", "ใหม่"]));
    expect(pieces("เร็วๆนี้ 128 GB").join("|")).not.toContain("|ๆ");
    expect(pieces("899 ฿ ต่อเดือน")[0]).toBe("899\u00a0฿");
    expect(pieces("49 ₺ ayda")[0]).toBe("49\u00a0₺");
    expect(pieces("iPhone ใหม่")).toEqual(["iPhone", "ใหม่"]);
    expect(pieces("ລາຄາພິເສດ").length).toBeGreaterThan(1);
  });

  it("is at a zero-width space, which is not set", () => {
    expect(splitWords("Mobil\u200bfunk")).toEqual([
      { text: "Mobil", spaced: true, isSoft: false },
      { text: "funk", spaced: false, isSoft: false },
    ]);
  });

  it("is behind a hyphen, and never between a number and its unit", () => {
    expect(pieces("pay-as-you-go 29 EUR/month")).toEqual(["pay-", "as-", "you-", "go", "29\u00a0EUR/month"]);
    expect(pieces("-5 % off")).toEqual(["-5\u00a0%", "off"]);
  });

  it("is never before a French mark, nor inside of French quotes", () => {
    expect(pieces("50 % de réduction !")).toEqual(["50\u00a0%", "de", "réduction\u00a0!"]);
    expect(pieces("« Vraiment ?! » oui : non")).toEqual([
      ...["«\u00a0Vraiment\u00a0?!\u00a0»", "oui\u00a0:", "non"],
    ]);
    expect(pieces("29\u202f€ par mois")).toEqual(["29\u202f€", "par", "mois"]);
  });
});

describe("soft hyphens", () => {
  const style = { weight: 700 } as const;
  const lines = async (text: string, maxWidth: number) => {
    const setter = await createTypesetter();
    return linesAt(await measureText(setter, text, style), 20, maxWidth);
  };
  const word = "Mobilfunk\u00advertrags\u00adverlängerung";

  it("break a word that is too wide, with a hyphen, and are not seen in one that fits", async () => {
    expect(await lines(word, 400)).toEqual(["Mobilfunkvertragsverlängerung"]);
    expect(await lines(word, 200)).toEqual(["Mobilfunkvertrags-", "verlängerung"]);
    expect(await lines(`Ihre ${word} jetzt`, 145)).toEqual([
      "Ihre",
      "Mobilfunk-",
      "vertrags-",
      "verlängerung",
      "jetzt",
    ]);
    expect(await lines(word, 60)).toBeNull();
  });

  it("leave a word whole where a line can hold it, though broken lines would be more even", async () => {
    expect(await lines("Der neue Bahn\u00adhof", 120)).toEqual(["Der neue", "Bahnhof"]);
    expect(await lines("Ende\u00ad", 200)).toEqual(["Ende"]);
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
    const apart = await renderText(setter, "س\u200cل\u200cس\u200cل\u200cة", { size: 60, weight: 700 });
    expect(joined.width).toBeLessThan(apart.width);
    const runs = columns(joined).filter((inked, x, all) => inked && !all[x - 1]).length;
    expect(runs).toBeLessThan(4);
  });
});

/** Noto Sans Arabic draws letters and their dots apart and puts them together by `ccmp` and `mark`. */
describe("Arabic dots and vowel signs", () => {
  const size = { size: 90, weight: 700 } as const;
  const fonts = ["woff", "woff2"] as const;

  it.each(fonts)("stand clear above and below their letters, from %s", async (format) => {
    const setter = await createTypesetter([{ file: resolve(`${ARABIC}.${format}`) }]);
    const bandsOf = async (text: string) => bands(await renderText(setter, text, size));
    expect(await bandsOf("\u066e\u066e")).toBe(1);
    expect(await bandsOf("بب")).toBe(2);
    expect(await bandsOf("في")).toBe(3);
    expect(await bandsOf("بِ")).toBe(3);
  });

  it("stay inside the picture, and letters that join are not torn apart by tracking", async () => {
    const setter = await createTypesetter([{ file: resolve(`${ARABIC}.woff2`) }]);
    const { height, width, data } = await renderText(setter, "في", size);
    const lastRow = data.subarray((height - 1) * width * 4).filter((_, i) => i % 4 === 3);
    expect(Math.max(...lastRow)).toBe(0);
    const plain = await setter.shape("سلسلة", { weight: 700 });
    expect(await setter.shape("سلسلة", { weight: 700, tracking: 0.1 })).toEqual(plain);
  });
});

describe("lines of several scripts", () => {
  it("shape each script by its own rules, in the order in which it is read", async () => {
    const setter = await createTypesetter([{ file: resolve(`${ARABIC}.woff2`) }]);
    const width = async (text: string) => (await setter.shape(text, { weight: 700, rtl: true })).advance;
    const parts = (await width("هاتف")) + (await width("iPhone 16")) + (await width("جديد"));
    expect(await width("هاتفiPhone 16جديد")).toBeCloseTo(parts, 1);
  });

  it("take soft hyphens and joiners for nothing that is seen", async () => {
    const setter = await createTypesetter();
    const style = { weight: 700 } as const;
    const [plain, soft] = [await setter.shape("Bahnhof", style), await setter.shape("Bahn\u00adhof", style)];
    expect(soft.advance).toBeCloseTo(plain.advance, 2);
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
