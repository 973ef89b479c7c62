import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { escapeHtml } from "../../src/reports/index.ts";
import type { Typed } from "./command.ts";

/** The walk as one page: what was typed, what it wrote, and pictures beside it. */
export interface Step {
  readonly title: string;
  readonly typed?: Typed | undefined;
  readonly text?: string | undefined;
  readonly pictures: readonly string[];
}

const VIEWS = [
  { name: "light", colorScheme: "light", width: 1280, height: 860 },
  { name: "dark", colorScheme: "dark", width: 1280, height: 860 },
  { name: "phone", colorScheme: "light", width: 390, height: 800 },
  { name: "4k", colorScheme: "light", width: 3840, height: 2160 },
] as const;

/** Every view of the review pages, light, dark, on a phone and on a large screen. @returns file names */
export async function takeReview(browser: Browser, url: string, folder: string): Promise<string[]> {
  const names: string[] = [];
  for (const { name, colorScheme, width, height } of VIEWS) {
    const page = await browser.newPage({
      colorScheme,
      viewport: { width, height },
      reducedMotion: "reduce",
      bypassCSP: true,
    });
    const take = async (view: string) => {
      await settle(page);
      names.push(`review-${view}-${name}.png`);
      await page.screenshot({ path: join(folder, names.at(-1) ?? "") });
    };
    await page.goto(`${url}/review/`);
    await page.waitForSelector("[role=option] img");
    await take("inbox");
    await page.keyboard.press("Enter");
    await page.waitForSelector(".channels img");
    await take("ad");
    await page.keyboard.press("r");
    await page.waitForSelector("dialog[open]");
    await take("reason");
    await page.keyboard.press("Escape");
    await page.keyboard.press("e");
    await page.waitForSelector(".point");
    await page.waitForSelector("img.preview");
    await take("focus");
    await page.goto(`${url}/review/#/photos`);
    await page.waitForSelector("[role=option] img");
    await take("photos");
    await page.goto(`${url}/review/#/campaign`);
    await page.waitForSelector("table");
    await take("campaign");
    await page.keyboard.press("?");
    await page.waitForSelector("dialog[open]");
    await take("help");
    await page.close();
  }
  return names;
}

/** Pictures that the page is waiting for are there. */
async function settle(page: Page): Promise<void> {
  await page.waitForFunction(
    "[...document.images].filter((image) => image.getBoundingClientRect().top < innerHeight).every((image) => image.complete)",
  );
}

export async function takePage(browser: Browser, url: string, path: string): Promise<void> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 }, bypassCSP: true });
  await page.goto(url);
  await settle(page);
  await page.screenshot({ path });
  await page.close();
}

export async function writeWalk(path: string, steps: readonly Step[]): Promise<void> {
  const sections = steps.map(({ title, typed, text, pictures }, i) => {
    const shell =
      typed === undefined ? "" : `<pre>$ ${escapeHtml(`${typed.command}\n${clip(typed.output)}`)}</pre>`;
    const more = text === undefined ? "" : `<pre>${escapeHtml(clip(text))}</pre>`;
    const images = pictures.map((name) => `<img src="${name}" alt="${escapeHtml(name)}" loading="lazy">`);
    return `<section><h2>${i + 1}. ${escapeHtml(title)}</h2>${shell}${more}<div>${images.join("")}</div></section>`;
  });
  await writeFile(
    path,
    `<!doctype html><html lang="en"><meta charset="utf-8"><title>A walk through lookalike</title>
<style>body{font:16px/1.5 system-ui;max-width:1100px;margin:auto;padding:1rem}pre{background:#14171b;color:#e6edf3;padding:1rem;overflow:auto;border-radius:8px}
div{display:grid;grid-template-columns:repeat(auto-fill,minmax(320px,1fr));gap:12px}img{width:100%;border:1px solid #ccc}</style>
<h1>A walk through lookalike</h1>${sections.join("\n")}</html>\n`,
  );
}

const MOST_LINES = 40;

function clip(text: string): string {
  const lines = text.trimEnd().split("\n");
  return lines.length <= MOST_LINES ? lines.join("\n") : [...lines.slice(0, MOST_LINES), "..."].join("\n");
}

export const readText = (path: string) => readFile(path, "utf8");
