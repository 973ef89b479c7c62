import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { createRandom } from "../../src/core/index.ts";
import { craftedImages, mutatedImages, tryImage } from "./images.ts";
import { longLines } from "./lines.ts";
import { profiledImages } from "./profiles.ts";
import { mutatedTables, tryTable } from "./tables.ts";

/**
 * Shows the decoder and the readers of tables what was made to hurt, and prints what came of it.
 *
 *     tsx scripts/chaos/hostile.ts [--images 2000] [--tables 2000] [--bomb-mb 500] [--line-mb 1000] [--seed 1]
 */
const { values } = parseArgs({
  options: {
    images: { type: "string", default: "2000" },
    tables: { type: "string", default: "2000" },
    "bomb-mb": { type: "string", default: "500" },
    "line-mb": { type: "string", default: "0" },
    seed: { type: "string", default: "1" },
  },
});
const folder = mkdtempSync(join(tmpdir(), "lookalike-hostile-"));
const secret = join(folder, "secret.png");
writeFileSync(secret, "secret");
let requests = 0;
const server = createServer((_, response) => {
  requests++;
  response.end();
}).listen(0, "127.0.0.1");
await once(server, "listening");
try {
  const { port } = server.address() as AddressInfo;
  const outcomes = new Map<string, Record<string, number>>();
  const note = (name: string, outcome: string) => {
    const counts = outcomes.get(name) ?? {};
    counts[outcome] = (counts[outcome] ?? 0) + 1;
    outcomes.set(name, counts);
  };
  const before = process.memoryUsage().rss;
  for (const image of craftedImages(secret, `http://127.0.0.1:${port}/x.png`))
    note(image.name, await tryImage(image));
  for await (const image of mutatedImages(createRandom(Number(values.seed)), Number(values.images))) {
    note(image.name, await tryImage(image));
  }
  for (const image of await profiledImages(Number(values["bomb-mb"])))
    note(image.name, await tryImage(image));
  for await (const table of mutatedTables(createRandom(Number(values.seed)), Number(values.tables), folder)) {
    note(table.name, await tryTable(table, folder));
  }
  if (Number(values["line-mb"]) > 0) {
    for await (const line of longLines(folder, Number(values["line-mb"]))) {
      console.log(JSON.stringify(line));
      note(line.name, /^\d+ rows$/.test(line.outcome) ? "read" : line.outcome);
    }
  }
  for (const [name, counts] of outcomes) console.log(`${name.padEnd(32)} ${JSON.stringify(counts)}`);
  const grown = (process.memoryUsage().rss - before) / 1e6;
  const all = [...outcomes.values()].flatMap((counts) => Object.entries(counts));
  const wrong = all.filter(([name]) => !/^(read|ERR_\w+)$/.test(name)).reduce((sum, [, n]) => sum + n, 0);
  console.log(
    `${wrong} uncoded or hanging, ${requests} network requests, memory grew by ${grown.toFixed(0)} MB`,
  );
  process.exitCode = wrong + requests === 0 ? 0 : 1;
} finally {
  server.close();
  rmSync(folder, { recursive: true, force: true });
}
