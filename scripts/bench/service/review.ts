import { createHash } from "node:crypto";
import { cp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { chromium, type Page } from "playwright-core";
import type { Decision } from "../../../src/handover/index.ts";
import { startService } from "./process.ts";
import type { BenchWorld } from "./world.ts";

const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";

export interface ReviewReport {
  readonly ads: number;
  /** From the address to the first picture, ms. */
  readonly open: number;
  /** From a key to the next item's picture, ms: in the inbox, and from ad to ad. */
  readonly inbox: readonly number[];
  readonly ad: readonly number[];
}

/** The review pages with so many distinct ads, each with pictures of its own in the pages' eyes. */
export async function measureReview(world: BenchWorld, ads: number, steps: number): Promise<ReviewReport> {
  const out = `${world.out}-${ads}`;
  await cp(world.out, out, { recursive: true });
  for (const name of ["run.db", "run.db-wal", "run.db-shm"]) await rm(join(out, name), { force: true });
  const made = (await readFile(join(world.out, "decisions.jsonl"), "utf8")).split("\n", 200).filter(Boolean);
  const decisions = made.map((line): Decision => JSON.parse(line)).filter(({ copy }) => copy !== null);
  const lines = Array.from({ length: ads }, (_, i) => {
    const decision = decisions[i % decisions.length];
    const creatives = decision?.creatives.map((own) => {
      return { ...own, sha256: createHash("sha256").update(`${own.sha256} ${i}`).digest("hex") };
    });
    return JSON.stringify({ ...decision, customer_id: `ad-${i}`, creatives });
  });
  await writeFile(join(out, "decisions.jsonl"), `${lines.join("\n")}\n`);
  const server = await startService(world.campaign, out);
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox"] });
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, bypassCSP: true });
    const startedAt = performance.now();
    await page.goto(`http://127.0.0.1:${server.port}/review/`);
    await pictureOf(page, ".card.active img");
    const open = performance.now() - startedAt;
    const inbox = await walk(page, {
      steps,
      selector: ".card.active img",
      changes: "aria-activedescendant",
    });
    await page.keyboard.press("Enter");
    await pictureOf(page, ".channels img");
    const ad = await walk(page, { steps, selector: ".channels img", changes: "location" });
    return { ads, open, inbox, ad };
  } finally {
    await browser.close();
    await server.kill("SIGTERM");
  }
}

interface Walk {
  readonly steps: number;
  /** Of the pictures that are waited for. */
  readonly selector: string;
  /** What shows that the next item is there: an attribute, or the address. */
  readonly changes: "aria-activedescendant" | "location";
}

/** Times of J within the page, so that the way to the browser and back does not count; sorted. */
async function walk(page: Page, { steps, selector, changes }: Walk): Promise<number[]> {
  const times: number[] = [];
  for (let i = 0; i < steps; i++) {
    const time = await page.evaluate<number>(stepScript(selector, changes));
    times.push(time);
  }
  return times.sort((a, b) => a - b);
}

/** As text: this project is compiled without the browser's names. */
function stepScript(selector: string, changes: Walk["changes"]): string {
  const state =
    changes === "location"
      ? "location.hash"
      : `document.querySelector("[${changes}]")?.getAttribute("${changes}")`;
  return `new Promise((resolve) => {
    const state = () => ${state};
    const before = state();
    const startedAt = performance.now();
    document.body.dispatchEvent(new KeyboardEvent("keydown", { key: "j", bubbles: true }));
    const look = () => {
      const images = [...document.querySelectorAll(${JSON.stringify(selector)})];
      const isThere = images.length > 0 && images.every((image) => image.complete && image.naturalWidth > 0);
      if (state() !== before && isThere) resolve(performance.now() - startedAt);
      else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  })`;
}

async function pictureOf(page: Page, selector: string): Promise<void> {
  await page.waitForFunction(
    `[...document.querySelectorAll(${JSON.stringify(selector)})].some((image) => image.complete && image.naturalWidth > 0)`,
  );
}
