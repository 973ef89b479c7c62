import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import {
  type AdCopy,
  type Brand,
  CHANNELS,
  type Channel,
  createRenderer,
  createTypesetter,
  findChannel,
  type RenderedAd,
  type RendererOptions,
  TEMPLATES,
  type Typesetter,
} from "../../src/ads/index.ts";
import { hashFile } from "../../src/io/files.ts";
import { cropImage, decodePhoto, encodeImage, rasterizeSvg } from "../../src/io/image/index.ts";
import { lookDistance } from "./distance.ts";
import { BRANDS, COPIES, samplePhoto } from "./samples.ts";

const SMALL: Channel = { id: "small", width: 300, height: 250, format: "jpeg", maxBytes: 150_000 };
const brand = BRANDS[0] as Brand;
const copy = COPIES[0] as AdCopy;

let out: string;
let typesetter: Typesetter;

beforeAll(async () => {
  typesetter = await createTypesetter();
});
beforeEach(async () => {
  out = await mkdtemp(join(tmpdir(), "lookalike-ads-"));
});
afterEach(() => rm(out, { recursive: true, force: true }));

function open(options: Partial<RendererOptions> = {}) {
  return createRenderer({ out, brand, channels: [SMALL], typesetter, ...options });
}

async function files(folder: string): Promise<string[]> {
  const names = await readdir(join(out, folder), { recursive: true, withFileTypes: true });
  return names.filter((entry) => entry.isFile()).map((entry) => entry.name);
}

describe("createRenderer", () => {
  it("draws each distinct ad once, however often and at once it is asked for", async () => {
    const renderer = await open();
    const [first, second] = [await samplePhoto("sample1.jpg", 0), await samplePhoto("sample1.jpg", 1)];
    const asked = Array.from({ length: 60 }, (_, i) =>
      renderer.render({ copy, photo: i % 2 === 0 ? first : second }),
    );
    const ads = await Promise.all(asked);
    expect(renderer.counts()).toEqual({ rendered: 2, reused: 0 });
    expect(new Set(ads.map((ad) => ad.creatives[0]?.file)).size).toBe(2);
    expect(await files("creatives")).toHaveLength(2);
  });

  it("goes on where an earlier run stopped, and draws damaged and missing files again", async () => {
    const photo = await samplePhoto("sample1.jpg");
    const request = { copy, photo };
    const first = (await (await open()).render(request)).creatives[0];
    if (!first) throw new Error("no creative");

    const second = await open();
    expect((await second.render(request)).creatives).toEqual([first]);
    expect(second.counts()).toEqual({ rendered: 0, reused: 1 });

    await writeFile(join(out, first.file), "cut short");
    const third = await open();
    await third.render(request);
    expect(third.counts()).toEqual({ rendered: 1, reused: 0 });
    expect(await hashFile(join(out, first.file))).toBe(first.sha256);

    await rm(join(out, first.file));
    const fourth = await open();
    await fourth.render(request);
    expect(fourth.counts().rendered).toBe(1);
  });

  it("gives the same bytes in another folder, in every format", async () => {
    const channels = (["jpeg", "png", "webp", "avif"] as const).map((format) => ({
      ...SMALL,
      id: format,
      format,
    }));
    const photo = await samplePhoto("sample2.jpg");
    const first = await (await open({ channels })).render({ copy, photo });
    const elsewhere = join(out, "elsewhere");
    const second = await (await open({ channels, out: elsewhere, jobs: 1 })).render({ copy, photo });
    expect(second.creatives).toEqual(first.creatives);
  });

  it("names a file by everything that shows", async () => {
    const photo = await samplePhoto("sample1.jpg", 0);
    const file = async (options: Partial<RendererOptions>, text = copy, of = photo) =>
      (await (await open(options)).render({ copy: text, photo: of })).creatives[0]?.file;
    const names = await Promise.all([
      file({}),
      file({ template: "bleed" }),
      file({ brand: { ...brand, name: "Other" } }),
      file({ brand: { ...brand, colors: { ...brand.colors, primary: "#0a7d4f" } } }),
      file({ channels: [{ ...SMALL, width: 320 }] }),
      file({}, { ...copy, headline: "Galaxy" }),
      file({}, copy, { ...photo, leadFace: 1 }),
      file({}, copy, { ...photo, focus: [0.5, 0.5] }),
      file({}, copy, await samplePhoto("sample2.jpg", 0)),
    ]);
    expect(new Set(names).size).toBe(names.length);
  });

  it("meets the weight limit at the best quality, and says where there is none", async () => {
    const photo = await samplePhoto("sample6.jpg");
    const formats = ["jpeg", "webp", "avif", "png"] as const;
    const channels = formats.map((format) => ({
      ...SMALL,
      id: format,
      format,
      maxBytes: format === "png" ? 40_000 : 12_000,
    }));
    const { creatives } = await (await open({ channels })).render({ copy, photo });
    creatives.forEach(({ bytes }, i) => {
      expect(bytes).toBeLessThanOrEqual(channels[i]?.maxBytes ?? 0);
    });
    expect(creatives[0]?.bytes).toBeGreaterThan(9_000);
    const tiny = await open({ channels: [{ ...SMALL, maxBytes: 900 }] });
    await expect(tiny.render({ copy, photo })).rejects.toMatchObject({ code: "ERR_WEIGHT_LIMIT" });
  });

  it("shortens long copy at a word with a warning, and refuses a word that fits nowhere", async () => {
    const photo = await samplePhoto("sample1.jpg");
    const renderer = await open();
    const body = "and much more for everyone who switches now ".repeat(6);
    const { warnings, layouts } = await renderer.render({ copy: { ...copy, body }, photo });
    expect(warnings.map((warning) => warning.code)).toContain("copy_shortened");
    expect(warnings[0]?.message).toMatch(/[a-z]…"/);
    const text = layouts[0]?.body;
    expect((text?.y ?? 999) + (text?.height ?? 999)).toBeLessThan(SMALL.height);
    const endless = { ...copy, headline: "Donaudampfschifffahrtsgesellschaftskapitän" };
    await expect(renderer.render({ copy: endless, photo })).rejects.toMatchObject({
      code: "ERR_COPY_TOO_LONG",
    });
  });

  it("sets a long word small, or broken at its soft hyphens, before it shortens anything", async () => {
    const photo = await samplePhoto("sample5.jpg");
    const square = await open({ channels: [findChannel("square-1080") as Channel] });
    const of = (headline: string) => ({ copy: { headline, body: "Jetzt vergleichen.", cta: "Los" }, photo });
    for (const headline of [
      "Die Straßenbahnhaltestellenüberdachung",
      "Kraftfahrzeughaftpflichtversicherung ab 9 EUR",
    ]) {
      expect(codesOf(await square.render(of(headline)))).not.toContain("copy_shortened");
    }
    const small = await open();
    const soft = "Die Straßen\u00adbahn\u00adhalte\u00adstellen\u00adüber\u00addachung";
    expect(codesOf(await small.render(of(soft)))).not.toContain("copy_shortened");
  });

  it("never leaves a headline half said", async () => {
    const photo = await samplePhoto("sample5.jpg");
    const renderer = await open();
    const told = async (headline: string) => {
      const { warnings } = await renderer.render({ copy: { headline, body: "", cta: "Los" }, photo });
      return /to "(.*)" \//.exec(warnings[0]?.message ?? "")?.[1] ?? headline;
    };
    await expect(told("Die Straßenbahnhaltestellenüberdachung")).rejects.toMatchObject({
      code: "ERR_COPY_TOO_LONG",
      hint: expect.stringContaining("soft hyphens"),
    });
    const times = (n: number) => "and one more reason to switch today ".repeat(n).trim();
    const shortened = await told(times(11));
    expect(shortened.length).toBeLessThan(times(11).length);
    expect(shortened.length).toBeGreaterThanOrEqual(times(11).length / 2);
    await expect(told(times(12))).rejects.toMatchObject({ code: "ERR_COPY_TOO_LONG" });
  });

  it("refuses unknown letters, bad photos, colours and templates with a code", async () => {
    const photo = await samplePhoto("sample1.jpg");
    const renderer = await open();
    await expect(renderer.render({ copy: { ...copy, cta: "購入" }, photo })).rejects.toMatchObject({
      code: "ERR_GLYPH_MISSING",
    });
    const gone = { ...photo, path: join(out, "gone.jpg"), hash: "gone" };
    await expect(renderer.render({ copy, photo: gone })).rejects.toMatchObject({
      code: "ERR_PHOTO_NOT_FOUND",
    });
    // The renderer still works after each.
    expect((await renderer.render({ copy, photo })).creatives).toHaveLength(1);
    const colors = { ...brand.colors, primary: "blue" };
    await expect(open({ brand: { ...brand, colors } })).rejects.toMatchObject({ code: "ERR_OPTION_INVALID" });
    await expect(open({ template: "poster" })).rejects.toMatchObject({ code: "ERR_OPTION_INVALID" });
    await expect(open({ jobs: 0 })).rejects.toMatchObject({ code: "ERR_OPTION_INVALID" });
  });

  it("has nothing under way any more once it has refused an ad", async () => {
    const photo = await samplePhoto("sample1.jpg");
    const channels = [
      { ...SMALL, id: "narrow", width: 60, height: 40 },
      ...["one", "two", "three"].map((id) => ({ ...SMALL, id })),
    ];
    const renderer = await open({ channels, jobs: 4 });
    await expect(renderer.render({ copy, photo })).rejects.toMatchObject({ code: "ERR_COPY_TOO_LONG" });
    expect(renderer.counts().rendered).toBe(3);
  });

  it("stops at the caller's signal and works again afterwards", async () => {
    const renderer = await open();
    const photo = await samplePhoto("sample1.jpg");
    const signal = AbortSignal.abort();
    await expect(renderer.render({ copy, photo }, { signal })).rejects.toMatchObject({ code: "ERR_ABORTED" });
    expect((await renderer.render({ copy, photo })).creatives).toHaveLength(1);
  });

  /** A logo of 200 x 50; as PNG, because each SVG is drawn by a process of its own. */
  async function logoOf(
    shapes: string,
    name: "logo.png" | "logo.svg" | "mono.png" = "logo.png",
  ): Promise<string> {
    const file = join(out, name);
    const svg = (scale: number) =>
      `<svg xmlns="http://www.w3.org/2000/svg" width="${200 * scale}" height="${50 * scale}" viewBox="0 0 200 50">${shapes}</svg>`;
    if (name.endsWith(".svg")) await writeFile(file, svg(1));
    else
      await writeFile(file, await encodeImage(await rasterizeSvg(svg(5)), { format: "png", quality: 100 }));
    return file;
  }

  /** The colour right above a logo, within the reach of a plate. */
  async function rimOfLogo(logo: string, options: Partial<RendererOptions> = {}): Promise<number[]> {
    const renderer = await open({ ...options, brand: { ...brand, ...options.brand, logo } });
    const { creatives, layouts } = await renderer.render({ copy, photo: await samplePhoto("sample1.jpg") });
    const box = layouts[0]?.logo;
    const creative = creatives[0];
    if (!box || !creative) throw new Error("no creative");
    expect(box.width / box.height).toBeCloseTo(4, 0);
    const { image } = await decodePhoto(join(out, creative.file));
    const at = (Math.floor(box.y + box.height * 0.08) * image.width + Math.round(box.x + box.width / 2)) * 3;
    return Array.from(image.data.slice(at, at + 3));
  }

  const isWhite = (color: readonly number[]) => color.every((value) => value > 225);

  it("sets a logo picture, on a plate where it would drown in the panel", async () => {
    const plain = (color: string) => `<rect width="200" height="50" fill="${color}"/>`;
    expect(isWhite(await rimOfLogo(await logoOf(plain("#1b4dff"), "logo.svg")))).toBe(true);
    expect(await logoWarnings(await logoOf(plain("#ffffff")))).toEqual([]);
  });

  it("keeps a plate inside the logo's place, so that it touches neither margin nor button", async () => {
    const logo = await logoOf('<rect width="200" height="50" fill="#1b4dff"/>');
    const renderer = await open({ brand: { ...brand, logo } });
    const { creatives, layouts } = await renderer.render({ copy, photo: await samplePhoto("sample1.jpg") });
    const { image } = await decodePhoto(join(out, creatives[0]?.file ?? ""));
    const { x, y, width, height } = layouts[0]?.logo ?? { x: 0, y: 0, width: 0, height: 0 };
    const colorAt = (column: number, row: number) => {
      const at = (Math.round(row) * image.width + Math.round(column)) * 3;
      return Array.from(image.data.slice(at, at + 3));
    };
    for (const [dx, dy] of [
      [0.5, -0.25],
      [0.5, 1.25],
      [-0.06, 0.5],
      [1.06, 0.5],
    ] as const) {
      expect(isWhite(colorAt(x + dx * width, y + dy * height)), `${dx} ${dy}`).toBe(false);
    }
    expect(isWhite(colorAt(x + 0.04 * width, y + 0.5 * height))).toBe(true);
  });

  it("draws a logo of one colour in the text's where it would drown, and without a plate", async () => {
    const rings = (color: string) =>
      `<g fill="none" stroke="${color}" stroke-width="9"><circle cx="25" cy="25" r="20"/><path d="M60 25h140"/></g>`;
    for (const color of ["#1b4dff", "#ffffff"]) {
      const logo = await logoOf(rings(color));
      expect(isWhite(await rimOfLogo(logo))).toBe(false);
      expect(await logoWarnings(logo)).toEqual([]);
    }
  });

  it("takes the logo of one colour that a brand has for its dark grounds, and warns of a plate", async () => {
    const drowned =
      '<rect width="90" height="50" fill="#1b4dff"/><rect x="110" width="90" height="50" fill="#2456ff"/>';
    const mono = await logoOf('<circle cx="100" cy="25" r="20"/>', "mono.png");
    const logo = await logoOf(`${drowned}<circle cx="100" cy="25" r="9" fill="#0b2a99"/>`);
    expect(await logoWarnings(logo)).toEqual(["logo_on_plate"]);
    expect(await logoWarnings(logo, { brand: { ...brand, logoMono: mono } })).toEqual([]);
  });

  it("sets the brand's name where the logo's file shows nothing, and warns of it", async () => {
    const empty = '<rect width="200" height="50" fill="none"/>';
    expect(await logoWarnings(await logoOf(empty, "logo.svg"))).toEqual(["logo_empty"]);
    expect(await logoWarnings(await logoOf('<g opacity="0"><circle r="9"/></g>'))).toEqual(["logo_empty"]);
    const white = '<circle cx="25" cy="25" r="20" fill="#fff"/>';
    expect(await logoWarnings(await logoOf(white))).not.toContain("logo_empty");
  });

  async function logoWarnings(logo: string, options: Partial<RendererOptions> = {}): Promise<string[]> {
    const renderer = await open({ ...options, brand: { ...brand, ...options.brand, logo } });
    const { warnings } = await renderer.render({ copy, photo: await samplePhoto("sample1.jpg") });
    return warnings.map(({ code }) => code);
  }

  it("sets a logo of two colours on a plate where one of them would drown in the photo", async () => {
    const disc = '<circle cx="25" cy="25" r="24" fill="#e0502b"/>';
    const letters = '<path d="M70 20h40v10H70zM120 20h80v10h-80z" fill="#14101f"/>';
    const bleed = { template: "bleed" };
    expect(isWhite(await rimOfLogo(await logoOf(disc + letters), bleed))).toBe(true);
    const light = await logoOf(disc + letters.replace("#14101f", "#ffffff"));
    expect(isWhite(await rimOfLogo(light, bleed))).toBe(false);
  });

  it("sets a badge whose letters have the ground's colour as it is", async () => {
    const badge = '<rect width="200" height="50" rx="25" fill="#ffffff"/>';
    const letters = '<path d="M70 10h20v30H70zM110 10h20v30h-20z" fill="#1b4dff"/>';
    expect(await logoWarnings(await logoOf(badge + letters))).toEqual([]);
  });

  it("draws a file that lies on its side as the upright one, and says so", async () => {
    const photo = await samplePhoto("sample1.jpg");
    const lying = join(out, "lying.jpg");
    const { image } = await decodePhoto(photo.path, { turn: 270 });
    await writeFile(lying, await encodeImage(image, { format: "jpeg", quality: 95, effort: "fast" }));
    const renderer = await open();
    const upright = await renderer.render({ copy, photo });
    const turned = await renderer.render({
      copy,
      photo: { ...photo, path: lying, hash: "lying", turn: 90, rollDegrees: 1 },
    });
    expect(turned.warnings.map(({ code }) => code)).toContain("photo_turned");
    expect(upright.warnings.map(({ code }) => code)).not.toContain("photo_turned");
    const [a, b] = await Promise.all(
      [upright, turned].map(async ({ creatives }) => {
        const drawn = await decodePhoto(join(out, creatives[0]?.file ?? ""));
        return drawn.image;
      }),
    );
    if (!a || !b) throw new Error("no creatives");
    expect(await lookDistance(a, b)).toBeLessThan(1);
    const unsure = await renderer.render({ copy, photo: { ...photo, hash: "unsure", rollDegrees: 52 } });
    expect(unsure.warnings.map(({ code }) => code)).toContain("photo_on_side");
  });

  it("knows whether a face leads before anything is drawn, and warns where it does not", async () => {
    const renderer = await open();
    expect(await renderer.leads({ copy, photo: await samplePhoto("sample1.jpg", 0) })).toBe(true);
    const smallest = { copy, photo: await samplePhoto("sample4.jpg", 2) };
    expect(await renderer.leads(smallest)).toBe(false);
    expect(renderer.counts()).toEqual({ rendered: 0, reused: 0 });
    const { warnings } = await renderer.render(smallest);
    expect(warnings.map(({ code }) => code)).toContain("face_not_leading");
    const tooSmall = await open({ leastFaces: { [SMALL.id]: 300 } });
    expect(await tooSmall.leads({ copy, photo: await samplePhoto("sample1.jpg", 0) })).toBe(false);
  });

  it("looks as it did when it was approved", async () => {
    const approved: Readonly<Record<string, string>> = JSON.parse(
      await readFile(join(import.meta.dirname, "fixtures/looks.json"), "utf8"),
    );
    for (const { id: template } of TEMPLATES) {
      const renderer = await open({ template });
      for (const name of ["sample1.jpg", "sample2.jpg"]) {
        const { creatives } = await renderer.render({ copy, photo: await samplePhoto(name, 1) });
        const look = await lookOf(join(out, creatives[0]?.file ?? ""));
        const key = `${template} ${name}`;
        if (process.env.UPDATE_LOOKS) console.log(`${key}: ${look}`);
        else expect(distance(look, approved[key] ?? ""), key).toBeLessThanOrEqual(16);
      }
    }
  });
});

describe("CHANNELS", () => {
  it("has the sizes and limits that the platforms publish", () => {
    expect(findChannel("square-1080")).toMatchObject({ width: 1080, height: 1080 });
    expect(findChannel("rectangle-300x250")).toMatchObject({ width: 300, height: 250, maxBytes: 150_000 });
    expect(findChannel("no-such")).toBeUndefined();
    expect(new Set(CHANNELS.map((channel) => channel.id)).size).toBe(CHANNELS.length);
  });

  it("renders whole in every one of them", async () => {
    const renderer = await open({ channels: CHANNELS });
    const { creatives, warnings } = await renderer.render({
      copy,
      photo: await samplePhoto("sample1.jpg", 0),
    });
    expect(creatives.map(({ width, height }) => [width, height])).toEqual(
      CHANNELS.map(({ width, height }) => [width, height]),
    );
    creatives.forEach((creative, i) => {
      expect(creative.bytes).toBeLessThanOrEqual(CHANNELS[i]?.maxBytes ?? 0);
    });
    expect(warnings.filter(({ code }) => code !== "photo_padded" && code !== "template_replaced")).toEqual(
      [],
    );
  });
});

function codesOf({ warnings }: RenderedAd): string[] {
  return warnings.map(({ code }) => code);
}

/** Difference hash: which of 16 x 16 neighbours are brighter than the one to their left, in hexadecimal. */
async function lookOf(path: string): Promise<string> {
  const { image } = await decodePhoto(path);
  const small = await cropImage(image, { x: 0, y: 0, ...image }, 17, 16);
  let bits = "";
  for (let y = 0; y < 16; y++) {
    for (let x = 0; x < 16; x++) {
      const at = (y * 17 + x) * 3 + 1;
      bits += (small.data[at] ?? 0) < (small.data[at + 3] ?? 0) - 2 ? "1" : "0";
    }
  }
  return BigInt(`0b${bits}`).toString(16).padStart(64, "0");
}

function distance(a: string, b: string): number {
  const difference = BigInt(`0x${a}`) ^ BigInt(`0x${b === "" ? "0" : b}`);
  return difference.toString(2).replaceAll("0", "").length;
}
