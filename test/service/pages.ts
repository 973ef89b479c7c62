import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { build } from "vite";
import { expect, onTestFinished } from "vitest";

/** The review pages in a browser. */

const ROOT = resolve(import.meta.dirname, "../..");
const CHROMIUM = "/usr/bin/chromium";

export const hasBrowser = existsSync(CHROMIUM);
if (!hasBrowser)
  console.warn(`skipped: the review pages in a browser (no ${CHROMIUM}; apt-get install chromium)`);

/** Builds the pages if a source is newer than the built pages. */
export async function openBrowser(): Promise<Browser> {
  const timeOf = (path: string) => statSync(join(ROOT, path), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const builtAt = timeOf("dist/service/web/index.html");
  const sources = readdirSync(join(ROOT, "src/service/web")).map((name) => `src/service/web/${name}`);
  const isOutdated = ["vite.config.ts", ...sources].some((path) => timeOf(path) >= builtAt);
  if (isOutdated) await build({ configFile: join(ROOT, "vite.config.ts"), logLevel: "error" });
  return chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox"] });
}

/** A page of its own, until the end of the test. An error in the page fails the test. */
export async function newPage(browser: Browser, options: BrowserContextOptions = {}): Promise<Page> {
  const context = await browser.newContext(options);
  const errors: Error[] = [];
  onTestFinished(async () => {
    await context.close();
    expect(errors).toEqual([]);
  });
  const page = await context.newPage();
  page.on("pageerror", (error) => errors.push(error));
  // A generous limit: it ends a page that hangs, and a busy machine must not fail one that works.
  page.setDefaultTimeout(240_000);
  return page;
}

const axe = readFileSync(join(ROOT, "node_modules/axe-core/axe.min.js"), "utf8");

interface AxeOptions {
  readonly resultTypes: readonly string[];
  readonly runOnly?: readonly string[];
}

/** Serious findings of axe-core in both themes. The page must bypass its content security policy. */
export async function serious(page: Page): Promise<string[]> {
  if (!(await page.evaluate<boolean>("'axe' in globalThis"))) await page.evaluate(axe);
  await page.emulateMedia({ colorScheme: "dark" });
  // A theme changes colors alone.
  const dark = await violations(page, { resultTypes: ["violations"], runOnly: ["color-contrast"] });
  await page.emulateMedia({ colorScheme: "light" });
  return [...dark, ...(await violations(page, { resultTypes: ["violations"] }))];
}

/** @param options with `violations` alone, what passes is not listed */
async function violations(page: Page, options: AxeOptions): Promise<string[]> {
  const found = await page.evaluate(async (settings) => {
    const { axe: tool } = globalThis as unknown as {
      axe: {
        run(
          options: AxeOptions,
        ): Promise<{ violations: { id: string; impact: string; nodes: { html: string }[] }[] }>;
      };
    };
    return (await tool.run(settings)).violations;
  }, options);
  return found
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
}

/** Name of the focused element, and whether it shows that it has the focus; empty: the focus left the page. */
const FOCUSED = `(() => {
  const element = document.activeElement;
  if (element === document.body) return { name: "", hasRing: true };
  const { outlineStyle, outlineWidth } = getComputedStyle(element);
  const name = element.getAttribute("aria-label") ?? element.labels?.[0]?.textContent ?? element.textContent;
  return { name: name.trim(), hasRing: outlineStyle !== "none" && Number.parseFloat(outlineWidth) >= 2 };
})()`;

/** Moves the focus with the Tab key; every element on the way must show that it has the focus. */
export async function tabTo(page: Page, wanted: string): Promise<void> {
  const passed: string[] = [];
  for (let i = 0; i < 40; i++) {
    await page.keyboard.press("Tab");
    const { name, hasRing } = await page.evaluate<{ name: string; hasRing: boolean }>(FOCUSED);
    expect(hasRing, `focus of ${name}`).toBe(true);
    if (name.startsWith(wanted)) return;
    passed.push(name);
  }
  throw new Error(`Tab does not reach ${wanted}, only ${passed.join(", ")}`);
}
