import { cpSync, existsSync, mkdirSync, readFileSync, statSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Decision, type ManifestOffer, planPictures, writeProof } from "../../../src/handover/index.ts";
import { creatives, heldOut, manifest, OFFERS, shown, writeCreatives, writeRun } from "../../ads/run.ts";

const CHROMIUM = "/usr/bin/chromium";
const hasChromium = existsSync(CHROMIUM);
if (!hasChromium)
  console.warn(`skipped: the proof page in a browser (no ${CHROMIUM}; apt-get install chromium)`);

const CHANNELS = [
  "square-1080",
  "rectangle-300x250",
  "leaderboard-728x90",
  "skyscraper-160x600",
  "portrait-1080x1350",
  "email-hero",
];
const [APPLE, SAMSUNG] = OFFERS as readonly [ManifestOffer, ManifestOffer];
const NAMED: ManifestOffer = {
  id: "sony",
  product: "Sony",
  copy: { headline: 'A camera <that> calls & "more"', body: "Two years of warranty.", cta: "Look closer" },
  placeholders: ["first_name"],
  url: "https://lumo.example/sony",
  price: null,
};
const run = manifest(CHANNELS, {
  offers: [APPLE, SAMSUNG, NAMED],
  unjudgedOffers: ["pixel"],
  rows: { read: 402, refused: 2 },
  warnings: [
    {
      code: "head_cut",
      channel: "leaderboard-728x90",
      message: "1 of the other heads are cut by the frame.",
    },
    { code: "head_cut", channel: "email-hero", message: "2 of the other heads are cut by the frame." },
  ],
});

function decisions(): Decision[] {
  const all: Decision[] = [];
  const photos = ["window.jpg", "stairs.jpg", "bar.jpg", undefined];
  for (let i = 0; i < 360; i++) {
    const offer = i % 3 === 0 ? SAMSUNG : APPLE;
    const made = shown(`customer-${i}`, offer, run, photos[i % 4]);
    const distance = made.photo?.distance === null ? null : 0.35 + ((i * 37) % 45) / 100;
    const fallback = i % 8 === 3 ? "no_consent" : "too_dissimilar";
    const reason = made.photo?.basis === "lookalike" ? "nearest" : fallback;
    all.push({ ...made, photo: made.photo && { ...made.photo, distance, reason } });
  }
  for (let i = 0; i < 3; i++) {
    const copy = { ...NAMED.copy, headline: `Bartholomew${i}, look here` };
    const own = shown(`named-${i}`, NAMED, run, "bar.jpg");
    all.push({ ...own, copy, creatives: creatives(`own ${i}`, run) });
  }
  for (let i = 0; i < 37; i++) all.push(heldOut(`held-${i}`));
  return all;
}

let out: string;
let path: string;
beforeAll(async () => {
  out = await mkdtemp(join(tmpdir(), "lookalike-proof-"));
  await writeRun(out, run, decisions());
  await writeCreatives(out, decisions());
  const report = await writeProof(out);
  path = report.path;
  expect(report).toMatchObject({ path: join(out, "proof.html"), ads: 9, pictured: 48, creatives: 48 });
  expect(report.bytes).toBe(statSync(path).size);
});
afterAll(() => rm(out, { recursive: true, force: true }));

describe("the file", () => {
  it("holds everything itself, runs nothing and names nobody", () => {
    const html = readFileSync(path, "utf8");
    const policy = /http-equiv="Content-Security-Policy" content="([^"]+)"/.exec(html)?.[1];
    expect(policy).toMatch(/^default-src 'none'; img-src data:; font-src data:; style-src 'sha256-[^']+'; /);
    expect(html).not.toMatch(/<script|<link|<iframe|\son\w+=|\bstyle="|@import|url\((?!data:)/i);
    expect([...html.matchAll(/(?:src|href)="([^"#d][^"]*)"/g)].map(([, to]) => to)).toEqual([]);
    expect(html).not.toMatch(/customer-\d|held-\d|named-\d|Bartholomew|somewhere/);
  });

  it("keeps below its weight by scaling pictures down, and then by leaving some out", async () => {
    const all = decisions().flatMap((decision) => decision.creatives);
    expect(planPictures(all.slice(0, 12), 10_000_000)).toEqual({ maxSide: null, pictured: 12 });
    const scaled = planPictures(all, 40_000_000);
    expect(scaled.maxSide).toBeLessThan(1080);
    expect(scaled.pictured).toBe(all.length);
    const some = planPictures(all, 1_000_000);
    expect(some.pictured).toBeGreaterThan(0);
    expect(some.pictured).toBeLessThan(all.length);

    const report = await writeProof(out, { maxPictureBytes: 400_000 });
    const plain = await writeProof(out, { maxPictureBytes: 1 });
    expect(report.pictured).toBeGreaterThan(plain.pictured);
    expect(plain.pictured).toBe(0);
    expect(report.bytes - plain.bytes).toBeLessThan(400_000);
    expect(readFileSync(path, "utf8")).toContain("not pictured");
    await writeProof(out);
  });

  it("speaks the campaign's language", async () => {
    const folder = join(out, "german");
    await writeRun(folder, { ...run, language: "de" }, decisions());
    cpSync(join(out, "creatives"), join(folder, "creatives"), { recursive: true });
    const german = await writeProof(folder, { maxPictureBytes: 1 });
    const html = readFileSync(german.path, "utf8").replace(/<style>.*<\/style>/s, "");
    expect(html).toContain('<html lang="de">');
    expect(html).toContain("400</dd>");
    expect(html).toMatch(/37 Kunden \(9\s%\) gehören zur Kontrollgruppe/);
    expect(html).toContain("Kein Foto ist ähnlich genug");
    expect(html).toContain("+10,0 Punkte");
    expect(html).toContain("Ein Kopf am Rand ist angeschnitten: 2 Werbemittel");
    expect(html).not.toMatch(/customers|shown|look-alike|undefined|holdout</i);
    // What is left in braces are placeholders of the ads' own texts.
    const places = [...html.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    expect(new Set(places)).toEqual(new Set(["first_name"]));
  });

  it("says that a run's creatives are gone, and that there is no run", async () => {
    const other = join(out, "other");
    await writeRun(other, run, decisions());
    await expect(writeProof(other)).rejects.toMatchObject({ code: "ERR_RUN_UNREADABLE" });
    await expect(writeProof(join(out, "none"))).rejects.toMatchObject({ code: "ERR_RUN_UNREADABLE" });
  });
});

describe.skipIf(!hasChromium)("in Chromium", () => {
  let browser: Browser;
  /** Of 1280 px, for the tests that only look at it. */
  let desktop: Awaited<ReturnType<typeof open>>;
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox"] });
    desktop = await open(1280);
  });
  afterAll(() => browser?.close());

  async function open(width: number) {
    const context = await browser.newContext({
      viewport: { width, height: 860 },
      colorScheme: "light",
      reducedMotion: "reduce",
    });
    const page = await context.newPage();
    const complaints: string[] = [];
    const requests: string[] = [];
    page.on("console", (message) => complaints.push(message.text()));
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("request", (request) => {
      if (!request.url().startsWith("data:")) requests.push(request.url());
    });
    await page.goto(pathToFileURL(path).href);
    await page.evaluate("Promise.all([...document.images].map((image) => image.decode()))");
    await page.evaluate("document.fonts.ready");
    return { context, page, complaints, requests };
  }

  const text = (page: Page, selector: string) => page.locator(selector).innerText();

  it("tells the campaign in numbers", async () => {
    const { page, complaints, requests } = desktop;
    expect(await page.title()).toBe("Spring & <summer> · Lumo · proof");
    expect(await text(page, "h1")).toBe("Spring & <summer>");
    expect((await text(page, ".figures")).replace(/\s+/g, " ")).toMatch(
      /customers decided 400 are shown an ad 363 of them see a look-alike 75 % distinct ads 9 creatives in 6 channels 48 in the holdout 37/,
    );
    expect(await page.locator(".ad").count()).toBe(9);
    expect(await text(page, "#offers")).toContain("By uplift, a causal estimate.");
    expect(await text(page, "#offers")).not.toContain("By lift, an association.");
    expect(await text(page, "#offers")).toMatch(/Galaxy, watch and buds[\s\S]*120[\s\S]*\+10\.0 points/);
    expect(await text(page, "#holdout")).toMatch(/37 customers \(9\s%\) are in the holdout/);
    const likeness = await text(page, "#likeness");
    expect(likeness).toMatch(/No photo resembles enough\s+45\s+12\s%/);
    expect(likeness).toMatch(/No consent to face matching\s+45\s+12\s%/);
    expect(await page.locator(".histogram").getAttribute("aria-label")).toMatch(
      /^Distances of 273 customers/,
    );
    expect(await page.locator(".histogram .fill").count()).toBeGreaterThan(7);
    const notes = await text(page, "#notes");
    expect(notes).toContain("A head at the side is cut by the frame: 2 creatives");
    expect(notes).toContain("Refused by Meta: {first_name} reveals data about the customer");
    expect(notes).toContain("Nobody is shown the offer pixel");
    expect(notes).toContain("2 rows of the customers’ file rejected".replace("’", "'"));
    expect(await text(page, ".unseen")).toContain("3 customers with their own texts");
    expect(complaints).toEqual([]);
    expect(requests).toEqual([pathToFileURL(path).href]);
  });

  it("shows every creative in its own shape, with a name for those who do not see it", async () => {
    const { page } = desktop;
    const images = await page.locator("img").evaluateAll((all) =>
      (all as unknown as { naturalWidth: number; width: number; height: number; alt: string }[]).map(
        (image) => {
          return { seen: image.naturalWidth > 0, aspect: image.width / image.height, alt: image.alt };
        },
      ),
    );
    expect(images).toHaveLength(48);
    expect(images.every(({ seen, alt }) => seen && alt.length > 10)).toBe(true);
    const aspects = new Set(images.map(({ aspect }) => aspect.toFixed(1)));
    for (const { width, height } of run.channels) expect(aspects).toContain((width / height).toFixed(1));
  });

  it("is worked by keyboard: skip link, parts, choice of ads, enlarging, tables", async () => {
    const { context, page, complaints } = await open(1280);
    const focused = async () => {
      await page.keyboard.press("Tab");
      return page.evaluate(
        "document.activeElement.getAttribute('aria-label') ?? document.activeElement.parentElement.innerText.trim() ?? ''",
      ) as Promise<string>;
    };
    await page.keyboard.press("Tab");
    expect(await page.evaluate("document.activeElement.className")).toBe("skip");
    const order = [await focused(), await focused(), await focused(), await focused()];
    expect(order).toEqual(["Ads", "Offers", "Likeness", "To look at"]);
    expect(await focused()).toBe("All ads");
    expect(await page.locator(".ad:visible").count()).toBe(9);
    await page.keyboard.press("ArrowRight");
    expect(await page.locator(".ad:visible").count()).toBe(4);
    await page.keyboard.press("ArrowRight");
    expect(await page.locator(".ad:visible").count()).toBe(4);
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("ArrowLeft");
    expect(await page.locator(".ad:visible").count()).toBe(9);

    expect(await focused()).toBe("Enlarge Square");
    const picture = page.locator(".shot img").first();
    const before = await picture.boundingBox();
    await page.keyboard.press("Space");
    const after = await picture.boundingBox();
    expect(after?.height ?? 0).toBeGreaterThan(1.4 * (before?.height ?? 1));
    expect(after?.y ?? -1).toBeGreaterThanOrEqual(0);
    await page.keyboard.press("Space");
    expect(await picture.boundingBox()).toEqual(before);

    const outline = await page.evaluate(
      "getComputedStyle(document.activeElement.closest('label')).outlineStyle",
    );
    expect(outline).toBe("solid");
    for (let presses = 0; (await focused()) !== "Offers"; presses++) expect(presses).toBeLessThan(60);
    expect(complaints).toEqual([]);
    await context.close();
  });

  it.each([
    ["phone", 390],
    ["desktop", 1280],
  ] as const)("fits and can be read on a %s, %i px wide, light and dark", async (name, width) => {
    const { page } = width === 1280 ? desktop : await open(width);
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(width);
    const grounds = new Set<string>();
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme });
      const contrasts = (await page.evaluate(LEAST_CONTRAST)) as { text: string; contrast: number }[];
      expect(contrasts.length).toBeGreaterThan(40);
      expect(contrasts.filter(({ contrast }) => contrast < 4.5)).toEqual([]);
      grounds.add((await page.evaluate("getComputedStyle(document.body).backgroundColor")) as string);
      const folder = process.env.LOOKALIKE_SCREENSHOTS;
      if (folder === undefined) continue;
      mkdirSync(folder, { recursive: true });
      await page.screenshot({ path: join(folder, `proof-${name}-${colorScheme}.png`), fullPage: true });
    }
    expect(grounds.size).toBe(2);
  });
});

/** Contrast of every element's own text with the nearest opaque ground behind it, WCAG 2.2. */
const LEAST_CONTRAST = `(() => {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const rgba = (color) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = color;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const groundOf = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const color = rgba(getComputedStyle(at).backgroundColor);
      if (color[3] > 200) return color;
    }
    return [255, 255, 255, 255];
  };
  const luminance = ([r, g, b]) => {
    const linear = (c) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4);
    return 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
  };
  const opacityOf = (element) => {
    let opacity = 1;
    for (let at = element; at; at = at.parentElement) opacity *= Number(getComputedStyle(at).opacity);
    return opacity;
  };
  return [...document.querySelectorAll("body *")]
    .filter((element) => [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim() !== ""))
    .map((element) => {
      const ground = groundOf(element);
      const style = getComputedStyle(element);
      const top = rgba(element.namespaceURI.endsWith("svg") ? style.fill : style.color);
      const opacity = opacityOf(element);
      const mixed = top.map((c, i) => c * opacity + ground[i] * (1 - opacity));
      const [a, b] = [luminance(mixed), luminance(ground)];
      return { text: element.textContent.trim().slice(0, 40), contrast: (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05) };
    });
})()`;
