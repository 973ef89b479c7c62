import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  type AdCopy,
  type Brand,
  type Channel,
  createRenderer,
  createTypesetter,
  findChannel,
  type RendererOptions,
  TEMPLATES,
  type Typesetter,
} from "../../src/ads/index.ts";
import { breakLines, joinWords, splitWords } from "../../src/ads/type/break.ts";
import { loadHyphenation } from "../../src/ads/type/hyphenate.ts";
import { BRANDS, COPIES, samplePhoto } from "./samples.ts";

const SOFT = "\u00ad";
const brand = BRANDS[0] as Brand;
const copy = COPIES[1] as AdCopy;

let out: string;
let typesetter: Typesetter;
beforeAll(async () => {
  out = await mkdtemp(join(tmpdir(), "lookalike-words-"));
  typesetter = await createTypesetter();
});
afterAll(() => rm(out, { recursive: true, force: true }));

function channelOf(id: string): Channel {
  const channel = findChannel(id);
  if (!channel) throw new Error(`no channel ${id}`);
  return channel;
}

function open(options: Partial<RendererOptions> = {}) {
  const channels = [channelOf("rectangle-300x250")];
  return createRenderer({ out, brand, channels, typesetter, ...options });
}

/** Lines of text whose letters are all one unit wide. */
function linesOf(text: string, width: number): string[] | null {
  const words = splitWords(text).map((piece) => ({
    text: piece.text,
    spaced: piece.spaced,
    width: piece.text.length,
    hyphen: piece.isSoft ? 1 : undefined,
  }));
  return breakLines(words, 1, width)?.map(joinWords) ?? null;
}

describe("hyphenation", () => {
  it("places soft hyphens by the language, and none in short words or words that have their own", async () => {
    const german = await loadHyphenation("de");
    expect(german("Kraftfahrzeugversicherung").split(SOFT)).toEqual([
      "Kraft",
      "fahr",
      "zeug",
      "ver",
      "siche",
      "rung",
    ]);
    expect(german("Neue Tarife")).toBe("Neue Tarife");
    const own = `Donau${SOFT}dampfschiff`;
    expect(german(own)).toBe(own);
    const english = await loadHyphenation("en");
    expect(english("unlimited conversations")).not.toBe(german("unlimited conversations"));
    for (const part of english("an international conversation")
      .split(/[ \u00ad]/)
      .slice(1)) {
      expect(part.length).toBeGreaterThanOrEqual(3);
    }
  });

  it("refuses a language without patterns, with a code", async () => {
    await expect(loadHyphenation("xx")).rejects.toMatchObject({ code: "ERR_OPTION_INVALID" });
    await expect(open({ language: "xx" })).rejects.toMatchObject({ code: "ERR_OPTION_INVALID" });
  });

  it("lets a word through that fits no channel otherwise", async () => {
    const photo = await samplePhoto("sample1.jpg");
    const words = { headline: "Straßenbahnhaltestellenüberdachung", body: "", cta: "Los" };
    await expect((await open()).render({ copy: words, photo })).rejects.toMatchObject({
      code: "ERR_COPY_TOO_LONG",
    });
    const { warnings } = await (await open({ language: "de" })).render({ copy: words, photo });
    expect(warnings).toEqual([]);
  });
});

describe("lines", () => {
  it("break compounds behind their hyphens only where they fit no line", () => {
    expect(linesOf("Jetzt 24-Monats-Rate", 16)).toEqual(["Jetzt", "24-Monats-Rate"]);
    expect(linesOf("Jetzt 24-Monats-Rate", 11)).toEqual(["Jetzt 24-", "Monats-Rate"]);
    expect(linesOf(`ab Kauf-Ver${SOFT}trag`, 12)).toEqual(["ab", "Kauf-Vertrag"]);
    expect(linesOf(`ab Kauf-Ver${SOFT}trag`, 7)).toEqual(["ab", "Kauf-", "Vertrag"]);
    expect(linesOf(`ab Kauf-Ver${SOFT}trag`, 6)).toEqual(["ab", "Kauf-", "Ver-", "trag"]);
  });
});

describe("lines of equal number", () => {
  const longest = (lines: readonly string[] | null) => Math.max(...(lines ?? []).map((line) => line.length));

  it("tear no sentence at its first or last word", () => {
    const pixel = "Pixel. The camera that sees you exactly as you are";
    expect(linesOf(pixel, 11)).toEqual(["Pixel.", "The camera", "that sees", "you exactly", "as you are"]);
    expect(linesOf("Switch now. Save more", 14)).toEqual(["Switch now.", "Save more"]);
    expect(linesOf("Take it along. Be free", 16)).toEqual(["Take it along.", "Be free"]);
  });

  it("end with no short word that belongs to the next one", () => {
    expect(linesOf("Make the switch to iPhone", 18)).toEqual(["Make the switch", "to iPhone"]);
    expect(linesOf("Ihr Weg zu mehr Netz", 16)).toEqual(["Ihr Weg", "zu mehr Netz"]);
  });

  it("are even rather than by the sense where the sense would make them much more uneven", () => {
    expect(linesOf("Hi. Everything you need for school", 27)).toEqual([
      "Hi. Everything you",
      "need for school",
    ]);
    expect(linesOf("to do everything", 13)).toEqual(["to do", "everything"]);
  });

  it("are the fewest, in order, and never too wide", () => {
    const text = "One phone. A plan to go with it, in one bill: yours. No ties.";
    for (let width = 9; width < 62; width++) {
      const lines = linesOf(text, width) ?? [];
      expect(lines.join(" ")).toBe(text);
      expect(longest(lines)).toBeLessThanOrEqual(width);
      // Greedy filling has the fewest lines.
      const greedy = text.split(" ").reduce<string[]>((all, word) => {
        const last = all.at(-1);
        if (last !== undefined && `${last} ${word}`.length <= width) all[all.length - 1] = `${last} ${word}`;
        else all.push(word);
        return all;
      }, []);
      expect(lines.length).toBe(greedy.length);
    }
  });
});

describe("further words", () => {
  it("set small print whole in every shape, and say where it does not fit", async () => {
    const photo = await samplePhoto("sample3.jpg", 1);
    const legal = "24 months minimum term. Offer ends on 31 December 2026.";
    const ids = ["rectangle-300x250", "square-1080", "leaderboard-728x90"];
    const renderer = await open({ channels: ids.map(channelOf) });
    const { layouts, alts, warnings } = await renderer.render({ copy, extras: { legal }, photo });
    // The photo is a tight group, in which no face leads: that is said, and nothing of the words.
    const ofPhoto = new Set(["face_not_leading", "template_replaced"]);
    expect(warnings.filter(({ code }) => !ofPhoto.has(code))).toEqual([]);
    for (const [index, layout] of layouts.entries()) {
      expect(layout.legal.height).toBeGreaterThan(0);
      expect(layout.legal.y).toBeGreaterThanOrEqual(layout.body.y + layout.body.height - 0.5);
      expect(alts[index]).toContain(legal);
    }
    const endless = await open({ channels: [channelOf("mobile-320x50")] });
    const extras = { legal: legal.repeat(6) };
    await expect(endless.render({ copy, extras, photo })).rejects.toMatchObject({
      code: "ERR_COPY_TOO_LONG",
    });
    await expect(endless.check(copy, extras)).rejects.toMatchObject({ code: "ERR_COPY_TOO_LONG" });
  });

  it("take the short headline where the other would be small, and a channel's own words there alone", async () => {
    const photo = await samplePhoto("sample3.jpg", 1);
    const long = {
      ...copy,
      headline: "Make the switch to the newest phone of the year and keep your number",
    };
    const channels = ["skyscraper-160x600", "link-1200x628"].map(channelOf);
    const renderer = await open({ channels });
    const extras = {
      headlineShort: "Switch now",
      channels: { "link-1200x628": { body: "Words for links." } },
    };
    const { alts } = await renderer.render({ copy: long, extras, photo });
    expect(alts[1]).toContain("Words for links.");
    expect(alts[0]).not.toContain("Words for links.");
    const mobile = await open({ channels: [channelOf("mobile-320x50")] });
    const shorter = await mobile.render({ copy: long, extras: { headlineShort: "Switch now" }, photo });
    expect(shorter.alts[0]).toContain("Switch now");
  });
});

describe("a campaign's ads", () => {
  it("share one arrangement in a channel, two at the most", async () => {
    const channels = [channelOf("rectangle-336x280")];
    const photos = await Promise.all(
      ["sample1.jpg", "sample3.jpg", "sample5.jpg", "sample6.jpg"].map((name) => samplePhoto(name, 0)),
    );
    const family = { photos, copies: [copy] };
    const looks = new Set<string>();
    const renderer = await open({ channels, template: "editorial", family });
    for (const photo of photos) {
      const { layouts } = await renderer.render({ copy, photo });
      const target = layouts[0]?.picture.target;
      // In an arrangement with a frame, the frame is as high as its photo allows.
      looks.add([target?.x, target?.width].join(" "));
    }
    expect(looks.size).toBeLessThanOrEqual(2);
  });

  it("have their photos on the side that is asked for", async () => {
    const channels = [channelOf("link-1200x628")];
    const photo = await samplePhoto("sample6.jpg", 1);
    for (const template of TEMPLATES.slice(0, 4).map(({ id }) => id)) {
      for (const photoSide of ["left", "right"] as const) {
        const renderer = await open({ channels, template, photoSide });
        const [layout] = (await renderer.render({ copy, photo })).layouts;
        if (!layout) throw new Error("no layout");
        const { region, target } = layout.picture;
        const face = photo.faces[1]?.box ?? photo.faces[0]?.box;
        if (!face) throw new Error("no face");
        const x = target.x + ((face.x + face.width / 2 - region.x) * target.width) / region.width;
        const text = layout.headline.x + layout.headline.width / 2;
        expect([template, photoSide, x < text]).toEqual([template, photoSide, photoSide === "left"]);
      }
    }
  });

  it("take another template in single channels", async () => {
    const channels = ["rectangle-300x250", "rectangle-336x280"].map(channelOf);
    const photo = await samplePhoto("sample6.jpg", 1);
    const renderer = await open({ channels, templates: { "rectangle-336x280": "bleed" } });
    const { layouts } = await renderer.render({ copy, photo });
    expect(layouts.map(({ panel }) => panel !== null)).toEqual([true, false]);
  });
});
