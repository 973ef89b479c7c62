import { mkdir, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { createFaceEngine } from "lookalike-ads";
import { createClient } from "lookalike-ads/client";
import { chromium } from "playwright-core";
import { createRandom } from "../../src/core/index.ts";
import { cutPortraits, fillInventory } from "../demo/people.ts";
import { writeWorld } from "../demo/world.ts";
import { run, start } from "./command.ts";
import { readText, type Step, takePage, takeReview, writeWalk } from "./pictures.ts";

/**
 * `npm run walk`: init, index, check, train, generate, review, serve and results, in the README's order, with the
 * commands that a user types. `walk-out/walk.html` shows them with pictures of every page. It needs chromium.
 */
const OUT = resolve(import.meta.dirname, "../../walk-out");
const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";
const AUDIENCE = 60;

const steps: Step[] = [];
const say = (line: string) => process.stderr.write(`${line}\n`);
const step = (title: string, rest: Partial<Step> = {}) => {
  steps.push({ title, pictures: [], ...rest });
  say(title);
};

await rm(OUT, { recursive: true, force: true });
await mkdir(OUT, { recursive: true });
await fillInventory(join(OUT, "photos"));
const engine = await createFaceEngine();
const cast = await writeWorld(OUT, await cutPortraits(engine, join(OUT, "portraits")));
await engine.close();
await rm(join(OUT, "campaign.yaml"));

const tables = ["--customers", "customers.csv", "--experiment", "experiment.csv", "--calls", "calls.csv"];
const words = ["--name", "Spring handsets", "--brand", "Lumo", "--url", "https://lumo.example/offers"];
step("Draft the campaign", { typed: await run(OUT, "init", ...tables, ...words, "--crm-consent", "accept") });
const campaign = join(OUT, "campaign.yaml");
const drafted = await readText(campaign);
step("campaign.yaml as it was drafted", { text: drafted });
await writeFile(campaign, withWords(drafted));
const named = ["--campaign", "campaign.yaml"];
step("Index the photos", { typed: await run(OUT, "index", ...named) });
step("Train the offer model", { typed: await run(OUT, "train", ...named) });
step("Count what a run would do", { typed: await run(OUT, "check", ...named) });
const audience = [...cast, ...(await othersThan(cast))];
const made = await run(OUT, "generate", ...named, "--out", "ads", "--customer", ...audience);
step("Make the ads", {
  typed: { ...made, command: "lookalike generate --campaign campaign.yaml --out ads ..." },
});

const browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox"] });
try {
  const server = await start(OUT, "review", ...named, "--out", "ads", "--port", "0");
  step("Review the ads", { typed: server.typed, pictures: await takeReview(browser, server.url, OUT) });
  const client = createClient(server.url, undefined, { timeoutMs: 30_000 });
  const [first = ""] = cast;
  const answer = await client.decide({ customer_id: first });
  step("Ask for an ad, and report what became of it", { text: JSON.stringify(answer, null, 2) });
  await report(client);
  await takePage(browser, `${server.url}/docs`, join(OUT, "docs.png"));
  step("The API describes itself", { pictures: ["docs.png"] });
  await server.stop();
  const reading = ["--out", "ads", "--at", "2027-06-01", "--html", "results.html"];
  step("Read the results", {
    typed: await run(OUT, "results", ...named, ...reading),
    pictures: ["results.png"],
  });
  await takePage(browser, `file://${join(OUT, "results.html")}`, join(OUT, "results.png"));
} finally {
  await browser.close();
}
await writeWalk(join(OUT, "walk.html"), steps);
say("Done: walk-out/walk.html");

/** What a user writes in place of TODO. */
function withWords(text: string): string {
  const headlines: Readonly<Record<string, string>> = {
    "apple-trade-in": "Your old phone pays for the new one",
    "samsung-bundle": "The new Galaxy, and the watch on us",
    "sony-camera": "Nights out, sharp at last",
  };
  return Object.entries(headlines)
    .reduce(
      (all, [id, headline]) =>
        all.replace(new RegExp(`(- id: ${id}\\n(?:.*\\n)*?    headline: ).*`), `$1${headline}`),
      text,
    )
    .replaceAll("body: Write one sentence about the offer.", "body: Only this month, and only in our shops.")
    .replaceAll("margin: 1 ", "margin: 100 ")
    .replaceAll("cta: See the offer", "cta: See my price");
}

async function othersThan(cast: readonly string[]): Promise<string[]> {
  const lines = (await readText(join(OUT, "customers.csv"))).split("\n").slice(1, 1 + AUDIENCE + cast.length);
  const ids = lines.map((line) => line.split(",")[0] ?? "");
  return ids.filter((id) => id !== "" && !cast.includes(id)).slice(0, AUDIENCE);
}

/** A shop that reports: everybody who got an ad saw it, and some bought. */
async function report(client: ReturnType<typeof createClient>): Promise<void> {
  const random = createRandom(1);
  const decisions = await client.decideMany(audience.map((customer_id) => ({ customer_id })));
  const shown = decisions.filter(({ status }) => status === "ad");
  await client.reportExposures(shown.map(({ decision }) => ({ decision })));
  const bought = decisions.filter(({ status }) => random() < (status === "ad" ? 0.3 : 0.1));
  await client.reportOutcomes(bought.map(({ decision }) => ({ decision, value: 99 })));
}
