import { spawn } from "node:child_process";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { createFaceEngine } from "lookalike-ads";
import { cutPortraits, fillInventory } from "./people.ts";
import { proofPage, writeProof } from "./proof.ts";
import { renderPage } from "./sheet/html.ts";
import { drawSheet } from "./sheet/png.ts";
import { readStory } from "./story.ts";
import { writeWorld } from "./world.ts";

/**
 * `npm run demo`: sample photos and a simulated telco become ads, through the same commands that a user types.
 * Everything lands in `demo-out/`; the inventory's photos in `inventory/photos/`.
 */
const ROOT = resolve(import.meta.dirname, "../..");
const OUT = join(ROOT, "demo-out");
const INVENTORY = join(ROOT, "inventory", "photos");
const AUDIENCE = 200;

const startedAt = performance.now();
const say = (line: string) => process.stderr.write(`${line}\n`);

await rm(OUT, { recursive: true, force: true });
await mkdir(OUT, { recursive: true });

say("1/6  Sample photos into inventory/photos, portraits and 5,000 simulated subscribers into demo-out");
await fillInventory(INVENTORY);
const engine = await createFaceEngine();
const portraits = await cutPortraits(engine, join(OUT, "portraits"));
const cast = await writeWorld(OUT, portraits);

say("2/6  Faces of the inventory");
await lookalike("index", INVENTORY, "--gallery", join(OUT, "gallery"));

say("3/6  The offer model");
await lookalike("train", "--campaign", join(OUT, "campaign.yaml"));

say(`4/6  An ad for each of ${AUDIENCE} customers`);
const audience = await pickAudience(cast);
const campaign = ["--campaign", join(OUT, "campaign.yaml"), "--out", join(OUT, "ads")];
await lookalike("generate", ...campaign, "--customer", ...audience);

say("5/6  The contact sheet");
const story = await readStory({ out: OUT, cast, engine, startedAt });
await engine.close();
await writeFile(join(OUT, "contact-sheet.html"), await renderPage(story));
await writeFile(join(OUT, "contact-sheet.png"), await drawSheet(story));

say("6/6  Proof: four weekly waves of the simulated telco, whose truth is known");
const proof = await writeProof(join(OUT, "proof"));
for (const [week, look] of proof.looks.entries()) {
  const runs = proof.runs.slice(0, week + 1);
  const reading = ["--at", look.toISOString(), "--planned", String(proof.planned)];
  await lookalike("results", "--outcomes", proof.outcomes, ...reading, "--out", ...runs);
}
await writeFile(join(OUT, "results.html"), await proofPage(proof));

say(`\nDone in ${((performance.now() - startedAt) / 1000).toFixed(0)} s. Open these:`);
say("  demo-out/contact-sheet.html   or the same as a picture, contact-sheet.png");
say("  demo-out/results.html         four weeks of simulated outcomes, beside the true effects");
say("  demo-out/ads/decisions.jsonl  a line per customer, and ads/creatives/");

/** The customers with a part to play, and the first of the others. */
async function pickAudience(first: readonly string[]): Promise<string[]> {
  const [, ...lines] = (await readFile(join(OUT, "customers.csv"), "utf8")).split("\n");
  const ids = lines.map((line) => line.split(",")[0] ?? "").filter((id) => id !== "" && !first.includes(id));
  return [...first, ...ids.slice(0, AUDIENCE - first.length)];
}

function lookalike(...args: string[]): Promise<void> {
  const shown = args.map((arg) => arg.replace(`${ROOT}/`, ""));
  const brief = shown.length > 9 ? [...shown.slice(0, 8), `... ${shown.length - 8} more`] : shown;
  say(`     $ npx lookalike ${brief.join(" ")}`);
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, [join(ROOT, "dist/cli/main.js"), ...args], {
      stdio: ["ignore", "ignore", "pipe"],
    });
    let text = "";
    child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
      text += chunk;
    });
    child.on("error", fail);
    child.on("close", (status) => {
      for (const line of text.trimEnd().split("\n")) say(`       ${line.replaceAll(`${ROOT}/`, "")}`);
      if (status === 0) done();
      else fail(new Error(`lookalike ${args[0]} ended with status ${status}`));
    });
  });
}
