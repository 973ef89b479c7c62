import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { createRandom } from "../../src/random.ts";
import { craftedImages, mutatedImages, tryImage } from "./images.ts";

/**
 * Shows the decoder pictures that were made to hurt, and prints what came of them.
 *
 *     tsx scripts/chaos/hostile.ts [--images 2000] [--seed 1]
 */
const { values } = parseArgs({
  options: { images: { type: "string", default: "2000" }, seed: { type: "string", default: "1" } },
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
  for (const [name, counts] of outcomes) console.log(`${name.padEnd(32)} ${JSON.stringify(counts)}`);
  const grown = (process.memoryUsage().rss - before) / 1e6;
  const all = [...outcomes.values()].flatMap((counts) => Object.entries(counts));
  const wrong = all
    .filter(([name]) => !/^(read|ERR_PHOTO_\w+)$/.test(name))
    .reduce((sum, [, n]) => sum + n, 0);
  console.log(
    `${wrong} uncoded or hanging, ${requests} network requests, memory grew by ${grown.toFixed(0)} MB`,
  );
  process.exitCode = wrong + requests === 0 ? 0 : 1;
} finally {
  server.close();
  rmSync(folder, { recursive: true, force: true });
}
