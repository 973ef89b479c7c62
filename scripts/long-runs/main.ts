import { mkdirSync } from "node:fs";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { generateForMany, writeWorld } from "./customers.ts";
import { indexMany, writePhotos } from "./photos.ts";
import { print } from "./watch.ts";

/**
 * Long runs of the built command line, watched from outside: does it hold more memory or files the longer it works?
 *
 *     tsx scripts/long-runs/main.ts photos [--count 20000] [--work /tmp/long-runs] [--photos ../shared/data/lfw/images]
 *     tsx scripts/long-runs/main.ts customers [--count 1000000] [--portraits 2000]
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    count: { type: "string" },
    portraits: { type: "string", default: "2000" },
    work: { type: "string", default: "/tmp/long-runs" },
    photos: { type: "string", default: resolve(import.meta.dirname, "../../../shared/data/lfw/images") },
  },
});
const [what] = positionals;
const work = resolve(values.work);
mkdirSync(work, { recursive: true });
if (what === "photos") {
  const count = Number(values.count ?? 20_000);
  const folder = await writePhotos(values.photos, { work, count });
  print(await indexMany(folder, work));
} else if (what === "customers") {
  const world = {
    work,
    photos: values.photos,
    customers: Number(values.count ?? 1_000_000),
    portraits: Number(values.portraits),
  };
  await writeWorld(world);
  for (const run of await generateForMany(work)) print(run);
} else {
  console.error("Expected photos or customers.");
  process.exitCode = 2;
}
