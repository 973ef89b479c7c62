import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { createRandom } from "../../src/random.ts";
import {
  type AdversityResult,
  auditAnswer,
  canMount,
  clockSetBack,
  consentsAnswer,
  fullDisk,
  galleryAnswer,
  garbage,
  readOnly,
  truncations,
  twoAtOnce,
} from "./adversity.ts";
import { killAtRandom } from "./kill.ts";
import type { Operation } from "./operations.ts";
import { buildScene } from "./scene.ts";

/**
 * Does everything to the tool that an operator or a bad day can do, and prints what came of it.
 *
 *     tsx scripts/chaos/main.ts [--kills 40] [--seconds 240] [--seed 1] [--samples 40] [--only kills|rest]
 */
const { values } = parseArgs({
  options: {
    kills: { type: "string", default: "40" },
    seconds: { type: "string", default: "240" },
    seed: { type: "string", default: "1" },
    samples: { type: "string", default: "40" },
    only: { type: "string" },
  },
});
const OPERATIONS: readonly Operation[] = ["index", "train", "generate", "erase", "purge"];
const home = mkdtempSync(join(existsSync("/dev/shm") ? "/dev/shm" : tmpdir(), "lookalike-chaos-"));
let wrong = 0;
try {
  const scene = await buildScene(home);
  const random = createRandom(Number(values.seed));
  if (values.only !== "rest") {
    const startedAt = performance.now();
    const share = (Number(values.seconds) * 1000) / OPERATIONS.length;
    const rows = [];
    for (const [i, operation] of OPERATIONS.entries()) {
      const until = startedAt + (i + 1) * share;
      const result = await killAtRandom(scene, operation, { times: Number(values.kills), random, until });
      for (const problem of result.problems) console.error(`${operation} ${problem}`);
      wrong += result.wrong;
      rows.push({ operation, kills: result.kills, "too late": result.tooLate, wrong: result.wrong });
    }
    console.table(rows);
  }
  if (values.only !== "kills") {
    const print = ({ scenario, tries, outcomes, wrong: failed }: AdversityResult) => {
      wrong += failed;
      console.log(`${scenario.padEnd(40)} ${String(tries).padStart(3)}  ${JSON.stringify(outcomes)}`);
    };
    const samples = Number(values.samples);
    const cut = (file: string, answer: (work: string) => Promise<unknown>) =>
      truncations(scene, { file, samples, answer });
    print(await cut("gallery/faces.hnsw", galleryAnswer));
    print(await cut("gallery/faces.hnsw.json", galleryAnswer));
    print(await cut("gallery/gallery.db", galleryAnswer));
    print(await cut("privacy/consents.db", consentsAnswer));
    print(await cut("privacy/audit.db", auditAnswer));
    print(await garbage(scene, "gallery/gallery.db", galleryAnswer));
    print(await garbage(scene, "gallery/faces.hnsw", galleryAnswer));
    print(await garbage(scene, "privacy/consents.db", consentsAnswer));
    print(await clockSetBack(scene));
    for (const operation of ["index", "generate", "erase", "purge"] as const) {
      print(await twoAtOnce(scene, operation, 2));
      if (!canMount) continue;
      print(await fullDisk(scene, operation));
      print(await readOnly(scene, operation));
    }
  }
} finally {
  rmSync(home, { recursive: true, force: true });
}
console.log(wrong === 0 ? "Nothing was lost." : `${wrong} wrong outcomes`);
process.exitCode = wrong === 0 ? 0 : 1;
